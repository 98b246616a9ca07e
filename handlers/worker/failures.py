"""What an error means to the person who asked, where its own words are for those who run the bot."""

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

LATER = "I could not wrap this up just now. Try again in a while.\nIf it stays so, tell an admin: {}"
SET_UP = "I cannot wrap this up: something in my set-up is wrong, and trying again helps only once that is mended.\nTell an admin: {}"  # fmt: skip


def is_the_askers(error: WrapupError) -> bool:
    """Whether the person who asked can mend it, so that its own words are all there is to say."""
    return isinstance(error, InputError | TrainingError) and not isinstance(error, UnknownModel)


def told(error: WrapupError) -> str:
    """What to tell people of an error that is no one's fault who asked."""
    if isinstance(error, ReplyBlocked) or not isinstance(error, ModelError | UnknownModel):
        return str(error)
    later = error.transient or isinstance(error, MalformedReply)
    return (LATER if later else SET_UP).format(error)


def waiting(error: WrapupError) -> str:
    """Why an answer, or a step of the loop, takes longer."""
    if not isinstance(error, ModelError):
        return str(error)
    return "The model is busy." if isinstance(error, ModelThrottled) else "The model cannot be reached just now."
