from pathlib import Path

import pytest

from bot.answers.family import FAMILIES
from bot.answers.reply import Usage
from bot.errors import ReadError
from bot.models.custom_model import CustomModel, Endpoint
from bot.models.prices import Bill, Prices, bill, load

PRICES = Prices({"nova-lite.input": 0.06, "nova-lite.output": 0.24})
NOVA = FAMILIES["nova-lite"]
DEPLOYMENT = "arn:aws:bedrock:us-east-1:111122223333:custom-model-deployment/abcdef123456"
THROUGHPUT = "arn:aws:bedrock:us-west-2:111122223333:provisioned-model/abcdef123456"
USAGE = Usage(1_000_000, 500_000)


@pytest.mark.parametrize("model_id", ["amazon.nova-lite-v1:0", "us.amazon.nova-lite-v1:0", DEPLOYMENT])
def test_a_query_costs_what_its_tokens_cost(model_id: str) -> None:
    assert PRICES.query(model_id, NOVA, USAGE) == pytest.approx(0.18)


@pytest.mark.parametrize("model_id", ["amazon.nova-pro-v1:0", "mistral.mistral-large-2407-v1:0", THROUGHPUT])
def test_a_price_that_is_not_there_or_is_not_by_the_query_is_unknown(model_id: str) -> None:
    assert PRICES.query(model_id, NOVA, USAGE) is None


def test_estimated_tokens_have_no_price() -> None:
    assert PRICES.query("amazon.nova-lite-v1:0", NOVA, None) is None


def test_the_model_on_board_costs_nothing() -> None:
    assert PRICES.query("embedded:0123456789ab", NOVA, None) == 0.0


def test_a_price_file_may_say_that_a_price_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "prices.yaml").write_text("nova-lite.input: 0.06\nnova-lite.training: unknown\n")

    assert load(tmp_path / "prices.yaml") == Prices({"nova-lite.input": 0.06})


@pytest.mark.parametrize("text", ["nova-lite.input: cheap", "- 1", "a: [", "\x00"])
def test_a_broken_price_file_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "prices.yaml").write_text(text)

    with pytest.raises(ReadError, match="not a price file"):
        load(tmp_path / "prices.yaml")


def served(since: float | None, units: int = 1) -> CustomModel:
    endpoint = Endpoint(id=THROUGHPUT, status="InService", since=since, units=units)
    return CustomModel(
        id="m", task="t", family="claude-3-haiku", job="j", dataset="d", at=0.0, endpoint=endpoint
    )  # fmt: skip


def test_an_endpoint_costs_by_its_units_and_hours() -> None:
    prices = Prices({"claude-3-haiku.model_unit_hour": 40.0})

    assert bill(served(3_600.0, units=2), prices, 9_000.0) == Bill(3_600.0, 1.5, 80.0, 120.0)


def test_hours_at_an_unknown_price_are_told_all_the_same() -> None:
    found = bill(served(0.0), Prices(), 1_800.0)

    assert str(found) == "0.5 hours so far, price unknown"


@pytest.mark.parametrize("model", [served(None), served(0.0).model_copy(update={"endpoint": None})])
def test_what_is_not_billed_by_the_hour_has_no_bill(model: CustomModel) -> None:
    assert bill(model, Prices(), 1_800.0) is None
