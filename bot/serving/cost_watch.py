"""Watches what costs: releases idle endpoints, reports forgotten ones, and warns of base models that end."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.answers.family import EMBEDDED, FAMILIES, Family, successors
from bot.errors import ModelRetired, UnknownModel, WrapupError
from bot.lock import Lock
from bot.models.audit import Entry
from bot.models.canary import Canary
from bot.models.champion import Reign
from bot.models.custom_model import CustomModel
from bot.models.end_of_life import Lifecycle
from bot.models.prices import Bill, Prices, bill
from bot.serving import warnings
from bot.serving.ports import Endpoints, Notices, ServingRegistry
from bot.serving.promoter import Promoter
from bot.serving.warnings import HOUR_S, ServingWarning

ROUND_S = 300.0
WARNED_S = HOUR_S  # between the warning of a release and the release
USUAL_IDLE_HOURS = 24.0

Missed = Callable[[str, WrapupError], None]

log = logging.getLogger(__name__)


def in_log(what: str, error: WrapupError) -> None:
    log.warning("the watch could not see all", extra={"fields": {"what": what, "error": type(error).__name__}})


@dataclass(frozen=True, slots=True)
class Served:
    """A model whose endpoint bills by the hour, with the id that is asked and what it has cost."""

    model: CustomModel
    id: str
    cost: Bill


@dataclass(frozen=True, slots=True)
class Setup:
    """What the settings say of models: the one that answers by default, the family to train, and when to release.

    `trains` tells if a training role is set. `idle_hours` is None if the settings leave it to Wrapup, 0 if never.
    """

    model_id: str
    region: str | None
    family: Family
    trains: bool
    idle_hours: float | None


class CostWatch:
    """Holds no state. If something cannot be seen, `missed` hears of it and the next round looks again."""

    def __init__(
        self,
        setup: Setup,
        models: ServingRegistry,
        promoter: Promoter,
        notices: Notices,
        lock: Lock,
        endpoints: Callable[[Family], Endpoints],
        lifecycle: Callable[[str, str | None], Lifecycle],
        prices: Prices,
        now: Callable[[], float],
    ) -> None:
        """`lifecycle` gives the lifecycle of the foundation model behind an id, in a Region."""
        self._setup, self._models, self._promoter, self._notices = setup, models, promoter, notices
        self._lock, self._endpoints, self._lifecycle = lock, endpoints, lifecycle
        self._prices, self._now = prices, now

    def round(self, day: date | None = None) -> date | None:
        """Warns of idle endpoints or releases them; once a day it also reports forgotten ones and models that end.

        `day` is the last day that was reported in full; gives it anew. If another process is at it, it does nothing.
        """
        with self._lock.held("watch") as alone:
            if not alone:
                return day
            for found in self.idle():
                self._warn_or_release(found)
            return day if day == self._today() or not self._tell() else self._today()

    def findings(self, missed: Missed = in_log) -> list[ServingWarning]:
        """Everything there is to report now, reported before or not."""
        return [*self.idle(), *self.leaks(missed=missed), *self.lives(missed)]

    def idle(self) -> list[ServingWarning]:
        """Endpoints that bill by the hour and have been idle for too long: they are released now or within an hour."""
        champions, needed = self._champions(), self._needed()
        found = []
        for served in self._billing():
            reign = champions.get(served.id)
            hours, since = self._idle_hours(reign), max(self._last(served), reign.at if reign else 0.0)
            spared = self._committed(served) or (served.id in needed and not reign) or served.model.pending == "release"
            if hours and not spared and self._now() >= since + hours * HOUR_S - WARNED_S:
                found.append(warnings.idle(served.model, since, hours, served.cost, reign is not None, self._now()))
        return found

    def leaks(self, after_s: float = HOUR_S, missed: Missed = in_log) -> list[ServingWarning]:
        """Endpoints that bill by the hour, and that nobody used for so long (s) or that the registry does not know.

        A champion that answered nobody for a day is among them.
        """
        needed, now = self._needed(), self._now()
        kept = [each for each in self._billing() if now - self._last(each) >= after_s]
        strays = [served for each in self.strays(missed) if (served := self._served(each))]
        found = [(each, True) for each in kept] + [(each, False) for each in strays]
        return [
            warnings.leak(each.model, each.cost, self._today(), known)
            for each, known in found
            if each.id not in needed or each.model.pending == "release"  # a champion that could not be deleted
        ] + [warnings.quiet(each.model, self._last(each), each.cost, self._today()) for each in self._quiet(kept)]

    def _quiet(self, served: list[Served]) -> list[Served]:
        """The champions that nobody asked for a day."""
        champions, since = self._champions(), self._now() - USUAL_IDLE_HOURS * HOUR_S
        return [
            each
            for each in served
            if (reign := champions.get(each.id))
            and max(self._last(each), reign.at) <= since
            and each.model.pending != "release"
        ]

    def lives(self, missed: Missed = in_log) -> list[ServingWarning]:
        """The base models in use that end within half a year, have ended, or take no new jobs."""
        found: list[ServingWarning] = []
        for (model_id, region), uses in self._bases().items():
            try:
                found += self._told_of(self._lifecycle(model_id, region), uses)
            except ModelRetired:
                found.append(warnings.ended(model_id, None, uses, self._today(), self._successor(model_id)))
            except WrapupError as error:
                missed(f"the life of {model_id}", error)
        return found

    def strays(self, missed: Missed = in_log) -> list[CustomModel]:
        """Endpoints of ours on Bedrock that the registry does not know; none if Bedrock is not in use."""
        registered = self._promoter.registered()
        families = [FAMILIES[model.family] for model in registered]
        families += FAMILIES.values() if self._setup.trains else ()
        known = {model.endpoint.id for model in registered if model.endpoint}
        found: dict[str, CustomModel] = {}
        for region, family in {each.region: each for each in families if each.region}.items():
            try:
                served = self._endpoints(family).served()
            except WrapupError as error:
                missed(f"what serves in {region}", error)
                continue
            found |= {each.endpoint.id: each for each in served if each.endpoint and each.endpoint.id not in known}
        return list(found.values())

    def stray(self, name: str) -> CustomModel:
        """The unknown endpoint of that ARN or name. Raises UnknownModel."""
        unseen: list[str] = []
        for each in self.strays(lambda what, error: unseen.append(f" {what} could not be seen: {error}")):
            if each.endpoint and name in (each.endpoint.id, each.job):
                return each
        raise UnknownModel(
            f"There is no custom model or endpoint {name!r}: `wrapup models list` shows all of them.{''.join(unseen)}"
        )

    def release(self, stray: CustomModel, by: str) -> CustomModel:
        """Deletes an endpoint that the registry does not know, and keeps its model."""
        assert stray.endpoint is not None
        self._endpoints(FAMILIES[stray.family]).release(stray)
        entry = Entry(at=self._now(), who=by, did="release", task="", what=stray.endpoint.id)
        self._models.note(f"release:{stray.endpoint.id}", entry)
        return stray.model_copy(update={"endpoint": None})

    def _tell(self) -> bool:
        """Reports forgotten endpoints and models that end; False if it could not see all of them."""
        unseen: list[str] = []

        def missed(what: str, error: WrapupError) -> None:
            in_log(what, error)
            unseen.append(what)
            if not error.transient:
                self._notices.tell(warnings.blind(what, str(error), self._today()))

        for found in [*self.leaks(missed=missed), *self.lives(missed)]:
            self._notices.tell(found.notice)
        return not unseen

    def _warn_or_release(self, found: ServingWarning) -> None:
        told_at = self._notices.tell(found.notice)
        if not found.model or self._now() < max(found.release_at, told_at + WARNED_S):
            return
        try:
            left = self._promoter.release(found.model, "wrapup", champion=found.champion)
        except WrapupError as error:
            in_log(f"the release of {found.model.id}", error)
            return
        if served := self._served(found.model):
            self._notices.tell(warnings.released(found.model, served.cost, found.champion, over=not left.endpoint))

    def _billing(self) -> list[Served]:
        """The registry's models that bill by the hour, as their service shows them now."""
        if not any(map(self._served, self._promoter.registered())):
            return []
        return [served for model in self._promoter.models() if (served := self._served(model))]

    def _served(self, model: CustomModel) -> Served | None:
        cost = bill(model, self._prices, self._now())
        return Served(model, model.endpoint.id, cost) if cost and model.endpoint else None

    def _last(self, served: Served) -> float:
        """When (s) it last answered somebody, or began to bill if it never did."""
        return max(served.cost.since, self._models.used(served.id) or 0.0, served.model.answered_at or 0.0)

    def _idle_hours(self, reign: Reign | None) -> float:
        """After how many idle hours it is released; 0: never. A champion is released only if the settings say when."""
        given = self._setup.idle_hours
        return given if given is not None else 0.0 if reign else USUAL_IDLE_HOURS

    def _committed(self, served: Served) -> bool:
        """Whether AWS keeps it because of a commitment."""
        until = served.model.endpoint.committed_until if served.model.endpoint else None
        return until is not None and until > self._now()

    def _tasks(self) -> set[str]:
        return {model.task for model in self._promoter.registered()}

    def _champions(self) -> dict[str, Reign]:
        """The champions by the id that is asked."""
        reigns = [self._models.champion(task).now for task in self._tasks()]
        return {reign.answers: reign for reign in reigns if reign}

    def _canaries(self) -> list[Canary]:
        """The canaries that run now."""
        found = [self._models.answering(task) for task in self._tasks()]
        return [canary for champion, canary in found if canary and canary.runs_beside(champion)]

    def _needed(self) -> set[str]:
        """The ids that are asked for answers."""
        return {*self._champions(), *(canary.answers for canary in self._canaries()), self._setup.model_id}

    def _bases(self) -> dict[tuple[str, str | None], list[str]]:
        """The foundation models in use by id and Region, each with what uses it."""
        found: dict[tuple[str, str | None], list[str]] = {}
        for key, use in self._rests():
            found.setdefault(key, []).append(use)
        return found

    def _rests(self) -> Iterator[tuple[tuple[str, str | None], str]]:
        if self._setup.model_id.partition(":")[0] != EMBEDDED:
            yield (self._setup.model_id, self._setup.region), "what WRAPUP_MODEL_ID names"
        for reign in (*self._champions().values(), *self._canaries()):
            family = FAMILIES[reign.family]
            if family.region:
                yield (family.model_id, family.region), f"the base model of {reign.model}, which answers"
        family = self._setup.family
        if self._setup.trains and family.region:
            yield (family.model_id, family.region), "the base model that WRAPUP_FAMILY names"

    def _told_of(self, life: Lifecycle, uses: list[str]) -> list[ServingWarning]:
        today = self._today()
        if life.ended(today):
            return [warnings.ended(life.model_id, life.end, uses, today, self._successor(life.model_id))]
        if days := life.warning(today):
            return [warnings.ending(life, days, uses, today, self._successor(life.model_id))]
        return [warnings.legacy(life, uses, self._successor(life.model_id))] if life.status == "LEGACY" else []

    def _successor(self, model_id: str) -> str:
        """The first other family whose base model has no end yet, as far as AWS says."""
        others = successors(model_id)
        return next((each.name for each in others if self._lives_on(each)), others[0].name)

    def _lives_on(self, family: Family) -> bool:
        try:
            life = self._lifecycle(family.model_id, family.region)
        except WrapupError:
            return False
        return life.status == "ACTIVE" and not life.ended(self._today()) and not life.warning(self._today())

    def _today(self) -> date:
        return datetime.fromtimestamp(self._now(), UTC).date()
