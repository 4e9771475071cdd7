"""Connections to a server: dialling and this machine's host name. Nothing in here speaks SMTP."""
