"""Stores jobs, custom models, champions, verdicts and the audit in Redis or Valkey.

Every change is one Lua call. It checks that the stored state is the one the change is based on, and writes the audit line
too. So a change happens once, and never without its audit line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from redis import Redis

from bot.adapters.redis import keys as store
from bot.adapters.redis.client import as_text, hash_of, numbers, translated
from bot.errors import UnknownSchema
from bot.evaluation.evaluation import FIGURES, MOVED
from bot.models.audit import Entry
from bot.models.canary import Arm, Canary
from bot.models.champion import Champion, Judged
from bot.models.custom_model import CustomModel
from bot.models.job import CustomizationJob
from bot.models.kept import SCHEMA, Kept
from bot.retraining.pending import Agenda, Card

KeptT = TypeVar("KeptT", bound=Kept)
PAGE = 500  # audit lines per read
TRIED_S = 30 * 86_400

# KEYS: hash, audit   ARGV: field, old text ("" for nothing), new text, audit line ("" for none)
_CHANGE = """
local is = redis.call('HGET', KEYS[1], ARGV[1]) or ''
-- The new text is there already: a repeat after a lost reply. Don't write a second audit line.
if is == ARGV[3] then return 1 end
-- Somebody else changed it: the caller must look again.
if is ~= ARGV[2] then return 0 end
-- Change and audit line in one script, so that neither can exist without the other.
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
if ARGV[4] ~= '' then redis.call('XADD', KEYS[2], '*', 'entry', ARGV[4]) end
return 1
"""

# KEYS: hash   ARGV: field, seconds
_LATEST = """
-- Workers write in any order, so a late write must not move the time back.
if tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '-1') < tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
return 1
"""

# KEYS: counts, calls   ARGV: hash of the call, arm, "1" if it failed, seconds to keep the calls
_TRIED = """
-- Count each call once, even if a worker tries it again or the script is sent twice.
if redis.call('SADD', KEYS[2], ARGV[1]) == 0 then return end
redis.call('EXPIRE', KEYS[2], ARGV[4])
redis.call('HINCRBY', KEYS[1], ARGV[2] .. ':asked', 1)
if ARGV[3] == '1' then redis.call('HINCRBY', KEYS[1], ARGV[2] .. ':failed', 1) end
"""

# KEYS: scorecards, forgotten calls   ARGV: field, figures, prefix of what moved, number of calls before, their hashes,
# then hash and words of each call now
_SCORE = """
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
local first = 5 + tonumber(ARGV[4])
-- Remove the words of the earlier scorecard. Words are stored by call, so that forgetting a call removes them.
for n = 5, first - 1 do redis.call('HDEL', ARGV[3] .. ARGV[n], ARGV[1]) end
for n = first, #ARGV, 2 do
  -- The call may have been forgotten during the evaluation.
  if redis.call('SISMEMBER', KEYS[2], ARGV[n]) == 0 then
    redis.call('HSET', ARGV[3] .. ARGV[n], ARGV[1], ARGV[n + 1])
  end
