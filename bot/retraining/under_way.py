"""What is under way in the loop of a task: one step at a time, shown to everybody, and ended if its shell was killed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.errors import StepRunning, WrapupError
from bot.lock import Lock
from bot.retraining.pending import Agenda, Asked, Doing, Trouble
from bot.retraining.ports import Agendas

Say = Callable[[str], None]
FROM_SHELL = "shell:"  # begins the id of a step that nobody takes up again if its process is killed


class UnderWay:
    """Holds no state: all of it is on the agenda of each task."""

    def __init__(self, agendas: Agendas, lock: Lock, now: Callable[[], float]) -> None:
        self._agendas, self._lock, self._now = agendas, lock, now

    def agenda(self, task: str) -> Agenda:
        """The agenda without a step of a shell that was killed: nobody would ever end that."""
        agenda = self._agendas.agenda(task)
        killed = agenda.doing and self._was_killed(agenda.doing)
        return agenda.ended(agenda.doing.request) if agenda.doing and killed else agenda

    def change(self, task: str, change: Callable[[Agenda], Agenda]) -> None:
        """Changes the agenda, on top of what others changed meanwhile."""
        while True:
            was = self._agendas.agenda(task)
            now = change(was)
            if now == was or self._agendas.plan(task, now, was):
                return

    @contextmanager
    def alone(self, asked: Asked, text: str) -> Iterator[Say]:
        """Shows that a step is under way, and how far it is. A task has one at a time. Raises StepRunning.

        If the step raises, it stays under way until it is taken again or `failed` is called.
        """

        def begun(agenda: Agenda) -> Agenda:
            doing = Doing(request=asked.id, step=asked.step, by=asked.by, text=text)
            if agenda.doing and agenda.doing.request != asked.id and not self._was_killed(agenda.doing):
                raise StepRunning(f"Something is under way: {agenda.doing.text} Wait until it is done.")
            return agenda.model_copy(update={"doing": doing, "trouble": None})

        def say(text: str) -> None:
            self.change(asked.task, lambda agenda: agenda.saying(asked.id, text))

        self.change(asked.task, begun)
        yield say
        self.change(asked.task, lambda agenda: agenda.ended(asked.id))

    @contextmanager
    def attended(self, asked: Asked, text: str) -> Iterator[Say]:
        """Shows a step from a shell, as `alone` does, and ends it however it ends. Raises StepRunning."""
        with self._lock.held(_lock_of(asked.id)), self.alone(asked, text) as say, self._remembered(asked):
            yield say

    @contextmanager
    def at_once(self, asked: Asked) -> Iterator[None]:
        """A step from a shell that is short, and may be taken while another is under way."""
        with self._remembered(asked):
            yield
        self.went_well(asked)

    def waits(self, asked: Asked, text: str) -> None:
        """Shows why a step that was begun takes longer."""
        self.change(asked.task, lambda agenda: agenda.saying(asked.id, text))

    def went_well(self, asked: Asked) -> None:
        """Forgets why an earlier step failed."""
        self.change(asked.task, lambda agenda: agenda.model_copy(update={"trouble": None}))

    def failed(self, asked: Asked, text: str) -> None:
        """Ends a step that failed, and keeps why until the next one begins."""
        trouble = Trouble(step=asked.step, by=asked.by, text=text, at=self._now())
        self.change(asked.task, lambda agenda: agenda.ended(asked.id).model_copy(update={"trouble": trouble}))

    def begun(self, task: str, name: str) -> bool:
        """Writes down that an evaluation began that nobody asked for; False if another process did."""
        was = self._agendas.agenda(task)
        return was.judged != name and self._agendas.plan(task, was.model_copy(update={"judged": name}), was)

    def _was_killed(self, doing: Doing) -> bool:
        if not doing.request.startswith(FROM_SHELL):
            return False  # a worker takes it up again
        with self._lock.held(_lock_of(doing.request)) as free:
            return free

    @contextmanager
    def _remembered(self, asked: Asked) -> Iterator[None]:
        """If the step raises, the card shows why."""
        try:
            yield
        except BaseException as error:
            self.failed(asked, error.sentence if isinstance(error, WrapupError) else "It was interrupted.")
            raise


def _lock_of(request: str) -> str:
    return f"step:{request}"
