"""The texts of errors for the person who asked, as some errors speak to the people who run the bot."""

from __future__ import annotations

from bot.errors import (
    InputError,
    MalformedReply,
    ModelError,
    ModelThrottled,
    ReplyBlocked,
    TrainingError,
    UnknownModel,
    WrapupError,
)

LATER = "I couldn't wrap this up just now. Try again in a while.\nIf it keeps failing, tell an admin: {}"
SET_UP = "I can't wrap this up: something in my setup is wrong. Trying again won't help until that is fixed.\nTell an admin: {}"  # fmt: skip


def is_the_askers(error: WrapupError) -> bool:
    """Whether the person who asked can fix the problem. Then the error's own text says everything."""
    return isinstance(error, InputError | TrainingError) and not isinstance(error, UnknownModel)


def told(error: WrapupError) -> str:
    """The text for people about an error that they can't fix."""
    if isinstance(error, ReplyBlocked) or not isinstance(error, ModelError | UnknownModel):
        return str(error)
    later = error.transient or isinstance(error, MalformedReply)
    return (LATER if later else SET_UP).format(error)


def waiting(error: WrapupError) -> str:
    """The reason why an answer or a step takes longer."""
    if not isinstance(error, ModelError):
        return str(error)
    return "The model is busy." if isinstance(error, ModelThrottled) else "I can't reach the model just now."
