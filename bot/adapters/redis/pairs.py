"""Stores feedback and prompt-completion pairs in Redis or Valkey.

A pair is one JSON text, which is fastest to export. Indexes and counts are beside it and are written in the same Lua
call, so they always agree with the pairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import cast

from redis import Redis

from bot.adapters.redis import keys as store
from bot.adapters.redis.answers import DAY_S
from bot.adapters.redis.client import as_text, hash_of, numbers, translated
from bot.feedback.pair import Added, Pair, Stored, call_hash, from_json, to_json
from bot.feedback.votes_and_corrections import AnswerState, Event, Said, Settled
from bot.models.canary import Arm

BATCH = 200  # pairs of about 6 KB per request; measured as the fastest
NO_EVENTS = (b"v", b"state", b"of")  # fields in an answer's hash that aren't events
SCANNED = 2_000  # keys per ZSCAN
Given = str | bytes | float  # an argument of a script

# Removes a pair from the store, its indexes and counts. KEYS and ARGV are those of the calling script.
_REMOVE = """
local function remove(key, pair, scan, meta, pairs_, counts, by, content)
  -- Without metadata there is no pair, and counting down would be wrong.
  local old = redis.call('HGETALL', meta)
  if #old == 0 then return end
  local was = {}
  for n = 1, #old, 2 do was[old[n]] = old[n + 1] end
  -- The scan goes too: it is true only of the old text.
  redis.call('DEL', pair, scan, meta)
  redis.call('ZREM', pairs_, key)
  redis.call('ZREM', by .. 'label:' .. was.label, key)
  redis.call('ZREM', by .. 'model:' .. was.model, key)
  -- Count down what the old metadata says, which is what was counted up.
  redis.call('HINCRBY', counts, 'pairs', -1)
  for _, name in ipairs({'label', 'source', 'task', 'week'}) do
    redis.call('HINCRBY', counts, name .. ':' .. was[name], -1)
  end
  for reviewer in string.gmatch(was.reviewers, '%S+') do redis.call('HINCRBY', counts, 'reviewer:' .. reviewer, -1) end
  -- Several pairs can share a content hash, so it goes only with the last of them.
  local bucket = content .. string.sub(was.content, 1, 3)
  if redis.call('HINCRBY', bucket, was.content, -1) <= 0 then redis.call('HDEL', bucket, was.content) end
  -- Pairs from before this field have none.
  if not was.transcript then return end
  bucket = content .. string.sub(was.transcript, 1, 3)
  local said = was.task .. ':' .. was.transcript
  if redis.call('HINCRBY', bucket, said, -1) <= 0 then redis.call('HDEL', bucket, said) end
end
"""

# Adds a pair to the store, its indexes and counts. Its metadata is ARGV from `from` to `upto`.
_WRITE = """
local function named(from, upto)
  local is = {}
  for n = from, upto, 2 do is[ARGV[n]] = ARGV[n + 1] end
  return is
end
local function write(key, pair, meta, pairs_, counts, by, content, call, text, at, from, upto)
  -- The metadata says what was indexed and counted, so that `remove` can undo exactly that.
  redis.call('HSET', meta, unpack(ARGV, from, upto))
  local is = named(from, upto)
  redis.call('SET', pair, text)
  redis.call('ZADD', pairs_, at, key)
  redis.call('ZADD', by .. 'label:' .. is.label, at, key)
  redis.call('ZADD', by .. 'model:' .. is.model, at, key)
  -- Lets `forget` find the pair by its call.
  redis.call('SADD', call, key)
  redis.call('HINCRBY', counts, 'pairs', 1)
  for _, name in ipairs({'label', 'source', 'task', 'week'}) do
    redis.call('HINCRBY', counts, name .. ':' .. is[name], 1)
  end
  for reviewer in string.gmatch(is.reviewers, '%S+') do redis.call('HINCRBY', counts, 'reviewer:' .. reviewer, 1) end
  -- Buckets by the first three digits keep these hashes small. An import finds repeats and conflicts in them.
  redis.call('HINCRBY', content .. string.sub(is.content, 1, 3), is.content, 1)
  redis.call('HINCRBY', content .. string.sub(is.transcript, 1, 3), is.task .. ':' .. is.transcript, 1)
end
"""

# KEYS: feedback, pair, meta, pairs, counts, forgotten, call, scan, votes
# ARGV: key, event id, event, version, state, seconds to keep, hash of the call, by, content, arm of a canary ("" for none),
#       what the state counts for ("" for nothing), then, if there is a pair: scan, pair, at, and its metadata as name and value
_SETTLE = (
    _REMOVE
    + _WRITE
    + """
