"""Writes a list as lines that people can edit, and reads such lines as a list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from handlers.slack.mrkdwn import clean

_BULLET = re.compile(r"^(?:[-•*–]|\d{1,3}[.)])\s+")
_GROUPS = {"(": ")", "[": "]"}


class BadLine(ValueError):
    """A line that can't be read as an item. The text is a clause that says how to write it."""


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of texts, each on a line."""

    hint = "One per line."

    def line(self, value: str) -> str:
        return flat_line(value)

    def read(self, line: str) -> str:
        return _BULLET.sub("", line)


@dataclass(frozen=True, slots=True)
class Items:
    """A list of items such as `agent: call back (due Friday) [turn 3]`: who, what, then the other fields in brackets.

    `what` and `who` are names of fields. `groups`: the opening bracket of each other field. `words`: the values that `who`
    may have, by the words that people may write for them.
    """

    what: str
    who: str
    words: Mapping[str, str]
    groups: Mapping[str, str]
    needs_who: bool

    @property
    def hint(self) -> str:
        known = "".join(f" {opens}{said(name)} …{_GROUPS[opens]}" for name, opens in self.groups.items())
        who = f" Who: {self.who_words}." if self.who else ""
        return f"One per line: {self.example}{known}.{who}" + (" You can leave out the brackets." if known else "")

    @property
    def example(self) -> str:
        return f"{next(iter(self.words))}: call back" if self.who else "call back"

    @property
    def who_words(self) -> str:
        *most, last = dict.fromkeys(self.words.values())
        return f"{', '.join(most)} or {last}" if most else last

    def line(self, value: Mapping[str, Any]) -> str:
        who = f"{value[self.who]}: " if self.who and value.get(self.who) is not None else ""
        known = "".join(
            f" {bracket}{said(name)} {value[name]}{_GROUPS[bracket]}"
            for name, bracket in self.groups.items()
            if value.get(name) is not None
        )
        return flat_line(f"{who}{value[self.what]}{known}")

    def read(self, line: str) -> dict[str, Any]:
        """The item on a line. Raises BadLine if it doesn't say who, but must."""
        left, known = self._known(_BULLET.sub("", line))
        head, colon, rest = left.replace("：", ":", 1).partition(":")  # the colon of East Asian keyboards
        who = self.words.get(head.strip().casefold()) if colon else None
        if self.needs_who and who is None:
            raise BadLine(f"write who does it, like `{self.example}` ({self.who_words})")
        fields = {self.what: rest.strip() if who else left, **({self.who: who} if self.who else {})}
        return fields | dict.fromkeys(self.groups) | known

    def _known(self, line: str) -> tuple[str, dict[str, str]]:
        """The line without the brackets at its end, and the fields in them."""
        known: dict[str, str] = {}
        while found := [group for name in self.groups if name not in known and (group := self._group(line, name))]:
            line, name, value = max(found, key=lambda group: len(group[0]))
            known[name] = value
        return line, known

    def _group(self, line: str, name: str) -> tuple[str, str, str] | None:
        """If the line ends with a field in brackets: the text before it, the field and its value."""
        opens, closes = self.groups[name], _GROUPS[self.groups[name]]
        found = re.fullmatch(rf"(.*)\{opens}{re.escape(said(name))} (.+)\{closes}", line, re.IGNORECASE)
        return (found[1].rstrip(), name, found[2].strip()) if found else None


def flat_line(text: str) -> str:
    return " ".join(clean(text).split())


def said(name: str) -> str:
    """The name of a field as it is written in a line."""
    return name.replace("_", " ").lower()


def codec(kind: Any, speakers: Mapping[str, str]) -> Texts | Items | None:
    """How to write items of this type in lines; None if a line can't hold them.

    `speakers`: the speakers' roles by their names. People may write a name instead of its role.
    """
    if kind is str:
        return Texts()
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return None
    (what, first), *others = kind.model_fields.items()
    kinds = {name: bare(info.annotation) for name, info in others}
    whose = next((name for name, each in kinds.items() if is_choice(each)), "")
    rest = {name: _bracket(each) for name, each in kinds.items() if name != whose}
    if first.annotation is not str or not all(rest.values()):
        return None
    words = {str(word).casefold(): str(word) for word in get_args(kinds[whose])} if whose else {}
    names = {name.casefold(): role for name, role in speakers.items() if role in words.values()}
    needs = bool(whose) and kind.model_fields[whose].is_required()
    return Items(what, whose, words | {name: role for name, role in names.items() if name not in words}, rest, needs)


def _bracket(kind: Any) -> str:
    if kind in {int, float, bool}:
        return "["
    return "(" if kind is str or is_choice(kind) else ""


def bare(kind: Any) -> Any:
    """The type without its None."""
    if get_origin(kind) in {Union, UnionType}:
        left = [each for each in get_args(kind) if each is not NoneType]
        return left[0] if len(left) == 1 else kind
    return kind


def is_choice(kind: Any) -> bool:
    return get_origin(kind) is Literal and all(isinstance(each, str) for each in get_args(kind))
