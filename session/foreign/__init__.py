"""Logs and captures from other tools, read as conversations.

Opens no sockets; files are read as bytes.
"""
