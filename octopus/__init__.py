"""Octopus: a personal assistant on your own server, at home in your Obsidian vault."""

__version__ = "0.1.0"
