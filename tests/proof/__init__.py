"""The reliability proof: kills a daemon at every kind of moment and counts what was lost."""
