"""What operators are told of the metrics is what they get."""

from __future__ import annotations

import re

from bot.queue.request import WrapUpRequest
from handlers.telemetry import Telemetry
from tests.doubles.slack_side import services

REQUEST = WrapUpRequest(id="T1:C1:1.0", kind="mention", team="T1", channel="C1", user="U1", at=0.0, text="Agent: Hello")


def test_the_documented_metrics_are_those_on_the_page() -> None:
    telemetry = Telemetry(services().queue)

    served = re.findall(r"^# TYPE (\S+) (\S+)$", telemetry.page().decode(), re.M)

    documented = {(metric.name, metric.kind) for metric in telemetry.metrics}
    assert {(name, kind) for name, kind in served if not name.endswith("_created")} == documented


def test_a_job_is_counted_under_the_documented_labels() -> None:
    telemetry = Telemetry(services().queue)

    telemetry.job(REQUEST, "answered", 0.5, 1.5)

    (labels,) = [metric.labels for metric in telemetry.metrics if metric.name == "wrapup_jobs_total"]
    assert labels == ("kind", "outcome")
    assert 'wrapup_jobs_total{kind="mention",outcome="answered"} 1.0' in telemetry.page().decode()
