"""Runs the local Slack as a child."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import urllib3

from sandbox import install, workspace
from sandbox.child import Child, wait_for
from sandbox.slack import Slack


@contextmanager
def local_slack(folder: Path, *, port: int = 0, request_url: str | None = None) -> Iterator[tuple[Slack, Child]]:
    """Runs a local Slack on `port` (0: any free one) for as long as the block lasts.

    With `request_url` it posts events there, else it waits for the bot in Socket Mode. Its configuration, uploaded
    files and output go to `folder`. It listens on all addresses of the machine, for it can't do otherwise.

    Raises NoLocalSlack where there is none for this machine, TimeoutError when it does not come up.
    """
    program = install.program()
    port = port or free_port()
    settings = folder / "local-slack.json"
    settings.write_text(json.dumps(workspace.config("events" if request_url else "socket", request_url)), "utf-8")
    command = [str(program), "--config", str(settings), "--port", str(port), "--base-host", "127.0.0.1"]
    command += ["--files-dir", str(folder / "files")]
    slack = Slack(f"http://127.0.0.1:{port}", request_url)
    with Child(command, folder / "local-slack.log") as child:
        wait_for("the local Slack to answer", lambda: _answers(slack, child))
        yield slack, child


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("", 0))
        return int(probe.getsockname()[1])


def _answers(slack: Slack, child: Child) -> bool:
    if not child.running:
        raise RuntimeError(f"the local Slack did not start: {child.output.strip()}")
    try:
        slack.log()
    except urllib3.exceptions.HTTPError:
        return False
    return True
