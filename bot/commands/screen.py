"""Where the commands write: answers to standard output, complaints and progress to standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import partial
from io import TextIOWrapper
from json import JSONEncoder
from types import TracebackType

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.answers.answer import Answer
from bot.calls.transcript import Transcript
from bot.commands import display

TURN_KEYS = ("index", "speaker", "name", "start_s", "end_s", "text")
TURNS_A_PIECE = 500
_json = JSONEncoder(ensure_ascii=False).encode


class Screen:
    """Shows a progress line while it is entered, only to a terminal and never into what is piped on."""

    def __init__(self, as_json: bool, doing: str) -> None:
        self._as_json = as_json
        if isinstance(
            sys.stdout, TextIOWrapper
        ):  # JSON is UTF-8 whatever the locale; odd file names become \\u escapes
            sys.stdout.reconfigure(encoding="utf-8" if as_json else None, errors="backslashreplace")
        self._out = Console(soft_wrap=as_json)
        errors = Console(stderr=True)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("files · {task.fields[calls]} calls"),
            TimeElapsedColumn(),
            console=errors,
            transient=True,
            disable=not errors.is_terminal,
        )
        self._line = self._progress.add_task(doing, total=0, calls=0)
        self._calls = 0

    def __enter__(self) -> Screen:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def files(self, names: list[str]) -> Iterator[str]:
        """The names, counted as they are asked for."""
        self._progress.update(self._line, total=len(names))
        for name in names:
            yield name
            self._progress.advance(self._line)

    def answer(self, file: str, answer: Answer) -> None:
        self._show(partial(_answer_json, answer, file), partial(display.answer_panel, answer, file))

    def transcript(self, file: str, transcript: Transcript) -> None:
        self._show(partial(_transcript_json, transcript, file), partial(display.transcript_panel, transcript, file))

    def complain(self, file: str, text: str) -> None:
        """One line on standard error, whatever the text."""
        with self._aside():
            print(f"{file}: {' '.join(text.split())}", file=self._progress.console.file)

    def _show(self, json_pieces: Callable[[], Iterable[str]], panel: Callable[[], RenderableType]) -> None:
        self._calls += 1
        self._progress.update(self._line, calls=self._calls)
        with self._aside():
            if self._as_json:
                sys.stdout.writelines(json_pieces())  # as it is, unwrapped
                sys.stdout.flush()
            else:
                self._out.print(panel())

    def _aside(self) -> _Aside:
        return _Aside(self._progress)


def _answer_json(answer: Answer, file: str) -> Iterator[str]:
    row = asdict(answer) | {"output": answer.output.model_dump(mode="json")}
    yield _json({"call": row.pop("call"), "file": file} | row) + "\n"


def _transcript_json(transcript: Transcript, file: str) -> Iterator[str]:
    """One line in pieces of some turns each: a long call as one text takes more memory than its turns."""
    yield _json({"call": transcript.call, "file": file, "format": transcript.format})[:-1] + ', "turns": ['
    for n in range(0, len(transcript.turns), TURNS_A_PIECE):
        some = [{key: getattr(turn, key) for key in TURN_KEYS} for turn in transcript.turns[n : n + TURNS_A_PIECE]]
        yield (", " if n else "") + _json(some)[1:-1]
    yield f'], "notes": {_json(transcript.notes)}}}\n'


class _Aside:
    """Takes the progress line away while something else is written to the same terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def __enter__(self) -> None:
        self._progress.stop()

    def __exit__(self, *_: object) -> None:
        self._progress.start()
