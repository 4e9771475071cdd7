"""SASL, the client's side: mechanisms, exchanges, and what AUTH contained (RFC 4422, RFC 4954)."""
