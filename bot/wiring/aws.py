"""The clients of AWS, one for each service and Region."""

# boto3 is imported when it is needed: it takes a third of a second.
# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Callable
from functools import cache, cached_property, partial
from typing import Any

ClientIn = Callable[[str | None], Any]  # of a Region; None: boto3's own


class AwsClients:
    """Threads share each client; `connections` is how many may ask a model at once."""

    def __init__(self, connections: int) -> None:
        self._connections = connections

    @cached_property
    def runtime(self) -> ClientIn:
        """Asks models. Raises ModelRejected without a Region."""
        from bot.adapters.bedrock.chat import runtime_client

        return cache(partial(runtime_client, threads=self._connections))

    @cached_property
    def control(self) -> ClientIn:
        """Asks about models, and has them trained and served. Raises ModelRejected without a Region."""
        from bot.adapters.bedrock.chat import control_client

        return cache(control_client)

    @cached_property
    def s3(self) -> ClientIn:
        """Reads and writes datasets. Raises PlaceRefused without a Region."""
        from bot.adapters.bedrock.s3 import client

        return cache(client)
