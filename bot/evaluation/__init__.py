"""Decides whether a new model can replace the current one."""
