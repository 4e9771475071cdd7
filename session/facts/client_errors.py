"""Explains the error messages that mail programs log when there is no reply from the server.

A program's log ends with such a message if the program could not connect, or if TLS did not start.
The wording is that of operating systems, OpenSSL, GnuTLS, Python, PHP, Perl and Java.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..events import Cause
from .disconnect_causes import CAUSES
from .tls_failures import REASONS, VERIFY_CODES


class ClientError(NamedTuple):
    """The explanation of an error message; messages with the same `title` have the same meaning."""

    title: str
    means: str
    try_next: str


_What = str | Cause | ClientError  # a key of REASONS, a key of CAUSES, or the meaning itself
_SHOWN = 2_000  # characters of a message that are searched
_ASKED = "the name that the client asked for"
_TITLES = {
    Cause.REFUSED: "no connection: the port is closed",
    Cause.TIMED_OUT: "no answer in time",
    Cause.NAME_NOT_FOUND: "no connection: the server's name was not found",
    Cause.NO_DNS: "no connection: no DNS server answered",
    Cause.UNREACHABLE: "no connection: the network or the host is unreachable",
    Cause.RESET: "the connection was reset",
}
_UNVERIFIED = ClientError(
    "TLS failed: the client does not accept the server's certificate",
    "The error does not say why. Usually the certificate is self-signed or from an authority that "
    "the client does not trust, it has expired, or it is not valid for the name that the client "
    "asked for.",
    "Check the certificate that the server sends: its issuer, dates and names.",
)
_NOT_OFFERED = ClientError(
    "the server does not offer what the client requires",
    "The client looked for an extension in the EHLO reply and did not find it, so it sent nothing. "
    "Many servers offer AUTH only after STARTTLS, and some offer one of the two only on other "
    "ports.",
    "Read the EHLO reply. To log in, use port 587 with STARTTLS, or port 465 with TLS from the "
    "first byte.",
)
_NO_MECHANISM = ClientError(
    "no login: the client found no mechanism that both sides support",
    "The EHLO reply does not list any mechanism that the client supports or is set to use, so it "
    "sent no password. Many servers list PLAIN and LOGIN only after STARTTLS.",
    "Check the AUTH line of the EHLO reply (after STARTTLS, if there are two replies), and set the "
    "client to one of the mechanisms listed there.",
)
_TAKEN_FOR_RENEGOTIATION = ClientError(
    "a line was not sent: openssl s_client took it for a command of its own",
    "Without -quiet, s_client renegotiates TLS at a line that begins with R, as RCPT does, and "
    "ends at one that begins with Q; it sends neither. TLS 1.3 has no renegotiation, hence the "
    "error.",
    "Start s_client with -quiet, or type the command in lower case: rcpt to:<...>, quit.",
)
_EOF = ClientError(
    "the server closed the connection without ending TLS",
    "During the handshake, this means that the server refused to continue, or does not speak TLS "
    "on this port. After QUIT it is harmless: many servers close without announcing the end of "
    "TLS.",
    "Check the preceding lines. Unless the conversation was over, check the server's log for that "
    "time.",
)
_CLOSED = ClientError(
    "the server closed the connection",
    "The client waited for a reply, and the connection ended instead.",
    "Read the server's last reply. If there is none, check that the port and the kind of TLS "
    "match: port 465 starts with TLS, and ports 25 and 587 start unencrypted.",
)


# From openssl s_client, which reports a bad certificate and continues, as no mail program should.
_VERIFY = re.compile(
    r"verify error:num=(\d{1,5}):|Verify return code: (\d{1,5}) \(|"
    r"Verification error: (.{1,200})"
)
_INVALID = "the server's certificate failed verification"
_CONTINUES = (
    "openssl s_client reports this and continues; a program that verifies the certificate closes "
    "the connection here."
)


_OUTLOOK = (  # its numbers, next to which the server's reply may be missing
    ("0x800CCC78", "the server refused the sender", "Outlook uses this number after MAIL."),
    ("0x800CCC79", "the server refused a recipient", "Outlook uses this number after RCPT."),
)
_LOG_IN = (
    "Read the server's reply, if the message shows it next to the number. Often the client has to "
    "log in: turn on authentication for the outgoing server, and use port 587 with STARTTLS."
)


def _says(what: _What, *words: str) -> tuple[re.Pattern[str], _What]:
    return re.compile("|".join(words), re.IGNORECASE), what


# Searched in this order, because a message can name both a general and a specific reason.
_TABLE = (
    _says("unknown-ca", r"self[- ]signed certificate in certificate chain"),
    _says("self-signed", r"self[- ]signed certificate"),
    _says("expired", r"certificate (?:has )?expired", r"CertificateExpiredException", r"NotAfter:"),
    _says("not-yet-valid", r"certificate is not yet valid", r"CertificateNotYetValid"),
    _says(
        "name-mismatch",
        r"hostname mismatch",
        r"doesn't match",
        r"did not match expected",
        r"does not match target host name",
        r"no alternative certificate subject name",
        r"subject alternative (?:DNS )?names? [pm](?:resent|atch)",
        r"hostname verification failed",
        r"hostname/IP does not match",
        r"owner does not match",
    ),
    _says(
        "unknown-ca",
        r"unable to get (?:local )?issuer certificate",
        r"unable to verify the first certificate",
        r"issuer is unknown",
        r"unable to find valid certification path",
        r"unknown authority",
    ),
    _says("weak-key", r"(?:ee|ca) key too small", r"certificate key too weak"),
    _says("weak-signature", r"ca md too weak"),
    _says(
        "not-tls",
        r"wrong[ _]version[ _]number",
        r"record layer failure",
        r"packet length too long",
        r"unrecognized SSL message",
        r"unexpected TLS packet",
        r"first record does not look like",
    ),
    _says(
        "no-shared-version",
        r"unsupported protocol",
        r"no protocols available",
        r"alert protocol version",
        r"protocol_version",
        r"no appropriate protocol",
    ),
    _says(
        "no-shared-cipher",
        r"alert handshake failure",
        r"handshake_failure",
        r"no ciphers available",
        r"no shared cipher",
    ),
    _says("weak-exchange", r"dh key too small"),
    _says(
        _UNVERIFIED,
        r"certificate[ _]verify[ _]failed",
        r"certificate verification failed",
        r"SSL certificate problem",
        r"certificate is NOT trusted",
    ),
    _says(_TAKEN_FOR_RENEGOTIATION, r"can_renegotiate", r"\ARENEGOTIATING\Z"),
    _says(_EOF, r"unexpected eof while reading", r"EOF occurred in violation of protocol"),
    _says(
        Cause.REFUSED,
        r"connection refused",
        r"0x800CCC0E",
        r"0x80042109",
        r"ECONNREFUSED",
        r"actively refused",
    ),
    _says(
        Cause.NAME_NOT_FOUND,
        r"name or service not known",
        r"0x800CCC0D",
        r"nodename nor servname",
        r"no address associated with hostname",
        r"getaddrinfo (?:failed|ENOTFOUND)",
        r"could not resolve",
        r"UnknownHostException",
        r"no such host is known",
        r"name does not resolve",
    ),
    _says(
        Cause.NO_DNS,
        r"(?:temporary|non-recoverable) failure in name resolution",
        r"EAI_(?:AGAIN|FAIL)",
    ),
    _says(
        Cause.TIMED_OUT,
        r"timed out",
        r"0x800CCC19",
        r"0x8004210B",
        r"connection timeout",
        r"ETIMEDOUT",
        r"SocketTimeoutException",
        r"i/o timeout",
    ),
    _says(
        Cause.UNREACHABLE,
        r"network is unreachable",
        r"no route to host",
        r"EHOSTUNREACH",
        r"ENETUNREACH",
    ),
    _says(Cause.RESET, r"connection reset", r"ECONNRESET", r"broken pipe"),
    _says(
        _CLOSED,
        r"connection unexpectedly closed",
        r"server closed the connection unexpectedly",
    ),
    _says(
        _NOT_OFFERED,
        r"(?:STARTTLS|AUTH|SMTPUTF8) extension not supported",
        r"STARTTLS not supported",
        r"host did not advertise (?:STARTTLS|authentication)",
        r"server does not support (?:STARTTLS|authentication)",
    ),
    _says(
        _NO_MECHANISM,
        r"auth not attempted",
        r"no suitable authentication method",
        r"no authentication mechanisms? supported by both",
        r"no (?:supported|compatible|acceptable) auth(?:entication)? (?:mechanism|method|type)s?",
        r"no auth types supported",
    ),
)


def client_error(message: str) -> ClientError | None:
    """Return the explanation of a program's error message, or None if the message is unknown."""
    if (verdict := _VERIFY.match(message)) is not None:
        return _of_verdict(verdict)
    for number, title, means in _OUTLOOK:
        if number.lower() in message[:_SHOWN].lower():
            return ClientError(title, means, _LOG_IN)
    for words, what in _TABLE:
        if words.search(message[:_SHOWN]) is None:
            continue
        match what:
            case ClientError():
                return what
            case Cause():
                return ClientError(_TITLES[what], CAUSES[what].means, CAUSES[what].try_next)
            case _:
                return _of_tls(what)
    return None


