"""The answers that people can come back to, on Redis or Valkey."""

from __future__ import annotations

import json
from collections.abc import Mapping

from redis import Redis

from bot.adapters import redis as store
from bot.answer import Kept, from_json, to_json
from bot.task import Task

DAY_S = 86_400


class RedisAnswers:
    """Answers as one JSON text a request, which the server drops after `keep_days`. Threads may share it."""

    def __init__(self, client: Redis, tasks: Mapping[str, Task], keep_days: int) -> None:
        self._client, self._tasks, self._keep_s = client, tasks, keep_days * DAY_S

    def keep(self, request: str, kept: Kept) -> None:
        body = json.dumps({"answers": [to_json(each) for each in kept.answers], "problems": kept.problems})
        with store.translated():
            self._client.set(store.ANSWERS + request, body, ex=self._keep_s)

    def of(self, request: str) -> Kept | None:
        """The answers to a request. Raises UnknownTask where their task has changed since."""
        with store.translated():
            body = self._client.get(store.ANSWERS + request)
        if not isinstance(body, bytes):
            return None
        row = json.loads(body)
        answers = tuple(from_json(each, self._tasks) for each in row["answers"])
        return Kept(answers, tuple((name, reason) for name, reason in row["problems"]))

    def forget(self, request: str) -> None:
        with store.translated():
            self._client.delete(store.ANSWERS + request)
