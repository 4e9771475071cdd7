"""The practice server's delivery status notifications (RFC 3464), requested as in RFC 3461."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from email.utils import formatdate
from typing import NamedTuple

from ..visible import visible_text
from .mailboxes import DOMAIN, ELSEWHERE

LARGEST = 100_000  # octets; of a larger message, a report returns only the header
_DIAGNOSTICS = {
    "5.1.1": "550 5.1.1 No such mailbox",
    "5.4.7": "450 4.4.1 No route to host; giving up after five days",
}


class Outcome(NamedTuple):
    """The outcome of a message for one recipient.

    `failed` is the status code of the failure, or "" if the message was delivered. `typed` holds
    the parameters of RCPT, and `diagnostic` the reply of another server, if there was one.
    """

    address: str
    typed: tuple[str, ...]
    failed: str
    diagnostic: str = ""

    @property
    def is_reported(self) -> bool:
        """Whether the sender gets a report, by default only on failure (RFC 3461 section 5.2)."""
        wanted = _value(self.typed, "NOTIFY").upper().split(",")
        if wanted == [""]:
            return bool(self.failed)
        return ("FAILURE" if self.failed else "SUCCESS") in wanted

    @property
    def said(self) -> str:
        """The other server's reply as quoted in the report, or "" if there is none."""
        return self.diagnostic or _DIAGNOSTICS.get(self.failed, "")


def report(
    outcomes: Sequence[Outcome],
    sender: str,
    mail_parameters: Iterable[str],
    at: float,
    content: bytes,
) -> bytes:
    """Return the report to `sender` about the outcomes of a message, whose text is `content`.

    `at` is the time of the report in seconds since the epoch.
    """
    parameters = tuple(mail_parameters)
    failed = any(outcome.failed for outcome in outcomes)
    whole = failed and _value(parameters, "RET").upper() != "HDRS" and len(content) <= LARGEST
    boundary = _boundary(content)
    date = formatdate(at).removesuffix("-0000") + "+0000"
    subject = "Undelivered Mail Returned to Sender" if failed else "Successful Mail Delivery Report"
    returned = content if whole else content.partition(b"\r\n\r\n")[0][:LARGEST] + b"\r\n"
    eight_bit = "" if returned.isascii() else "\r\nContent-Transfer-Encoding: 8bit"
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    head = f"""\
From: Mail Delivery System <mailer-daemon@{DOMAIN}>
To: <{visible_text(sender)}>
Date: {date}
Subject: {subject}
Auto-Submitted: auto-replied
Message-ID: <{boundary}@{DOMAIN}>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
 boundary="{boundary}"

--{boundary}
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{_in_words(outcomes)}
--{boundary}
Content-Type: message/delivery-status

{_for_programs(outcomes, parameters, date)}
--{boundary}
Content-Type: {kind}{eight_bit}

"""
    text = head.replace("\r\n", "\n").replace("\n", "\r\n").encode()
    end = b"" if returned.endswith(b"\r\n") else b"\r\n"
    return text + returned + end + f"\r\n--{boundary}--\r\n".encode()


def _in_words(outcomes: Sequence[Outcome]) -> str:
    lines = [f"This is the mail system at {DOMAIN}.", ""]
    for outcome in outcomes:
        address = f"<{visible_text(outcome.address)}>"
        if outcome.failed:
            lines.append(f"Your message could not be delivered to {address}.")
            lines.append(f"The other server replied: {outcome.said}")
        else:
            lines.append(f"Your message was delivered to {address}.")
    return "\n".join([*lines, ""])


def _for_programs(outcomes: Sequence[Outcome], parameters: tuple[str, ...], date: str) -> str:
    """Return the message/delivery-status part: fields for the message, then for each recipient."""
    envid = _value(parameters, "ENVID")
    fields = [f"Reporting-MTA: dns; {DOMAIN}"]
    if envid:
        fields.append(f"Original-Envelope-Id: {visible_text(_plain(envid))}")
    fields += [f"Arrival-Date: {date}", ""]
    for outcome in outcomes:
        original = _value(outcome.typed, "ORCPT")
        if original:
            kind, _, address = original.partition(";")
            fields.append(
                f"Original-Recipient: {visible_text(kind)};{visible_text(_plain(address))}"
            )
        fields.append(f"Final-Recipient: rfc822; {visible_text(outcome.address)}")
        fields.append(f"Action: {'failed' if outcome.failed else 'delivered'}")
        fields.append(f"Status: {outcome.failed or '2.0.0'}")
        if outcome.failed:
            fields.append(f"Remote-MTA: dns; {ELSEWHERE}")
            fields.append(f"Diagnostic-Code: smtp; {outcome.said}")
        fields.append("")
    return "\n".join(fields)


def _value(parameters: Iterable[str], name: str) -> str:
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.upper() == name:
            return value
    return ""


def _plain(xtext: str) -> str:
    """Decode an xtext (RFC 3461 section 4)."""
    parts = xtext.split("+")
    found = parts[0]
    for part in parts[1:]:
        try:
            found += chr(int(part[:2], 16)) + part[2:]
        except ValueError:
            found += "+" + part
    return found


def _boundary(content: bytes) -> str:
    """Return a boundary that does not occur in the content."""
    number = 1
    while f"practice-report-{number}".encode() in content:
        number += 1
    return f"practice-report-{number}"
