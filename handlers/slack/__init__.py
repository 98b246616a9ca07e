"""Slack's API, texts and layout."""
