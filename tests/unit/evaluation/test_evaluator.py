import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot import task
from bot.adapters.memory import MemoryAttempts, ScriptedModel
from bot.answers.family import FAMILIES
from bot.answers.prompts import Prompt, Wording, transcript_of
from bot.answers.summary import Summary
from bot.calls.transcript import Transcript, Turn
from bot.errors import ModelError, ModelRejected, ModelThrottled, ReplyBlocked
from bot.evaluation.evaluation import Evaluation, to_row
from bot.evaluation.evaluator import Evaluator
from bot.evaluation.holdout import Case
from bot.evaluation.probes import SafetyProbe, load
from bot.models.prices import Prices
from bot.settings import SHIPPED_PROMPTS
from bot.task import TemplateKind

SUMMARIZE = task.load(SHIPPED_PROMPTS / "summarize")
PROBES = load(SHIPPED_PROMPTS / "probes.jsonl", SUMMARIZE)
Reply = str | ModelError | Callable[[Prompt], str]


def wanted(topic: str) -> dict[str, Any]:
    return {"summary": f"About {topic}.", "topics": [topic], "action_items": [], "next_steps": []}


def cases(n: int = 40) -> list[Case]:
    """Calls whose first turn names their topic."""
    names = [("billing", "login", "delivery", "refund")[k % 4] for k in range(n)]
    turns = [(Turn(0, "customer", f"{name} {k}"),) for k, name in enumerate(names)]
    return [Case(Transcript(f"c{k:02}", turns[k]), Summary.model_validate(wanted(names[k]))) for k in range(n)]


def knows(prompt: Prompt) -> str:
    return json.dumps(wanted(transcript_of(prompt)[0].text.split()[0]))


def knows_nothing(prompt: Prompt) -> str:
    return json.dumps(wanted("weather"))


class Bench:
    """An evaluator with what it was made of."""

    def __init__(self, usd: dict[str, float] | None = None, patience_s: float = 60) -> None:
        self.attempts, self.slept = MemoryAttempts(), list[float]()
        self.evaluator = Evaluator(
            Wording.load(SHIPPED_PROMPTS), self.attempts, lambda: 0.0, self.slept.append, patience_s, 1,
            Prices(usd or {}), lambda _: FAMILIES["nova-lite"],
        )  # fmt: skip

    def judge(
        self,
        champion: ScriptedModel,
        challenger: ScriptedModel,
        held_out: Sequence[Case],
        probes: Sequence[SafetyProbe] = (),
        against: ScriptedModel | None = None,
    ) -> Evaluation:
        return self.evaluator.evaluate(SUMMARIZE, champion, challenger, held_out, probes, against)


def model(reply: Reply, *first: Reply, template: TemplateKind = "base") -> ScriptedModel:
    """A model that gives `first`, then always `reply`."""
    return ScriptedModel([*first, *[reply] * 200], template=template)


def test_a_model_that_knows_the_topics_is_promoted() -> None:
    found = Bench().judge(model(knows_nothing), model(knows), cases())

    assert found.decision.verdict == "promote"
    assert found.card.fields["topics_f1"].diff == 1.0


def test_a_model_is_not_promoted_over_itself() -> None:
    found = Bench().judge(model(knows), model(knows), cases())

    assert found.decision.verdict == "refuse"


def test_a_malformed_reply_is_an_invalid_answer_and_ends_nothing() -> None:
    found = Bench().judge(model(knows), model(knows, "no JSON", "still none", ReplyBlocked("no")), cases())

    assert [attempt.output is None for attempt in found.challenger.calls] == [True, True, *[False] * 38]
    assert found.challenger.calls[0].fault.startswith("The model's reply was unusable twice")
    assert found.card.fields["valid"].challenger == 0.95


def test_malformed_replies_of_the_champion_end_nothing_either() -> None:
    found = Bench().judge(model("no JSON"), model(knows), cases())

    assert found.card.fields["valid"].champion == 0.0
    assert found.decision.verdict == "promote"


def test_where_no_model_gives_a_valid_answer_the_champion_stays() -> None:
    found = Bench().judge(model("no JSON"), model("no JSON"), cases())

    assert found.decision.verdict == "refuse"


def test_malformed_replies_of_a_third_model_end_nothing() -> None:
    third = model("no JSON")
    third.id = "another"

    against = to_row(Bench().judge(model(knows_nothing), model(knows), cases(), against=third))["against"]

    assert (against["fields"]["valid"], against["fields"]["topics_f1"]) == (0.0, 0.0)


def approved(n: int = 40) -> list[Case]:
    """Calls of which nobody wrote a word, and everybody let stand what a model said."""
    return [replace(case, written=frozenset()) for case in cases(n)]


def says(**changed: Any) -> Callable[[Prompt], str]:
    def reply(prompt: Prompt) -> str:
        return json.dumps(json.loads(knows(prompt)) | changed)

    return reply


def test_a_model_that_words_it_otherwise_is_not_worse_where_nobody_wrote_a_word() -> None:
    otherwise = says(summary="The customer calls.", next_steps=["Ring back."])

    one, other = (Bench().judge(model(knows), model(otherwise), some) for some in (cases(), approved()))

    assert "got worse (summary similarity: " in one.decision.sentence
    assert "got worse" not in other.decision.sentence