end
"""

# KEYS: hash   ARGV: field, the text to drop
_DROP = """
-- Drop only the text that the caller saw: a newer one belongs to somebody else.
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('HDEL', KEYS[1], ARGV[1]) end
"""


class RedisRegistry:
    """A registry in Redis 7+ or Valkey 8+. Threads can share it."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._change, self._latest = client.register_script(_CHANGE), client.register_script(_LATEST)
        self._tried = client.register_script(_TRIED)
        self._score = client.register_script(_SCORE)
        self._drop = client.register_script(_DROP)

    def jobs(self) -> list[CustomizationJob]:
        return sorted(self._all(store.JOBS, CustomizationJob), key=lambda job: -job.at)

    def job(self, name: str) -> CustomizationJob | None:
        return self._one(store.JOBS, name, CustomizationJob)

    def keep_job(self, job: CustomizationJob, was: CustomizationJob | None, entry: Entry | None = None) -> bool:
        return self._put(store.JOBS, job.name, job, was, entry)

    def models(self) -> list[CustomModel]:
        return sorted(self._all(store.MODELS, CustomModel), key=lambda model: -model.at)

    def model(self, id_: str) -> CustomModel | None:
        return self._one(store.MODELS, id_, CustomModel)

    def keep_model(self, model: CustomModel, was: CustomModel | None, entry: Entry | None = None) -> bool:
        return self._put(store.MODELS, model.id, model, was, entry)

    def champion(self, task: str) -> Champion:
        return self._one(store.CHAMPIONS, task, Champion) or Champion()

    def crown(self, task: str, champion: Champion, was: Champion, entry: Entry) -> bool:
        return self._put(store.CHAMPIONS, task, champion, was if was.at else None, entry)

    def canary(self, task: str) -> Canary | None:
        return self._one(store.CANARIES, task, Canary)

    def answering(self, task: str) -> tuple[Champion, Canary | None]:
        with translated(), self._client.pipeline(transaction=False) as pipe:
            for key in (store.CHAMPIONS, store.CANARIES):
                pipe.hget(key, task)
            found = pipe.execute()
        champion, canary = (as_text(each) for each in found)
        return _read(Champion, champion) if champion else Champion(), _read(Canary, canary) if canary else None

    def keep_canary(self, canary: Canary, was: Canary | None, entry: Entry) -> bool:
        return self._put(store.CANARIES, canary.task, canary, was, entry)

    def tried(self, canary: Canary, arm: Arm, call: str, *, failed: bool) -> None:
        digest = hash_of(call)
        with translated():
            self._tried([store.CANARY + canary.id, store.TRIED + canary.id], [digest, arm, int(failed), TRIED_S])

    def tries(self, canary: Canary) -> Mapping[str, int]:
        return numbers(self._client, store.CANARY + canary.id)

    def verdict(self, task: str, champion: str, challenger: str) -> Judged | None:
        return self._one(store.VERDICTS, _pair(task, champion, challenger), Judged)

    def judge(self, judged: Judged) -> None:
        field = _pair(judged.task, judged.champion, judged.challenger)
        with translated():
            self._client.hset(store.VERDICTS, field, judged.model_dump_json())

    def used(self, id_: str) -> float | None:
        with translated():
            found = self._client.hget(store.USED, id_)
        return float(as_text(found)) if found is not None else None

    def use(self, id_: str, at: float) -> None:
        with translated():
            self._latest([store.USED], [id_, at])

    def keep_scorecard(self, row: Mapping[str, Any]) -> None:
        field = _pair(row["task"], row["champion"], row["challenger"])
        before = [hash_of(call) for call in _calls(self._figures(field) or {})]
        words: dict[str, str] = {}
        figures = dict(row)
        for side in MOVED:
            figures[side] = [{name: each[name] for name in FIGURES} for each in row[side]]
            words |= {hash_of(each["call"]): json.dumps(each, ensure_ascii=False) for each in row[side]}
        now = [part for call in words.items() for part in call]
        keys = [store.SCORECARDS, store.FORGOTTEN]
        with translated():
            self._score(keys, [field, json.dumps(figures), store.MOVED, len(before), *before, *now])

    def scorecard(self, task: str, champion: str, challenger: str) -> Mapping[str, Any] | None:
        field = _pair(task, champion, challenger)
        if (row := self._figures(field)) is None:
            return None
        with translated():
            texts = {call: self._client.hget(store.MOVED + hash_of(call), field) for call in _calls(row)}
        words = {call: json.loads(as_text(text)) for call, text in texts.items() if text}
        return row | {side: [words.get(each["call"], each) for each in row[side]] for side in MOVED}

    def _figures(self, field: str) -> dict[str, Any] | None:
        with translated():
            text = as_text(self._client.hget(store.SCORECARDS, field))
        row: dict[str, Any] | None = json.loads(text) if text else None
        if row and row["schema"] != SCHEMA:
            raise UnknownSchema("A later version of Wrapup wrote this scorecard. Upgrade Wrapup.")
        return row

    def agenda(self, task: str) -> Agenda:
        return self._one(store.AGENDAS, task, Agenda) or Agenda()

    def plan(self, task: str, agenda: Agenda, was: Agenda) -> bool:
        there = self._one(store.AGENDAS, task, Agenda)
        return self._put(store.AGENDAS, task, agenda, None if there is None and was == Agenda() else was, None)

    def cards(self) -> list[Card]:
        return self._all(store.CARDS, Card)

    def keep_card(self, card: Card, was: Card | None) -> bool:
        return self._put(store.CARDS, _shown(card), card, was, None)

    def drop_card(self, card: Card) -> None:
        with translated():
            self._drop([store.CARDS], [_shown(card), card.model_dump_json()])

    def note(self, id_: str, entry: Entry) -> None:
        self._put(store.NOTED, id_, entry, None, entry)

    def audit(self) -> Iterator[Entry]:
        start = "-"
        while True:
            with translated():
                rows = self._client.xrange(store.AUDIT, start, count=PAGE)
            assert isinstance(rows, list)
            yield from (_read(Entry, as_text((fields or {}).get(b"entry"))) for _, fields in rows)
            if len(rows) < PAGE:
                return
            start = f"({as_text(rows[-1][0])}"

    def _all(self, key: str, kind: type[KeptT]) -> list[KeptT]:
        with translated():
            found = self._client.hvals(key)
        assert isinstance(found, list)
        return [_read(kind, as_text(text)) for text in found]

    def _one(self, key: str, field: str, kind: type[KeptT]) -> KeptT | None:
        with translated():
            found = self._client.hget(key, field)
        return _read(kind, as_text(found)) if found is not None else None

    def _put(self, key: str, field: str, new: Kept, was: Kept | None, entry: Entry | None) -> bool:
        before, *texts = [each.model_dump_json() if each else "" for each in (was, new, entry)]
        with translated():
            if self._change([key, store.AUDIT], [field, before, *texts]):
                return True
            there = as_text(self._client.hget(key, field)) if was else ""
            if not was or there in ("", before) or _read(type(was), there) != was:
                return False
            return bool(
                self._change([key, store.AUDIT], [field, there, *texts])
            )  # another version wrote the same state as different JSON


def _shown(card: Card) -> str:
    return f"{card.task} {card.channel}"


def _pair(task: str, champion: str, challenger: str) -> str:
    return f"{task} {champion} {challenger}"


def _calls(row: Mapping[str, Any]) -> list[str]:
    return [each["call"] for side in MOVED for each in row.get(side, ())]


def _read(kind: type[KeptT], text: str) -> KeptT:
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        raise UnknownSchema("A later version of Wrapup wrote these jobs and models. Upgrade Wrapup.") from error
