"""What happens to typed lines: completion, hints, history, routing and sending."""
