import io
import json
import resource
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot import task
from bot.adapters.onboard.learned import Learned
from bot.adapters.onboard.model import Embedded
from bot.answers.moderation import Moderation
from bot.answers.ports import Model
from bot.answers.prompts import Prompt, render, transcript_of
from bot.answers.reply import parse
from bot.answers.summary import Summary
from bot.calls.transcript import Transcript, Turn
from bot.errors import ModelUnavailable, UnknownModel
from tests.doubles.onboard_calls import CALLS, KETTLE, LAMPE, said, vectors

PROMPTS = Path(__file__).parents[3] / "prompts"
TASKS = {name: task.load(PROMPTS / name) for name in task.names(PROMPTS)}

WANTED: list[tuple[Sequence[Turn], dict[str, Any]]] = [
    (
        said(
            f"C: The {plant} that I bought from you does not grow.",
            f"A: I'll mail you a guide on the {plant} on Monday.",
        ),
        {
            "summary": f"The {plant} does not grow.",
            "topics": ["gardening"],
            "action_items": [{"task": f"Mail a guide on the {plant}", "owner": "agent", "due": "on Monday", "turn": 1}],
            "next_steps": ["Mail the guide."],
        },
    )
    for plant in ("rose", "tulip", "fern", "apple tree", "lilac", "ivy")
]
JUDGED: list[tuple[Sequence[Turn], dict[str, Any]]] = [
    (said("O: You zorblax."), {"toxic": True, "categories": ["insult"]}),
    (said("O: Thank you all."), {"toxic": False, "categories": []}),
]


@pytest.fixture(scope="module")
def model() -> Embedded:
    return Embedded(TASKS, vectors=vectors())


def asked(turns: Sequence[Turn], name: str = "summarize") -> Prompt:
    return render(TASKS[name], "base", "call-1", turns)


def test_it_fits_the_port(model: Embedded) -> None:
    port: Model = model

    assert (port.id, port.template, port.window) == ("embedded", "base", None)


@pytest.mark.parametrize("turns", CALLS)
def test_a_call_gets_a_summary_that_fits_the_schema(model: Embedded, turns: tuple[Turn, ...]) -> None:
    answer = parse(model.answer(asked(turns)), Summary)

    assert answer.topics


@pytest.mark.parametrize("turns", CALLS)
def test_every_action_item_is_backed_by_its_turn(model: Embedded, turns: tuple[Turn, ...]) -> None:
    answer = parse(model.answer(asked(turns)), Summary)

    assert answer.unverified(Transcript("call-1", turns)) == []


def test_a_comment_gets_a_judgement_that_fits_the_schema(model: Embedded) -> None:
    answer = parse(model.answer(asked(said("O: You idiot."), "moderate")), Moderation)

    assert answer == Moderation(toxic=True, categories=["insult"])


def test_a_call_with_nothing_in_it_gets_a_reason_and_empty_lists(model: Embedded) -> None:
    answer = json.loads(
        model.answer(asked(said("A: Guten Tag, wie kann ich Ihnen helfen?", "C: Ich habe mich verwählt."))).text
    )

    assert answer == {
        "summary": "Verwählt: der Anruf galt nicht diesem Anschluss.",
        "topics": [],
        "action_items": [],
        "next_steps": [],
    }


def test_a_call_without_turns_gets_a_reason(model: Embedded) -> None:
    assert parse(model.answer(asked(())), Summary).summary == "Silence: nobody spoke."


def test_another_task_is_refused_with_a_way_out(model: Embedded) -> None:
    prompt = Prompt("", (), "classify", "call-1", {})

    with pytest.raises(UnknownModel, match=r"knows summarize and moderate; set WRAPUP_MODEL_ID .* for classify"):
        model.answer(prompt)


def test_the_estimate_of_tokens_grows_with_the_prompt(model: Embedded) -> None:
    short, long = (model.count_tokens(asked(turns)) for turns in (KETTLE[:2], KETTLE))

    assert long > short > 0


def test_threads_get_the_same_bytes_as_one_caller_alone(model: Embedded) -> None:
    fresh = Embedded(TASKS)
    alone = [model.answer(asked(turns)).text for turns in CALLS]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda turns: fresh.answer(asked(turns)).text, CALLS * 4))

    assert together == alone * 4


