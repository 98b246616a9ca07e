"""Slack's side of Wrapup: the only code that may know slack_bolt and slack_sdk."""
