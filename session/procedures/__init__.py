"""What a client does with several commands, as generators of steps; no socket, no clock."""
