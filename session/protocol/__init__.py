"""SMTP and LMTP as observed from the bytes of both sides. Sans-IO: no socket, no clock."""