def test_memory_stays_flat_over_many_calls(model: Embedded) -> None:
    def ask(start: int) -> int:
        for n in range(start, start + 150):
            model.answer(
                asked(said(f"C: Order {n} of {n * 7} lamps has not come.", f"A: I'll send {n} lamps on Monday."))
            )
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = ask(0)

    assert ask(150) - before < 20_000  # KB


# What it learns


def test_a_correction_is_learned_from_the_json_of_a_training_record(model: Embedded) -> None:
    records = [(asked(turns), json.dumps(wanted)) for turns, wanted in WANTED[:5]]

    learned = model.fit("summarize", [(transcript_of(prompt), json.loads(text)) for prompt, text in records])

    answer = parse(Embedded(TASKS, [learned], vectors()).answer(asked(WANTED[5][0])), Summary)
    assert answer.topics == ["gardening"]


def test_a_model_that_has_learned_wants_the_short_template(model: Embedded) -> None:
    assert Embedded(TASKS, [model.fit("moderate", JUDGED)], vectors()).template == "tuned"


@pytest.mark.parametrize(("name", "pairs"), [("summarize", WANTED), ("moderate", JUDGED)])
def test_the_same_pairs_give_the_same_small_artefact(
    model: Embedded, name: str, pairs: list[tuple[Sequence[Turn], dict[str, Any]]]
) -> None:
    one, other = (model.fit(name, pairs).to_bytes() for _ in range(2))

    assert one == other
    assert len(one) < 200_000


@pytest.mark.parametrize(("name", "pairs"), [("summarize", WANTED), ("moderate", JUDGED)])
def test_a_loaded_artefact_answers_like_the_fitted_one(
    model: Embedded, name: str, pairs: list[tuple[Sequence[Turn], dict[str, Any]]]
) -> None:
    learned = model.fit(name, pairs)
    loaded = Learned.from_bytes(learned.to_bytes())

    answers = [Embedded(TASKS, [each], vectors()).answer(asked(pairs[0][0], name)).text for each in (learned, loaded)]

    assert answers[0] == answers[1]


def test_no_pairs_teach_nothing(model: Embedded) -> None:
    learned = Embedded(TASKS, [model.fit("summarize", [])], vectors())

    assert learned.answer(asked(KETTLE)).text == model.answer(asked(KETTLE)).text


def test_a_key_that_an_output_lacks_is_not_judged(model: Embedded) -> None:
    learned = Embedded(TASKS, [model.fit("summarize", [(KETTLE, {"topics": ["delivery problem"]})])], vectors())

    one, other = (json.loads(each.answer(asked(LAMPE)).text)["summary"] for each in (learned, model))
    assert one == other


@pytest.mark.parametrize("data", [b"", b"no npz", b"[1]"])
def test_bytes_that_are_no_artefact_are_refused(data: bytes) -> None:
    with pytest.raises(ModelUnavailable, match="not an artefact of the embedded model"):
        Learned.from_bytes(data)


def test_an_artefact_is_kept_in_a_file_that_bears_its_digest(model: Embedded, tmp_path: Path) -> None:
    learned = model.fit("summarize", WANTED)

    path = learned.save(tmp_path / "artefacts")

    assert path.name == f"summarize-{learned.digest[:12]}.npz"
    assert path.stat().st_size < 5_000_000
    assert Learned.load(path).to_bytes() == learned.to_bytes()


def test_an_artefact_that_was_changed_is_refused(model: Embedded) -> None:
    with np.load(io.BytesIO(model.fit("summarize", WANTED).to_bytes())) as npz:
        arrays = {name: npz[name] for name in npz.files}
    np.savez(changed := io.BytesIO(), **arrays | {"action_cutoff": arrays["action_cutoff"] + 1})

    with pytest.raises(ModelUnavailable, match="its content is not what was written"):
        Learned.from_bytes(changed.getvalue())


def test_an_artefact_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownModel, match="no-such"):
        Learned.load(tmp_path / "no-such.npz")


def test_a_model_that_has_learned_bears_the_digest_of_what_it_learned(model: Embedded) -> None:
    learned = model.fit("summarize", WANTED)

    assert Embedded(TASKS, [learned], vectors()).id == f"embedded:{learned.digest[:12]}"
