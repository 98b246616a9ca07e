"""Has custom models served, makes one the champion, and takes that back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bot.errors import JobRefused, PromotionRefused, UnknownModel, WrapupError
from bot.family import FAMILIES, Family
from bot.model import Champion, CustomModel, Endpoint, Entry, Judged, Reign
from bot.ports import Customization, Models

PATIENCE_S = 3 * 3600.0  # provisioned throughput takes half an hour


class Promoter:
    """Holds no state. `usual` is the model that answers where none was promoted: WRAPUP_MODEL_ID."""

    def __init__(
        self,
        models: Models,
        customization: Callable[[Family], Customization],
        usual: str,
        now: Callable[[], float],
        sleep: Callable[[float], None],
        poll_s: float,
    ) -> None:
        self._models, self._customization, self._usual = models, customization, usual
        self._now, self._sleep, self._poll_s = now, sleep, poll_s

    def models(self) -> Sequence[CustomModel]:
        """All custom models as they are now, the newest first; one whose service does not answer as it was last seen."""
        return [self._refreshed(model) for model in self._models.models()]

    def registered(self) -> Sequence[CustomModel]:
        """All custom models as they were last seen, the newest first."""
        return self._models.models()

    def model(self, name: str) -> CustomModel:
        """The model of that id, or the one that answers there. Raises UnknownModel."""
        for model in self._models.models():
            if name in (model.id, model.job) or (model.endpoint and name == model.endpoint.id):
                return model
        raise UnknownModel(f"There is no custom model {name!r}: `wrapup models list` shows those there are.")

    def champion(self, task: str) -> Champion:
        return self._models.champion(task)

    def answering(self, task: str) -> str:
        """The id that is asked for a task now."""
        reign = self._models.champion(task).now
        return reign.answers if reign else self._usual

    def serve(self, model: CustomModel, by: str, told: Callable[[Endpoint], None] = lambda _: None) -> CustomModel:
        """Has the model served, and returns when it answers. Raises JobRefused where it does not come to that."""
        if model.serves and self._refreshed(model).serves:
            return model
        endpoint = self._at(model).serve(model)
        model = self._kept(model, by, "serve", endpoint=endpoint, retired=False, deleted=False)
        waited = 0.0
        while not model.serves:
            assert model.endpoint is not None
            if model.endpoint.status == "Failed":
                why = model.endpoint.failure or "AWS names no reason"
                raise JobRefused(f"{model.id} could not be served: {why}. Release it, then serve it again.")
            if waited > PATIENCE_S:
                raise JobRefused(
                    f"{model.endpoint.id} is still {model.endpoint.status}: look again later; it may cost already."
                )
            told(model.endpoint)
            self._sleep(self._poll_s)
            waited += self._poll_s
            model = self._refreshed(model)
            if model.endpoint is None:
                raise JobRefused(f"The endpoint of {model.id} was deleted while it was waited for: serve it again.")
        return model

    def release(self, model: CustomModel, by: str, retire: bool = False) -> CustomModel:
        """Deletes what serves the model; `retire` also says that it is not to be promoted. The model itself is kept.

        Raises PromotionRefused where the model answers now.
        """
        if self._models.champion(model.task).model == model.id:
            raise PromotionRefused(
                f"{model.id} answers {model.task} now: promote another one or roll back first (`wrapup rollback`)."
            )
        if model.endpoint:
            self._at(model).release(model)
        did = "retire" if retire else "release"
        return self._kept(model, by, did, endpoint=None, retired=retire or model.retired, releases=model.releases + 1)

    def promote(self, model: CustomModel, by: str, override: str = "", approved_by: str = "") -> Champion:
        """Makes the model the champion of its task; nothing changes where it is.

        Raises PromotionRefused where it does not serve, or where no evaluation against the champion says so and there
        is no `override`, the reason that goes into the audit.
        """
        was = self._models.champion(model.task)
        if was.model == model.id:
            return was
        model = self._refreshed(model)
        if not model.serves or model.endpoint is None:
            raise PromotionRefused(
                f"{model.id} does not answer (it is {model.state}): `wrapup models serve {model.id} --yes`."
            )
        self._check(model, model.endpoint, override)
        now = self._now()
        reign = Reign(
            model=model.id, answers=model.endpoint.id, family=model.family, dataset=model.dataset, by=by, at=now
        )
        entry = self._entry(model, by, "promote", override).model_copy(update={"approved_by": approved_by})
        return self._crowned(model.task, was.followed_by(reign), was, entry)

    def rollback(self, task: str | None, by: str) -> tuple[str, Champion]:
        """Has the champion before the present one answer again; without a task, where the last promotion was.

        Raises PromotionRefused where nothing was promoted, or where the one before does not serve any more.
        """
        task = task or self._last_promoted()
        was = self._models.champion(task)
        if was.now is None:
            raise PromotionRefused(f"No model was promoted for {task}: {self._usual} answers, as WRAPUP_MODEL_ID says.")
        back = was.rolled_back(self._now())
        if back.now:
            self._check_serves(back.now)
        what = back.model or self._usual
        entry = Entry(
            at=back.at, who=by, did="rollback", task=task, what=what, dataset=back.now.dataset if back.now else "",
            reason=f"in place of {was.model}",
        )  # fmt: skip
        return task, self._crowned(task, back, was, entry)

    def verdict(self, model: CustomModel) -> Judged | None:
        """The verdict on the model against the one that answers its task now."""
        challenger = model.endpoint.id if model.endpoint else model.id
        return self._models.verdict(model.task, self.answering(model.task), challenger)

    def audit(self) -> Iterator[Entry]:
        """All lines of the audit, the oldest first."""
        return self._models.audit()

    def _check(self, model: CustomModel, endpoint: Endpoint, override: str) -> None:
        if override:
            return
        champion, judged = self.answering(model.task), self.verdict(model)
        if judged is None:
            raise PromotionRefused(
                f"{model.id} has not been judged against {champion}, which answers now: `wrapup evaluate --task "
                f"{model.task} --champion {champion} --challenger {endpoint.id}`, or give --override REASON."
            )
        if judged.verdict != "promote":
            raise PromotionRefused(f"{judged.sentence} Give --override REASON to promote it all the same.")

    def _check_serves(self, reign: Reign) -> None:
        before = self._models.model(reign.model)
        state = self._refreshed(before) if before else None
        if not state or not state.serves or not state.endpoint or state.endpoint.id != reign.answers:
            raise PromotionRefused(
                f"{reign.model}, the champion before, does not serve any more ({state.state if state else 'unknown'}): "
                f"`wrapup models serve {reign.model} --yes` and promote it, or promote another."
            )

    def _last_promoted(self) -> str:
        tasks = {model.task for model in self._models.models()}
        reigning = [(found.at, task) for task in tasks if (found := self._models.champion(task)).now]
        if not reigning:
            raise PromotionRefused(f"No model was promoted: {self._usual} answers, as WRAPUP_MODEL_ID says.")
        return max(reigning)[1]

    def _crowned(self, task: str, champion: Champion, was: Champion, entry: Entry) -> Champion:
        if not self._models.crown(task, champion, was, entry):
            raise PromotionRefused(f"The champion of {task} was changed at this very moment: look, and try again.")
        return champion

    def _refreshed(self, model: CustomModel) -> CustomModel:
        """The model as its service shows it; as it was last seen where that does not answer."""
        at = self._at(model)
        try:
            deleted = not at.exists(model)
            endpoint = at.endpoint(model) if model.endpoint and not deleted else None
        except WrapupError:
            return model
        now = model.model_copy(update={"endpoint": endpoint, "deleted": deleted})
        if now != model:
            self._models.keep_model(now, model)
        return now

    def _kept(self, model: CustomModel, by: str, did: str, **changed: object) -> CustomModel:
        """The change, on top of what others changed meanwhile."""
        entry = self._entry(model, by, did)
        while True:
            was = self._models.model(model.id) or model
            now = was.model_copy(update=changed)
            if self._models.keep_model(now, was, entry):
                return now

    def _at(self, model: CustomModel) -> Customization:
        return self._customization(FAMILIES[model.family])

    def _entry(self, model: CustomModel, by: str, did: str, reason: str = "") -> Entry:
        return Entry(
            at=self._now(), who=by, did=did, task=model.task, what=model.id, dataset=model.dataset, reason=reason
        )
