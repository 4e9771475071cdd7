"""Helpers that tests share: stages, scripted servers, TLS, hostile input."""
