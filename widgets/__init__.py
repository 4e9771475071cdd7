"""The widgets of heloscope: each shows one thing and knows nothing of screens or sockets."""
