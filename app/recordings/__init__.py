"""Recordings on a screen of their own, read-only: reading, playing, what can be done there."""
