from bot.checks import CheckResult, Probe, check
from bot.errors import StoreUnavailable


def _fails() -> str:
    raise StoreUnavailable("The store does not answer.")


def test_each_probe_gives_a_finding_and_a_failure_stops_none() -> None:
    probes = [Probe("store", _fails), Probe("model", lambda: "answers"), Probe("lifecycle", _fails, "no account")]

    assert list(check(probes)) == [
        CheckResult("store", "wrong", "The store does not answer."),
        CheckResult("model", "well", "answers"),
        CheckResult("lifecycle", "not asked", "no account"),
    ]
