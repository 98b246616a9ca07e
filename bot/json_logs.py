"""Writes log lines as JSON, without a word of any call."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any


class JsonLines(logging.Formatter):
    """Formats one JSON object per line: time, level, logger, event, and the `extra={"fields": {...}}`.

    Of an exception it logs only the type and the code lines, because the text can hold a customer's words.
    """

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        row: dict[str, Any] = {
            "at": at,
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        row |= getattr(record, "fields", {})
        if record.exc_info and (error := record.exc_info[1]):
            row["raised"] = type(error).__name__
            row["trace"] = [f"{at.filename}:{at.lineno} {at.name}" for at in traceback.extract_tb(error.__traceback__)]
        return json.dumps(row, ensure_ascii=False, default=str)


def log_to_stderr(level: int = logging.INFO) -> None:
    """Logs every line of this process as JSON to standard error; other libraries log only warnings."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for ours in ("bot", "handlers"):
        logging.getLogger(ours).setLevel(level)
    for chatty in ("slack_bolt", "slack_sdk"):  # they log request bodies, which hold people's words
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
