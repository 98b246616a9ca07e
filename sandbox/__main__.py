"""`make slack`: a local Slack with the bot in it, until Ctrl-C."""

import argparse
import os
import re
import shutil
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType

from sandbox import install
from sandbox.child import Child, wait_for
from sandbox.seeding import seed
from sandbox.serving import local_slack
from sandbox.slack import Slack
from sandbox.teaching import CALLS, teach
from sandbox.workspace import HANA, PRIYA

PORT = 7100
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
CONNECT_SECONDS = 60.0
LEAVE_SECONDS = 10.0  # honcho gives its processes 5 s
USUAL = {
    "WRAPUP_FAMILY": "embedded",  # no account
    "WRAPUP_CHARTS": "image",  # the local Slack draws no chart blocks
    "WRAPUP_ADMINS": f"{PRIYA.id} {HANA.id}",
    "WRAPUP_POLL_S": "1",  # on board there is nobody to be spared
}
"""The settings for which the environment has no other."""
ENDED = re.compile(r"system +\| (\w+)\.\d+ stopped \(rc=(-?\d+)\)")


def main() -> int:
    """Runs until Ctrl-C or SIGTERM (0), or until a process ends by itself (1)."""
    options = _options()
    for number in ENDING:
        signal.signal(number, _leave)
    folder: Path = options.folder
    try:
        install.fetch()
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with local_slack(folder, port=_free(options.port)) as (slack, child), _bot(slack, folder, options) as bot:
            return _watch(slack, child, bot, folder)
    except install.NoLocalSlack as missing:
        print(missing, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help="where the workspace is shown (default: %(default)s)")
    parser.add_argument("--procfile", type=Path, default=install.ROOT / "Procfile", help="whose bot and worker to run")
    parser.add_argument("--folder", type=Path, default=install.FOLDER / "run", help="for data and logs; emptied first")
    return parser.parse_args()


def _settings(slack: Slack, folder: Path) -> dict[str, str]:
    settings = {"WRAPUP_DATA_DIR": str(folder / "data"), **slack.environment()}
    return settings | {name: os.environ.get(name, value) for name, value in USUAL.items()}


def _bot(slack: Slack, folder: Path, options: argparse.Namespace) -> Child:
    command = ["honcho", "--procfile", str(options.procfile), "--app-root", str(install.ROOT), "--no-colour"]
    settings = _settings(slack, folder)
    return Child([*command, "start", "bot", "worker"], folder / "bot.log", env=settings, leave_seconds=LEAVE_SECONDS)


def _watch(slack: Slack, child: Child, bot: Child, folder: Path) -> int:
    try:
        wait_for("the bot", lambda: slack.connected() or not bot.running, seconds=CONNECT_SECONDS)
        if bot.running:
            teach(folder, _settings(slack, folder))
            seed(slack)
            print(f"Slack with Wrapup in it: {slack.url}  (Ctrl-C ends it; what the bot says: {bot.log})")
            print(
                f"To train the next model, act as {PRIYA.real_name} and type /retrain: {CALLS} pairs are there.",
                flush=True,
            )
        while child.running and bot.running:
            time.sleep(0.2)
    except (TimeoutError, RuntimeError) as problem:
        print(f"Something is wrong: {problem}.\n{_tail(bot)}", file=sys.stderr)
        return 1
    print(_why(child, bot), file=sys.stderr)
    return 1


def _why(child: Child, bot: Child) -> str:
    if not child.running:
        return f"The local Slack ended; everything is stopped.\n{_tail(child)}"
    found = ENDED.search(bot.output)
    who, code = found.groups() if found else ("bot", str(bot.process.returncode))
    return f"The {who} ended with code {code}; everything is stopped. Its last words, from {bot.log}:\n{_tail(bot)}"


def _tail(child: Child, lines: int = 12) -> str:
    return "\n".join(child.output.splitlines()[-lines:])


def _free(port: int) -> int:
    """The port, or 0 (any) where something listens on it already."""
    with socket.socket() as probe:
        return 0 if probe.connect_ex(("127.0.0.1", port)) == 0 else port


def _leave(_number: int, _frame: FrameType | None) -> None:
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not keep us from ending the others
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
