"""The parameters of MAIL, RCPT, VRFY and EXPN, and the keyword that a server must list for each."""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple


class EsmtpParameter(NamedTuple):
    """`on` are the commands that take it, `value` says what may stand behind the equals sign.

    `sure` is False for what is known only by hearsay.
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
    def source(self) -> str:
        """Where it stands, with a reserve where that is needed."""
        return self.rfc if self.sure else f"{self.rfc}, by hearsay"


PARAMETERS: tuple[EsmtpParameter, ...] = (
    EsmtpParameter(
        name="SIZE",
        on=("MAIL",),
        value="1 to 20 digits: octets with CRLFs, without doubled dots",
        example="SIZE=14820",
        keyword="SIZE",
        summary="Announce the size; the server may say 552 or 452 at once",
        rfc="RFC 1870 3, 6",
    ),
    EsmtpParameter(
        name="BODY",
        on=("MAIL",),
        value="7BIT / 8BITMIME / BINARYMIME",
        example="BODY=8BITMIME",
        keyword="8BITMIME",
        summary="Say what octets the body has",
        rfc="RFC 6152 3; RFC 3030 3",
    ),
    EsmtpParameter(
        name="SMTPUTF8",
        on=("MAIL",),
        value="",
        example="SMTPUTF8",
        keyword="SMTPUTF8",
        summary="The message or an address needs UTF-8",
        rfc="RFC 6531 3.4",
    ),
    EsmtpParameter(
        name="AUTH",
        on=("MAIL",),
        value="xtext mailbox, or <> for unknown",
        example="AUTH=joe@example.org",
        keyword="AUTH",
        summary="Name who first submitted the message, between trusting servers",
        rfc="RFC 4954 5",
    ),
    EsmtpParameter(
        name="RET",
        on=("MAIL",),
        value="FULL / HDRS",
        example="RET=HDRS",
        keyword="DSN",
        summary="Bounce with the whole message or with its headers only",
        rfc="RFC 3461 4.3",
    ),
    EsmtpParameter(
        name="ENVID",
        on=("MAIL",),
        value="xtext, up to 100 characters",
        example="ENVID=QQ314159",
        keyword="DSN",
        summary="A mark of the sender that comes back in reports",
        rfc="RFC 3461 4.4",
    ),
    EsmtpParameter(
        name="NOTIFY",
        on=("RCPT",),
        value="NEVER, or a list of SUCCESS FAILURE DELAY",
        example="NOTIFY=FAILURE,DELAY",
        keyword="DSN",
        summary="When to send a report; NEVER stands alone",
        rfc="RFC 3461 4.1",
    ),
    EsmtpParameter(
        name="ORCPT",
        on=("RCPT",),
        value="address-type ; xtext address",
        example="ORCPT=rfc822;anna@example.org",
        keyword="DSN",
        summary="The recipient as first written, for reports",
        rfc="RFC 3461 4.2",
    ),
    EsmtpParameter(
        name="BY",
        on=("MAIL",),
        value="seconds ; N / R, then T for trace",
        example="BY=120;R",
        keyword="DELIVERBY",
        summary=(
            "Time limit: N notifies when late, R returns the message; seconds may be negative "
            "with N only"
        ),
        rfc="RFC 2852 4",
    ),
    EsmtpParameter(
        name="HOLDFOR",
        on=("MAIL",),
        value="seconds, 1 to 9 digits",
        example="HOLDFOR=86400",
        keyword="FUTURERELEASE",
        summary="Hold the message that long",
        rfc="RFC 4865",
    ),
    EsmtpParameter(
        name="HOLDUNTIL",
        on=("MAIL",),
        value="date-time of RFC 3339",
        example="HOLDUNTIL=2030-01-01T08:00:00Z",
        keyword="FUTURERELEASE",
        summary="Hold the message until then; not together with HOLDFOR",
        rfc="RFC 4865",
    ),
    EsmtpParameter(
        name="MT-PRIORITY",
        on=("MAIL",),
        value="-9 to 9; 0 is normal",
        example="MT-PRIORITY=3",
        keyword="MT-PRIORITY",
        summary="Transfer priority",
        rfc="RFC 6710",
    ),
    EsmtpParameter(
        name="REQUIRETLS",
        on=("MAIL",),
        value="",
        example="REQUIRETLS",
        keyword="REQUIRETLS",
        summary="Verified TLS on every hop, or bounce",
        rfc="RFC 8689 2",
    ),
    EsmtpParameter(
        name="SOLICIT",
        on=("MAIL",),
        value="solicitation classes, comma between",
        example="SOLICIT=net.example:ADV",
        keyword="NO-SOLICITING",
        summary="Say what kind of advertising this is",
        rfc="RFC 3865",
    ),
    EsmtpParameter(
        name="MTRK",
        on=("MAIL",),
        value="base64 certifier [: seconds]",
        example="MTRK=YWJjZGVmZ2g=:86400",
        keyword="MTRK",
        summary="Allow tracking by whoever knows the secret; ENVID is needed too",
        rfc="RFC 3885",
    ),
    EsmtpParameter(
        name="SUBMITTER",
        on=("MAIL",),
        value="xtext mailbox",
        example="SUBMITTER=joe@example.org",
        keyword="SUBMITTER",
        summary="Responsible sender for Sender-ID (historic)",
        rfc="RFC 4405",
    ),
    EsmtpParameter(
        name="TRANSID",
        on=("MAIL",),
        value="identifier with domain in < >",
        example="TRANSID=<12345@example.org>",
        keyword="CHECKPOINT",
        summary="Name the transfer so that it can be taken up again (experimental)",
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
        summary="Ask for the recipient's capabilities in the reply",
        rfc="RFC 4141",
    ),
    EsmtpParameter(
        name="RRVS",
        on=("RCPT",),
        value="date-time [; C / R]",
        example="RRVS=2024-03-01T00:00:00Z;C",
        keyword="RRVS",
        summary=(
            "Only if the owner has been the same since; after the semicolon: C continues, R "
            "rejects when the next hop lacks RRVS (R if nothing is given)"
        ),
        rfc="RFC 7293",
    ),
    EsmtpParameter(
        name="ALT-ADDRESS",
        on=("MAIL", "RCPT"),
        value="xtext ASCII mailbox",
        example="ALT-ADDRESS=joe@example.org",
        keyword="UTF8SMTP",
        summary="ASCII stand-in for a UTF-8 address (obsolete)",
        rfc="RFC 5336",
    ),
    EsmtpParameter(
        name="XVERP",
        on=("MAIL",),
        value="two delimiters, optional",
        example="XVERP=+=",
        keyword="XVERP",
        summary="One bounce address for each recipient",
        rfc="Postfix VERP_README (private)",
    ),
    EsmtpParameter(
        name="PRDR",
        on=("MAIL",),
        value="",
        example="PRDR",
        keyword="PRDR",
        summary="Ask for one reply per recipient after the message",
        rfc="draft-hall-prdr (Exim, private)",
    ),
    EsmtpParameter(
        name="XOORG",
        on=("MAIL",),
        value="domain",
        example="XOORG=example.org",
        keyword="XOORG",
        summary="Originating organisation, between Exchange Online and trusted servers",
        rfc="Microsoft Exchange (private); emersion/go-smtp",
        sure=False,
    ),
    EsmtpParameter(
        name="XATTRDIRECT",
        on=("MAIL",),
        value="word",
        example="XATTRDIRECT=Originating",
        keyword="XATTR",
        summary=("Direction of the message for its organisation, between Exchange Online servers"),
        rfc="Microsoft Exchange (private)",
    ),
    EsmtpParameter(
        name="XATTRORGID",
        on=("MAIL",),
        value="xorgid identifier",
        example="XATTRORGID=xorgid:0f8fad5b-d9cb-469f-a165-70867728950e",
        keyword="XATTR",
        summary="Organisation of the message, between Exchange Online servers",
        rfc="Microsoft Exchange (private)",
    ),
    EsmtpParameter(
        name="XORIGFROM",
        on=("MAIL",),
        value="address",
        example="XORIGFROM=joe@example.org",
        keyword="XORIGFROM",
        summary="Sender before rewriting, between Exchange servers",
        rfc="Microsoft Exchange (private)",
    ),
    EsmtpParameter(
        name="XSYSPROBEID",
        on=("MAIL",),
        value="identifier",
        example="XSYSPROBEID=0f8fad5b-d9cb-469f-a165-70867728950e",
        keyword="XSYSPROBE",
        summary="Marks test mail, between Exchange servers",
        rfc="Microsoft Exchange (private)",
    ),
    EsmtpParameter(
        name="XRDST",
        on=("RCPT",),
        value="server or database name",
        example="XRDST=mbx1.example.org",
        keyword="XRDST",
        summary="Routing destination, between Exchange servers",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    EsmtpParameter(
        name="XORAR",
        on=("RCPT",),
        value="address",
        example="XORAR=ann@example.org",
        keyword="XORAR",
        summary="Alternate recipient, between Exchange servers",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    EsmtpParameter(
        name="XSHADOW",
        on=("MAIL",),
        value="identifier",
        example="XSHADOW=0f8fad5b-d9cb-469f-a165-70867728950e",
        keyword="XSHADOW",
        summary="Shadow copy of mail in transit, between Exchange servers",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    EsmtpParameter(
        name="XRCPTFORWARD",
        on=("RCPT",),
        value="base64 data",
        example="XRCPTFORWARD=dXNlcj1qb2U=",
        keyword="XRCPTFORWARD",
        summary="Dovecot: hand data on a recipient from LMTP proxy to backend",
        rfc="Dovecot src/lmtp (private)",
        sure=False,
    ),
    EsmtpParameter(
        name="UTF8REPLY",
        on=("VRFY", "EXPN"),
        value="",
        example="UTF8REPLY",
        keyword="UTF8SMTP",
        summary="UTF-8 allowed in the answer (obsolete; a parameter of VRFY and EXPN)",
        rfc="RFC 5336",
        sure=False,
    ),
    EsmtpParameter(
        name="SMTPUTF8",
        on=("VRFY", "EXPN"),
        value="",
        example="SMTPUTF8",
        keyword="SMTPUTF8",
        summary="UTF-8 allowed in the answer of VRFY and EXPN",
        rfc="RFC 6531 3.1, 3.7.4.2",
    ),
)


def parameters_for(verb: str, keywords: Container[str] | None) -> list[EsmtpParameter]:
    """The parameters of `verb` that a server with these keywords takes; all if None is given."""
    return [
        parameter
        for parameter in PARAMETERS
        if verb in parameter.on and (keywords is None or parameter.keyword in keywords)
    ]
