"""The outside, made to fit the ports: one module for each outside system."""
