import pytest

from bot.answers.moderation import Moderation
from bot.answers.reply import ModelReply, Usage, parse
from bot.errors import MalformedReply

GOOD = '{"toxic": true, "categories": ["insult"]}'


@pytest.mark.parametrize(
    "text",
    [GOOD, f"```json\n{GOOD}\n```", f"Here is the answer:\n{GOOD}\nAnything else?", f"  {GOOD}  {GOOD}"],
    ids=["plain", "in a code fence", "among words", "twice"],
)
def test_the_object_is_found_where_models_put_it(text: str) -> None:
    assert parse(ModelReply(text), Moderation) == Moderation(toxic=True, categories=["insult"])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("I cannot do that.", "no JSON object"),
        ('{"toxic": true, "categories": [', "broken"),
        ('{"toxic": true}', "categories: Field required"),
        ('{"toxic": true, "categories": ["rude"]}', "categories.0"),
        ('{"toxic": true, "categories": [], "mood": "grim"}', "mood: Extra inputs"),
        ("{" * 50_000, "broken"),
        ('{"a":' * 100_000, "too deeply"),
    ],
    ids=["no object", "cut off", "a field short", "a wrong value", "a field too many", "braces", "deep"],
)
def test_a_fault_is_named_so_that_a_model_can_mend_it(text: str, fault: str) -> None:
    with pytest.raises(MalformedReply, match=fault):
        parse(ModelReply(text), Moderation)


def test_a_fault_does_not_repeat_what_the_call_said() -> None:
    with pytest.raises(MalformedReply) as caught:
        parse(ModelReply('{"toxic": "Jane Doe, 12 Elm Street", "categories": []}'), Moderation)

    assert "Elm Street" not in str(caught.value)


def test_usage_adds_up() -> None:
    assert Usage(10, 2) + Usage(5, 1) == Usage(15, 3)
