"""Handling of typed lines: completion, hints, history, routing and sending."""
