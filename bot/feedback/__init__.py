"""Votes and corrections become pairs."""
