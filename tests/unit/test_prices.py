from pathlib import Path

import pytest

from bot.attempt import Attempt
from bot.errors import ReadError
from bot.family import FAMILIES
from bot.prices import Prices, load

PRICES = Prices({"nova-lite.input": 0.06, "nova-lite.output": 0.24})
NOVA = FAMILIES["nova-lite"]
DEPLOYMENT = "arn:aws:bedrock:us-east-1:111122223333:custom-model-deployment/abcdef123456"
THROUGHPUT = "arn:aws:bedrock:us-west-2:111122223333:provisioned-model/abcdef123456"


def attempt(counted: bool = True) -> Attempt:
    return Attempt(None, "", 1_000_000, 500_000, counted, 1)


@pytest.mark.parametrize("model_id", ["amazon.nova-lite-v1:0", "us.amazon.nova-lite-v1:0", DEPLOYMENT])
def test_a_query_costs_what_its_tokens_cost(model_id: str) -> None:
    assert PRICES.query(model_id, NOVA, attempt()) == pytest.approx(0.18)


@pytest.mark.parametrize("model_id", ["amazon.nova-pro-v1:0", "mistral.mistral-large-2407-v1:0", THROUGHPUT])
def test_a_price_that_is_not_there_or_is_not_by_the_query_is_unknown(model_id: str) -> None:
    assert PRICES.query(model_id, NOVA, attempt()) is None


def test_estimated_tokens_have_no_price() -> None:
    assert PRICES.query("amazon.nova-lite-v1:0", NOVA, attempt(counted=False)) is None


def test_the_model_on_board_costs_nothing() -> None:
    assert PRICES.query("embedded:0123456789ab", NOVA, attempt(counted=False)) == 0.0


def test_a_price_file_may_say_that_a_price_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "prices.yaml").write_text("nova-lite.input: 0.06\nnova-lite.training: unknown\n")

    assert load(tmp_path / "prices.yaml") == Prices({"nova-lite.input": 0.06})


@pytest.mark.parametrize("text", ["nova-lite.input: cheap", "- 1", "a: [", "\x00"])
def test_a_broken_price_file_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "prices.yaml").write_text(text)

    with pytest.raises(ReadError, match="no price file"):
        load(tmp_path / "prices.yaml")
