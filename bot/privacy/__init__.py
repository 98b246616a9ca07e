"""Finds and masks personal data."""

from bot.privacy.masker import REDACTION_VERSION, Found, Masker, Mode, mask_pair, replaced

__all__ = ["REDACTION_VERSION", "Found", "Masker", "Mode", "mask_pair", "replaced"]
