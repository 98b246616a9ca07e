"""Finds turns in any other JSON: objects with a text and a speaker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from bot.calls.document import Document
from bot.calls.formats import plain
from bot.calls.reading import CallLog, Reader, Utterance, filled, merge_runs
from bot.calls.reading.clock import seconds
from bot.calls.reading.markup import from_html
from bot.calls.speaker import name_of, role_of
from bot.calls.transcript import Speaker

# Keys are compared in lower case without "_", "-" and spaces. The first one with a value counts.
_TEXTS = "text utterance message content transcript sentence body value".split()
_LOGS = frozenset("transcript dialogue dialog conversation transcription chat log".split())
_ROLES = "role speakerrole participantrole participanttype speakertype sendertype authortype".split()
_NAMES = "name displayname fullname username email id".split()
_SPEAKERS = "speakername speaker speakerlabel sendername sender authorname author participant from party".split()
_SPEAKERS += [*_ROLES, "speakerid", "participantid", "senderid", "authorid", "identifier"]
_WEAK = "name username user channel".split()  # these can also name something else
_STARTS = (
    "start starttime startsec startseconds startms starttimems starttimemillis begin begintime offset offsetms".split()
)
_STARTS += "secondsfromstart time timestamp timestampms createdat sentat date".split()
_ENDS = "end endtime endsec endseconds endms endtimems endtimemillis stop".split()
_CALLS = (
    "callid conversationid contactid ticketid sessionid interactionid meetingid callsid dialogueid dialogid".split()
)
_CALLS += "threadid chatid transcriptid".split()

_KNOWN: dict[str, Speaker] = {"agent": "agent", "gpt": "agent", "ai": "agent", "model": "agent"}
_KNOWN |= {"customer": "customer", "human": "customer"}
_KNOWN |= dict.fromkeys("other developer tool function".split(), "other")

_SURE = 0.5
_DEPTH = 6
_SAMPLE = 60
_DAY_S, _EPOCH_S, _EPOCH_MS = 86_400, 1e8, 1e11


class _Place(NamedTuple):
    """A place that holds a call: a list of turns, or a text that is a plain log."""

    call: str
    value: list[Any] | str
    notes: list[str]

    @property
    def size(self) -> float:
        """Estimates the number of turns. A log counts slightly less than objects, single words almost nothing."""
        if isinstance(self.value, str):
            return self.value.strip().count("\n") + 0.5
        return len(self.value) / (1000 if _is_words(self.value) else 1)


def sure(document: Document) -> float:
    return _SURE if _places(document.json, _DEPTH) else 0.0


def read(document: Document) -> Iterator[CallLog]:
    for place in _places(document.json, _DEPTH):
        if isinstance(place.value, str):
            yield CallLog(plain.split(place.value), place.call or None, place.notes)
        else:
            turns = [turn(item) for item in place.value]
            lost = sum(not isinstance(item, dict) and item is not None for item in place.value)
            notes = [f"{lost} item(s) that aren't turns were skipped."] if lost else []
            said = _in_seconds([each for each in turns if each])
            yield CallLog(merge_runs(said) if _is_words(place.value) else said, place.call or None, place.notes + notes)


def is_turn(item: dict[str, Any]) -> bool:
    """True for an object that is one turn, not a call that contains turns."""
    said = turn(item)
    if not said or not said.label or _is_log(said.text):
        return False
    return bool(_who(_plainly(item), _SPEAKERS)[0]) or not _places(item, _DEPTH)


def call_id(item: dict[str, Any]) -> str:
    """Returns the id of the call that a turn names, or ""."""
    return filled(_plainly(item), *_CALLS)


def turn(item: object) -> Utterance | None:
    """Returns an object's utterance, with or without a speaker, or None if it has no text."""
    if not isinstance(item, dict):
        return None
    keys = _plainly(item)
    who, role = _who(keys, _SPEAKERS)
    if not who:
        who, role = _who(keys, _WEAK)
        keys.pop("value", None)  # only a name and a value: a field, not speech
    if not (text := _text(keys)):
        return None
    role = filled(keys, *_ROLES) or role
    label = who if name_of(who) else filled(keys, "name", "username") or who
    return Utterance(text, label or None, _role(role) or _role(who), _time(keys, _STARTS), _time(keys, _ENDS))


def _plainly(item: dict[str, Any]) -> dict[str, Any]:
    return {_plain(key): value for key, value in item.items()}


@lru_cache(1000)
def _plain(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "").replace(" ", "")


def _who(keys: dict[str, Any], names: list[str]) -> tuple[str, str]:
    """Returns the speaker under the first filled key, and the role if that speaker is an object with one."""
    for name in filter(keys.__contains__, names):
        value = keys[name]
        if isinstance(value, dict):
            person = _plainly(value)
            role = filled(person, "role", "type")
            if who := filled(person, *_NAMES) or role:
                return who, role
        elif who := filled(keys, name):
            return who, ""
    return "", ""


