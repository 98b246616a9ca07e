"""What the embedded model has learned of one task, as bytes that can be kept."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelUnavailable

SCHEMA = 1


@dataclass(frozen=True)
class Learned:
    """Arrays by name, for one task; floats are kept to float16, so that what is loaded equals what was fitted."""

    task: str
    arrays: dict[str, NDArray[Any]]

    @classmethod
    def of(cls, task: str, arrays: Mapping[str, NDArray[Any]]) -> Learned:
        return cls(task, {name: _wide(_slim(array)) for name, array in sorted(arrays.items())})

    def to_bytes(self) -> bytes:
        """An uncompressed npz (a zip with fixed dates): the same arrays give the same bytes."""
        buffer = io.BytesIO()
        slim = {name: _slim(array) for name, array in self.arrays.items()}
        np.savez(buffer, allow_pickle=False, schema=np.array(SCHEMA), task=np.array(self.task), **slim)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Learned:
        """Raises ModelUnavailable where the bytes are no such artefact, or of a later schema."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as npz:
                arrays = {name: npz[name] for name in npz.files}
            if int(arrays.pop("schema")) != SCHEMA:
                raise ValueError("it was written by another version of Wrapup")
            return cls(str(arrays.pop("task")), {name: _wide(array) for name, array in arrays.items()})
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise ModelUnavailable(
                f"This is not an artefact of the embedded model ({error}): train it again."
            ) from error


def _slim(array: NDArray[Any]) -> NDArray[Any]:
    return array.astype(np.float16) if array.dtype == np.float64 else array


def _wide(array: NDArray[Any]) -> NDArray[Any]:
    return array.astype(np.float64) if array.dtype == np.float16 else array
