"""Widgets that take typed input: the composer, the message editor, form fields."""
