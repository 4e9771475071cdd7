"""TLS for drivers: settings, the handshake, and certificates explained. No driver in here."""
