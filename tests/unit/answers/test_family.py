from datetime import date

import pytest

from bot.answers.family import (
    ACCEPTED,
    CAUTIOUS,
    CHAT_MODELS,
    EMBEDDED,
    FAMILIES,
    Hyperparameter,
    chat_model,
    check_model_id,
    family,
    foundation_id,
    known,
    template_for,
)
from bot.errors import UnknownModel

HAIKU = FAMILIES["claude-3-haiku"]
ACCOUNT = "arn:aws:bedrock:us-west-2:123456789012"
PROVISIONED = f"{ACCOUNT}:provisioned-model/abcdefghij12"
DEPLOYMENT = f"{ACCOUNT}:custom-model-deployment/abcdefghij12"
ASKABLE = [
    EMBEDDED,
    "anthropic.claude-3-haiku-20240307-v1:0",
    "anthropic.claude-3-haiku-20240307-v1:0:200k",
    "us.anthropic.claude-haiku-4-5-20251001-v1:0",
    "us-gov.anthropic.claude-3-haiku-20240307-v1:0",
    "apac.amazon.nova-lite-v1:0",
    "global.anthropic.claude-haiku-5-5",
    "meta.llama3-3-70b-instruct-v1:0",
    "mistral.mistral-large-2407-v1:0",
    "deepseek.v3.2",
    "openai.gpt-oss-120b-1:0",
    PROVISIONED,
    DEPLOYMENT,
    f"{ACCOUNT}:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0",
    f"{ACCOUNT}:application-inference-profile/abcdefghij12",
    f"{ACCOUNT}:imported-model/abcdefghij12",
    f"{ACCOUNT}:default-prompt-router/anthropic.claude:1",
    "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0",
    "arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:provisioned-model/abcdefghij12",
    "arn:aws-cn:bedrock:cn-north-1::foundation-model/amazon.nova-pro-v1:0",
]
MALFORMED = [
    "",
    "not a model",
    "embeded",
    "claude-3-haiku",
    "amazon.nova-lite-v1:0\n",
    "Amazon.Nova-Lite",
    "arn:aws:s3:::bucket",
    "arn:aws:bedrock:us-west-2:12345:provisioned-model/abcdefghij12",
    f"{ACCOUNT}:provisioned-model/short",
    f"{ACCOUNT}:custom-model/anthropic.claude-3-haiku-20240307-v1:0:200k/abcdefghij12",
]


@pytest.mark.parametrize("model_id", ASKABLE)
def test_every_shape_that_bedrock_answers_to_is_accepted(model_id: str) -> None:
    check_model_id(model_id)


@pytest.mark.parametrize("model_id", MALFORMED)
def test_a_malformed_id_is_refused_with_what_is_accepted(model_id: str) -> None:
    with pytest.raises(UnknownModel) as caught:
        check_model_id(model_id)

    assert str(caught.value).endswith(ACCEPTED)


def test_a_custom_model_is_refused_with_the_way_to_ask_it() -> None:
    with pytest.raises(UnknownModel, match="ARN of its provisioned throughput or deployment"):
        check_model_id(f"{ACCOUNT}:custom-model/amazon.nova-lite-v1:0:300k/abcdefghij12")


def test_a_model_of_ours_on_board_is_said_to_answer_once_promoted() -> None:
    with pytest.raises(UnknownModel, match="only answers as a canary or after you promote it"):
        check_model_id("embedded:0f7c6c335f6c")


@pytest.mark.parametrize("model_id", [PROVISIONED, DEPLOYMENT, PROVISIONED.replace("arn:aws:", "arn:aws-us-gov:")])
def test_tuned_models_get_the_short_template(model_id: str) -> None:
    assert template_for(model_id) == "tuned"


@pytest.mark.parametrize("model_id", [each for each in ASKABLE if "provisioned" not in each and "deploy" not in each])
def test_all_other_models_get_the_long_template(model_id: str) -> None:
    assert template_for(model_id) == "base"


@pytest.mark.parametrize(
    ("model_id", "foundation"),
    [
        ("amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"),
        ("us.amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"),
        ("us-gov.amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"),
        ("global.anthropic.claude-haiku-5-5", "anthropic.claude-haiku-5-5"),
        ("deepseek.v3.2", "deepseek.v3.2"),
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0", "amazon.nova-pro-v1:0"),
        (f"{ACCOUNT}:inference-profile/eu.amazon.nova-pro-v1:0", "amazon.nova-pro-v1:0"),
        (f"{ACCOUNT}:application-inference-profile/abcdefghij12", None),
        (PROVISIONED, None),
    ],
)
def test_the_foundation_model_is_read_from_an_id_that_names_it(model_id: str, foundation: str | None) -> None:
    assert foundation_id(model_id) == foundation


