"""What a correction changed, in short lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from handlers.feedback.forms.lines import flat_line
from handlers.slack.fields import TAGS, item_words, title, words
from handlers.slack.mrkdwn import clip, units

SAID = 160
BRIEF = 120
"""Up to how many characters the old and the new stand on one line."""
LEAD_IN = 4
"""Words that are shown before a change, to find it in its text."""
ALIKE = 0.5
"""From how much on an item counts as changed, not as one that went and another that came."""
NEVER = 2.0


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What is other in `after`, a line each, to be shown as literal text; none where both are the same."""
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
    """Both from a few words before the first that is other on, where they begin alike for long."""
    old, new = before.split(), after.split()
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    start = alike - LEAD_IN
    if start <= LEAD_IN:
        return before, after
    return f"… {' '.join(old[start:])}", f"… {' '.join(new[start:])}"


def _list(before: Sequence[Any], after: Sequence[Any], alike: float) -> Iterator[str]:
    """What came, what went, and what was changed; nothing where the order alone is other."""
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
    """1 for the same words, 0 for none in common."""
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
