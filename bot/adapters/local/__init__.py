"""Connects to this machine: folders, SQLite and processes."""