def test_the_longest_beginning_tells_what_a_model_takes() -> None:
    assert known("anthropic.claude-sonnet-4-5-20250929-v1:0").structured_output
    assert not known("anthropic.claude-sonnet-4-20250514-v1:0").structured_output


def test_a_model_that_the_table_does_not_name_is_treated_with_caution() -> None:
    assert chat_model("someone.new-model-v1:0", HAIKU) == CAUTIOUS


def test_a_claude_that_is_newer_than_the_table_is_sent_no_temperature() -> None:
    assert known("anthropic.claude-sonnet-7").thinks


def test_an_arn_that_tells_no_model_counts_as_the_tuned_model_of_the_family() -> None:
    assert chat_model(PROVISIONED, HAIKU) == known(HAIKU.model_id)


def test_a_tuned_model_has_the_window_of_its_base_model_id() -> None:
    nova = FAMILIES["nova-2-lite"]

    assert (chat_model(DEPLOYMENT, nova).window, known(nova.model_id).window) == (256_000, 1_000_000)


@pytest.mark.parametrize("name", CHAT_MODELS)
def test_every_model_has_room_for_a_prompt_and_a_reply(name: str) -> None:
    model = CHAT_MODELS[name]

    assert 0 < model.answer_tokens <= model.max_output_tokens < model.window


def test_families_are_found_by_name() -> None:
    assert family("nova-micro") is FAMILIES["nova-micro"]


def test_an_unknown_family_is_refused_with_the_list() -> None:
    with pytest.raises(UnknownModel, match="claude-3-haiku, nova-2-lite"):
        family("gpt")


def test_claude_3_haiku_is_tuned_as_aws_publishes() -> None:
    assert (HAIKU.region, HAIKU.base_model_id) == ("us-west-2", "anthropic.claude-3-haiku-20240307-v1:0:200k")
    assert (HAIKU.limits.min_records, HAIKU.limits.max_validation_records) == (32, 1_000)
    assert HAIKU.hyperparameters[0] == Hyperparameter("epochCount", "integer", "2", "1", "10")


def test_the_end_of_claude_3_haiku_is_told() -> None:
    assert HAIKU.end_of_life == date(2026, 9, 10)
    assert "2026-09-10" in HAIKU.end_of_life_note


def test_a_living_family_has_no_note_of_an_end() -> None:
    assert FAMILIES["nova-2-lite"].end_of_life_note == ""


@pytest.mark.parametrize("each", [hyper for each in FAMILIES.values() for hyper in each.hyperparameters], ids=str)
def test_every_default_is_of_its_kind_and_in_its_range(each: Hyperparameter) -> None:
    parse = int if each.kind == "integer" else float

    assert parse(each.least) <= parse(each.default) <= parse(each.most)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_fits_the_table_of_families(name: str) -> None:
    assert all(FAMILIES[name].demands().values())


def test_what_is_not_published_says_so() -> None:
    assert list(FAMILIES["nova-2-lite"].demands().values()).count("not published") == 3


@pytest.mark.parametrize("name", [name for name in FAMILIES if name != EMBEDDED])
def test_every_family_on_bedrock_can_be_asked_on_demand(name: str) -> None:
    check_model_id(FAMILIES[name].model_id)

    assert FAMILIES[name].base_model_id.startswith(f"{FAMILIES[name].model_id}:")


def test_price_keys_name_the_family_and_what_is_paid_for() -> None:
    assert HAIKU.price_keys["input"] == "claude-3-haiku.input"
    assert "model_unit_hour" in HAIKU.price_keys
    assert "model_unit_hour" not in FAMILIES["nova-lite"].price_keys


def test_the_embedded_model_costs_nothing() -> None:
    assert FAMILIES[EMBEDDED].price_keys == {}


def test_bedrock_counts_tokens_for_no_base_model_that_is_fine_tuned_so_datasets_estimate_them() -> None:
    assert not [each.name for each in FAMILIES.values() if each.chat.count_tokens]