-- Somebody may vote while the call is being forgotten. It must not come back.
if redis.call('SISMEMBER', KEYS[6], ARGV[7]) == 1 then return 'forgotten' end
-- A repeat after a lost reply: the event is stored and counted.
if redis.call('HEXISTS', KEYS[1], ARGV[2]) == 1 then return 'known' end
-- The caller computed state and pair from the events of this version. If others came since, it must compute again.
if tonumber(redis.call('HGET', KEYS[1], 'v') or '0') ~=  tonumber(ARGV[4]) then return 'stale' end
local state = redis.call('HGET', KEYS[1], 'state')
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3], 'state', ARGV[5])
redis.call('HINCRBY', KEYS[1], 'v', 1)
redis.call('EXPIRE', KEYS[1], ARGV[6])
-- `RedisAnswers.keep` counted the answer, unless its feedback has expired.
if not state then redis.call('HINCRBY', KEYS[5], 'answers', 1) end
-- An answer counts under one state, so take it from the old count before adding it to the new one.
if state ~= ARGV[5] then
  if state then redis.call('HINCRBY', KEYS[5], 'state:' .. state, -1) end
  redis.call('HINCRBY', KEYS[5], 'state:' .. ARGV[5], 1)
  if ARGV[10] ~= '' then
    if state then redis.call('HINCRBY', KEYS[9], ARGV[10] .. ':' .. state, -1) end
    redis.call('HINCRBY', KEYS[9], ARGV[10] .. ':' .. ARGV[5], 1)
  end
  if ARGV[11] ~= '' then
    -- Count down only if it was counted up: `of` records that.
    local of = redis.call('HGET', KEYS[1], 'of')
    if of then redis.call('HINCRBY', KEYS[5], 'of:' .. of .. ':' .. state, -1) end
    redis.call('HINCRBY', KEYS[5], 'of:' .. ARGV[11] .. ':' .. ARGV[5], 1)
    redis.call('HSET', KEYS[1], 'of', ARGV[11])
  end
