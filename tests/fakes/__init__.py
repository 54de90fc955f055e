"""Fakes of the servers that Octopus talks to: real HTTP on loopback, nothing behind it."""
