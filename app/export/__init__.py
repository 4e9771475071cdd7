"""Exports of a conversation: as text, a script, a swaks command line, a program, and more."""
