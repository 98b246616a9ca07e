"""Keeps the ledger of accepted requests, which is also the work queue, in Redis or Valkey.

A request is in the sorted set `DUE` from its acceptance to its answer. Its score is the time of its next attempt. Taking
it moves the score to the end of the lease, so a dead worker's requests become due again without any clean-up. Every step
is one Lua call, so a crash can't leave half of it. Every step can run twice, because the client sends it again after a
lost reply. Times come from the server's clock, because workers' clocks differ.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from itertools import count

from redis import Redis

from bot.adapters.redis import keys as store
from bot.adapters.redis.client import translated
from bot.queue.request import Acceptance, AnyRequest, Job, Limits, QueueHealth, Request, from_json

SETTLE_MS = 2_000  # how long a message sent to Slack can take to arrive
DONE_S = 86_400  # Slack repeats an event for up to an hour, or for a day if delayed events are on

log = logging.getLogger(__name__)

_CLOCK = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
"""

# KEYS: due, waiting, request, done, wake, heard, person's rate, channel's rate, told
# ARGV: id, body, and if there are limits: per person and minute, per channel and minute, most waiting
_ACCEPT = (
    _CLOCK
    + """
-- Slack sends events again, and the client this script. Answered or waiting requests aren't accepted twice.
if redis.call('EXISTS', KEYS[4]) == 1 or redis.call('EXISTS', KEYS[3]) == 1 then return {'known', 0, 0} end
-- Tell a person about a limit only once a minute.
local function told() return redis.call('SET', KEYS[9], 1, 'NX', 'EX', 60) and 1 or 0 end
-- Check before the rate limits, so that a full queue costs nobody a token.
local waiting = redis.call('ZCARD', KEYS[1])
local limited = ARGV[3] ~= nil
if limited and waiting >= tonumber(ARGV[5]) then return {'full', waiting, told()} end
-- Token buckets: they refill evenly over a minute.
local function left(key, most)
  local bucket = redis.call('HMGET', key, 'tokens', 'at')
  local tokens, at = tonumber(bucket[1]) or most, tonumber(bucket[2]) or now
  return math.min(most, tokens + (now - at) * most / 60000)
end
local function seconds(tokens, most) return math.ceil((1 - tokens) * 60 / most) end
if limited then
  -- Check both before taking from either, so that a refused request costs no token.
  local person, channel = left(KEYS[7], tonumber(ARGV[3])), left(KEYS[8], tonumber(ARGV[4]))
  if person < 1 then return {'person', seconds(person, tonumber(ARGV[3])), told()} end
  if channel < 1 then return {'channel', seconds(channel, tonumber(ARGV[4])), told()} end
  redis.call('HSET', KEYS[7], 'tokens', tostring(person - 1), 'at', now)
  redis.call('HSET', KEYS[8], 'tokens', tostring(channel - 1), 'at', now)
  -- A bucket is full again after one minute, so it needn't stay longer.
  redis.call('EXPIRE', KEYS[7], 120)
  redis.call('EXPIRE', KEYS[8], 120)
end
-- From here on the request counts as accepted. `waiting` keeps its first time, for its age.
redis.call('HSET', KEYS[3], 'body', ARGV[2])
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZADD', KEYS[2], now, ARGV[1])
-- Wake a worker at once. Trim, because nobody reads these lists while no worker runs.
for _, list in ipairs({{KEYS[5], '1'}, {KEYS[6], ARGV[1]}}) do
  redis.call('RPUSH', list[1], list[2])
  redis.call('LTRIM', list[1], -1000, -1)
end
return {'new', waiting + 1, 0}
"""
)

# KEYS: due, waiting   ARGV: prefix of request keys, most, lease (ms), tokens...
_TAKE = (
    _CLOCK
    + """
local taken = {}
for n, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[2])) do
  local key = ARGV[1] .. id
  -- A request without a body can't be answered. Remove it, or it would be due for ever.
  if redis.call('EXISTS', key) == 0 then
    redis.call('ZREM', KEYS[1], id)
    redis.call('ZREM', KEYS[2], id)
  else
    -- The lease: if the worker dies, the request is due again when it ends.
    redis.call('ZADD', KEYS[1], now + ARGV[3], id)
    -- The fence: a new token makes every later write of an earlier, frozen worker fail.
    redis.call('HSET', key, 'token', ARGV[3 + n])
    -- Counted before the work, so that a request that kills its worker doesn't come back without end.
    redis.call('HINCRBY', key, 'attempts', 1)
    taken[#taken + 1] = redis.call('HMGET', key, 'body', 'token', 'attempts', 'tries', 'posting', 'reply')
  end
end
return taken
"""
)

# KEYS: due   ARGV: prefix of request keys, lease (ms), then id and token of each
_RENEW = (
    _CLOCK
    + """
local lost = {}
for n = 3, #ARGV, 2 do
  -- Only the holder of the token may extend a lease. If another worker has it, or the request is gone, say so.
  if redis.call('HGET', ARGV[1] .. ARGV[n], 'token') == ARGV[n + 1] then
    redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[n])
  else
    lost[#lost + 1] = ARGV[n + 1]
  end
end
return lost
"""
)

