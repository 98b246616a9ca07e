"""Stores answers in Redis or Valkey."""

from __future__ import annotations

import json
from collections.abc import Mapping

from redis import Redis

from bot.adapters.redis import keys as store
from bot.adapters.redis.client import as_text, translated
from bot.answers.answer import KeptAnswers, from_json, to_json
from bot.task import Task

DAY_S = 86_400

# KEYS: answers, counts, then feedback of each and call of each   ARGV: body, seconds to keep, then key of each
_KEEP = """
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
for n = 3, #ARGV do
  local feedback, call = KEYS[2 * n - 3], KEYS[2 * n - 2]
  -- Count an answer only the first time: a client sends the script again after a lost reply.
  if redis.call('HSETNX',  feedback, 'state', 'open') == 1 then
    redis.call('HINCRBY', KEYS[2], 'answers', 1)
    redis.call('HINCRBY', KEYS[2], 'state:open', 1)
  end
  -- Feedback on an answer makes sense only as long as the answer exists.
  redis.call('EXPIRE', feedback, ARGV[2])
  -- Lets `forget` find everything that came from a call.
  redis.call('SADD', call, ARGV[n])
end
"""


class RedisAnswers:
    """Stores one JSON text per request, which the server drops after `keep_days`. Threads can share it."""

    def __init__(self, client: Redis, tasks: Mapping[str, Task], keep_days: int) -> None:
        self._client, self._tasks, self._keep_s = client, tasks, keep_days * DAY_S
        self._keep = client.register_script(_KEEP)

    def keep(self, request: str, kept: KeptAnswers) -> None:
        body = json.dumps({"answers": [to_json(each) for each in kept.answers], "problems": kept.problems})
        keys = [store.ANSWERS + request, store.COUNTS]
        for each in kept.answers:
            keys += [store.FEEDBACK + each.key, store.CALL + each.answer.call]
        with translated():
            self._keep(keys, [body, self._keep_s, *(each.key for each in kept.answers)])

    def of(self, request: str) -> KeptAnswers | None:
        """Returns the answers to a request. Raises UnknownTask if their task has changed since."""
        with translated():
            body = self._client.get(store.ANSWERS + request)
        if not isinstance(body, bytes):
            return None
        row = json.loads(body)
        answers = tuple(from_json(each, self._tasks) for each in row["answers"])
        return KeptAnswers(answers, tuple((name, reason) for name, reason in row["problems"]))

    def place(self, request: str, channel: str, ts: str, thread_ts: str) -> None:
        with translated(), self._client.pipeline() as pipe:
            pipe.sadd(store.PLACES + request, f"{channel} {ts} {thread_ts}")
            pipe.expire(store.PLACES + request, self._keep_s)
            pipe.set(f"{store.AT}{channel}:{ts}", request, ex=self._keep_s)
            pipe.execute()

    def places(self, request: str) -> list[tuple[str, str, str]]:
        with translated():
            found = self._client.smembers(store.PLACES + request)
        assert isinstance(found, set)
        split = (as_text(each).split(" ") for each in found)
        return sorted((channel, ts, thread_ts) for channel, ts, thread_ts in split)

    def came_from(self, request: str, channel: str, ts: str) -> None:
        with translated(), self._client.pipeline() as pipe:
            pipe.sadd(f"{store.FROM}{channel}:{ts}", request)
            pipe.expire(f"{store.FROM}{channel}:{ts}", self._keep_s)
            pipe.execute()

    def made_of(self, channel: str, ts: str) -> list[str]:
        with translated():
            found = self._client.smembers(f"{store.FROM}{channel}:{ts}")
        assert isinstance(found, set)
        return sorted(as_text(each) for each in found)

    def at(self, channel: str, ts: str) -> str:
        with translated():
            return as_text(self._client.get(f"{store.AT}{channel}:{ts}"))

    def forget(self, request: str) -> None:
        gone = [store.ANSWERS + request, store.PLACES + request]
        gone += [f"{store.AT}{channel}:{ts}" for channel, ts, _ in self.places(request)]
        with translated():
            self._client.delete(*gone)
