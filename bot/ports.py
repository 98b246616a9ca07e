"""All that the bot needs from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from bot.answers.answer import Kept
from bot.answers.prompts import Prompt
from bot.answers.reply import Reply
from bot.datasets.dataset import Candidate, File, Side
from bot.datasets.import_rows import Added
from bot.datasets.rules import Effect, Finding, Rule
from bot.feedback.pair import Pair, Stored
from bot.feedback.votes_and_corrections import Event, Said, Settled, State
from bot.models.canary import Arm, Canary
from bot.models.custom_model import Champion, CustomizationJob, CustomModel, Endpoint, Entry, Judged, Look
from bot.queue.request import Job, Limits, QueueHealth, Request, Verdict
from bot.retraining.pending import Agenda, Card
from bot.serving.notice import Notice
from bot.task import TemplateKind

Item = TypeVar("Item")
Result = TypeVar("Result")


class Model(Protocol):
    """Something that answers prompts. Safe to call from several threads at once."""

    @property
    def id(self) -> str:
        """The model id, as answers and pairs name it."""

    @property
    def template(self) -> TemplateKind:
        """The template that it wants: the long one, or the short one that tuned models were trained on."""

    @property
    def window(self) -> int | None:
        """Tokens of prompt that it takes at once, with room left for the reply; None where there is no limit."""

    def count_tokens(self, prompt: Prompt) -> int:
        """Tokens in the prompt, counted by the provider where it can, else estimated (never too low)."""

    def answer(self, prompt: Prompt) -> Reply:
        """The model's reply. Raises a ModelError, or UnknownModel for a task that it cannot do."""


class Queue(Protocol):
    """The ledger of accepted requests that are not yet answered. Raises StoreUnavailable from every method."""

    def accept(self, request: Request, limits: Limits | None) -> Verdict:
        """Takes a request on, once for its id however often it comes, in one step that outlives a crash."""

    def take(self, most: int, lease_s: float) -> list[Job]:
        """At most `most` requests that are due; nobody else gets them until the lease is over."""

    def wait(self, most_s: float) -> None:
        """Returns when a request may be due, at the latest after `most_s` seconds."""

    def renew(self, jobs: Sequence[Job], lease_s: float) -> list[Job]:
        """Makes the leases last from now on; those that somebody else holds by now are given back."""

    def hold(self, job: Job, *, posting: bool | None = None, reply_ts: str | None = None) -> bool:
        """Writes down how far the reply is; False where somebody else holds the job by now, and nothing is written."""

    def postpone(self, job: Job, delay_s: float) -> None:
        """Makes it due in `delay_s` seconds; the attempts count anew."""

    def release(self, job: Job) -> None:
        """Hands it back, due at once (or when a reply on its way must have come), as if it had not been taken."""

    def finish(self, job: Job, reply_ts: str, again: bool = False) -> bool:
        """Marks it answered; False where somebody else holds or finished it. `again` keeps it for a day, for `again`."""

    def again(self, request: str, at: float, response_url: str = "") -> bool:
        """Takes a failed request on anew, to be answered in place of the failure; False where it is not kept."""

    def redo(self, request: Request) -> bool:
        """Has an answered request's answer shown again in its place; False where there is none, or it was forgotten."""

    def forget(self, request: str) -> None:
        """Drops a request wherever it stands; who works on it cannot answer any more, and it is not taken on again."""

    def heard(self, most_s: float) -> Request | None:
        """The next new request that nobody has shown to be heard, waited for at most `most_s` seconds. Cosmetic."""

    def health(self) -> QueueHealth:
        """How many requests wait, and the age of the oldest."""

    def claim_workspace(self, team: str) -> str:
        """The workspace that the store belongs to: `team` where it had none before."""


