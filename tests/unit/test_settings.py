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
    }

    with pytest.raises(SettingsError) as caught:
        settings.read(wrong)

    assert {line.partition(":")[0] for line in str(caught.value).splitlines()} == set(wrong)


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