def _of_verdict(verdict: re.Match[str]) -> ClientError:
    """Return the explanation of a certificate error that openssl s_client reports."""
    code, words = verdict[1] or verdict[2], verdict[3]
    key = VERIFY_CODES.get(int(code), "") if code else _key_of(words)
    if not key:
        return ClientError(_INVALID, _CONTINUES, _UNVERIFIED.try_next)
    found = _of_tls(key)
    return ClientError(f"{_INVALID} ({_title(key)})", f"{found.means} {_CONTINUES}", found.try_next)


def _key_of(words: str) -> str:
    """Return the key in REASONS for an OpenSSL message, or "" if the message is unknown."""
    key = next((what for row, what in _TABLE if row.search(words) is not None), "")
    return key if isinstance(key, str) and not isinstance(key, Cause) else ""


def _title(key: str) -> str:
    title = REASONS[key].title
    return f"{title[:1].lower()}{title[1:]}" if title[1:2].islower() else title


def _of_tls(key: str) -> ClientError:
    """Return the explanation of a TLS failure whose message names neither server nor issuer."""
    fact = REASONS[key]
    names = {"host": "the server", "issuer": "its issuer"}
    if key == "name-mismatch":
        names["host"] = _ASKED
    title = _title(key)
    if fact.certificate:
        title = f"TLS failed: the client does not accept the server's certificate ({title})"
    else:
        title = f"TLS failed: {title}"
    return ClientError(title, fact.means.format_map(names), fact.try_next.format_map(names))