class Answers(Protocol):
    """Where answers wait for people to come back to them. Raises StoreUnavailable from every method."""

    def keep(self, request: str, kept: Kept) -> None:
        """Keeps the answers to a request, in place of any before."""

    def of(self, request: str) -> Kept | None:
        """The answers to a request; None where there are none (any more)."""

    def place(self, request: str, channel: str, ts: str, thread_ts: str) -> None:
        """Writes down that a message, in a thread or in none (""), shows the answers to a request."""

    def places(self, request: str) -> list[tuple[str, str, str]]:
        """Channel, ts and thread_ts of the messages that show the answers to a request."""

    def came_from(self, request: str, channel: str, ts: str) -> None:
        """Writes down that a message holds a log that the request's answers were made of."""

    def made_of(self, channel: str, ts: str) -> list[str]:
        """The requests whose answers were made of a log in that message."""

    def at(self, channel: str, ts: str) -> str:
        """The request whose answers a message shows; "" where it shows none."""

    def forget(self, request: str) -> None:
        """Removes the answers to a request, and where they are shown."""


class Pairs(Protocol):
    """Feedback and the pairs that it makes. Raises StoreUnavailable from every method."""

    def said(self, key: str) -> Said:
        """What people said of an answer."""

    def settle(
        self,
        key: str,
        call: str,
        event: Event,
        version: int,
        state: State,
        pair: Pair | None,
        arm: tuple[str, Arm] | None = None,
        scan: bytes = b"",
        of: str = "",
    ) -> Settled:
        """Adds an event to an answer's, with the state and the pair (or none) that all events come to, in one step.

        `arm`: the canary, by its id, and the arm for which the state counts, in place of the one before. `scan`: what was
        found out of just this pair (bot.datasets.second_scan), kept beside it; b"" where nothing was. `of`: what else the state counts for (bot.feedback.votes_and_corrections.made_by).
        `known` where the event is there already, `stale` where others came since `version`, `forgotten` where the call
        must not come back; then nothing is written.
        """

    def add(self, pairs: Sequence[Pair], write: bool = True) -> list[Added]:
        """Adds imported pairs by their ids, each in one step, or only tells what adding each would come to.

        `known` where the same call with the same output is there and this one says no more, `forgotten` where the call
        must not come back; then nothing is written. `conflict` where the call has another output beside it.
        """

    def get(self, key: str) -> Pair | None:
        """The pair that an answer has made."""

    def all(self, newest_first: bool = False) -> Iterator[Pair]:
        """Every pair, by the time at which it settled. Raises UnknownSchema."""

    def stored(self) -> Iterator[Stored]:
        """Every pair as it is stored, in no order, with what is kept of its scan; a few may come twice."""

    def keep_scans(self, scans: Mapping[str, bytes]) -> None:
        """Keeps what was found out of pairs, by key, until they change; those that are gone by now are passed over."""

    def keys_of(self, call: str) -> list[str]:
        """The keys of all answers and pairs of a call."""

    def keep_export(self, name: str, place: str, calls: Iterable[str]) -> None:
        """Writes down what was exported where, by the hashes of its calls (bot.datasets.record.call_hash)."""

    def exports_with(self, calls: Sequence[str]) -> list[tuple[str, str]]:
        """Name and place of the exported datasets that hold one of the calls, by their hashes."""

    def votes(self, canary: str) -> Mapping[str, int]:
        """How the answers of a canary stand, by ARM:STATE; of forgotten calls too."""

    def forget(self, call: str, keys: Sequence[str]) -> None:
        """Removes feedback and pairs under the keys, and keeps the call from coming back."""

    def is_forgotten(self, call: str) -> bool:
        """Whether the call must not come back."""

    def settled_since(self, task: str, at: float, most: int) -> int:
        """How many pairs of a task settled after that time; `most` where there are more."""

    def counts(self) -> dict[str, int]:
        """What is counted: `answers`, `pairs`, and `state:`, `label:`, `source:`, `task:`, `reviewer:`, `week:` + name, `of:` + what + `:` + state."""


