"""TLS without sockets: settings, contexts, the outcome of a handshake, and certificates."""
