"""Votes and corrections in Slack."""
