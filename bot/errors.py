"""Every error that Wrapup raises on purpose.

WrapupError                str(error) is always fit to show; .transient says whether trying again can help
├─ SettingsError           start-up only; lists every problem at once
├─ InputError              what a person gave us cannot be used
│  ├─ ReadError            a call log: reason, place, what is accepted
│  ├─ NothingToRead        no call log where the person pointed
│  ├─ NotAllowed           the person may not do or see this
│  ├─ UnknownAnswer        the answer is no longer kept
│  ├─ UnknownCall          nothing of that call is kept
│  ├─ UnknownSchema        a later version of Wrapup wrote what is stored
│  ├─ UnknownTask          no such task folder, or its files do not fit together
│  └─ UnknownModel         the model id is none that Wrapup can ask, or cannot do this task
├─ ModelError              the model gave no usable reply
│  ├─ ModelThrottled       (transient) too many requests
│  ├─ ModelUnavailable     (transient) the service or the way to it is down
│  ├─ ModelRetired         end of life; says what to choose
│  ├─ ModelRejected        our request or our rights are wrong: for operators
│  ├─ ReplyBlocked         a refusal or a guardrail
│  └─ MalformedReply       a reply that is not the answer asked for, or was cut off
├─ SlackError              Slack did not do what it was asked
│  ├─ SlackUnavailable     (transient) too many requests, or Slack or the way to it is down
│  └─ SlackRefused         a scope is missing, or the bot is no member: says what to do
├─ TrainingError           a dataset, a job or a model did not come to be
│  ├─ DatasetRefused       the base model would not take the dataset; says what is missing
│  ├─ NothingToExport      there is no pair to make a dataset of
│  ├─ ExportRunning        (transient) another export runs
│  ├─ StepRunning          (transient) another step of the loop is under way
│  ├─ JobRefused           a job cannot be started or changed as asked: says what to do
│  ├─ PromotionRefused     the model may not answer: says why, and what would let it
│  ├─ CanaryRefused        a model may not answer a share of calls: says why
│  ├─ PlaceRefused         the folder or bucket of a dataset cannot be used: says what to do
│  │  └─ PlaceDenied       AWS does not let us use the bucket: says what the credentials need
│  └─ PlaceUnavailable     (transient) the way to it is down, or slow
├─ JobLost                 somebody else works on this request by now: nothing is to be told
└─ StoreUnavailable        (transient) Redis cannot be reached
"""


class WrapupError(Exception):
    """Any error whose text may be shown to the person who asked."""

    transient = False
    request = ""  # the number that a service gave the request, for those who ask its support

    @property
    def sentence(self) -> str:
        """The text without that number, for what is kept."""
        return super().__str__()

    def __str__(self) -> str:
        return f"{self.sentence} (request {self.request})" if self.request else self.sentence


class SettingsError(WrapupError):
    """The environment is wrong; the text lists every problem, a line each."""


class InputError(WrapupError):
    """What a person gave us cannot be used."""


class ReadError(InputError):
    """A call log cannot be read.

    `reason` is one clause without a full stop, `place` says where in the file ("line 3", "key results.items"),
    `accepted` says what would have been read.
    """

    def __init__(self, reason: str, place: str = "", accepted: str = "") -> None:
        self.reason, self.place, self.accepted = reason, place, accepted
        super().__init__(f"{reason}{f' ({place})' if place else ''}.{f' {accepted}' if accepted else ''}")


class NothingToRead(InputError):
    """There is no call log where the person pointed."""


class NotAllowed(InputError):
    """The person may not do or see this."""


class UnknownAnswer(InputError):
    """The answer is not kept, or not any more."""


class UnknownCall(InputError):
    """Nothing of that call is kept."""


class UnknownSchema(InputError):
    """A later version of Wrapup wrote what is stored."""


class UnknownTask(InputError):
    """There is no such task, or its folder is not whole."""


class UnknownModel(InputError):
    """The model id is none that can be asked, or the model cannot do this task."""


class ModelError(WrapupError):
    """The model gave no usable reply."""


class ModelThrottled(ModelError):
    """The model's service asks us to slow down."""

    transient = True


class ModelUnavailable(ModelError):
    """The model's service cannot be reached, or is not ready."""

    transient = True


class ModelRetired(ModelError):
    """The model has reached its end of life."""


class ModelRejected(ModelError):
    """The service refused our request: rights, quota, or a wrong request."""


class ReplyBlocked(ModelError):
    """The model or a guardrail refused to answer."""


class MalformedReply(ModelError):
    """The reply is not the answer that was asked for."""


class StoreUnavailable(WrapupError):
    """The store cannot be reached."""

    transient = True


class SlackError(WrapupError):
    """Slack did not do what it was asked."""


class SlackUnavailable(SlackError):
    """Slack asks us to slow down, or cannot be reached; `done_perhaps` where it may have done what was asked."""

    transient = True

    def __init__(self, text: str, after_s: float = 2.0, done_perhaps: bool = False) -> None:
        self.after_s, self.done_perhaps = after_s, done_perhaps
        super().__init__(text)


class SlackRefused(SlackError):
    """Slack says no; `reason` is its own word for why."""

    def __init__(self, reason: str, text: str) -> None:
        self.reason = reason
        super().__init__(text)


class TrainingError(WrapupError):
    """A dataset, a job or a model did not come to be."""


class DatasetRefused(TrainingError):
    """The base model would not take the dataset."""


class NothingToExport(TrainingError):
    """There is no pair to make a dataset of."""


class ExportRunning(TrainingError):
    """Another export runs."""

    transient = True


class StepRunning(TrainingError):
    """Another step of the loop is under way."""

    transient = True


class JobRefused(TrainingError):
    """A job or model cannot be started, stopped or served as asked."""


class PromotionRefused(TrainingError):
    """The model may not become the champion; `wants_reason` if a reason would let it."""

    def __init__(self, text: str, wants_reason: bool = False) -> None:
        self.wants_reason = wants_reason
        super().__init__(text)


class CanaryRefused(TrainingError):
    """A model may not answer a share of calls as asked."""


class PlaceRefused(TrainingError):
    """The folder or bucket of a dataset cannot be used."""


class PlaceDenied(PlaceRefused):
    """AWS does not let us use the bucket of a dataset."""


class PlaceUnavailable(TrainingError):
    """The way to the bucket of a dataset is down, or slow."""

    transient = True


class JobLost(WrapupError):
    """Somebody else works on this request by now."""
