"""Turns a transcript into a checked answer."""
