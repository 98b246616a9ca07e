"""Pairs become datasets; files become pairs."""