def _role(word: str) -> Speaker | None:
    return _KNOWN.get(word.lower()) or role_of(word)


def _text(keys: dict[str, Any]) -> str:
    for name in _TEXTS:
        value = keys.get(name)
        if isinstance(value, list):  # a message in parts: formatted words, or text with pictures
            value = "".join(part if isinstance(part, str) else _part(part) for part in value)
        elif isinstance(value, dict):
            value = filled(_plainly(value), *_TEXTS)
        if isinstance(value, str) and value.strip():
            return from_html(value) if name == "body" and "</" in value else value
    return ""


def _part(part: object) -> str:
    if not isinstance(part, dict) or "type" not in part or _who(_plainly(part), _SPEAKERS)[0]:
        return ""
    return filled(part, "text")


def _time(keys: dict[str, Any], names: list[str]) -> float | None:
    for name in filter(keys.__contains__, names):
        if (value := keys[name]) is not None:
            at = seconds(value, 1000 if name.endswith(("ms", "millis")) else 1)
            return at / 1000 if at is not None and at > _EPOCH_MS else at
    return None


def _in_seconds(said: list[Utterance]) -> list[Utterance]:
    """Takes offsets as milliseconds if the call would otherwise be longer than a day."""
    last = max((each.start_s for each in said if each.start_s is not None), default=0.0)
    if not _DAY_S < last < _EPOCH_S:
        return said
    return [replace(each, start_s=_thousandth(each.start_s), end_s=_thousandth(each.end_s)) for each in said]


def _thousandth(value: float | None) -> float | None:
    return None if value is None else value / 1000


def _places(value: object, depth: int, call: str = "") -> list[_Place]:
    """Returns the calls in a JSON value: all in a list, but only the longest in an object that doesn't map ids to calls."""
    if isinstance(value, list) and depth:
        if _is_conversation(value):
            return [_Place(call, value, [])]
        if value and all(isinstance(item, str) for item in value):
            return [_Place(call, log, [])] if _is_log(log := "\n".join(value)) else []
        return [place for item in value for place in _places(item, depth - 1)]
    if not isinstance(value, dict) or not depth:
        return []
    keys = _plainly(value)
    call = filled(keys, *_CALLS, "id", "uuid", "sid") or call
    inside = {key: found for key in value if (found := _inside(key, value[key], depth, call))}
    if len(inside) > 1 and all(re.search(r"\d", key) for key in value):
        return [place._replace(call=key) if len(each) == 1 else place for key, each in inside.items() for place in each]
    return _longest(inside)


def _longest(inside: dict[str, list[_Place]]) -> list[_Place]:
    """Returns the calls under the key with most turns, and notes each other list of turns."""
    if len(inside) < 2:
        return next(iter(inside.values()), [])
    best = max(inside, key=lambda key: sum(place.size for place in inside[key]))
    for key, places in inside.items():
        if key != best and any(isinstance(place.value, list) and not _is_words(place.value) for place in places):
            inside[best][0].notes.append(f"More turns, under {key!r}, were skipped.")
    return inside[best]


def _inside(key: str, value: object, depth: int, call: str) -> list[_Place]:
    if isinstance(value, str):
        named = _plain(key) in _LOGS
        is_log = (named or _plain(key) in _TEXTS) and _is_log(value, named=named)
        return [_Place(call, value, [])] if is_log else []
    return _places(value, depth - 1, call)


def _is_log(text: str, *, named: bool = False) -> bool:
    """True for a text that is a log of two or more speakers. One needs a role, unless the key's name says it is a log."""
    head = text[:4000]
    labels = {said.label for said in plain.split(head) if said.label} if ":" in head else set()
    return len(labels) > 1 and (named or any(map(role_of, labels)))


def _is_words(items: list[Any]) -> bool:
    """True for a list of single words, which recognisers add to their turns."""
    turns = [said for item in items[:_SAMPLE] if (said := turn(item))]
    return len(turns) >= 20 and sum(" " not in said.text.strip() for said in turns) > 0.8 * len(turns)


def _is_conversation(items: list[Any]) -> bool:
    """True for a list of mostly turns. Topics or products have names too, but each a different one."""
    sample = [item for item in items[:_SAMPLE] if isinstance(item, dict)]
    turns = [said for item in sample if (said := turn(item)) and said.label]
    if not turns or 2 * len(turns) < len(sample) or 2 * sum(_is_log(said.text) for said in turns) > len(turns):
        return False
    if len({said.label for said in turns}) < len(turns):
        return True
    if any(_who(_plainly(item), _SPEAKERS)[0] for item in sample):
        return len(turns) < 4 or any(said.speaker for said in turns)
    return all(said.speaker for said in turns)


READER = Reader("json-turns", "JSON turns", sure, read, most=_SURE)
