"""What happens to a typed line: completion, hints, history, routing and sending."""
