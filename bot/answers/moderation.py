"""Defines the answer to a comment: whether it is toxic, and how."""

from __future__ import annotations

from typing import Literal, get_args

from bot.task import Output

Category = Literal["insult", "threat", "sexual_explicit", "hate", "obscene", "violence"]
CATEGORIES: tuple[Category, ...] = get_args(Category)


class Moderation(Output):
    toxic: bool
    categories: list[Category]
