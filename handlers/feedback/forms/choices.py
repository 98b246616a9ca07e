"""Form inputs for values that are chosen from a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.feedback.forms.inputs import Values, entry, state
from handlers.slack.fields import words
from handlers.slack.mrkdwn import Block, clean, plain, units

OPTIONS = 100  # Slack's limit for a select
OPTION_VALUE = 150  # characters, Slack's limit
NEW = "New topics"
NEW_HINT = "New topics, separated by commas."


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values; `choices` has None if the field may be empty."""

    label: str
    choices: tuple[Any, ...]

    def blocks(self, value: Any) -> list[Block]:
        options = [_option(words(each), words(each)) for each in self.choices]
        element: Block = {"type": "static_select", "action_id": "value", "options": options}
        if value in self.choices:
            element["initial_option"] = options[self.choices.index(value)]
        return [entry(self.label, element, optional=False)]

    def read(self, value: Any, values: Values) -> Any:
        chosen = state(values, self.label).get("selected_option")
        return {words(each): each for each in self.choices}.get(chosen["value"], value) if chosen else value

    def place(self, value: Any, values: Values, path: Sequence[Any]) -> tuple[str, str]:
        return self.label, ""


@dataclass(frozen=True, slots=True)
class Choices:
    """Any number of names. `free`: people can also write new ones."""

    label: str
    names: tuple[str, ...]
    free: bool

    def _options(self) -> Mapping[str, str]:
        """The names by the value of their option. If Slack would change a name, its value is a number."""
        fits = (units(name) <= OPTION_VALUE and name == clean(name) for name in self.names)
        return {name if fit else f"#{n}": name for n, (name, fit) in enumerate(zip(self.names, fits, strict=True))}

    def blocks(self, value: Any) -> list[Block]:
        options = {name: _option(name, key) for key, name in self._options().items()}
        element: Block = {"type": "multi_static_select", "action_id": "value", "options": [*options.values()]}
        if chosen := [options[name] for name in dict.fromkeys(value) if name in options]:
            element["initial_options"] = chosen
        select = entry(self.label, element, optional=True)
        new = {"type": "plain_text_input", "action_id": "value", "max_length": 1000}
        return [select, entry(NEW, new, NEW_HINT, optional=True)] if self.free else [select]

    def read(self, value: Any, values: Values) -> Any:
        chosen = state(values, self.label).get("selected_options")
        options = self._options()
        picked = list(value) if chosen is None else [options.get(each["value"], each["value"]) for each in chosen]
        kept = [name for name in value if name in picked]
        return [*kept, *dict.fromkeys(name for name in [*picked, *self._new(values)] if name not in kept)]

    def _new(self, values: Values) -> list[str]:
        """The names that people wrote, in the spelling of the list if it has them."""
        known = {name.casefold(): name for name in self.names}
        written = (state(values, NEW).get("value") or "") if self.free else ""
        named = (" ".join(clean(each).split()) for each in written.replace("\n", ",").split(",") if each.strip())
        return [known.get(name.casefold(), name) for name in named]

    def place(self, value: Any, values: Values, path: Sequence[Any]) -> tuple[str, str]:
        return self.label, ""


def _option(text: str, value: str) -> Block:
    return {"text": plain(text, 75), "value": value}
