"""The process that answers accepted requests."""
