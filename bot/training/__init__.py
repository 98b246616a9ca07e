"""Customization jobs: what to train, what it costs, how to run it."""
