"""All of Wrapup that is not Slack."""
