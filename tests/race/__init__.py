"""Octopus against the owner's editors and a synchroniser, all writing the same notes at once."""
