"""Logs and captures from other tools, read as conversations.

No sockets are opened, and files are read as bytes.
"""
