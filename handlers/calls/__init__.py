"""Calls in Slack: ask, answer, redraw, forget."""
