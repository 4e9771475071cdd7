"""Connections to a server: dialling, proxies, and this machine's host name.

No module here speaks SMTP.
"""
