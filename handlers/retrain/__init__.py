"""`/retrain` in Slack."""
