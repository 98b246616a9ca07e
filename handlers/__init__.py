"""Slack's side of Wrapup: the only code that knows slack_bolt."""
