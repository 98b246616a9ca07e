"""The loop as people drive it."""
