from bot.checks import Finding, Probe, check
from bot.errors import StoreUnavailable


def _fails() -> str:
    raise StoreUnavailable("The store does not answer.")


def test_each_probe_gives_a_finding_and_a_failure_stops_none() -> None:
    probes = [Probe("store", _fails), Probe("model", lambda: "answers"), Probe("lifecycle", _fails, "no account")]

    assert list(check(probes)) == [
        Finding("store", "wrong", "The store does not answer."),
        Finding("model", "well", "answers"),
        Finding("lifecycle", "not asked", "no account"),
    ]
