"""The changes of a correction, in short lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from handlers.feedback.forms.lines import flat_line
from handlers.slack.fields import TAGS, item_words, title, words
from handlers.slack.mrkdwn import clip, units

SAID = 160  # most characters of a value
BRIEF = 120  # up to so many characters, the old and the new value share a line
LEAD_IN = 4  # words before a change, so that people find it in the text
ALIKE = 0.5  # items at least this similar count as one that was changed, not as one removed and one added
NEVER = 2.0  # more than any similarity: tags never count as changed, only as removed and added


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What differs in `after`, a line for each change, as literal text; nothing if both are the same."""
    names = dict.fromkeys([*before, *after])
    return [
        f"{title(name)}: {line}"
        for name in names
        if before.get(name) != after.get(name)
        for line in _field(name, before.get(name), after.get(name))
    ]


def _field(name: str, before: Any, after: Any) -> Iterator[str]:
    if not (isinstance(before, list) and isinstance(after, list)):
        both = isinstance(before, str) and isinstance(after, str)
        old, new = map(_said, _where_they_differ(before, after) if both else (before, after))
        yield from [f"{old} → {new}"] if units(old + new) <= BRIEF else [f"− {old}", f"+ {new}"]
        return
    lines = list(_list(before, after, NEVER if name in TAGS else ALIKE)) or ["reordered"]
    yield from [", ".join(lines)] if name in TAGS else lines


def _where_they_differ(before: str, after: str) -> tuple[str, str]:
    """Both texts; if they have a long beginning in common, only from a few words before the first difference."""
    old, new = before.split(), after.split()
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    start = alike - LEAD_IN
    if start <= LEAD_IN:
        return before, after
    return f"… {' '.join(old[start:])}", f"… {' '.join(new[start:])}"


def _list(before: Sequence[Any], after: Sequence[Any], alike: float) -> Iterator[str]:
    """What was added, changed and removed; nothing if only the order differs."""
    gone, come = _without(before, after), _without(after, before)
    for item in come:
        old = max(gone, key=lambda each: _alike(each, item), default=None)
        if old is None or _alike(old, item) < alike:
            yield f"+ {_said(item)}"
        else:
            gone.remove(old)
            yield f"~ {_edited(old, item)}"
    yield from (f"− {_said(item)}" for item in gone)  # a minus sign, as wide as the plus


def _without(items: Sequence[Any], others: Sequence[Any]) -> list[Any]:
    left, without = list(others), []
    for item in items:
        if item in left:
            left.remove(item)
        else:
            without.append(item)
    return without


def _alike(one: Any, other: Any) -> float:
    """How similar two items are: 1 for the same words, 0 for none in common."""
    ones, others = (
        set(words(next(iter(each.values())) if isinstance(each, dict) else each).casefold().split())
        for each in (one, other)
    )
    return 2 * len(ones & others) / max(len(ones) + len(others), 1)


def _edited(old: Any, new: Any) -> str:
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return f"{_said(old)} → {_said(new)}"
    (what, text), *_ = new.items()
    parts = [
        f"{title(name).lower()} {_said(old.get(name))} → {_said(new[name])}"
        for name in new
        if name != what and old.get(name) != new[name]
    ]
    said = _said(text) if old.get(what) == text else f"{_said(old.get(what))} → {_said(text)}"
    return " · ".join([said, *parts])


def _said(value: Any) -> str:
    if isinstance(value, dict):
        what, known = item_words(value)
        return f"{_said(what)} ({_said(known)})" if known else _said(what)
    text = clip(flat_line(words(value)), SAID, units)
    whole_words = text[:-1].rpartition(" ")[0]
    return f"{whole_words} …" if text.endswith("…") and len(whole_words) > SAID // 2 else text
