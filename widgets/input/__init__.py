"""Widgets for typed input: the composer, the message editor and the form fields."""