def test_a_model_that_finds_things_to_do_where_there_are_none_is_refused_though_nobody_wrote_them() -> None:
    busy = says(action_items=[{"task": "Call back", "owner": "agent", "due": None, "turn": 0}])

    found = Bench().judge(model(knows), model(busy), approved())

    assert "got worse (has action items: " in found.decision.sentence


def test_an_equal_model_does_not_pass_because_people_corrected_the_champion_where_it_was_wrong() -> None:
    """Both say it well in four of five calls, and people corrected the champion's words where it did not."""

    def well(prompt: Prompt, wrong: int) -> str:
        n = int(transcript_of(prompt)[0].text.split()[1])
        return says(summary="Hm.")(prompt) if n % 5 == wrong else knows(prompt)

    some = [
        replace(case, written=frozenset({"summary"} if n % 5 == 0 else ()), corrected=n % 5 == 0)
        for n, case in enumerate(cases(200))
    ]

    found = Bench().judge(model(lambda prompt: well(prompt, 0)), model(lambda prompt: well(prompt, 1)), some)

    assert found.card.fields["summary_f1"].diff == 1.0
    assert found.decision.verdict == "refuse"


def test_an_answer_that_was_mended_counts_with_all_its_tokens() -> None:
    found = Bench().judge(model(knows), model(knows, "no JSON"), cases())

    first, second = found.challenger.calls[:2]
    assert first.output is not None
    assert first.input_tokens > 2 * second.input_tokens


def test_a_busy_model_is_waited_for() -> None:
    bench = Bench()

    found = bench.judge(model(knows), model(knows, *[ModelThrottled("slow down")] * 3), cases())

    assert bench.slept == [1.0, 2.0, 4.0]
    assert found.card.fields["valid"].challenger == 1.0


def test_a_model_that_stays_busy_ends_the_evaluation() -> None:
    bench = Bench(patience_s=10)

    with pytest.raises(ModelThrottled):
        bench.judge(model(knows), model(ModelThrottled("slow down")), cases())

    assert sum(bench.slept) <= 10


def test_a_model_that_may_not_be_asked_ends_the_evaluation_at_once() -> None:
    refused = model(ModelRejected("no rights"))

    with pytest.raises(ModelRejected):
        Bench().judge(model(knows), refused, cases())

    assert len(refused.prompts) < 5


def test_the_champions_answers_are_kept_and_the_challengers_are_not() -> None:
    bench, champion, challenger = Bench(), model(knows), model(knows)

    for _ in range(2):
        found = bench.judge(champion, challenger, cases(3))

    assert (len(champion.prompts), len(challenger.prompts)) == (3, 6)
    assert found.card.fields["topics_f1"].champion == 1.0


def test_a_champion_with_another_prompt_is_asked_anew() -> None:
    bench, tuned = Bench(), model(knows, template="tuned")

    bench.judge(model(knows), model(knows), cases(3))
    bench.judge(tuned, model(knows), cases(3))

    assert len(tuned.prompts) == 3


def test_a_third_model_is_shown_beside_the_two() -> None:
    third = model(knows)
    third.id = "another"

    found = Bench().judge(model(knows_nothing), model(knows), cases(), against=third)

    assert to_row(found)["against"]["fields"]["topics_f1"] == 1.0


def test_what_a_query_costs_follows_from_its_tokens() -> None:
    bench = Bench({"nova-lite.input": 1_000_000.0, "nova-lite.output": 0.0})
    one, other = model(knows), model(knows)
    one.id = other.id = "amazon.nova-lite-v1:0"

    found = bench.judge(one, other, cases(2))

    tokens = found.champion.calls[0].input_tokens
    assert found.card.fields["cost_usd"].champion == pytest.approx(tokens, rel=0.01)


def test_a_cost_that_is_not_known_is_said() -> None:
    row = to_row(Bench().judge(model(knows), model(knows), cases(2)))

    assert (row["cost_known"], row["fields"]["cost_usd"]["champion"]) == (False, None)


def test_a_model_that_obeys_a_call_is_refused() -> None:
    def obeys(prompt: Prompt) -> str:
        said = " ".join(turn.text for turn in transcript_of(prompt))
        return knows(prompt) if said.split()[1].isdigit() else json.dumps(wanted("K-I-W-I"))

    def reports(prompt: Prompt) -> str:
        said = " ".join(turn.text for turn in transcript_of(prompt))
        return json.dumps(wanted("kettle") if "KIWI" in said else wanted("weather"))

    found = Bench().judge(model(reports), model(obeys), cases(), PROBES[:1])

    assert found.probes == {"injection": (1, 0, 1)}
    assert found.decision.verdict == "refuse"


def test_the_object_for_programs_holds_no_word_of_a_call() -> None:
    row = to_row(Bench().judge(model(knows_nothing), model(knows), cases()))

    assert set(row["fields"]["topics_f1"]) == {"champion", "challenger", "diff", "low", "high"}
    assert "About" not in json.dumps(row)
