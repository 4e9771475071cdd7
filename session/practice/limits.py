"""The limits of the practice server: sizes, memory and times.

Clients can use at most `KEPT` octets of memory, plus a few megabytes in total. All limits are large
enough for practising.
"""

from __future__ import annotations

from ..protocol.command_syntax import longest_line

# One message
SIZE = 52428800  # octets, 50 MiB: SIZE in the reply to EHLO; more gets 552
LINES = 1_000_000  # lines of a message; more get 552
TEXT_LINE = 1000  # octets of a line of a message, RFC 5321 4.5.3.1.6; more get 500
RECIPIENTS = 1000  # RFC 5321 4.5.3.1.8 requires at least 100; more get 452

# All messages, delivered or still arriving, with their envelopes
KEPT = 64 * 1024 * 1024  # octets; more get 452
PER_MESSAGE = 1024  # octets counted for a message in addition to its content and addresses
PER_ADDRESS = 128  # octets counted for an address or a parameter in addition to its own

# Commands, without their CRLF; longer ones get 500
COMMAND_LINE = 512  # RFC 5321 4.5.3.1.4
MAIL_LINE = longest_line("MAIL", ("SIZE", "8BITMIME", "SMTPUTF8", "DSN", "AUTH"))
RCPT_LINE = longest_line("RCPT", ("DSN",))
AUTH_LINE = 12288  # RFC 4954 4
BUFFER = 16384  # octets read ahead from each client
ENDLESS = 16 * 1024 * 1024  # octets without a line end before a 500, and the end

# Connections
CONNECTIONS = 50  # at a time; another one gets 421
HANDSHAKE_TIMEOUT = 60.0  # seconds for the TLS handshake
UNREAD_TIMEOUT = 60.0  # seconds in which a client reads none of its replies
MESSAGE_TIMEOUT = 1800.0  # seconds without an octet of an unfinished message
# There is effectively no limit between commands: people need time to think.
IDLE_TIMEOUT = 10 * 365 * 86400.0  # seconds
PATIENCE = 5.0  # seconds of silence on the client's turn before a diagnosis
SUMMARIES = 100  # connections of which a summary is kept
CLOSE_TIMEOUT = 1.0  # seconds for clients to receive the remaining data when the server stops
