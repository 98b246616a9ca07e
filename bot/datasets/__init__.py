"""Turns pairs into datasets, and files into pairs."""
