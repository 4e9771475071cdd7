"""Logs of other tools, and captures, read as conversations. No sockets; files are bytes."""
