"""Explanations of lines, states, TLS and failures, made from the facts of the engine."""