end
-- Remove the old pair first, so that its indexes and counts don't stay beside the new one's.
remove(ARGV[1], KEYS[2], KEYS[8], KEYS[3], KEYS[4], KEYS[5], ARGV[8], ARGV[9])
if not ARGV[12] then return 'done' end
write(ARGV[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], ARGV[8], ARGV[9], KEYS[7], ARGV[13], ARGV[14], 15, #ARGV)
-- After `remove`, which deletes the old scan.
if ARGV[12] ~= '' then redis.call('SET', KEYS[8], ARGV[12]) end
return 'done'
"""
)

# KEYS: pairs, counts, forgotten   ARGV: by, content, prefixes of pair, scan, meta and call, "1" to write, arguments per pair,
#       then for each:  key, call, hash of the call, pair, at, and its metadata as name and value
# All in one call, because every call waits for the disk. An import replaces a stored pair only if it says more: it is a
# correction, or another reviewer vouches for it.
_ADD = (
    _REMOVE
    + _WRITE
    + """
local function add(n, upto)
  local key, is = ARGV[n], named(n + 5, upto)
  local pair, scan, meta = ARGV[3] .. key, ARGV[4] .. key, ARGV[5] .. key
  -- A forgotten call must not come back, neither by its id nor by its transcript.
  for _, hash in ipairs({ARGV[n + 2], is.transcript}) do
    if redis.call('SISMEMBER', KEYS[3], hash) == 1 then return 'forgotten' end
  end
  -- Pairs of the same task and transcript. They differ in the output, so they conflict.
  local said = redis.call('HGET', ARGV[2] .. string.sub(is.transcript, 1, 3), is.task .. ':' .. is.transcript)
  local others = tonumber(said or '0')
  local was = redis.call('HMGET', meta, 'label', 'reviewers')
  if was[1] then
    -- The key is stored. Labels sort as approved < corrected. Never replace a pair with one that says less; a repeat says
    -- the same, so it does nothing.
    local corrects, uncorrects = is.label > was[1], is.label < was[1]
    local vouches = is.reviewers ~= '' and is.reviewers ~= was[2]
    if uncorrects or (is.reviewers == '' and was[2] ~= '') or not (corrects or vouches) then return 'known' end
    -- The stored pair is about to be replaced, so it isn't a conflict.
    others = others - 1
  -- The same call and output under another key: there is nothing new to learn.
  elseif redis.call('HEXISTS', ARGV[2] .. string.sub(is.content, 1, 3), is.content) == 1 then
    return 'known'
  end
  -- Without "1" this is a trial run.
  if ARGV[7] == '1' then
    local call = ARGV[6] .. ARGV[n + 1]
    remove(key, pair, scan, meta, KEYS[1], KEYS[2], ARGV[1], ARGV[2])
    write(key, pair, meta, KEYS[1], KEYS[2], ARGV[1], ARGV[2], call, ARGV[n + 3], ARGV[n + 4], n + 5, upto)
  end
  return others > 0 and 'conflict' or 'taken'
end
local came_to = {}
for n = 9, #ARGV, ARGV[8] do came_to[#came_to + 1] = add(n, n + ARGV[8] - 1) end
return came_to
"""
)

# KEYS: pairs, counts, forgotten, call   ARGV: hash of the call, by, content, prefixes of feedback, pair, meta, scan, then keys
_FORGET = (
    _REMOVE
    + """
-- Block the call first, so that nothing written later brings it back. The rest can run twice: it removes what is there.
redis.call('SADD', KEYS[3], ARGV[1])
-- Its words in scorecards.
redis.call('DEL', ARGV[8] .. ARGV[1])
for n = 9, #ARGV do
  local key = ARGV[n]
  -- Count down only what still exists, so that a repeat changes nothing.
  local state = redis.call('HGET', ARGV[4] .. key, 'state')
  if state then
    redis.call('HINCRBY', KEYS[2], 'state:' .. state, -1)
    redis.call('HINCRBY', KEYS[2], 'answers', -1)
    local of = redis.call('HGET', ARGV[4] .. key, 'of')
    if of then redis.call('HINCRBY', KEYS[2], 'of:' .. of .. ':' .. state, -1) end
  end
  redis.call('DEL', ARGV[4] .. key)
  -- Block the transcript too: an imported or exported copy has another call id. Read it before `remove` deletes it.
  local transcript = redis.call('HGET', ARGV[6] .. key, 'transcript')
  if transcript then
    redis.call('SADD', KEYS[3], transcript)
    redis.call('DEL', ARGV[8] .. transcript)
  end
  remove(key, ARGV[5] .. key, ARGV[7] .. key, ARGV[6] .. key, KEYS[1], KEYS[2], ARGV[2], ARGV[3])
end
-- Last, because it lists the keys to remove.
redis.call('DEL', KEYS[4])
"""
)


# KEYS: pair and scan of each   ARGV: the scan of each
_KEEP = """
for n = 1, #ARGV do
  -- The pair may have been forgotten during the scan. A scan without its pair would never be removed.
  if redis.call('EXISTS', KEYS[2 * n - 1]) == 1 then redis.call('SET', KEYS[2 * n], ARGV[n]) end
end
"""

# KEYS: pairs   ARGV: prefix of meta, task, after (s), most
_SINCE = """
-- Counts on the server, so that no pair is sent. The limit bounds the time for which the server is busy.
local found = 0
for _, key in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[3], '+inf', 'LIMIT', 0, ARGV[4])) do
  if redis.call('HGET', ARGV[1] .. key, 'task') == ARGV[2] then found = found + 1 end
