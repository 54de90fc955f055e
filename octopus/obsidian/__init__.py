"""The format of an Obsidian vault: text in, values out, no I/O."""
