"""Serves custom models, makes one the champion, and rolls back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from bot.answers.family import EMBEDDED, FAMILIES, Family
from bot.errors import JobRefused, PromotionRefused, UnknownModel, WrapupError
from bot.lock import Lock
from bot.models.audit import Entry
from bot.models.champion import Champion, Judged, Reign
from bot.models.custom_model import CustomModel, Endpoint
from bot.serving.ports import Endpoints, ServingRegistry

PATIENCE_S = 3 * 3600.0  # provisioned throughput takes half an hour

log = logging.getLogger(__name__)


class Promoter:
    """Keeps all state in the registry, so any process can go on if another was killed.

    `smoke` asks a model through its endpoint for one answer, and raises a WrapupError if it gets no usable one.
    `usual` is the model that answers if none was promoted: WRAPUP_MODEL_ID.
    """

    def __init__(
        self,
        models: ServingRegistry,
        lock: Lock,
        endpoints: Callable[[Family], Endpoints],
        smoke: Callable[[CustomModel], object],
        usual: str,
        now: Callable[[], float],
        sleep: Callable[[float], None],
        poll_s: float,
    ) -> None:
        self._models, self._lock, self._endpoints = models, lock, endpoints
        self._smoke, self._usual = smoke, usual
        self._now, self._sleep, self._poll_s = now, sleep, poll_s

    def models(self) -> Sequence[CustomModel]:
        """All custom models as they are now, the newest first; as last seen if a model's service does not answer."""
        return [self._refreshed(model) for model in self._models.models()]

    def registered(self) -> Sequence[CustomModel]:
        """All custom models as they were last seen, the newest first."""
        return self._models.models()

    def model(self, name: str) -> CustomModel:
        """The model of that id, job or endpoint. Raises UnknownModel."""
        for model in self._models.models():
            if name in (model.id, model.job) or (model.endpoint and name == model.endpoint.id):
                return model
        raise UnknownModel(f"There is no custom model {name!r}: `wrapup models list` shows all of them.")

    def champion(self, task: str) -> Champion:
        return self._models.champion(task)

    def answering(self, task: str) -> str:
        """The id that is asked for a task now: the champion's, or the usual one if there is none or it was released."""
        reign = self._models.champion(task).now
        model = self._models.model(reign.model) if reign else None
        return reign.answers if reign and (model is None or model.serves) else self._usual

    def before(self, task: str) -> str:
        """The id that would be asked after a roll back; "" if no model was promoted."""
        reigns = self._models.champion(task).reigns
        return (reigns[-2].answers if reigns[1:] else self._usual) if reigns else ""

    def served(self, model: CustomModel, told: Callable[[CustomModel], None] = lambda _: None) -> CustomModel:
        """Waits until a model that was asked to serve gave its smoke answer; `told` hears of it meanwhile.

        Raises JobRefused if it never does.
        """
        model = self.settled(model, told)
        if not model.serves:
            raise JobRefused(f"The endpoint of {model.id} was deleted before it was ready: serve it again.")
        return model

    def ask_to_serve(self, model: CustomModel, by: str) -> CustomModel:
        """Asks for an endpoint and returns at once; `step` or `round` take it to its smoke answer.

        Raises JobRefused if the service refuses at once, or the model is gone.
        """
        model = self._refreshed(model)
        if model.deleted:
            raise JobRefused(f"{model.id} was deleted: train it again.")
        if model.due or (model.serves and model.answered_at is not None):
            return model
        asked = {"pending": "serve", "fault": "", "retired": False}
        return self._attempted(self._changed(model, lambda was: was.model_copy(update=asked), by, "serve"))

    def release(self, model: CustomModel, by: str, retire: bool = False, champion: bool = False) -> CustomModel:
        """Deletes the model's endpoint, and keeps the model; `retire` also stops offering it for promotion.

        Returns at once: if the service is busy, the model is `being released`, and `step` or `round` go on. Raises
        PromotionRefused if the model answers now, unless a `champion` may be released too, and JobRefused if the service
        refuses.
        """
        if not champion and self._answers(model):
            raise PromotionRefused(f"{model.id} answers {model.task} now. Promote another model or roll back first.")

        def asked(was: CustomModel) -> CustomModel:
            changes = {"pending": "release", "fault": "", "releases": was.releases + 1}
            return was.model_copy(update=changes | {"retired": retire or was.retired})

        return self._attempted(self._changed(model, asked, by, "retire" if retire else "release"))

    def step(self, model: CustomModel) -> CustomModel:
        """Takes what was asked for as far as it goes without waiting: to an endpoint, a smoke answer, or a release.

        If another process is at it, gives the model as it is kept. Keeps what the service refuses as the model's `fault`.
        Raises transient errors.
        """
        with self._lock.held(f"serving:{model.id}") as alone:
            model = self._models.model(model.id) or model
            if not alone or model.fault:
                return model
            try:
                return self._advanced(model)
            except WrapupError as error:
                if error.transient:
                    raise
                return self._faulty(model, error.sentence)

    def settled(self, model: CustomModel, told: Callable[[CustomModel], None] = lambda _: None) -> CustomModel:
        """Waits until nothing more will happen to the model by itself. Raises JobRefused with its trouble."""
        if model.fault:
            raise JobRefused(model.trouble)
        until = self._now() + PATIENCE_S
        while model.due:
            if self._now() > until:
                raise JobRefused(f"{model.id} is still {model.state}. Look again later: it may cost already.")
            told(model)
            self._sleep(self._poll_s)
            model = self._attempted(model)
        return model

    def round(self) -> bool:
        """Takes what was asked for a step further; True if a model moved. The log says what goes wrong with one.

        Raises StoreUnavailable.
        """
        return sum(self._moved(model) for model in self._models.models() if model.due) > 0

    def promote(self, model: CustomModel, by: str, override: str = "", approved_by: str = "") -> Champion:
        """Makes the model the champion of its task; changes nothing if it is already.

        Raises PromotionRefused if it does not serve or gave no smoke answer, or if no evaluation against the champion
        speaks for it and there is no `override`, the reason that goes into the audit.
        """
        was = self._models.champion(model.task)
        model = self._refreshed(model)
        if model.serves and model.answered_at is None:
            model = self.step(model)
        if not model.serves or model.endpoint is None or model.answered_at is None:
            why = model.trouble or f"It is {model.state}: `wrapup models serve {model.id} --yes`."
            raise PromotionRefused(f"{model.id} does not answer. {why}")
        if was.now and was.now.answers == model.endpoint.id:
            return was
        if was.model != model.id:  # else it was released and is served anew
            self._check(model, model.endpoint, override)
        now = self._now()
        reign = Reign(
            model=model.id, answers=model.endpoint.id, family=model.family, dataset=model.dataset, by=by, at=now,
            reason=override,
        )  # fmt: skip
        entry = self._entry(model, by, "promote", override).model_copy(update={"approved_by": approved_by})
        return self._crowned(model.task, was.followed_by(reign), was, entry)

    def rollback(self, task: str, by: str) -> Champion:
        """Has the champion before the present one answer again.

        Raises PromotionRefused if no model was promoted, or the one before does not serve any more.
        """
        was = self._models.champion(task)
        if was.now is None:
            raise PromotionRefused(
                f"No model has been promoted for {task} yet: {self._usual} answers, as WRAPUP_MODEL_ID says."
            )
        back = was.rolled_back(self._now())
        if back.now:
            self._check_serves(back.now)
        what = back.model or self._usual
        entry = Entry(
            at=back.at, who=by, did="rollback", task=task, what=what, dataset=back.now.dataset if back.now else "",
            reason=f"in place of {was.model}",
        )  # fmt: skip
        return self._crowned(task, back, was, entry)

    def last_promoted(self) -> str:
        """The task of the last promotion. Raises PromotionRefused if there was none."""
        tasks = {model.task for model in self._models.models()}
        reigning = [(found.at, task) for task in tasks if (found := self._models.champion(task)).now]
        if not reigning:
            raise PromotionRefused(f"No model has been promoted yet: {self._usual} answers, as WRAPUP_MODEL_ID says.")
        return max(reigning)[1]

    def verdict(self, model: CustomModel) -> Judged | None:
        """The verdict on the model against the one that answers its task now."""
        challenger = model.endpoint.id if model.endpoint else model.id
        return self._models.verdict(model.task, self.answering(model.task), challenger)

    def audit(self) -> Iterator[Entry]:
        """All lines of the audit, the oldest first."""
        return self._models.audit()

    def _answers(self, model: CustomModel) -> bool:
        """Whether the model is the champion, by the endpoint that it has now."""
        reign = self._models.champion(model.task).now
        return bool(reign and reign.model == model.id and (not model.endpoint or model.endpoint.id == reign.answers))

    def _check(self, model: CustomModel, endpoint: Endpoint, override: str) -> None:
        if override:
            return
        champion, judged = self.answering(model.task), self.verdict(model)
        if judged is None:
            raise PromotionRefused(
                f"{model.id} has not been compared with {champion}, the current model. Evaluate it first: `/retrain`, or "
                f"`wrapup evaluate --task {model.task} --champion {champion} --challenger {endpoint.id}`. "
                "To promote it anyway, give a reason.",
                wants_reason=True,
            )
        if judged.verdict != "promote":
            raise PromotionRefused(f"{judged.sentence} To promote it anyway, give a reason.", wants_reason=True)

    def _check_serves(self, reign: Reign) -> None:
        before = self._models.model(reign.model)
        state = self._refreshed(before) if before else None
        if not state or not state.serves or not state.endpoint or state.endpoint.id != reign.answers:
            raise PromotionRefused(
                f"{reign.model}, the previous model, is no longer served ({state.state if state else 'unknown'}). "
                f"Serve it (`wrapup models serve {reign.model} --yes`) and promote it, or promote another model."
            )

    def _crowned(self, task: str, champion: Champion, was: Champion, entry: Entry) -> Champion:
        if not self._models.crown(task, champion, was, entry):
            raise PromotionRefused(
                f"Somebody else changed the current model for {task} just now. Look at it and try again."
            )
        return champion

    def _attempted(self, model: CustomModel) -> CustomModel:
        """A step that leaves a transient error to the next one. Raises JobRefused with the model's trouble."""
        try:
            model = self.step(model)
        except WrapupError as error:
            if not error.transient:
                raise
        if model.fault:
            raise JobRefused(model.trouble)
        return model

    def _advanced(self, model: CustomModel) -> CustomModel:
        at = self._at(model)
        if model.pending == "release":
            at.release(model)
            return self._changed(model, CustomModel.released)
        endpoint = at.serve(model) if model.pending == "serve" else self._endpoint(model)
        model = self._changed(model, lambda was: was.seen(self._costing(model, endpoint)))
        if model.endpoint and model.endpoint.status == "Failed":
            return self._faulty(model, f"AWS could not set up {model.endpoint.id}.")
        return self._answered(model) if model.serves and model.answered_at is None else model

    def _answered(self, model: CustomModel) -> CustomModel:
        """The model with its smoke answer, or with the reason why there is none."""
        try:
            self._smoke(model)
        except WrapupError as error:
            if error.transient:
                raise
            return self._faulty(model, f"The model is up, but gave no usable answer to a test call: {error.sentence}")
        return self._changed(model, lambda was: was.answered(model.endpoint, self._now()))

    def _faulty(self, model: CustomModel, why: str) -> CustomModel:
        log.warning("a model is not served or released", extra={"fields": {"model": model.id, "reason": why}})
        return self._changed(model, lambda was: was.model_copy(update={"fault": why}))

    def _costing(self, model: CustomModel, endpoint: Endpoint | None) -> Endpoint | None:
        """The endpoint; if it bills by the hour and AWS does not say since when, from now on."""
        if endpoint is None or endpoint.since or FAMILIES[model.family].serving != "provisioned throughput":
            return endpoint
        known = model.endpoint.since if model.endpoint and model.endpoint.id == endpoint.id else None
        return endpoint.model_copy(update={"since": known or self._now()})

    def _moved(self, model: CustomModel) -> bool:
        try:
            return self.step(model) != model
        except WrapupError as error:
            log.warning("a model waits", extra={"fields": {"model": model.id, "reason": error.sentence}})
        except Exception as error:  # the other models go on
            log.warning("a model could not be taken on", extra={"fields": {"model": model.id}}, exc_info=error)
        return False

    def _refreshed(self, model: CustomModel) -> CustomModel:
        """The model as its service shows it, or as it was last seen if the service does not answer."""
        endpoint, deleted = model.endpoint, model.deleted
        with suppress(WrapupError):
            endpoint = self._endpoint(model)
        with suppress(WrapupError):
            deleted = not self._at(model).exists(model)
        now = model.seen(self._costing(model, endpoint)).model_copy(update={"deleted": deleted})
        if now == model or self._models.keep_model(now, model):
            return now
        return self._models.model(model.id) or now

    def _endpoint(self, model: CustomModel) -> Endpoint | None:
        """The endpoint as it is now, even one that we do not know of; an embedded model stays released."""
        if model.family == EMBEDDED and not model.endpoint:
            return None
        return self._at(model).endpoint(model)

    def _changed(
        self, model: CustomModel, change: Callable[[CustomModel], CustomModel], by: str = "", did: str = ""
    ) -> CustomModel:
        """Makes the change on top of what others changed meanwhile; writes who `did` it into the audit."""
        entry = self._entry(model, by, did) if did else None
        while True:
            was = self._models.model(model.id) or model
            now = change(was)
            if self._models.keep_model(now, was, entry):
                return now

    def _at(self, model: CustomModel) -> Endpoints:
        return self._endpoints(FAMILIES[model.family])

    def _entry(self, model: CustomModel, by: str, did: str, reason: str = "") -> Entry:
        return Entry(
            at=self._now(), who=by, did=did, task=model.task, what=model.id, dataset=model.dataset, reason=reason
        )
