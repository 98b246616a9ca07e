"""A call log becomes a transcript."""