class Workbench(Protocol):
    """Where an export is put together. For one export, by one thread. Raises PlaceRefused where its disk is full."""

    def add(self, candidate: Candidate) -> None:
        """Takes a candidate; one whose key is there already is passed over."""

    def find(self, finding: Finding) -> None:
        """Takes a finding."""

    def findings(self) -> Iterator[Finding]:
        """All findings, in the order of the rules, then of the pairs."""

    def counts_of(self, effect: Effect) -> dict[str, int]:
        """How many findings there are of each rule with that effect."""

    def leave_out_conflicts(self) -> None:
        """Leaves out the outputs of imported calls that do not stand (bot.datasets.import_rows.standing)."""

    def leave_out_near_duplicates(self) -> None:
        """Leaves the younger one out where calls on different sides are nearly the same, or have the same id.

        What is known is older than all that is not.
        """

    def leave_out_known(self) -> None:
        """Leaves out what the export that this one comes after holds."""

    def leave_out_surplus(self, side: Side, most: int, rule: Rule) -> None:
        """Keeps `most` candidates of a side: a fair share of every topic, the newest corrections first."""

    def warn(self) -> None:
        """Finds prompts that several records have, and topics with few examples."""

    def count(self, side: Side) -> int:
        """The candidates of a side that are in."""

    def counted(self, kind: str) -> dict[str, int]:
        """The candidates that are in, by `label`, `source`, `reviewer` or `topic`."""

    def tokens(self, side: Side) -> int:
        """The tokens of a side's records."""

    def files(self) -> dict[str, File]:
        """The files that have lines, by name."""

    def read(self, name: str) -> Iterator[bytes]:
        """A file in pieces, its lines in the order of their calls' hashes."""

    def calls(self, side: Side) -> Iterator[tuple[str, str]]:
        """The hashes of a side's calls and of their contents, in the order of its file."""

    def close(self) -> None:
        """Removes all of it."""


