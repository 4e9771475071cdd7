"""The widgets of heloscope. Each shows one thing and knows nothing of screens or sockets."""
