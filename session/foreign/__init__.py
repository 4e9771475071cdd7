"""Logs of other tools, and captures, read as conversations. No socket; files come in as bytes."""
