"""The ESMTP parameters of MAIL, RCPT, VRFY and EXPN, each with the keyword that allows it."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import NamedTuple

from .citations import cited

_ALTERNATIVES = r"[A-Z0-9]+( / [A-Z0-9]+)+\Z"


class EsmtpParameter(NamedTuple):
    """An ESMTP parameter: the commands that accept it (`on`), and the syntax of its value.

    `value` is empty for a parameter without a value. `keyword` is the EHLO keyword that the server
    must advertise before the parameter may be used. `sure` is False for a parameter known only from
    second-hand reports.
    """

    name: str
    on: tuple[str, ...]
    value: str
    example: str
    keyword: str
    summary: str
    rfc: str
    sure: bool = True

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The possible values if `value` lists them, as in "FULL / HDRS", or an empty tuple."""
        return tuple(self.value.split(" / ")) if re.match(_ALTERNATIVES, self.value) else ()

    @property
    def source(self) -> str:
        """The document and section that define the parameter, marked if unconfirmed."""
        return cited(self.rfc, self.sure)


PARAMETERS: tuple[EsmtpParameter, ...] = (
    EsmtpParameter(
        name="SIZE",
        on=("MAIL",),
        value="1 to 20 digits: octets, counting CRLF but not doubled dots",
        example="SIZE=14820",
        keyword="SIZE",
        summary="Declare the size; the server may refuse it at once with 552 or 452",
        rfc="RFC 1870 3, 6",
    ),
    EsmtpParameter(
        name="BODY",
        on=("MAIL",),
        value="7BIT / 8BITMIME / BINARYMIME",
        example="BODY=8BITMIME",
        keyword="8BITMIME",
        summary="Declare the type of the body",
        rfc="RFC 6152 3; RFC 3030 3",
    ),
    EsmtpParameter(
        name="SMTPUTF8",
        on=("MAIL",),
        value="",
        example="SMTPUTF8",
        keyword="SMTPUTF8",
        summary="The message or an address uses UTF-8",
        rfc="RFC 6531 3.4",
    ),
    EsmtpParameter(
        name="AUTH",
        on=("MAIL",),
        value="xtext mailbox, or <> if unknown",
        example="AUTH=joe@example.org",
        keyword="AUTH",
        summary="Name the original submitter of the message, between servers that trust each other",
        rfc="RFC 4954 5",
    ),
    EsmtpParameter(
        name="RET",
        on=("MAIL",),
        value="FULL / HDRS",
        example="RET=HDRS",
        keyword="DSN",
        summary="Bounces contain the full message, or only its headers",
        rfc="RFC 3461 4.3",
    ),
    EsmtpParameter(
        name="ENVID",
        on=("MAIL",),
        value="xtext, up to 100 characters",
        example="ENVID=QQ314159",
        keyword="DSN",
        summary="The sender's identifier for the message, returned in reports",
        rfc="RFC 3461 4.4",
    ),
    EsmtpParameter(
        name="NOTIFY",
        on=("RCPT",),
        value="NEVER, or a list of SUCCESS FAILURE DELAY",
        example="NOTIFY=FAILURE,DELAY",
        keyword="DSN",
        summary="When to send a report; NEVER must be used alone",
        rfc="RFC 3461 4.1",
    ),
    EsmtpParameter(
        name="ORCPT",
        on=("RCPT",),
        value="address-type ; xtext address",
        example="ORCPT=rfc822;anna@example.org",
        keyword="DSN",
        summary="The original recipient, for reports",
        rfc="RFC 3461 4.2",
    ),
    EsmtpParameter(
        name="BY",
        on=("MAIL",),
        value="seconds ; N or R, then an optional T for trace",
        example="BY=120;R",
        keyword="DELIVERBY",
        summary=(
            "Time limit: N notifies the sender when it is exceeded, R returns the message; "
            "seconds may be negative with N only"
        ),
        rfc="RFC 2852 4",
    ),
    EsmtpParameter(
        name="HOLDFOR",
        on=("MAIL",),
        value="seconds, 1 to 9 digits",
        example="HOLDFOR=86400",
        keyword="FUTURERELEASE",
        summary="Hold the message for this long",
        rfc="RFC 4865",
    ),
    EsmtpParameter(
        name="HOLDUNTIL",
        on=("MAIL",),
        value="RFC 3339 date-time",
        example="HOLDUNTIL=2030-01-01T08:00:00Z",
        keyword="FUTURERELEASE",
        summary="Hold the message until this time; cannot be combined with HOLDFOR",
        rfc="RFC 4865",
    ),
    EsmtpParameter(
        name="MT-PRIORITY",
        on=("MAIL",),
        value="-9 to 9; 0 is normal",
        example="MT-PRIORITY=3",
        keyword="MT-PRIORITY",
        summary="Set the transfer priority",
        rfc="RFC 6710",
    ),
    EsmtpParameter(
        name="REQUIRETLS",
        on=("MAIL",),
        value="",
        example="REQUIRETLS",
        keyword="REQUIRETLS",
        summary="Require verified TLS on every hop; otherwise the message bounces",
        rfc="RFC 8689 2",
    ),
    EsmtpParameter(
        name="SOLICIT",
        on=("MAIL",),
        value="solicitation classes, separated by commas",
        example="SOLICIT=net.example:ADV",
        keyword="NO-SOLICITING",
        summary="Declare the class of advertising",
        rfc="RFC 3865",
    ),
    EsmtpParameter(
        name="MTRK",
        on=("MAIL",),
        value="base64 certifier [: seconds]",
        example="MTRK=YWJjZGVmZ2g=:86400",
        keyword="MTRK",
        summary="Allow message tracking by anyone who knows the secret; requires ENVID",
        rfc="RFC 3885",
    ),
    EsmtpParameter(
        name="SUBMITTER",
        on=("MAIL",),
        value="xtext mailbox",
        example="SUBMITTER=joe@example.org",
        keyword="SUBMITTER",
        summary="The responsible sender, for Sender ID (historic)",
        rfc="RFC 4405",
    ),
    EsmtpParameter(
        name="TRANSID",
        on=("MAIL",),
        value="identifier with a domain, in < >",
        example="TRANSID=<12345@example.org>",
        keyword="CHECKPOINT",
        summary="Identify the transfer so that it can be resumed (experimental)",
        rfc="RFC 1845",
    ),
    EsmtpParameter(
        name="CONPERM",
        on=("MAIL",),
        value="",
        example="CONPERM",
        keyword="CONPERM",
        summary="Permit conversion of the content",
        rfc="RFC 4141",
    ),
    EsmtpParameter(
        name="CONNEG",
        on=("RCPT",),
        value="",
        example="CONNEG",
        keyword="CONNEG",
        summary="Request the recipient's capabilities in the reply",
        rfc="RFC 4141",
    ),
    EsmtpParameter(
        name="RRVS",
        on=("RCPT",),
        value="date-time [; C / R]",
        example="RRVS=2024-03-01T00:00:00Z;C",
        keyword="RRVS",
        summary=(
            "Deliver only if the mailbox has had the same owner since this time; C "
            "continues and R rejects if the next hop lacks RRVS (default R)"
        ),
        rfc="RFC 7293",
    ),
    EsmtpParameter(
        name="ALT-ADDRESS",
        on=("MAIL", "RCPT"),
        value="xtext ASCII mailbox",
        example="ALT-ADDRESS=joe@example.org",
        keyword="UTF8SMTP",
        summary="ASCII alternative to a UTF-8 address (obsolete)",
        rfc="RFC 5336",
    ),
    EsmtpParameter(
        name="XVERP",
        on=("MAIL",),
        value="two delimiters, optional",
        example="XVERP=+=",
        keyword="XVERP",
        summary="Use a separate bounce address for each recipient",
        rfc="Postfix VERP_README (private)",
    ),
    EsmtpParameter(
        name="PRDR",
        on=("MAIL",),
        value="",
        example="PRDR",
        keyword="PRDR",
        summary="Request a reply for each recipient after the message",
        rfc="draft-hall-prdr (Exim, private)",
    ),
    EsmtpParameter(
        name="XOORG",
        on=("MAIL",),
        value="domain",
        example="XOORG=example.org",
        keyword="XOORG",
        summary="The originating organisation, between Exchange Online and trusted servers",
        rfc="Microsoft Exchange (private); emersion/go-smtp",
        sure=False,
    ),
    EsmtpParameter(
        name="XATTRDIRECT",
        on=("MAIL",),
        value="word",
        example="XATTRDIRECT=Originating",
        keyword="XATTR",
        summary=(
            "The direction of the message for its organisation, between Exchange Online servers"
        ),
        rfc="Microsoft Exchange (private)",
    ),
    EsmtpParameter(
        name="XATTRORGID",
        on=("MAIL",),
        value="xorgid identifier",
        example="XATTRORGID=xorgid:0f8fad5b-d9cb-469f-a165-70867728950e",
        keyword="XATTR",
        summary="The organisation that the message belongs to, between Exchange Online servers",
        rfc="Microsoft Exchange (private)",
    ),
    EsmtpParameter(
        name="XORIGFROM",
        on=("MAIL",),
        value="address",
        example="XORIGFROM=joe@example.org",
        keyword="XORIGFROM",
        summary="The sender before rewriting, between Exchange servers",
        rfc="Microsoft Exchange (private)",
    ),
    EsmtpParameter(
        name="XSYSPROBEID",
        on=("MAIL",),
        value="identifier",
        example="XSYSPROBEID=0f8fad5b-d9cb-469f-a165-70867728950e",
        keyword="XSYSPROBE",
        summary="Mark test mail, between Exchange servers",
        rfc="Microsoft Exchange (private)",
    ),
    EsmtpParameter(
        name="XRDST",
        on=("RCPT",),
        value="server or database name",
        example="XRDST=mbx1.example.org",
        keyword="XRDST",
        summary="The routing destination, between Exchange servers",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    EsmtpParameter(
        name="XORAR",
        on=("RCPT",),
        value="address",
        example="XORAR=ann@example.org",
        keyword="XORAR",
        summary="An alternate recipient, between Exchange servers",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    EsmtpParameter(
        name="XSHADOW",
        on=("MAIL",),
        value="identifier",
        example="XSHADOW=0f8fad5b-d9cb-469f-a165-70867728950e",
        keyword="XSHADOW",
        summary="A shadow copy of mail in transit, between Exchange servers",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    EsmtpParameter(
        name="XRCPTFORWARD",
        on=("RCPT",),
        value="base64 data",
        example="XRCPTFORWARD=dXNlcj1qb2U=",
        keyword="XRCPTFORWARD",
        summary="Dovecot: pass data about a recipient from the LMTP proxy to the backend",
        rfc="Dovecot src/lmtp (private)",
        sure=False,
    ),
    EsmtpParameter(
        name="UTF8REPLY",
        on=("VRFY", "EXPN"),
        value="",
        example="UTF8REPLY",
        keyword="UTF8SMTP",
        summary="Allow UTF-8 in the reply to VRFY or EXPN (obsolete)",
        rfc="RFC 5336",
        sure=False,
    ),
    EsmtpParameter(
        name="SMTPUTF8",
        on=("VRFY", "EXPN"),
        value="",
        example="SMTPUTF8",
        keyword="SMTPUTF8",
        summary="Allow UTF-8 in the reply to VRFY or EXPN",
        rfc="RFC 6531 3.1, 3.7.4.2",
    ),
)


def parameters_for(verb: str, keywords: Container[str] | None) -> list[EsmtpParameter]:
    """Return the parameters of `verb` that a server accepts if it offers these EHLO keywords.

    Return all parameters of `verb` if `keywords` is None.
    """
    return [
        parameter
        for parameter in PARAMETERS
        if verb in parameter.on and (keywords is None or parameter.keyword in keywords)
    ]
