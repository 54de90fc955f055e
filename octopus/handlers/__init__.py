"""The skills: one file each, plain async functions with a marker."""