end
return found
"""


class RedisPairs:
    """Pairs in Redis 7+ or Valkey 8+. Feedback expires with the answers after `keep_days`. Threads can share it."""

    def __init__(self, client: Redis, keep_days: int) -> None:
        self._client, self._keep_s = client, keep_days * DAY_S
        self._settle, self._forget = client.register_script(_SETTLE), client.register_script(_FORGET)
        self._keep, self._add = client.register_script(_KEEP), client.register_script(_ADD)
        self._since = client.register_script(_SINCE)

    def said(self, key: str) -> Said:
        with translated():
            found = self._client.hgetall(store.FEEDBACK + key)
        assert isinstance(found, dict)
        events = (Event.model_validate_json(text) for id_, text in found.items() if id_ not in NO_EVENTS)
        return Said(tuple(events), int(found.get(b"v", 0)))

    def settle(
        self,
        key: str,
        call: str,
        event: Event,
        version: int,
        state: AnswerState,
        pair: Pair | None,
        arm: tuple[str, Arm] | None = None,
        scan: bytes = b"",
        of: str = "",
    ) -> Settled:
        canary, name = arm or ("", "")
        keys = [store.FEEDBACK + key, store.PAIR + key, store.META + key, store.PAIRS, store.COUNTS, store.FORGOTTEN]
        keys += [store.CALL + call, store.SCAN + key, store.VOTES + canary]
        said = event.model_dump_json(exclude_defaults=True)
        given: list[Given] = [key, event.id, said, version, state, self._keep_s]
        given += [hash_of(call), store.BY, store.CONTENT, name, of]
        given += [scan, *_written(pair)] if pair else []
        with translated():
            done: Settled = self._settle(keys, given).decode()
        return done

    def add(self, pairs: Sequence[Pair], write: bool = True) -> list[Added]:
        if not pairs:
            return []
        prefixes = [store.PAIR, store.SCAN, store.META, store.CALL]
        each = [[pair.id, pair.call, hash_of(pair.call), *_written(pair)] for pair in pairs]
        given = [store.BY, store.CONTENT, *prefixes, "1" if write else "", len(each[0]), *chain.from_iterable(each)]
        with translated():
            found = self._add([store.PAIRS, store.COUNTS, store.FORGOTTEN], given)
        return [cast(Added, as_text(each)) for each in found]

    def get(self, key: str) -> Pair | None:
        with translated():
            text = self._client.get(store.PAIR + key)
        return from_json(text) if isinstance(text, bytes) else None

    def all(self, newest_first: bool = False) -> Iterator[Pair]:
        with translated():
            keys = self._client.zrange(store.PAIRS, 0, -1, desc=newest_first)
        assert isinstance(keys, list)
        for start in range(0, len(keys), BATCH):
            with translated():
                found = self._client.mget([store.PAIR + as_text(key) for key in keys[start : start + BATCH]])
            assert isinstance(found, list)
            yield from (from_json(text) for text in found if text is not None)

    def stored(self) -> Iterator[Stored]:
        for keys in _batches(self._keys()):
            names = [prefix + key for key in keys for prefix in (store.PAIR, store.SCAN)]
            with translated():
                found = self._client.mget(names)
            assert isinstance(found, list)
            for key, text, scan in zip(keys, found[::2], found[1::2], strict=True):
                if isinstance(text, bytes):
                    yield Stored(key, text, scan if isinstance(scan, bytes) else b"")

    def _keys(self) -> Iterator[str]:
        """Yields the keys of all pairs without holding a million in memory. A few may come twice."""
        cursor = -1
        while cursor:
            with translated():
                cursor, found = self._client.zscan(store.PAIRS, max(cursor, 0), count=SCANNED)
            yield from (as_text(key) for key, _ in found)

    def keep_scans(self, scans: Mapping[str, bytes]) -> None:
        given = [(key, scan) for key, scan in scans.items()]
        with translated():
            self._keep(
                [prefix + key for key, _ in given for prefix in (store.PAIR, store.SCAN)], [scan for _, scan in given]
            )

    def keys_of(self, call: str) -> list[str]:
        with translated():
            found = self._client.smembers(store.CALL + call)
        assert isinstance(found, set)
        return sorted(as_text(key) for key in found)

    def keep_export(self, name: str, place: str, calls: Iterable[str]) -> None:
        for some in _batches(calls):
            with translated():
                self._client.sadd(store.EXPORT + name, *some)
        with translated(), self._client.pipeline() as pipe:
            pipe.hset(store.EXPORTS, name, place)
            pipe.hset(store.COUNTS, "exported", int(as_text(self._client.hget(store.COUNTS, "pairs")) or 0))
            pipe.execute()

    def exports_with(self, calls: Sequence[str]) -> list[tuple[str, str]]:
        with translated():
            found = self._client.hgetall(store.EXPORTS)
            assert isinstance(found, dict)
            places = {as_text(name): as_text(place) for name, place in found.items()}
            held = {name: self._client.smismember(store.EXPORT + name, list(calls)) for name in places if calls}
        return sorted((name, places[name]) for name, which in held.items() if isinstance(which, list) and any(which))

    def votes(self, canary: str) -> Mapping[str, int]:
        return numbers(self._client, store.VOTES + canary)

    def forget(self, call: str, keys: Sequence[str]) -> None:
        named = [store.PAIRS, store.COUNTS, store.FORGOTTEN, store.CALL + call]
        prefixes = [store.FEEDBACK, store.PAIR, store.META, store.SCAN, store.MOVED]
        with translated():
            self._forget(named, [hash_of(call), store.BY, store.CONTENT, *prefixes, *keys])

    def settled_since(self, task: str, at: float, most: int) -> int:
        with translated():
            return int(self._since([store.PAIRS], [store.META, task, at, most]))

    def counts(self) -> dict[str, int]:
        return numbers(self._client, store.COUNTS)


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    left = iter(keys)
    while batch := list(islice(left, BATCH)):
        yield batch


def _written(pair: Pair) -> list[Given]:
    meta = {
        "call": pair.call,
        "label": pair.label,
        "model": pair.model,
        "source": pair.source,
        "task": pair.task,
        "week": pair.week,
        "reviewers": " ".join(pair.reviewers),
        "content": pair.content[:32],
        "transcript": hash_of(call_hash(pair.transcript)),
    }
    return [to_json(pair), pair.at, *(part for name in meta for part in (name, meta[name]))]
