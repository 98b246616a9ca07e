"""Where the figures in docs/figures.md come from."""
