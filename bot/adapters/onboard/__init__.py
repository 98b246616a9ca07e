"""Implements the built-in model."""
