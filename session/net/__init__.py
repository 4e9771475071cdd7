"""Reaching a server: host names and connecting sockets. Nothing in here speaks SMTP."""
