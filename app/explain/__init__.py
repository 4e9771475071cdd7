"""Explanations for the panels, made from the facts of the engine."""
