"""The base of everything that the registry keeps."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

SCHEMA: Literal[1] = 1


class Kept(BaseModel):
    """What is kept in the store, with the number of its schema."""

    model_config = ConfigDict(frozen=True)
    schema_number: Literal[1] = SCHEMA
