"""Loops that tests make, in each state that they can be in."""

from __future__ import annotations

from typing import Any

from bot.answers.family import FAMILIES
from bot.models.canary import Canary, CanaryStanding, CanaryState, Tally
from bot.models.champion import Champion, Judged, Reign
from bot.models.custom_model import CustomModel, Endpoint
from bot.models.job import CustomizationJob, Look, Loss, Order
from bot.retraining.next_step import Loop
from bot.retraining.pending import Agenda, Approval, Doing, Proposal, Trouble
from bot.training.estimate import Estimate

ARN = "arn:aws:bedrock:us-west-2:111122223333:provisioned-model/abcdef123456"
ORDER = Order(
    task="summarize", family="claude-3-haiku", base="b", dataset="d", place="s3://b/d", sha256="0", validation=False,
    hyperparameters={"epochCount": "2"},
)  # fmt: skip
UP = Endpoint(id=ARN, status="InService", since=0.0)
MODEL = CustomModel(
    id="arn:aws:bedrock:us-west-2:111122223333:custom-model/m", task="summarize", family="claude-3-haiku", job="job-1",
    dataset="d", at=2.0,
)  # fmt: skip
SERVED = MODEL.model_copy(update={"endpoint": UP, "answered_at": 3.0})
PROPOSAL = Proposal(
    id="p1", order=ORDER, estimate=Estimate(records=412, tokens=96_000, epochs=2, usd=3.1, usd_hour=22.0), warnings=(),
    by="U0PRIYA", at=1.0,
)  # fmt: skip
UNKNOWN = Estimate(
    records=412, tokens=96_000, epochs=2, usd=None, usd_hour=None, why_unknown="The price file has none."
)
APPROVAL = Approval(id="a1", step="train", what="p1", by="U0PRIYA", at=1.0, why="A second person has to approve this.")
DOING = Doing(request="r1", step="evaluate", by="U0PRIYA", text="Evaluating … 120 of 240 answers")
TROUBLE = Trouble(step="train", by="U0PRIYA", text="The quota is 0.", at=1.0)
CHAMPION = Champion().followed_by(
    Reign(model="old", answers="old", family="claude-3-haiku", dataset="d0", by="U0PRIYA", at=1.0)
)


def job(**look: Any) -> CustomizationJob:
    about = {"status": "InProgress"} | look
    ended = 5.0 if about["status"] in ("Completed", "Failed", "Stopped") else None
    return CustomizationJob(
        name="job-1", order=ORDER, by="U0PRIYA", at=1.0, id="arn", look=Look(**about), ended_at=ended
    )


def judged(verdict: str) -> Judged:
    about = {"task": "summarize", "champion": "base", "challenger": ARN, "verdict": verdict, "n": 40, "at": 4.0}
    return Judged.model_validate(about | {"sentence": "It is so."})


def loop(**changed: Any) -> Loop:
    """A task with plenty of pairs that was never trained for."""
    made: dict[str, Any] = {
        "task": "summarize",
        "family": FAMILIES["claude-3-haiku"],
        "answering": "base",
        "pairs": 400,
    }
    return Loop(**made | {"fresh": 400} | changed)


def standing(state: CanaryState, sentence: str = "It is so.") -> CanaryStanding:
    """A canary of the challenger in two channels."""
    canary = Canary(
        task="summarize", model=MODEL.id, answers=ARN, family="claude-3-haiku", dataset="d", by="U0PRIYA", at=5.0, share=0.1,
        channels=("C1", "C2"), champion="base", beside=0.0, state=state,
    )  # fmt: skip
    champion = Tally(asked=1_180, approved=160, rejected=30, corrected=10)
    return CanaryStanding(canary, champion, Tally(asked=120, failed=2, approved=8, rejected=4, conflict=1), sentence)


def asked(**agenda: Any) -> Loop:
    return loop(agenda=Agenda(**agenda))


LOSSES = tuple(Loss(step=n, loss=1 / n, of="training") for n in (1, 2, 3))
DONE = job(status="Completed", model=MODEL.id, losses=LOSSES)
STATES = {
    "nothing": loop(pairs=0, fresh=0),
    "too few for the family": loop(pairs=20, fresh=20),
    "too few to judge": loop(pairs=120, fresh=120),
    "enough": loop(),
    "under way": asked(doing=DOING),
    "trouble": asked(trouble=TROUBLE),
    "proposed": asked(proposal=PROPOSAL),
    "at a price that is unknown": asked(
        proposal=PROPOSAL.model_copy(
            update={"estimate": UNKNOWN, "warnings": ("Denied.",)}
        )
    ),
    "to be approved": asked(proposal=PROPOSAL, approval=APPROVAL),
    "training": loop(job=job(phase="training")),
    "stopping": loop(job=job(status="Stopping")),
    "failed": loop(job=job(status="Failed", failure="The role cannot be assumed.")),
    "stopped": loop(job=job(status="Stopped")),
    "trained": loop(job=DONE, challenger=MODEL, fresh=0),
    "asked for": loop(job=DONE, challenger=MODEL.model_copy(update={"pending": "serve"})),
    "coming": loop(job=DONE, challenger=MODEL.model_copy(update={"endpoint": Endpoint(id=ARN, status="Creating")})),
    "not answered yet": loop(job=DONE, challenger=MODEL.model_copy(update={"endpoint": UP})),
    "not served": loop(job=DONE, challenger=MODEL.model_copy(update={"fault": "The quota is 0."})),
    "served badly": loop(job=DONE, challenger=SERVED.model_copy(update={"fault": "Its answer is empty."})),
    "served": loop(job=DONE, challenger=SERVED),
    "better": loop(job=DONE, challenger=SERVED, judged=judged("promote")),
    "worse": loop(job=DONE, challenger=SERVED, judged=judged("refuse")),
    "released": loop(job=DONE, challenger=MODEL.model_copy(update={"releases": 1}), fresh=10),
    "worse, on board": loop(
        job=DONE, challenger=SERVED.model_copy(update={"endpoint": UP.model_copy(update={"since": None})}), fresh=10,
        judged=judged("refuse"),
    ),
    "worse, and many new pairs": loop(
        job=DONE, challenger=SERVED.model_copy(update={"endpoint": UP.model_copy(update={"since": None})}),
        judged=judged("refuse"),
    ),
    "worse, and a canary": loop(job=DONE, challenger=SERVED, judged=judged("refuse"), canary=standing("running")),
    "better, and a canary that has won": loop(
        job=DONE, challenger=SERVED, judged=judged("promote"), canary=standing("won")
    ),
    "rolled back": loop(
        job=DONE, challenger=SERVED, judged=judged("promote"), champion=Champion(at=6.0, left=MODEL.id)
    ),
    "better, and another is prepared": loop(
        job=DONE, challenger=SERVED, judged=judged("promote"), agenda=Agenda(proposal=PROPOSAL)
    ),
    "a canary that was stopped": loop(
        job=DONE, challenger=SERVED, judged=judged("refuse"), canary=standing("stopped")
    ),
    "promoted": loop(job=DONE, champion=CHAMPION, answering="old", before="base", fresh=3,
                     weeks={"2026-W47": {"approved": 12, "rejected": 1}, "2026-W48": {"corrected": 3}}),
}  # fmt: skip
