"""Facts about the protocol, in tables: what the panels and the composer say comes from here."""
