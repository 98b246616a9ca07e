"""Builds the services; the only package that names an adapter."""

from bot.wiring.answers import usual_jobs, usual_threads
from bot.wiring.health import check_socket_mode
from bot.wiring.process import WORKER_TIMEOUT_S, Wiring
from bot.wiring.services import Services

__all__ = ["WORKER_TIMEOUT_S", "Services", "Wiring", "check_socket_mode", "usual_jobs", "usual_threads"]
