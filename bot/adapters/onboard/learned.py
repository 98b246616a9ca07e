"""Saves and loads what the built-in model has learned for a task."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelUnavailable, UnknownModel

SCHEMA = 1
MOST_BYTES = 5_000_000


@dataclass(frozen=True)
class Learned:
    """Arrays by name, for one task. Floats are rounded to float16, so loaded values equal fitted ones."""

    task: str
    arrays: dict[str, NDArray[Any]]

    @classmethod
    def of(cls, task: str, arrays: Mapping[str, NDArray[Any]]) -> Learned:
        return cls(task, {name: _wide(_slim(array)) for name, array in sorted(arrays.items())})

    @property
    def digest(self) -> str:
        """The SHA-256 of the saved content, which names the file."""
        digest = hashlib.sha256(f"{SCHEMA} {self.task}".encode())
        for name, array in sorted(self.arrays.items()):
            slim = _slim(array)
            digest.update(f"\n{name} {slim.dtype.str} {slim.shape}\n".encode() + slim.tobytes())
        return digest.hexdigest()

    def save(self, folder: Path) -> Path:
        """Writes TASK-DIGEST.npz into the folder, completely or not at all. Raises ValueError above 5 MB."""
        data = self.to_bytes()
        if len(data) > MOST_BYTES:
            raise ValueError(f"the artefact has {len(data):,} bytes, and {MOST_BYTES:,} are the most")
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.task}-{self.digest[:12]}.npz"
        (part := path.with_suffix(".part")).write_bytes(data)
        return part.replace(path)

    @classmethod
    def load(cls, path: Path) -> Learned:
        """Loads a file. Raises UnknownModel if there is none, ModelUnavailable if it is damaged."""
        try:
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise UnknownModel(f"There is no artefact of the embedded model at {path}.") from error
        return cls.from_bytes(data)

    def to_bytes(self) -> bytes:
        """Returns an uncompressed npz with fixed dates, so that the same arrays give the same bytes."""
        buffer = io.BytesIO()
        slim = {name: _slim(array) for name, array in self.arrays.items()}
        about = {"schema": np.array(SCHEMA), "task": np.array(self.task), "digest": np.array(self.digest)}
        np.savez(buffer, allow_pickle=False, **about, **slim)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Learned:
        """Reads the bytes of a file. Raises ModelUnavailable if they are damaged or from a later schema."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as npz:
                arrays = {name: npz[name] for name in npz.files}
            if int(arrays.pop("schema")) != SCHEMA:
                raise ValueError("it was written by another version of Wrapup")
            digest, task = str(arrays.pop("digest")), str(arrays.pop("task"))
            learned = cls(task, {name: _wide(array) for name, array in arrays.items()})
            if learned.digest != digest:
                raise ValueError("its content is not what was written")
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise ModelUnavailable(
                f"This is not an artefact of the embedded model ({error}): train it again."
            ) from error
        return learned


def _slim(array: NDArray[Any]) -> NDArray[Any]:
    return array.astype(np.float16) if array.dtype == np.float64 else array


def _wide(array: NDArray[Any]) -> NDArray[Any]:
    return array.astype(np.float64) if array.dtype == np.float16 else array
