"""Which model answers, how it got there, and what it costs meanwhile."""
