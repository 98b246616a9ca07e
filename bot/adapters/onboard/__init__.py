"""The parts of the embedded model."""
