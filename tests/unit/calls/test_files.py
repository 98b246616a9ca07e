from pathlib import Path

import pytest

from bot.calls.files import Taken, files, take
from bot.calls.transcript import Transcript
from bot.errors import ReadError

LOG = "Agent: Good morning, how can I help?\nCustomer: My lamp is broken.\n"


def only(file: Path, max_bytes: int = 1000) -> Taken:
    (taken,) = take(str(file), "call", None, max_bytes)
    return taken


def test_a_folder_stands_for_its_files_by_name(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".hidden", "deep/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(LOG)

    found = [Path(file).name for file in files([str(tmp_path), "-"])]

    assert found == ["a.txt", "b.txt", "c.txt", "-"]


def test_a_call_comes_with_the_name_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LOG)

    taken = only(tmp_path / "a.txt")

    assert taken.file == str(tmp_path / "a.txt")
    assert isinstance(taken.found, Transcript)


def test_the_same_call_has_the_same_id_whatever_its_file_is_called(tmp_path: Path) -> None:
    for name in ("a.txt", "b.log"):
        (tmp_path / name).write_text(LOG)

    first, second = (only(tmp_path / name).found for name in ("a.txt", "b.log"))

    assert isinstance(first, Transcript)
    assert isinstance(second, Transcript)
    assert first.call == second.call


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: None, "can't be opened"),
        (lambda path: path.mkdir(), "has no files"),
        (lambda path: path.write_text(LOG * 100), "over the limit"),
        (lambda path: path.write_text(""), "empty"),
    ],
    ids=["missing", "an empty folder", "too large", "empty"],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, make: object, reason: str) -> None:
    make(tmp_path / "x")  # type: ignore[operator]

    taken = only(tmp_path / "x")

    assert isinstance(taken.found, ReadError)
    assert reason in str(taken.found)