# KEYS: request   ARGV: token, then field and value of each
_HOLD = """
-- The fence: a worker that lost its lease must not overwrite the new holder's progress.
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
for n = 2, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[n], ARGV[n + 1]) end
return 1
"""

# KEYS: due, request, wake   ARGV: id, token, delay (ms), tries to add, attempts to leave, least delay after a post
_HAND_BACK = (
    _CLOCK
    + """
-- The fence, which also makes a repeat after a lost reply do nothing: the first run removes the token below.
if redis.call('HGET', KEYS[2], 'token') ~= ARGV[2] then return 0 end
local delay = tonumber(ARGV[3])
-- A message may still be on its way to Slack. The next worker must be able to find it, or it would post a second one.
if redis.call('HGET', KEYS[2], 'posting') == '1' then delay = math.max(delay, tonumber(ARGV[6])) end
redis.call('ZADD', KEYS[1], now + delay, ARGV[1])
redis.call('HINCRBY', KEYS[2], 'tries', ARGV[4])
redis.call('HSET', KEYS[2], 'attempts', ARGV[5])
redis.call('HDEL', KEYS[2], 'token')
-- Wake a worker only if the request is due now. Later ones are found by polling.
if delay == 0 then redis.call('RPUSH', KEYS[3], '1') end
return 1
"""
)

# KEYS: due, waiting, request, done, failed   ARGV: id, token, reply, seconds to keep the marker, 1 to keep the body
_FINISH = """
-- The fence. If this worker finished it already (a repeat after a lost reply), the marker has its reply: that is success.
if redis.call('HGET', KEYS[3], 'token') ~= ARGV[2] then return redis.call('GET', KEYS[4]) == ARGV[3] and 1 or 0 end
-- A failed request keeps its body, so that a person can have it tried again.
if ARGV[5] == '1' then redis.call('SET', KEYS[5], redis.call('HGET', KEYS[3], 'body'), 'EX', ARGV[4]) end
-- The marker first: from here on `accept` ignores repeats of the event.
redis.call('SET', KEYS[4], ARGV[3], 'EX', ARGV[4])
redis.call('DEL', KEYS[3])
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
"""

# KEYS: due, waiting, request, done, failed, wake   ARGV: id, body
_AGAIN = (
    _CLOCK
    + """
-- Removing the body lets only the first of two clicks (or of two sends) queue the request.
if redis.call('DEL', KEYS[5]) == 0 then return 0 end
-- `posting` and the old reply make the worker update the failure's message, not post a second one.
redis.call('HSET', KEYS[3], 'body', ARGV[2], 'reply', redis.call('GET', KEYS[4]) or '', 'posting', 1)
-- The request is open again, so it is no longer done.
redis.call('DEL', KEYS[4])
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZADD', KEYS[2], now, ARGV[1])
redis.call('RPUSH', KEYS[6], '1')
return 1
"""
)

# KEYS: due, waiting, request, done, failed, wake   ARGV: id, body
_REDO = (
    _CLOCK
    + """
-- Only an answered request has a message to restore. `forget` leaves an empty marker, so it can't come back.
local reply = redis.call('GET', KEYS[4])
if not reply or reply == '' then return 0 end
-- `posting` and the reply make the worker update that message, not post a second one.
redis.call('HSET', KEYS[3], 'body', ARGV[2], 'reply', reply, 'posting', 1)
-- Open again: neither done nor failed. A repeat after a lost reply finds no marker and does nothing.
redis.call('DEL', KEYS[4], KEYS[5])
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZADD', KEYS[2], now, ARGV[1])
redis.call('RPUSH', KEYS[6], '1')
return 1
"""
)

# KEYS: waiting
_HEALTH = (
    _CLOCK
    + """
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return {redis.call('ZCARD', KEYS[1]), oldest[2] and now - oldest[2] or 0}
"""
)


