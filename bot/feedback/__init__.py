"""Turns votes and corrections into pairs."""
