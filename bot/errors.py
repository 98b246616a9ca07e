"""Every error that Wrapup raises on purpose.

WrapupError                str(error) can always be shown to people; .transient says whether trying again can help
├─ SettingsError           at start-up only; lists all problems at once
├─ InputError              we can't use what a person gave us
│  ├─ ReadError            we can't read a call log: reason, place, what is accepted
│  ├─ NothingToRead        there is no call log where the person pointed
│  ├─ NotAllowed           the person isn't allowed to do or see this
│  ├─ UnknownAnswer        the answer is no longer stored
│  ├─ UnknownCall          nothing of that call is stored
│  ├─ UnknownSchema        a newer version of Wrapup wrote the stored data
│  ├─ UnknownTask          there is no such task folder, or its files don't fit together
│  └─ UnknownModel         Wrapup can't use this model id, or the model can't do this task
├─ ModelError              the model gave no usable reply
│  ├─ ModelThrottled       (transient) too many requests
│  ├─ ModelUnavailable     (transient) the service or the connection to it is down
│  ├─ ModelRetired         the model has ended; says what to choose
│  ├─ ModelRejected        our request or our permissions are wrong; for operators
│  ├─ ReplyBlocked         the model or a guardrail refused to answer
│  └─ MalformedReply       the reply isn't the answer that we asked for, or was cut off
├─ SlackError              Slack didn't do what we asked
│  ├─ SlackUnavailable     (transient) too many requests, or Slack or the connection to it is down
│  └─ SlackRefused         a scope is missing, or the bot isn't in the channel; says what to do
├─ TrainingError           we can't make a dataset, a job or a model
│  ├─ DatasetRefused       the base model wouldn't accept the dataset; says what is missing
│  ├─ NothingToExport      there are no pairs for a dataset
│  ├─ ExportRunning        (transient) another export is running
│  ├─ StepRunning          (transient) another step of the loop is running
│  ├─ JobRefused           we can't start or change a job as asked; says what to do
│  ├─ PromotionRefused     the model can't be promoted; says why, and what would allow it
│  ├─ CanaryRefused        a model can't answer a share of calls; says why
│  ├─ PlaceRefused         we can't use the folder or bucket of a dataset; says what to do
│  │  └─ PlaceDenied       AWS doesn't let us use the bucket; says what the credentials need
│  └─ PlaceUnavailable     (transient) the connection to it is down or slow
├─ JobLost                 another worker has taken over this request; people needn't be told
└─ StoreUnavailable        (transient) we can't reach Redis
"""


class WrapupError(Exception):
    """An error whose text can be shown to the person who asked."""

    transient = False
    request = ""  # the number that a service gave our request, for questions to its support

    @property
    def sentence(self) -> str:
        """The text without that number, for storing."""
        return super().__str__()

    def __str__(self) -> str:
        return f"{self.sentence} (request {self.request})" if self.request else self.sentence


class SettingsError(WrapupError):
    """The environment is wrong. The text lists all problems, one per line."""


class InputError(WrapupError):
    """We can't use what a person gave us."""


class ReadError(InputError):
    """We can't read a call log.

    `reason`: a clause without a full stop. `place`: where in the file ("line 3", "key results.items"). `accepted`: a
    sentence on what we could have read.
    """

    def __init__(self, reason: str, place: str = "", accepted: str = "") -> None:
        self.reason, self.place, self.accepted = reason, place, accepted
        super().__init__(f"{reason}{f' ({place})' if place else ''}.{f' {accepted}' if accepted else ''}")


class NothingToRead(InputError):
    """There is no call log where the person pointed."""


class NotAllowed(InputError):
    """The person isn't allowed to do or see this."""


class UnknownAnswer(InputError):
    """The answer is no longer stored, or never was."""


class UnknownCall(InputError):
    """Nothing of that call is stored."""


class UnknownSchema(InputError):
    """A newer version of Wrapup wrote the stored data."""


class UnknownTask(InputError):
    """There is no such task, or files are missing in its folder."""


class UnknownModel(InputError):
    """Wrapup can't use this model id, or the model can't do this task."""


class ModelError(WrapupError):
    """The model gave no usable reply."""


class ModelThrottled(ModelError):
    """The model's service asks us to slow down."""

    transient = True


class ModelUnavailable(ModelError):
    """We can't reach the model's service, or it isn't ready."""

    transient = True


class ModelRetired(ModelError):
    """The model has reached its end of life."""


class ModelRejected(ModelError):
    """The service refused our request, because of permissions, a quota or a mistake in it."""


class ReplyBlocked(ModelError):
    """The model or a guardrail refused to answer."""


class MalformedReply(ModelError):
    """The reply isn't the answer that we asked for."""


class StoreUnavailable(WrapupError):
    """We can't reach the store."""

    transient = True


class SlackError(WrapupError):
    """Slack didn't do what we asked."""


class SlackUnavailable(SlackError):
    """Slack asks us to slow down, or we can't reach it. `done_perhaps`: it may still have done what we asked."""

    transient = True

    def __init__(self, text: str, after_s: float = 2.0, done_perhaps: bool = False) -> None:
        self.after_s, self.done_perhaps = after_s, done_perhaps
        super().__init__(text)


class SlackRefused(SlackError):
    """Slack refused. `reason` is its own error code."""

    def __init__(self, reason: str, text: str) -> None:
        self.reason = reason
        super().__init__(text)


class TrainingError(WrapupError):
    """We can't make a dataset, a job or a model."""


class DatasetRefused(TrainingError):
    """The base model wouldn't accept the dataset."""


class NothingToExport(TrainingError):
    """There are no pairs for a dataset."""


class ExportRunning(TrainingError):
    """Another export is running."""

    transient = True


class StepRunning(TrainingError):
    """Another step of the loop is running."""

    transient = True


class JobRefused(TrainingError):
    """We can't start, stop or serve a job or model as asked."""


class PromotionRefused(TrainingError):
    """The model may not become the champion; `wants_reason` if a reason would let it."""

    def __init__(self, text: str, wants_reason: bool = False) -> None:
        self.wants_reason = wants_reason
        super().__init__(text)


class CanaryRefused(TrainingError):
    """A model can't answer a share of calls as asked."""


class PlaceRefused(TrainingError):
    """We can't use the folder or bucket of a dataset."""


class PlaceDenied(PlaceRefused):
    """AWS doesn't let us use the bucket of a dataset."""


class PlaceUnavailable(TrainingError):
    """The connection to the bucket of a dataset is down or slow."""

    transient = True


class JobLost(WrapupError):
    """Another worker has taken over this request."""
