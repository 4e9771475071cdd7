"""The message form: its fields, the options that the server offers, and the envelope."""
