from pathlib import Path

import pytest

from bot import settings
from bot.errors import SettingsError


def test_an_empty_environment_gives_the_embedded_model_and_haiku() -> None:
    read = settings.read({})

    assert (read.model_id, read.family, read.max_bytes) == ("embedded", "claude-3-haiku", 10_000_000)


def test_an_empty_variable_counts_as_unset() -> None:
    read = settings.read({"WRAPUP_MODEL_ID": "", "WRAPUP_MAX_BYTES": ""})

    assert (read.model_id, read.max_bytes) == ("embedded", 10_000_000)


def test_every_wrong_variable_is_reported_at_once() -> None:
    wrong = {
        "WRAPUP_MODEL_ID": "not a model",
        "WRAPUP_FAMILY": "gpt",
        "WRAPUP_TEMPLATE": "long",
        "REDIS_URL": "localhost:6379",
        "WRAPUP_DATA_DIR": __file__,
        "WRAPUP_MAX_BYTES": "-1",
        "WRAPUP_PROMPTS": "/nowhere/at/all",
        "WRAPUP_KMS_KEY": "my key",
        "WRAPUP_SUBNETS": "vpc-0123abcd",
        "WRAPUP_SECURITY_GROUPS": " ".join(f"sg-0000000{n}" for n in range(6)),
    }

    with pytest.raises(SettingsError) as caught:
        settings.read(wrong)

    assert {line.partition(":")[0] for line in str(caught.value).splitlines()} == set(wrong)


@pytest.mark.parametrize(
    ("name", "value", "missing"),
    [
        ("WRAPUP_SUBNETS", "subnet-0123abcd", "WRAPUP_SECURITY_GROUPS"),
        ("WRAPUP_SECURITY_GROUPS", "sg-0123abcd", "WRAPUP_SUBNETS"),
    ],
)
def test_half_a_vpc_is_told(name: str, value: str, missing: str) -> None:
    with pytest.raises(SettingsError, match=f"^{missing}: set it too"):
        settings.read({name: value})


def test_a_vpc_is_read_with_commas_or_spaces() -> None:
    read = settings.read(
        {"WRAPUP_SUBNETS": "subnet-0123abcd, subnet-0123abce", "WRAPUP_SECURITY_GROUPS": "sg-0123abcd"}
    )

    assert (read.subnets, read.security_groups) == (("subnet-0123abcd", "subnet-0123abce"), ("sg-0123abcd",))


@pytest.mark.parametrize(
    "key",
    [
        "0" * 36,
        f"mrk-{'0' * 32}",
        "alias/wrapup",
        f"arn:aws:kms:us-west-2:123456789012:key/{'0' * 36}",
        "arn:aws:kms:us-west-2:123456789012:alias/wrapup",
    ],
)
def test_a_key_may_be_an_id_an_arn_or_an_alias(key: str) -> None:
    assert settings.read({"WRAPUP_KMS_KEY": key}).kms_key == key


def test_a_value_chosen_on_the_command_line_wins() -> None:
    read = settings.read({"WRAPUP_MODEL_ID": "embedded"}, WRAPUP_MODEL_ID="amazon.nova-lite-v1:0")

    assert read.model_id == "amazon.nova-lite-v1:0"


def test_the_data_folder_may_start_with_a_tilde() -> None:
    read = settings.read({"WRAPUP_DATA_DIR": "~/calls"})

    assert read.data_dir == Path.home() / "calls"


def test_the_table_names_every_setting_once() -> None:
    names = [name for name, _, _ in settings.table()]

    assert len(names) == len(set(names)) >= 9


def test_the_table_shows_no_path_of_this_machine() -> None:
    assert str(settings.SHIPPED_PROMPTS) not in str(settings.table())
