"""Builds the services; the only package that names an adapter."""

from bot.wiring.answers import champions, model, summarizer, summarizer_of, task_named, tasks, usual_jobs, usual_threads
from bot.wiring.datasets import dataset_at, dataset_named, exporter, held_out, held_out_at, importer
from bot.wiring.evaluation import (
    audit_verdict,
    contestant,
    evaluator,
    judged,
    keep_verdict,
    kept_scorecard,
    safety_probes,
)
from bot.wiring.health import check_socket_mode, probes
from bot.wiring.services import WORKER_TIMEOUT_S, Services, services
from bot.wiring.store import lock, migrate, registry
from bot.wiring.training import canaries, customization, promoter, retraining, smoke_answer, trainer, watch

__all__ = [
    "WORKER_TIMEOUT_S",
    "Services",
    "audit_verdict",
    "canaries",
    "champions",
    "check_socket_mode",
    "contestant",
    "customization",
    "dataset_at",
    "dataset_named",
    "evaluator",
    "exporter",
    "held_out",
    "held_out_at",
    "importer",
    "judged",
    "keep_verdict",
    "kept_scorecard",
    "lock",
    "migrate",
    "model",
    "probes",
    "promoter",
    "registry",
    "retraining",
    "safety_probes",
    "services",
    "smoke_answer",
    "summarizer",
    "summarizer_of",
    "task_named",
    "tasks",
    "trainer",
    "usual_jobs",
    "usual_threads",
    "watch",
]
