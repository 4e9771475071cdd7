"""The exceptions of smtplib and of this engine, each looked up when it is raised or caught.

    from .. import raised

    raise raised.SMTPDataError(code, text)

Importing smtplib takes as long as sending one message. A conversation without an error needs none
of its names, because an `except` clause is evaluated only once something has been raised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from smtplib import SMTPAuthenticationError as SMTPAuthenticationError
    from smtplib import SMTPConnectError as SMTPConnectError
    from smtplib import SMTPDataError as SMTPDataError
    from smtplib import SMTPException as SMTPException
    from smtplib import SMTPHeloError as SMTPHeloError
    from smtplib import SMTPNotSupportedError as SMTPNotSupportedError
    from smtplib import SMTPRecipientsRefused as SMTPRecipientsRefused
    from smtplib import SMTPResponseException as SMTPResponseException
    from smtplib import SMTPSenderRefused as SMTPSenderRefused
    from smtplib import SMTPServerDisconnected as SMTPServerDisconnected

    from .errors import AuthGivenUp as AuthGivenUp
    from .errors import ConnectionLost as ConnectionLost
    from .errors import CredentialsRefused as CredentialsRefused
    from .errors import EnvelopeMismatch as EnvelopeMismatch
    from .errors import PeerFlood as PeerFlood
    from .errors import ReplyTimedOut as ReplyTimedOut
else:

    def __getattr__(name: str) -> Any:
        import smtplib

        from . import errors

        found = getattr(smtplib, name, None) if name.startswith("SMTP") else None
        value = found or getattr(errors, name, None)
        if value is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = value
        return value
