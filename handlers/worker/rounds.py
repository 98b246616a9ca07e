"""Runs the regular work of a worker beside the requests."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from bot.errors import SlackUnavailable, WrapupError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rounds:
    """One kind of work, done every so many seconds. `work` gives True if there is more to do at once."""

    name: str
    work: Callable[[], bool | None]
    every_s: float

    def start(self) -> None:
        """Runs in a thread of its own, which ends with the process."""
        threading.Thread(target=self.run, daemon=True, name=self.name).start()

    def run(self, sleep: Callable[[float], None] = time.sleep) -> NoReturn:
        """Runs for ever. If a round fails, the log says why, and the next one follows as usual."""
        while True:
            if (pause_s := self._once()) is not None:
                sleep(pause_s)

    def _once(self) -> float | None:
        """Does a round, and returns the seconds until the next one; None: no further round."""
        fields = {"round": self.name}
        try:
            return None if self.work() else self.every_s
        except SlackUnavailable as error:
            return max(error.after_s, self.every_s)
        except WrapupError as error:
            log.warning("a round failed", extra={"fields": fields | {"reason": str(error)}})
        except Exception as error:  # the thread must live as long as its process
            log.error("a round failed", extra={"fields": fields}, exc_info=error)
        return self.every_s
