"""Log lines and Prometheus metrics for operators, without a word of any call."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.answers.answer import KeptAnswer
from bot.errors import StoreUnavailable
from bot.queue.ports import Queue
from bot.queue.request import AnyRequest, Request

SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900)
PORTS_TRIED = 20

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Metric:
    """The name, kind and labels of a metric in Prometheus."""

    name: str
    kind: str
    about: str
    labels: tuple[str, ...] = ()


WAITING = Metric("wrapup_queue_waiting", "gauge", "Accepted requests that are not yet answered")
OLDEST = Metric("wrapup_queue_oldest_seconds", "gauge", "Age of the oldest of them")


class Telemetry:
    """Counts the work of a process. Threads may share it."""

    def __init__(self, queue: Queue) -> None:
        self.registry = CollectorRegistry()
        self.metrics = [WAITING, OLDEST]
        self.registry.register(_QueueMetrics(queue))
        self._requests = self._counter("wrapup_requests", "Requests by outcome when they arrived", "outcome")
        self._jobs = self._counter("wrapup_jobs", "Jobs by kind of request and outcome", "kind", "outcome")
        self._answers = self._counter("wrapup_answers", "Answers by task and model", "task", "model")
        self._tokens = self._counter("wrapup_tokens", "Tokens by model and direction", "model", "direction")
        self._seconds = self._histogram("wrapup_job_seconds", "Seconds of work for each job")
        self._waited = self._histogram("wrapup_answer_seconds", "Seconds from request to reply")
        self._model_seconds = self._histogram("wrapup_model_seconds", "Seconds that a model took for one call")

    def accepted(self, request: Request, outcome: str) -> None:
        self._requests.labels(outcome).inc()
        if outcome not in ("new", "known"):
            log.warning("refused", extra={"fields": {"request": request.id, "outcome": outcome}})

    def job(self, request: AnyRequest, outcome: str, seconds: float, since_request_s: float) -> None:
        self._jobs.labels(request.kind, outcome).inc()
        self._seconds.observe(seconds)
        if outcome == "answered":
            self._waited.observe(max(since_request_s, 0.0))
        fields = {
            "request": request.id,
            "kind": request.kind,
            "task": getattr(request, "task", ""),
            "outcome": outcome,
            "seconds": round(seconds, 3),
            "since_request_s": round(since_request_s, 3),
        }
        log.info("job", extra={"fields": fields})

    def answers(self, kept: Sequence[KeptAnswer]) -> None:
        for each in kept:
            answer = each.answer
            self._answers.labels(answer.task, answer.model).inc()
            self._model_seconds.observe(answer.latency_ms / 1000)
            tokens = (answer.usage.input_tokens, answer.usage.output_tokens) if answer.usage else (0, 0)
            for direction, number in zip(("input", "output"), tokens, strict=True):
                self._tokens.labels(answer.model, direction).inc(number)
            fields = {
                "call": each.key,
                "task": answer.task,
                "model": answer.model,
                "prompt": answer.prompt,
                "parts": answer.parts,
                "input_tokens": tokens[0],
                "output_tokens": tokens[1],
                "latency_ms": answer.latency_ms,
            }
            log.info("answer", extra={"fields": fields})

    def page(self) -> bytes:
        """The metrics in the text format of Prometheus."""
        return generate_latest(self.registry)

    def serve(self, port: int) -> None:
        """Serves `/metrics` at the port, or at the next free one, because several workers may share a machine."""
        for each in range(port, port + PORTS_TRIED):
            try:
                start_http_server(each, registry=self.registry)
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
            else:
                log.info("metrics", extra={"fields": {"port": each}})
                return
        log.warning("no metrics: no port is free", extra={"fields": {"port": port}})

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        self.metrics.append(Metric(f"{name}_total", "counter", about, labels))
        return Counter(name, about, labels, registry=self.registry)

    def _histogram(self, name: str, about: str) -> Histogram:
        self.metrics.append(Metric(name, "histogram", about))
        return Histogram(name, about, buckets=SECONDS, registry=self.registry)


class _QueueMetrics(Collector):
    """Reads the queue when Prometheus asks. If the store is down, these metrics are left out."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()

    def collect(self) -> Iterable[GaugeMetricFamily]:
        try:
            health = self._queue.health()
        except StoreUnavailable:
            return
        yield GaugeMetricFamily(WAITING.name, WAITING.about, health.waiting)
        yield GaugeMetricFamily(OLDEST.name, OLDEST.about, health.oldest_age_s)
