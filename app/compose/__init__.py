"""The form for a message: its fields, the options the server offers, the envelope."""
