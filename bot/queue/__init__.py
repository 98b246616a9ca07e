"""Accepted requests, and the worker that takes them."""
