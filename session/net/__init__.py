"""Connections to a server: dialling, and this machine's host name. No module here speaks SMTP."""
