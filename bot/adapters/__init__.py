"""Connects outside systems to the ports."""
