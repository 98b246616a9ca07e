"""Lets a challenger answer a share of calls, and stops it if people's votes or its failures say so."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from bot.errors import CanaryRefused, WrapupError
from bot.feedback.ports import Pairs
from bot.models.audit import Entry
from bot.models.canary import LEAST, MOST, Canary, CanaryStanding, Tally, find, tallies
from bot.models.custom_model import CustomModel
from bot.serving.notice import Notice
from bot.serving.ports import Notices, ServingRegistry

AGAIN = "The current model answers every call again."
NOBODY = "wrapup"  # who the audit names where nobody did it

log = logging.getLogger(__name__)


class Canaries:
    """Holds no state. `usual` is the model that answers if none was promoted: WRAPUP_MODEL_ID."""

    def __init__(
        self,
        models: ServingRegistry,
        pairs: Pairs,
        notices: Notices,
        usual: str,
        now: Callable[[], float],
    ) -> None:
        self._models, self._pairs, self._notices = models, pairs, notices
        self._usual, self._now = usual, now

    def start(self, model: CustomModel, share: float, channels: Iterable[str], by: str) -> Canary:
        """Has the model answer a share of its task's calls from now on. Raises CanaryRefused if it may not."""
        champion, was = self._models.answering(model.task)
        if not LEAST <= share <= MOST:
            raise CanaryRefused(f"{share * 100:g}% isn't possible. Choose {LEAST * 100:g} to {MOST:.0%}.")
        if not model.serves or model.endpoint is None or model.answered_at is None:
            why = f"It is {model.state}, and has not answered a test call yet"
            raise CanaryRefused(
                f"{model.id} does not answer. {why}: serve it (`wrapup models serve {model.id} --yes`)."
            )
        if champion.model == model.id:
            raise CanaryRefused(f"{model.id} answers every call of {model.task} already.")
        if was and was.runs_beside(champion):
            raise CanaryRefused(
                f"{was.model} is the canary of {model.task} already. Stop it first: `/retrain canary stop` or "
                f"`wrapup canary --stop --task {model.task}`."
            )
        canary = Canary(
            task=model.task, model=model.id, answers=model.endpoint.id, family=model.family, dataset=model.dataset,
            by=by, at=self._now(), share=share, channels=tuple(dict.fromkeys(channels)),
            champion=champion.now.answers if champion.now else self._usual, beside=champion.at,
        )  # fmt: skip
        where = f" in {', '.join(canary.channels)}" if canary.channels else ""
        if not self._models.keep_canary(canary, was, self._entry(canary, by, "canary", f"{share:.0%} of calls{where}")):
            raise CanaryRefused(f"Somebody else changed the canary of {model.task} just now. Look at it and try again.")
        return canary

    def caution(self, canary: Canary) -> str:
        """What speaks against the challenger; "" if an evaluation says that it may be promoted."""
        judged = self._models.verdict(canary.task, canary.champion, canary.answers)
        if judged is None:
            return f"It has not been compared with {canary.champion}, which answers the other calls."
        return "" if judged.verdict == "promote" else judged.sentence

    def running(self, task: str) -> Canary | None:
        """The canary that takes its share of the task's calls now."""
        champion, canary = self._models.answering(task)
        return canary if canary and canary.runs_beside(champion) else None

    def standing(self, task: str) -> CanaryStanding | None:
        """How the task's last canary stands, or ended."""
        canary = self.look(task)
        if not canary:
            return None
        champion, challenger = self._tallies(canary)
        sentence = canary.reason or find(champion, challenger, canary.share).sentence
        return CanaryStanding(canary, champion, challenger, sentence)

    def stop(self, task: str, by: str, reason: str = "") -> Canary:
        """Has the champion answer every call again. Raises CanaryRefused if no canary runs."""
        while canary := self.running(task):
            stopped = canary.model_copy(update={"state": "stopped", "reason": reason or f"{by} stopped it."})
            if self._models.keep_canary(stopped, canary, self._entry(stopped, by, "canary stopped", reason)):
                return stopped
        raise CanaryRefused(f"No canary of {task} is running.")

    def look(self, task: str) -> Canary | None:
        """The task's last canary. If the votes decide it, it is stopped or found ready for promotion, and the admins are told.

        It is also over if another model became the champion, or its own model was released.
        """
        canary = self._looked(task)
        if canary and (canary.by_itself or canary.state == "won"):
            self._notices.tell(Notice(f"canary:{canary.id}:{canary.state}", _told(canary)))
        return canary

    def _looked(self, task: str) -> Canary | None:
        champion, canary = self._models.answering(task)
        if not canary or canary.state == "stopped":
            return canary
        model = self._models.model(canary.model)
        if not canary.runs_beside(champion):
            return self._ended(canary, f"{champion.model or self._usual} is the current model now.", by_itself=False)
        if not model or not model.serves or not model.endpoint or model.endpoint.id != canary.answers:
            return self._ended(canary, f"The new model is no longer served. {AGAIN}", by_itself=True)
        found = find(*self._tallies(canary), canary.share)
        if found.state == "stopped":
            return self._ended(canary, f"{found.sentence} {AGAIN}", by_itself=True)
        if found.state == "won" and canary.state == "running":
            won = canary.model_copy(update={"state": "won", "reason": found.sentence})
            return self._kept(won, canary, "canary won")
        return canary

    def round(self, tasks: Iterable[str]) -> None:
        """Looks at the canary of every task. The log says what goes wrong with one."""
        for task in tasks:
            try:
                self.look(task)
            except Exception as error:  # the other canaries are looked at all the same
                level = logging.WARNING if isinstance(error, WrapupError) else logging.ERROR
                fields = {"task": task, "error": type(error).__name__}
                log.log(level, "a canary could not be looked at", extra={"fields": fields})

    def _tallies(self, canary: Canary) -> tuple[Tally, Tally]:
        return tallies({**self._pairs.votes(canary.id), **self._models.tries(canary)})

    def _ended(self, canary: Canary, reason: str, *, by_itself: bool) -> Canary:
        ended = canary.model_copy(update={"state": "stopped", "reason": reason, "by_itself": by_itself})
        return self._kept(ended, canary, "canary stopped")

    def _kept(self, now: Canary, was: Canary, did: str) -> Canary:
        """Makes the change once, also if several processes look at the same time."""
        if self._models.keep_canary(now, was, self._entry(now, NOBODY, did, now.reason)):
            return now
        return self._models.canary(now.task) or now

    def _entry(self, canary: Canary, who: str, did: str, reason: str) -> Entry:
        return Entry(
            at=self._now(), who=who, did=did, task=canary.task, what=canary.model, dataset=canary.dataset, reason=reason
        )


def _told(canary: Canary) -> str:
    if canary.state == "stopped":
        return f"The canary {canary.model} of {canary.task} was stopped. {canary.reason}"
    how = f"Promote it (`wrapup promote {canary.model} --yes`) to have it answer every call; until then it keeps its share."
    return f"The canary {canary.model} of {canary.task}: {canary.reason} {how}"
