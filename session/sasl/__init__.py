"""SASL for clients: mechanisms, exchanges, and the decoding of AUTH (RFC 4422, RFC 4954)."""
