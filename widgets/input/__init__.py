"""Widgets a person types into: the composer, the message editor, form fields."""
