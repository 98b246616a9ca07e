"""Turns a call log into a transcript."""
