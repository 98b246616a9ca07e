import threading
from collections.abc import Iterator

from bot import task
from bot.adapters.memory import ScriptedModel
from bot.answers.answer import Answer
from bot.answers.batch import Outcome, answer_all
from bot.answers.prompts import Prompt, Wording
from bot.answers.summarizer import Summarizer
from bot.calls.files import Taken
from bot.calls.transcript import Transcript, Turn
from bot.errors import MalformedReply, ModelRetired, ReadError
from bot.settings import SHIPPED_PROMPTS
from sandbox.child import LIMIT_S

MODERATE = task.load(SHIPPED_PROMPTS / "moderate")
WORDING = Wording.load(SHIPPED_PROMPTS)
REPLY = '{"toxic": false, "categories": []}'


def taken(number: int) -> Taken:
    return Taken(f"{number}.txt", Transcript(f"call-{number}", (Turn(0, "other", "Hello there"),)))


def run(model: ScriptedModel, found: list[Taken], jobs: int = 2) -> list[Outcome]:
    return list(answer_all(Summarizer(model, WORDING, lambda: 0.0), MODERATE, found, jobs))


def test_outcomes_keep_the_order_of_what_was_taken() -> None:
    outcomes = run(ScriptedModel([REPLY] * 20), [taken(n) for n in range(20)], jobs=4)

    assert [outcome.file for outcome in outcomes] == [f"{n}.txt" for n in range(20)]


def test_a_file_that_cannot_be_read_stops_no_other() -> None:
    broken = Taken("bad.txt", ReadError("the file is empty"))

    outcomes = run(ScriptedModel([REPLY] * 2), [taken(0), broken, taken(1)])

    assert [type(outcome.result) for outcome in outcomes] == [Answer, ReadError, Answer]


def test_a_call_that_the_model_cannot_answer_stops_no_other() -> None:
    outcomes = run(ScriptedModel([REPLY, "no", "no", REPLY]), [taken(n) for n in range(3)], jobs=1)

    assert [type(outcome.result) for outcome in outcomes] == [Answer, MalformedReply, Answer]


def test_a_retired_model_is_not_asked_for_every_call() -> None:
    model = ScriptedModel([ModelRetired("retired")] * 50)

    outcomes = run(model, [taken(n) for n in range(50)], jobs=1)

    assert len(outcomes) < 5


def test_only_a_few_calls_are_held_at_once() -> None:
    held: list[int] = []

    def source() -> Iterator[Taken]:
        for n in range(100):
            held.append(n)
            yield taken(n)

    ahead = [
        len(held) - n
        for n, _ in enumerate(
            answer_all(Summarizer(ScriptedModel([REPLY] * 100), WORDING, lambda: 0.0), MODERATE, source(), 3)
        )
    ]

    assert max(ahead) <= 6


def test_as_many_calls_as_jobs_are_answered_at_once() -> None:
    together = threading.Barrier(3, timeout=LIMIT_S)

    def meet(_: Prompt) -> str:
        together.wait()
        return REPLY

    outcomes = run(ScriptedModel([meet] * 6), [taken(n) for n in range(6)], jobs=3)

    assert all(isinstance(outcome.result, Answer) for outcome in outcomes)
