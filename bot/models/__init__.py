"""The models that exist, their jobs and their costs."""
