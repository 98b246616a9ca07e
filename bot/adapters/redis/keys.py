"""The connection to a Redis or Valkey server, and the names of all keys in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from redis import Redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import AuthenticationError, AuthorizationError, RedisError, ResponseError
from redis.retry import Retry

from bot.errors import StoreUnavailable

TIMEOUT_S = 0.5
Client = Redis
OLDEST = {"redis": 7, "valkey": 8}

# Every key, with its type and content. `ID` is a request's id.
DUE = "wrapup:due"  # zset: ID by the time (ms) at which its next attempt is due
WAITING = "wrapup:waiting"  # zset: ID by the time (ms) of its acceptance
REQUEST = "wrapup:request:"  # + ID, hash: body (JSON), attempts, tries, token, posting, reply
DONE = "wrapup:done:"  # + ID, string: ts of the reply; for a day
FAILED = "wrapup:failed:"  # + ID, string: body of a request that failed and may be tried again; for a day
WAKE = "wrapup:wake"  # list: an entry for each request that became due, for workers that wait
HEARD = "wrapup:heard"  # list: ID of each new request, for the sign that it was heard
RATE = "wrapup:rate:"  # + person or channel, hash: tokens, at (ms); for two minutes
TOLD = "wrapup:told:"  # + person, string: they were told of a limit; for a minute
SCHEMA = "wrapup:schema"  # string: number of the schema of all keys here
WORKSPACE = "wrapup:workspace"  # string: id of the one workspace whose data this is
# A key (KEY) is an answer's: its request's ID, # and its number.
ANSWERS = "wrapup:answers:"  # + ID, string: JSON of all answers to a request; for WRAPUP_KEEP_DAYS
PLACES = (
    "wrapup:places:"  # + ID, set: "channel ts thread_ts" of the messages that show the answers; for WRAPUP_KEEP_DAYS
)
AT = "wrapup:at:"  # + channel:ts, string: ID whose answers a message shows; for WRAPUP_KEEP_DAYS
FROM = "wrapup:from:"  # + channel:ts of a message with a log, set: ID of requests that read it; for WRAPUP_KEEP_DAYS
FEEDBACK = "wrapup:feedback:"  # + KEY, hash: state, of (what it counts for), v (number of events), event id -> JSON; for WRAPUP_KEEP_DAYS
PAIR = "wrapup:pair:"  # + KEY, string: JSON of the pair
SCAN = "wrapup:scan:"  # + KEY, string: what an export found out of the pair (bot.datasets.second_scan); goes when the pair changes
META = "wrapup:meta:"  # + KEY, hash: call, label, model, source, task, week, reviewers, content, transcript
PAIRS = "wrapup:pairs"  # zset: KEY by the time (s) at which the pair settled
BY = "wrapup:pairs:"  # + label:NAME or model:NAME, zset: KEY by the same time
CONTENT = (
    "wrapup:content:"  # + first three digits, hash: hash of content, or task:hash of transcript -> number of pairs
)
CALL = "wrapup:call:"  # + call id, set: KEY of its answers and pairs
EXPORTS = "wrapup:exports"  # hash: name of a dataset that was exported -> its place
EXPORT = "wrapup:export:"  # + name of a dataset, set: hashes of the masked transcripts in it
COUNTS = "wrapup:counts"  # hash: what is counted -> number
ATTEMPT = (
    "wrapup:attempt:"  # + hash of model, prompt and call, string: JSON of an evaluation's attempt; for WRAPUP_KEEP_DAYS
)
LOCK = "wrapup:lock:"  # + what is locked, string: who holds it; for half a minute, renewed by its holder
JOBS = "wrapup:jobs"  # hash: name of a customization job -> JSON
MODELS = "wrapup:models"  # hash: id of a custom model -> JSON
CHAMPIONS = "wrapup:champions"  # hash: task -> JSON of who answers it, and who did before
CANARIES = "wrapup:canaries"  # hash: task -> JSON of its last canary
CANARY = "wrapup:canary:"  # + id of a canary, hash: ARM:asked and ARM:failed -> number of calls
VOTES = "wrapup:votes:"  # + id of a canary, hash: ARM:STATE -> number of answers
TRIED = "wrapup:tried:"  # + id of a canary, set: hashes of the calls that were counted; for 30 days after the last
SCORECARDS = "wrapup:scorecards"  # hash: task, champion and challenger -> JSON of the last evaluation, without words
MOVED = "wrapup:moved:"  # + hash of a call, hash: the same field -> JSON of the call and what both models said of it
VERDICTS = "wrapup:verdicts"  # hash: task, champion and challenger -> JSON of the last evaluation's verdict
AGENDAS = "wrapup:agendas"  # hash: task -> JSON of what waits, is under way or went wrong in its loop
CARDS = "wrapup:cards"  # hash: task and channel -> JSON of where the loop is shown
NOTED = "wrapup:noted"  # hash: id of what was done -> its line of the audit, so that it is written once
AUDIT = "wrapup:audit"  # stream: entry (JSON), a line for each step of training and serving; for good
TOLD_OF = "wrapup:told-of:"  # + id of a notice, string: when (s) the admins were told of it; for 400 days
USED = "wrapup:used"  # hash: id that is asked (endpoint, or artefact on board) -> when (s) it last answered
FORGOTTEN = (
    "wrapup:forgotten"  # set: hashes of calls that must not come back, of their ids and of their masked transcripts
)


def connect(url: str, connections: int = 32, timeout_s: float = TIMEOUT_S) -> Redis:
    """A client for `url` (redis://, rediss://, unix://) that gives up after three times `timeout_s`, by default within
    two seconds, since Slack waits for three.

    A command is sent again after a lost reply, so every write must be one that may run twice.
    """
    retry = Retry(ExponentialWithJitterBackoff(base=0.05, cap=0.3), 2)
    return Redis.from_url(
        url,
        socket_timeout=timeout_s,
        socket_connect_timeout=timeout_s,
        retry=retry,
        health_check_interval=15,
        max_connections=connections,
    )


@contextmanager
def translated() -> Iterator[None]:
    """Turns every error of the client into StoreUnavailable with what to do."""
    try:
        yield
    except (AuthenticationError, AuthorizationError) as error:
        raise StoreUnavailable("The store refuses us: check the user and password in REDIS_URL.") from error
    except ResponseError as error:
        raise StoreUnavailable("The store refuses what it is asked; see the log for its reason.") from error
    except (RedisError, OSError) as error:
        raise StoreUnavailable("The store does not answer: check REDIS_URL and that the server runs.") from error


def health(client: Redis) -> str:
    """The server's name and version. Raises StoreUnavailable where it does not answer or is too old."""
    with translated():
        info: dict[str, Any] = client.info("server")
    name = "valkey" if "valkey_version" in info else "redis"
    version = str(info.get(f"{name}_version", ""))
    if int(version.partition(".")[0] or 0) < OLDEST[name]:
        raise StoreUnavailable(f"The store is {name} {version}: Wrapup needs Redis 7 or Valkey 8, or later.")
    return f"{name} {version} answers"


def text(value: object) -> str:
    """A reply of the server as text; "" where there is none."""
    return value.decode() if isinstance(value, bytes) else str(value or "")


def numbers(client: Redis, key: str) -> dict[str, int]:
    """A hash of counts, by name."""
    with translated():
        found = client.hgetall(key)
    assert isinstance(found, dict)
    return {text(name): int(number) for name, number in found.items()}


def hash_of(call: str) -> str:
    """What is left of a forgotten call: enough to know it again, nothing to read."""
    return hashlib.sha256(call.encode("utf-8", "surrogatepass")).hexdigest()[:32]
