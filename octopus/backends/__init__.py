"""What we use: one vendor a file, each behind a port of ``octopus.core.ports``."""
