"""Reads and writes a dataset in a folder."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bot.datasets.dataset import ALL_FILES, MANIFEST, manifest_in, name_in
from bot.errors import PlaceRefused

PIECE = 1 << 20
_WORKING = ".wrapup-export"  # plus the process id: files are written under this name first


class Folder:
    """A place for a dataset whose files are directly in `path`. Leaves other files there alone."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def place(self) -> str:
        return str(self._path)

    def check(self) -> None:
        if self._path.exists() and not self._path.is_dir():
            raise PlaceRefused(f"{self._path} is a file. Name a folder.")
        strangers = [name for name in ALL_FILES if (self._path / name).exists()]
        if strangers and not self.name():
            raise PlaceRefused(
                f"{self._path} has a {strangers[0]} that isn't part of a complete Wrapup dataset. Name an empty folder, "
                "or remove it."
            )

    def name(self) -> str:
        try:
            with (self._path / MANIFEST).open("rb") as file:
                return name_in(file.read(400))
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except OSError as error:
            raise _refused(self._path, error) from error

    def manifest(self) -> Mapping[str, Any]:
        try:
            text = (self._path / MANIFEST).read_bytes()
        except FileNotFoundError as error:
            raise PlaceRefused(
                f"{self._path} has no {MANIFEST}, so it isn't a Wrapup dataset. Name the folder of an export."
            ) from error
        except OSError as error:
            raise _refused(self._path, error) from error
        return manifest_in(text, self.place)

    def read(self, name: str) -> Iterator[bytes]:
        try:
            with (self._path / name).open("rb") as file:
                while piece := file.read(PIECE):
                    yield piece
        except FileNotFoundError:
            return
        except OSError as error:
            raise _refused(self._path, error) from error

    def write(self, files: Mapping[str, Iterator[bytes]]) -> None:
        working = self._path / f"{_WORKING}-{os.getpid()}"
        with self._told():
            self._path.mkdir(parents=True, exist_ok=True)
            for left in self._path.glob(
                f"{_WORKING}-*"
            ):  # left by an export that was killed, because only one runs at a time
                shutil.rmtree(left, ignore_errors=True)
            working.mkdir()
        try:
            for name, pieces in files.items():
                self._write(working / name, pieces)
            with self._told():
                self._name(working, files)
        finally:
            shutil.rmtree(working, ignore_errors=True)
            with suppress(OSError):
                self._path.rmdir()  # only works if it is empty

    def _write(self, path: Path, pieces: Iterator[bytes]) -> None:
        with self._told(), path.open("wb", buffering=PIECE) as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())

    def _name(self, working: Path, files: Mapping[str, Iterator[bytes]]) -> None:
        """Deletes the old manifest first and renames the new one last. Files without a manifest don't count as a dataset."""
        (self._path / MANIFEST).unlink(missing_ok=True)
        for name in ALL_FILES:
            if name not in files:
                (self._path / name).unlink(missing_ok=True)
        for name in sorted(files, key=lambda name: name == MANIFEST):
            (working / name).replace(self._path / name)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise _refused(self._path, error) from error


def _refused(path: Path, error: OSError) -> PlaceRefused:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return PlaceRefused(f"The disk of {path} is full: free some space, or name a folder on another disk.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return PlaceRefused(f"Wrapup may not write in {path}: change its rights, or name another folder.")
    return PlaceRefused(f"{path} cannot be used ({os.strerror(error.errno or 0)}): name another folder.")
