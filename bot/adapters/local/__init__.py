"""This machine: folders, SQLite and processes."""