class Cores(Protocol):
    """Work on all cores at once. For one thread."""

    def map(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """What `work`, a function of a module, makes of each, in their order."""

    def close(self) -> None:
        """Ends what was started for it."""


class Datasets(Protocol):
    """One place for one dataset: a folder, or a prefix in a bucket. Raises PlaceRefused or PlaceUnavailable."""

    @property
    def place(self) -> str:
        """The place, as people name it."""

    def check(self) -> None:
        """Refuses a place that cannot be used, before any work is done."""

    def name(self) -> str:
        """The name of the dataset that stands there whole; "" where there is none."""

    def manifest(self) -> Mapping[str, object]:
        """Its manifest. Raises PlaceRefused where there is none that can be read."""

    def read(self, name: str) -> Iterator[bytes]:
        """A file of it, in pieces; nothing where there is no such file."""

    def write(self, files: Mapping[str, Iterator[bytes]]) -> None:
        """Puts a dataset there in place of any before; its manifest comes last, so that no half of one counts as one."""


class Lock(Protocol):
    """Lets one do a thing at a time. Raises StoreUnavailable."""

    def held(self, name: str) -> AbstractContextManager[bool]:
        """True inside where nobody else holds it; it ends by itself soon after its holder does."""


class Attempts(Protocol):
    """Where a model's answers to held-out calls are kept between evaluations. Raises StoreUnavailable."""

    def get(self, key: str) -> str | None:
        """What was kept under the key, as long as it is."""

    def put(self, key: str, text: str) -> None:
        """Keeps the text under the key, for some weeks at most."""


class Notices(Protocol):
    """Where the admins are told of what they did not ask for. Raises StoreUnavailable."""

    def tell(self, notice: Notice) -> float:
        """Has it posted in the admins' channel, else to each admin, once for its id; gives when (s) that was first asked."""


class Customization(Protocol):
    """Where the models of a family are trained and served. Raises a TrainingError, ModelError or UnknownModel."""

    def check(self, task: str) -> list[str]:
        """Asks, before anything costs, whether a job for the task can run; gives what could not be asked.

        Raises JobRefused where it cannot, such as for a base model that is retired.
        """

    def start(self, job: CustomizationJob) -> str:
        """Has the job created and gives its id; where a job of its name is there already, that one's."""

    def advance(self, job: CustomizationJob) -> Look:
        """Takes a job that was started as far as it goes at once, and tells how far it is."""

    def look(self, job: CustomizationJob) -> Look:
        """How far a job is."""

    def adopt(self, id_: str, task: str) -> CustomizationJob:
        """A job by its name or id that may have been started elsewhere, for a task. Raises JobRefused."""

    def ours(self) -> list[CustomizationJob]:
        """All jobs of the family that Wrapup started, as the family's service knows them."""

    def stop(self, job: CustomizationJob) -> None:
        """Has the job stopped; one that has ended stays as it is."""

    def exists(self, model: CustomModel) -> bool:
        """Whether the custom model is still kept."""

    def serve(self, model: CustomModel) -> Endpoint:
        """Has the model served and gives its endpoint; where it has one already, that one."""

    def endpoint(self, model: CustomModel) -> Endpoint | None:
        """The model's endpoint as it is now; None where it has none."""

    def served(self) -> list[CustomModel]:
        """All that Wrapup has served in the family's Region, as its service knows it, the registry's or not.

        Each is a model with an endpoint; `job` is the endpoint's name, task and dataset are "".
        """

    def release(self, model: CustomModel) -> None:
        """Deletes the endpoint, which ends what it costs, and keeps the model; one that is gone stays gone."""


class Models(Protocol):
    """The registry of jobs, custom models and champions. Raises StoreUnavailable or UnknownSchema from every method.

    What changes something takes what it was worked out from, and says False where that is no longer so; then nothing is
    written. The line of the audit is written with the change, in one step.
    """

    def jobs(self) -> list[CustomizationJob]:
        """All jobs, the newest first."""

    def job(self, name: str) -> CustomizationJob | None:
        """The job of that name."""

    def keep_job(self, job: CustomizationJob, was: CustomizationJob | None, entry: Entry | None = None) -> bool:
        """Keeps a job in place of what it was (None: it is new)."""

    def models(self) -> list[CustomModel]:
        """All custom models, the newest first."""

    def model(self, id_: str) -> CustomModel | None:
        """The custom model of that id."""

    def keep_model(self, model: CustomModel, was: CustomModel | None, entry: Entry | None = None) -> bool:
        """Keeps a custom model in place of what it was (None: it is new)."""

    def champion(self, task: str) -> Champion:
        """Who answers a task."""

    def crown(self, task: str, champion: Champion, was: Champion, entry: Entry) -> bool:
        """Makes another the champion of a task."""

    def canary(self, task: str) -> Canary | None:
        """The last canary of a task, whether it runs or not."""

    def answering(self, task: str) -> tuple[Champion, Canary | None]:
        """Both at once, in one read."""

    def keep_canary(self, canary: Canary, was: Canary | None, entry: Entry) -> bool:
        """Keeps the task's canary in place of what it was (None: there was none)."""

    def tried(self, canary: Canary, arm: Arm, call: str, *, failed: bool) -> None:
        """Counts that an arm was asked for a call, once for each call, and whether it failed to answer."""

    def tries(self, canary: Canary) -> Mapping[str, int]:
        """How many calls each arm was asked for, and failed to answer, by ARM:asked and ARM:failed."""

    def verdict(self, task: str, champion: str, challenger: str) -> Judged | None:
        """The last verdict on a challenger against that champion, both by the ids that were asked."""

    def judge(self, judged: Judged) -> None:
        """Keeps a verdict in place of any before on the same two."""

    def used(self, id_: str) -> float | None:
        """When (s) the model that is asked by that id last answered somebody; None: never, as far as is known."""

    def use(self, id_: str, at: float) -> None:
        """Writes down that it answered somebody; the latest time stays."""

    def keep_scorecard(self, row: Mapping[str, Any]) -> None:
        """Keeps an evaluation (bot.evaluation.evaluation.to_kept) in place of any before on the same two.

        Of a call that was forgotten only its figures are kept.
        """

    def scorecard(self, task: str, champion: str, challenger: str) -> Mapping[str, Any] | None:
        """The last evaluation of a challenger against that champion; a call that was forgotten has no words any more."""

    def agenda(self, task: str) -> Agenda:
        """What waits, is under way or went wrong in the loop of a task."""

    def plan(self, task: str, agenda: Agenda, was: Agenda) -> bool:
        """Keeps a task's agenda in place of what it was."""

    def cards(self) -> list[Card]:
        """Where the loops of all tasks are shown."""

    def keep_card(self, card: Card, was: Card | None) -> bool:
        """Keeps where a task's loop is shown in a channel, in place of where it was (None: nowhere)."""

    def drop_card(self, card: Card) -> None:
        """Forgets where a task's loop is shown in a channel, unless that has changed."""

    def note(self, id_: str, entry: Entry) -> None:
        """Writes a line of the audit for what changes nothing here, such as an export; once for its id."""

    def audit(self) -> Iterator[Entry]:
        """All lines of the audit, the oldest first; nothing takes one away."""
