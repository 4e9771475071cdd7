"""Explanations for the panels, worded from the facts of the engine."""
