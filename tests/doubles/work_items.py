"""Work that other processes find by its module."""

import os


def where(_: int) -> int:
    """The id of the process that does it."""
    return os.getpid()