class RedisQueue:
    """A Queue in Redis 7+ or Valkey 8+. Threads can share it."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._accept = client.register_script(_ACCEPT)
        self._take = client.register_script(_TAKE)
        self._renew = client.register_script(_RENEW)
        self._hold = client.register_script(_HOLD)
        self._hand_back = client.register_script(_HAND_BACK)
        self._finish = client.register_script(_FINISH)
        self._again = client.register_script(_AGAIN)
        self._redo = client.register_script(_REDO)
        self._health = client.register_script(_HEALTH)
        self._name, self._taken = uuid.uuid4().hex[:12], count(1)

    def accept(self, request: Request, limits: Limits | None) -> Acceptance:
        keys = [
            store.DUE, store.WAITING, store.REQUEST + request.id, store.DONE + request.id, store.WAKE, store.HEARD,
            store.RATE + request.user, store.RATE + request.channel, store.TOLD + request.user,
        ]  # fmt: skip
        most = [limits.person_per_minute, limits.channel_per_minute, limits.waiting] if limits else []
        with translated():
            outcome, number, told = self._accept(keys, [request.id, request.model_dump_json(), *most])
        return Acceptance(outcome.decode(), int(number), bool(told))

    def take(self, most: int, lease_s: float) -> list[Job]:
        tokens = [f"{self._name}-{next(self._taken)}" for _ in range(most)]
        with translated():
            rows = self._take([store.DUE, store.WAITING], [store.REQUEST, most, round(lease_s * 1000), *tokens])
        return [job for row in rows if (job := _job(*row))]

    def wait(self, most_s: float) -> None:
        with translated():
            _wait(self._client, store.WAKE, most_s)

    def renew(self, jobs: Sequence[Job], lease_s: float) -> list[Job]:
        pairs = [part for job in jobs for part in (job.request.id, job.token)]
        with translated():
            lost = {
                token.decode() for token in self._renew([store.DUE], [store.REQUEST, round(lease_s * 1000), *pairs])
            }
        return [job for job in jobs if job.token in lost]

    def hold(self, job: Job, *, posting: bool | None = None, reply_ts: str | None = None) -> bool:
        fields: list[str | int] = [] if posting is None else ["posting", int(posting)]
        fields += [] if reply_ts is None else ["reply", reply_ts]
        with translated():
            return bool(self._hold([store.REQUEST + job.request.id], [job.token, *fields]))

    def postpone(self, job: Job, delay_s: float) -> None:
        self._give_back(job, round(delay_s * 1000), tries=1, attempts=0)

    def release(self, job: Job) -> None:
        self._give_back(job, 0, tries=0, attempts=job.attempt - 1)

    def finish(self, job: Job, reply_ts: str, again: bool = False) -> bool:
        keys = self._ends(job.request.id)
        with translated():
            return bool(self._finish(keys, [job.request.id, job.token, reply_ts, DONE_S, int(again)]))

    def again(self, request: str, at: float, response_url: str = "") -> bool:
        with translated():
            body = self._client.get(store.FAILED + request)
            if not isinstance(body, bytes):
                return False
            changed = {"at": at} | ({"response_url": response_url} if response_url else {})
            anew = from_json(body).model_copy(update=changed).model_dump_json()
            return bool(self._again([*self._ends(request), store.WAKE], [request, anew]))

    def redo(self, request: Request) -> bool:
        with translated():
            keys = [*self._ends(request.id), store.WAKE]
            return bool(self._redo(keys, [request.id, request.model_dump_json()]))

    def forget(self, request: str) -> None:
        due, waiting, body, done, failed = self._ends(request)
        with translated(), self._client.pipeline() as pipe:
            pipe.set(done, "", ex=DONE_S)
            pipe.zrem(due, request)
            pipe.zrem(waiting, request)
            pipe.delete(body, failed)
            pipe.execute()

    def heard(self, most_s: float) -> AnyRequest | None:
        with translated():
            if not (found := _wait(self._client, store.HEARD, most_s)):
                return None
            body = self._client.hget(store.REQUEST + found.decode(), "body")
        return from_json(body) if isinstance(body, bytes) else None

    def health(self) -> QueueHealth:
        with translated():
            waiting, oldest_ms = self._health([store.WAITING], [])
        return QueueHealth(int(waiting), int(oldest_ms) / 1000)

    def claim_workspace(self, team: str) -> str:
        with translated():
            self._client.set(store.WORKSPACE, team, nx=True)
            owner = self._client.get(store.WORKSPACE)
        assert isinstance(owner, bytes)
        return owner.decode()

    @staticmethod
    def _ends(request: str) -> list[str]:
        return [
            store.DUE, store.WAITING, store.REQUEST + request, store.DONE + request, store.FAILED + request,
        ]  # fmt: skip

    def _give_back(self, job: Job, delay_ms: int, *, tries: int, attempts: int) -> None:
        keys = [store.DUE, store.REQUEST + job.request.id, store.WAKE]
        with translated():
            self._hand_back(keys, [job.request.id, job.token, delay_ms, tries, max(attempts, 0), SETTLE_MS])


def _wait(client: Redis, key: str, most_s: float) -> bytes | None:
    """Waits on the server for a list's next entry. The client's timeout must be longer than the wait."""
    found = client.blpop([key], timeout=most_s)
    return found[1] if isinstance(found, list | tuple) and isinstance(found[1], bytes) else None


def _job(
    body: bytes, token: bytes, attempts: bytes, tries: bytes | None, posting: bytes | None, reply: bytes | None
) -> Job | None:
    """Returns the job, or None if a later version wrote the request. A newer worker takes it after the lease."""
    try:
        request = from_json(body)
    except ValueError:
        log.error("a request that this version cannot read is left to its lease")
        return None
    return Job(request, token.decode(), int(attempts), int(tries or 0), posting == b"1", (reply or b"").decode())
