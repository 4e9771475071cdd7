"""Facts about the protocol, in tables from which the panels and the composer take their texts."""
