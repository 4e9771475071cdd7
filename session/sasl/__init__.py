"""SASL for clients: mechanisms, exchanges, and what AUTH contained (RFC 4422, RFC 4954)."""
