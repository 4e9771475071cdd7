"""The SMTP service extensions, and descriptions of the keywords that a server lists.

The table contains the complete IANA registry and the private keywords that servers list. Keywords
and parameters come from the wire, so pass them through `visible_text` before showing them.
"""

from __future__ import annotations

import re

import msgspec

from ..plural import plural
from .citations import UNCONFIRMED

_OVERWRITTEN = r"X{4,}[A-Z]?"
# Keywords that firewalls are known to hide.
_HIDDEN = ("STARTTLS", "PIPELINING", "CHUNKING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")


class Extension(msgspec.Struct, frozen=True):
    """A service extension: what it is (`short`), and what a client can do with it (`what`).

    `parameters` describes what follows the keyword, `commands` are the commands that the extension
    adds, and `traps` lists common mistakes. `status` is "standard", "private", "obsolete",
    "historic" or "experimental". `sure` is False for an extension known only from second-hand
    reports.
    """

    short: str = ""
    what: str = ""
    parameters: str = ""
    commands: tuple[str, ...] = ()
    traps: str = ""
    status: str = "standard"
    rfc: str = ""
    sure: bool = True


class Described(msgspec.Struct, frozen=True):
    """The description of a keyword and its parameters, as the server listed them."""

    keyword: str
    short: str
    what: str
    rfc: str
    known: bool
    status: str


EXTENSIONS: dict[str, Extension] = {
    "8BITMIME": Extension(
        short="8-bit bodies",
        what="Send bodies with octets above 127 unchanged",
        traps=(
            "Lines still end in CRLF and are limited to 1000 octets; headers remain ASCII. "
            "A relay must convert or bounce the message if the next hop lacks 8BITMIME"
        ),
        rfc="RFC 6152",
    ),
    "SIZE": Extension(
        short="declares its message size limit",
        what=("Learn the size limit before sending, and have large messages refused at MAIL"),
        parameters=(
            "[digits]: maximum message size in octets; 0: no fixed maximum; no value: no maximum "
            "is stated"
        ),
        traps=(
            "The size counts CRLFs but not doubled dots. The limit may be lower for some "
            "recipients: a 552 may still follow"
        ),
        rfc="RFC 1870",
    ),
    "PIPELINING": Extension(
        short="several commands at a time",
        what="Send a group of commands without waiting for each reply",
        traps=(
            "EHLO, DATA, VRFY, EXPN, TURN, QUIT, NOOP and unknown extension commands must be the "
            "last in a group; BDAT, BURL and XFORWARD need not. Read every reply. If DATA got 354 "
            "although no recipient was accepted, send only the final dot"
        ),
        rfc="RFC 2920",
    ),
    "ENHANCEDSTATUSCODES": Extension(
        short="enhanced codes such as 5.1.1 in replies",
        what="Replies have a code of the form class.subject.detail after the reply code",
        traps="Not used in 3yz replies, the greeting or the EHLO reply",
        rfc="RFC 2034",
    ),
    "DSN": Extension(
        short="delivery reports on request",
        what="Request reports of success, delay or failure, or no reports",
        traps=(
            "If the next hop lacks DSN, the relaying client itself issues a “relayed” report, but "
            "only if NOTIFY=SUCCESS was requested (RFC 3461 5.2.2 b). NEVER must be used alone"
        ),
        rfc="RFC 3461",
    ),
    "STARTTLS": Extension(
        short="switches to TLS",
        what="Switch the connection to TLS",
        commands=("STARTTLS",),
        traps=(
            "A man in the middle can remove it from the list: require it, or use port 465. "
            "It must not be listed once TLS is active"
        ),
        rfc="RFC 3207",
    ),
    "AUTH": Extension(
        short="login",
        what="Authenticate; submission ports require it before MAIL",
        parameters="list of SASL mechanisms",
        commands=("AUTH",),
        traps=(
            "The list is often longer after STARTTLS. Some servers repeat it as AUTH=... "
            "for very old clients"
        ),
        rfc="RFC 4954",
    ),
    "CHUNKING": Extension(
        short="messages in chunks of known size (BDAT)",
        what="Send the message in chunks of known size",
        commands=("BDAT",),
        traps=(
            "See BDAT. DATA is still allowed, but not in the same transaction as BDAT, nor with "
            "BODY=BINARYMIME"
        ),
        rfc="RFC 3030 2",
    ),
    "BINARYMIME": Extension(
        short="binary bodies",
        what="Send MIME bodies of any octets, without line structure",
        traps=(
            "Requires CHUNKING, and works with BDAT only: DATA gets 503. Text parts still have "
            "CRLF line endings. Few servers support it"
        ),
        rfc="RFC 3030 3",
    ),
    "SMTPUTF8": Extension(
        short="internationalised addresses",
        what="Use UTF-8 in addresses and headers",
        parameters="none; ignore any",
        traps=(
            "The server must support 8BITMIME too. Every server on the way to the mailbox must "
            "support it; otherwise the reply is 550 or 553 with X.6.7"
        ),
        rfc="RFC 6531",
    ),
    "DELIVERBY": Extension(
        short="delivery time limits",
        what=(
            "Set a time limit for delivery; when it is exceeded, the message is returned or the "
            "sender notified"
        ),
        parameters="[digits]: minimum time in seconds that the server guarantees",
        traps="Seconds may be negative in mode N only",
        rfc="RFC 2852",
    ),
    "ETRN": Extension(
        short="queue runs on request",
        what="Start a queue run for a domain",
        commands=("ETRN",),
        traps="Not used on the submission port",
        rfc="RFC 1985",
    ),
    "ATRN": Extension(
        what="Reverse the roles after login, and receive waiting mail",
        commands=("ATRN",),
        traps="Not used on the submission port; used on port 366",
        rfc="RFC 2645",
    ),
    "BURL": Extension(
        short="message parts from IMAP",
        what="Submit a message whose parts are on an IMAP server",
        parameters="[ imap / imap://server ... ]: URLs that the server trusts",
        commands=("BURL",),
        traps="Submission only; may be listed only after AUTH",
        rfc="RFC 4468",
    ),
    "FUTURERELEASE": Extension(
        short="delayed release of messages",
        what="Have the submission server hold a message until a given time",
        parameters="max-seconds SP latest-date-time",
        traps="Submission only. Use one of the two parameters, not both",
        rfc="RFC 4865",
    ),
    "NO-SOLICITING": Extension(
        what="Declare which classes of advertising are not wanted",
        parameters="[solicitation class keywords]",
        traps="Practically unused",
        rfc="RFC 3865",
    ),
    "MTRK": Extension(
        what="Attach a token by which the message can be tracked",
        traps="Requires ENVID (DSN). Practically unused",
        rfc="RFC 3885",
    ),
    "CONPERM": Extension(
        what="Permit conversion of the content in transit",
        traps="Practically unused",
        rfc="RFC 4141",
    ),
    "CONNEG": Extension(
        what="Request the capabilities of the recipient's device",
        traps="Practically unused",
        rfc="RFC 4141",
    ),
    "MT-PRIORITY": Extension(
        short="transfer priorities",
        what="Assign a transfer priority to a message",
        parameters="[name of a priority policy]",
        traps="Servers may lower the priority (250 with X.3.6)",
        rfc="RFC 6710",
    ),
    "RRVS": Extension(
        short="checks for a new mailbox owner",
        what="Deliver only if the mailbox has had the same owner since a given time",
        traps="Protects against recycled addresses; few servers support it",
        rfc="RFC 7293",
    ),
    "REQUIRETLS": Extension(
        short="verified TLS on every hop",
        what="Require verified TLS on every hop; otherwise the message bounces",
        traps="Offered over TLS only",
        rfc="RFC 8689",
    ),
    "LIMITS": Extension(
        short="declares its limits",
        what=(
            "Learn the limits: transactions per session, recipients per transaction, "
            "recipient domains per session"
        ),
        parameters="name=number ...: MAILMAX, RCPTMAX, RCPTDOMAINMAX",
        traps="Ignore unknown names. Values may change after STARTTLS or AUTH",
        rfc="RFC 9422",
    ),
    "EXPN": Extension(
        short="supports EXPN",
        commands=("EXPN",),
        traps="The command is available, but the server may still refuse it",
        rfc="RFC 5321 3.5.2",
    ),
    "VRFY": Extension(
        short="supports VRFY",
        commands=("VRFY",),
        traps="Servers must implement the command, whether they list it or not",
        rfc="RFC 5321 3.5.2; IANA registry",
    ),
    "HELP": Extension(
        short="supports HELP",
        commands=("HELP",),
        rfc="RFC 5321 4.1.1.8",
    ),
    "CHECKPOINT": Extension(
        what="Resume an interrupted transfer (reply 355 to MAIL)",
        traps="Experimental; not used in practice",
        status="experimental",
        rfc="RFC 1845",
    ),
    "SUBMITTER": Extension(
        what="Name the responsible sender, for Sender ID",
        traps="Sender ID is historic",
        status="historic",
        rfc="RFC 4405",
    ),
    "UTF8SMTP": Extension(
        what="First attempt at internationalised addresses, with downgrading",
        traps="Replaced by SMTPUTF8, which is not compatible",
        status="obsolete",
        rfc="RFC 5336; RFC 6531",
    ),
    "SEND": Extension(
        short="messages to a terminal (SEND)",
        commands=("SEND",),
        traps="Deprecated",
        status="historic",
        rfc="RFC 821 3.4; RFC 5321 F.6",
    ),
    "SOML": Extension(
        short="messages to a terminal or a mailbox (SOML)",
        commands=("SOML",),
        traps="Deprecated",
        status="historic",
        rfc="RFC 821 3.4; RFC 5321 F.6",
    ),
    "SAML": Extension(
        short="messages to a terminal and a mailbox (SAML)",
        commands=("SAML",),
        traps="Deprecated",
        status="historic",
        rfc="RFC 821 3.4; RFC 5321 F.6",
    ),
    "TURN": Extension(
        short="reversal of roles (TURN)",
        commands=("TURN",),
        traps="Deprecated: the client's identity is not proved",
        status="historic",
        rfc="RFC 821 3.8; RFC 5321 F.1",
    ),
    "VERB": Extension(
        short="progress reports (VERB)",
        commands=("VERB",),
        traps="Sendmail only",
        status="private",
        rfc="IANA registry, no RFC (Sendmail, private)",
    ),
    "ONEX": Extension(
        short="declaration of a single message (ONEX)",
        commands=("ONEX",),
        traps="Sendmail only",
        status="private",
        rfc="IANA registry, no RFC (Sendmail, private)",
    ),
    "XCLIENT": Extension(
        short="client identity override",
        what="Assume the identity of another client",
        parameters="attribute names: NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT",
        commands=("XCLIENT",),
        traps=("Offered only to authorised clients; if others see it, the server is misconfigured"),
        status="private",
        rfc="Postfix XCLIENT_README (private)",
    ),
    "XFORWARD": Extension(
        short="client data for the log",
        what="Pass on data about the client, for the log",
        parameters="attribute names: NAME ADDR PORT PROTO HELO IDENT SOURCE",
        commands=("XFORWARD",),
        traps="The same as for XCLIENT",
        status="private",
        rfc="Postfix XFORWARD_README (private)",
    ),
    "XVERP": Extension(
        what="Have a separate sender address generated for each recipient of a mailing list",
        traps="Accepted by Postfix; meant for trusted connections",
        status="private",
        rfc="Postfix VERP_README (private)",
    ),
    "PIPECONNECT": Extension(
        short="commands sent with the connection",
        what=("Exim: on later connections send EHLO and more before the greeting arrives"),
        traps=(
            "Used only if it was listed on an earlier connection. Older Exim versions list "
            "it as X_PIPE_CONNECT"
        ),
        status="private",
        rfc="Exim (private)",
    ),
    "X_PIPE_CONNECT": Extension(
        what="Older name of PIPECONNECT",
        traps="The same as for PIPECONNECT",
        status="private",
        rfc="Exim (private)",
        sure=False,
    ),
    "PRDR": Extension(
        short="a reply for each recipient",
        what=(
            "Get a reply for each recipient after the message, as in LMTP: 353, then one reply per "
            "recipient, then a final reply"
        ),
        traps="An expired draft, supported by Exim and a few others",
        status="private",
        rfc="draft-hall-prdr (Exim, private)",
    ),
    "WELLKNOWN": Extension(
        what="Exim 4.99 and later: fetch small named files",
        commands=("WELLKNOWN",),
        traps="Very new",
        status="private",
        rfc="Exim NewStuff (private)",
        sure=False,
    ),
    "X-RCPTLIMIT": Extension(
        what="Learn how many recipients a transaction may have",
        parameters="number",
        traps="ZMailer only; LIMITS RCPTMAX is the standard form",
        status="private",
        rfc="ZMailer (private)",
    ),
    "XUSR": Extension(
        short="declaration of a user's submission (XUSR)",
        commands=("XUSR",),
        traps="Sendmail only",
        status="private",
        rfc="Sendmail (private)",
        sure=False,
    ),
    "CLIENTID": Extension(
        what="Identify the client device before login",
        commands=("CLIENTID",),
        traps="Offered over TLS",
        status="private",
        rfc="draft-storey-smtp-client-id (private)",
        sure=False,
    ),
    "X-EXPS": Extension(
        what="Login between Exchange servers",
        parameters="list of mechanisms: GSSAPI NTLM (EXCHANGEAUTH)",
        commands=("X-EXPS",),
        traps="Identifies the server as Exchange; use AUTH",
        status="private",
        rfc="Microsoft Exchange (private)",
    ),
    "X-ANONYMOUSTLS": Extension(
        what="TLS between Exchange servers without certificate verification",
        commands=("X-ANONYMOUSTLS",),
        traps="If STARTTLS is not listed as well, usually no certificate is configured",
        status="private",
        rfc="Microsoft Exchange (private)",
    ),
    "X-LINK2STATE": Extension(
        what="Exchange 2000/2003 routing tables",
        commands=("X-LINK2STATE",),
        traps="Indicates a very old server",
        status="private",
        rfc="Microsoft Exchange (private)",
    ),
    "XEXCH50": Extension(
        what="Exchange message properties as a binary block",
        commands=("XEXCH50",),
        traps="Indicates Exchange 2007 or older",
        status="private",
        rfc="Microsoft Exchange (private)",
    ),
    "XRDST": Extension(
        what=("Exchange: routing destination for a recipient, between servers of one organisation"),
        traps="Shows only that the server is Exchange",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XSHADOW": Extension(
        what="Exchange 2010 and later: shadow copies of mail in transit",
        commands=("XSHADOW",),
        traps="Shows only that the server is Exchange",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XSHADOWREQUEST": Extension(
        what="Exchange 2013 and later: ask the peer to keep a shadow copy",
        traps="Used only between Exchange servers",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XPROXY": Extension(
        what="Exchange: the front end hands a session to the back end",
        commands=("XPROXY",),
        traps="Used only between Exchange servers",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XPROXYFROM": Extension(
        what="Exchange: the front end names the original client to the back end",
        commands=("XPROXYFROM",),
        traps="Used only between Exchange servers",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XPROXYTO": Extension(
        what="Exchange: a server asks another to send on its behalf",
        commands=("XPROXYTO",),
        traps="Used only between Exchange servers",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XSESSIONPARAMS": Extension(
        what="Exchange: pass session identifiers",
        commands=("XSESSIONPARAMS",),
        traps="Used only between Exchange servers",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XOORG": Extension(
        what=(
            "Exchange Online and hybrid servers: the originating organisation (also written OORG)"
        ),
        traps="Offered to trusted servers",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XLONGADDR": Extension(
        what="Exchange: long addresses (X.400, X.500) between servers",
        traps="Used only between Exchange servers",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XORAR": Extension(
        what="Exchange: an alternate recipient, requested by the sender",
        traps="Used only between Exchange servers",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XATTR": Extension(
        what="Exchange Online: the organisation that a message belongs to",
        traps="Used only between Exchange servers",
        status="private",
        rfc="Microsoft Exchange (private)",
    ),
    "XSYSPROBE": Extension(
        what="Exchange Online: marks test messages sent for monitoring",
        traps="Used only between Exchange servers",
        status="private",
        rfc="Microsoft Exchange (private)",
    ),
    "XORIGFROM": Extension(
        what="Exchange: the sender before rewriting",
        traps="Used only between Exchange servers",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XRCPTFORWARD": Extension(
        what="Dovecot: the LMTP proxy passes data about a recipient to the backend",
        traps="Accepted from trusted addresses only (others get 550)",
        status="private",
        rfc="Dovecot src/lmtp (private)",
    ),
    "AUTH=LOGIN": Extension(
        short="login, in a form for very old clients:",
        what="Lets clients from before RFC 2554 find the mechanisms",
        parameters="as for AUTH, but after an equals sign",
        traps="Treat it as AUTH only if there is no AUTH line",
        status="private",
        rfc="Sendmail, Exchange, Postfix broken_sasl_auth_clients (private)",
    ),
    "OORG": Extension(
        what=(
            "Exchange Online and hybrid servers: the originating organisation (also written XOORG)"
        ),
        traps="Offered to trusted servers",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XONE": Extension(
        what="Another name for ONEX",
        commands=("XONE",),
        traps="Obsolete",
        status="private",
        rfc="Sendmail (private)",
        sure=False,
    ),
    "X-EXPS=LOGIN": Extension(
        short="Exchange login, in a form for old clients:",
        what="Lists LOGIN for X-EXPS, as AUTH=LOGIN does for AUTH",
        traps="Treat it as X-EXPS only if there is no X-EXPS line",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XREMOTEQUEUE": Extension(
        what="Starts the queue of another server",
        traps="Very rare; for administrators",
        status="private",
        rfc="private",
        sure=False,
    ),
    "XAPPLEPUSH": Extension(
        what="Push notifications for Apple Mail",
        traps="Belongs to Apple's IMAP servers; rare in SMTP",
        status="private",
        rfc="Apple (private)",
        sure=False,
    ),
    "XADR": Extension(
        short="address routing (XADR)",
        commands=("XADR",),
        traps="Discloses routing data",
        status="private",
        rfc="Sun/Oracle Messaging Server (private)",
    ),
    "XCIR": Extension(
        short="circuit checks (XCIR)",
        commands=("XCIR",),
        traps="The same as for XADR",
        status="private",
        rfc="Sun/Oracle Messaging Server (private)",
    ),
    "XGEN": Extension(
        short="configuration status (XGEN)",
        commands=("XGEN",),
        traps="The same as for XADR",
        status="private",
        rfc="Sun/Oracle Messaging Server (private)",
    ),
    "XSTA": Extension(
        short="message counts (XSTA)",
        commands=("XSTA",),
        traps="The same as for XADR",
        status="private",
        rfc="Sun/Oracle Messaging Server (private)",
    ),
    "XLOOP": Extension(
        what="Lets the server detect that it is connected to itself",
        parameters="hexadecimal string that identifies the server",
        traps="Shows only that the server is Sun/Oracle Messaging Server",
        status="private",
        rfc="Sun/Oracle Messaging Server (private)",
        sure=False,
    ),
}


def describe(keyword: str, parameters: tuple[str, ...]) -> Described:
    """Return the description of a keyword, known or not, that a server listed with `parameters`."""
    keyword = keyword.upper()
    said = " ".join(parameters)
    fact = EXTENSIONS.get(keyword)
    if keyword.startswith("X-EXPS="):
        fact = EXTENSIONS["X-EXPS=LOGIN"]
        said = " ".join((keyword.removeprefix("X-EXPS="), *parameters))
    if keyword.startswith("AUTH="):
        fact = EXTENSIONS["AUTH=LOGIN"]
        said = " ".join((keyword.removeprefix("AUTH="), *parameters))
    if fact is None and is_overwritten(keyword):
        what = (
            "A firewall (Cisco PIX or ASA with SMTP inspection) has overwritten a keyword that it "
            "does not recognise, most often STARTTLS. The client cannot use it."
        )
        return Described(keyword, "overwritten in transit", what, "Cisco ESMTP inspection", False,
                         "unknown")  # fmt: skip
    if fact is None and keyword == "OK" and not parameters:
        what = "Not an extension: some servers (Exchange, Amazon SES) end the list with this word."
        return Described(keyword, "the end of the list", what, "private", False, "unknown")
    if fact is None:
        what = "Not a known extension. HELP or the server's documentation may say more."
        return Described(keyword, said or "unknown extension", what, "", False, "unknown")
    words = _WORDS.get(keyword)
    short = words(parameters) if words is not None else ""
    short = short or " ".join(filter(None, (fact.short, said)))
    what = fact.what if fact.what.lower() != short.lower() else ""
    if not (short or what) and fact.commands:
        from .commands import COMMANDS

        what = COMMANDS[fact.commands[0]].summary.removeprefix(f"{fact.status}: ")
    reserve = [fact.status] if fact.status != "standard" else []
    if not fact.sure:
        reserve.append(UNCONFIRMED)
    if reserve:
        what = f"{what} ({', '.join(reserve)})".strip()
    return Described(keyword, short or what, what if short else "", fact.rfc, True, fact.status)


def is_overwritten(keyword: str) -> bool:
    """Return whether a firewall has overwritten a keyword with X, as in XXXXXXXA or STARTTLX.

    The keyword must be in upper case. Cisco's ESMTP inspection replaces letters with X, and
    sometimes leaves the last letter unchanged.
    """
    if keyword.startswith("XXXX") and re.fullmatch(_OVERWRITTEN, keyword):
        return True
    return any(
        len(keyword) == len(known)
        and keyword != known
        and all(char in (of, "X") for char, of in zip(keyword, known, strict=True))
        for known in _HIDDEN
    )


def change_note(keyword: str, added: bool, *, tls: bool, logged_in: bool) -> str:
    """Return a note on a keyword that is new in the last EHLO reply, or missing from it, or "".

    The keyword is new if `added` is true.
    """
    if not added and keyword == "STARTTLS":
        return "normal once TLS is active" if tls else "TLS can no longer be started"
    if not added and keyword == "PIPELINING":
        return "commands must now be sent one at a time"
    if not added and keyword == "AUTH":
        return "normal after login" if logged_in else "login is no longer possible"
    if added and keyword == "AUTH" and tls:
        return "offered over TLS only"
    if added and keyword == "REQUIRETLS":
        return "offered over TLS only, as required"
    return ""


def in_bytes(octets: int) -> str:
    """Return a number of octets in binary units, such as "50 MiB" for 52428800."""
    for unit, size in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if octets >= size:
            number = octets / size
            return f"{number:,.0f} {unit}" if octets % size == 0 else f"{number:,.1f} {unit}"
    return plural(octets, "{} byte")


def _size(parameters: tuple[str, ...]) -> str:
    if not parameters:
        return "no size limit stated"
    limit = parameters[0]
    if not limit.isascii() or not limit.isdigit() or len(limit) > 20:
        return f"{limit}: not a size in octets"
    if int(limit) == 0:
        return "no fixed maximum size"
    return f"messages up to {in_bytes(int(limit))}"


def _auth(parameters: tuple[str, ...]) -> str:
    if not parameters:
        return "login, but no mechanism is listed"
    return "login with " + " ".join(parameters)


def _limits(parameters: tuple[str, ...]) -> str:
    words = {
        "MAILMAX": ("message", "per connection"),
        "RCPTMAX": ("recipient", "per message"),
        "RCPTDOMAINMAX": ("recipient domain", "per connection"),
    }
    parts: list[str] = []
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        counted, per = words.get(name.upper(), ("", ""))
        parts.append(f"{_counted(value, counted)} {per}" if counted else parameter)
    return "at most " + ", ".join(parts) if parts else ""


def _deliver_by(parameters: tuple[str, ...]) -> str:
    seconds = _number(parameters)
    return f"delivery time limits of at least {_counted(seconds, 'second')}" if seconds else ""


def _future_release(parameters: tuple[str, ...]) -> str:
    seconds = _number(parameters)
    last = f", until {parameters[1]} at the latest" if len(parameters) > 1 else ""
    return f"holds messages for up to {_counted(seconds, 'second')}{last}" if seconds else ""


def _counted(number: str, one: str) -> str:
    """Return a number from the wire with the noun `one`, in the singular or plural."""
    return f"{number} {plural(1 if number == '1' else 2, one)}"


def _number(parameters: tuple[str, ...]) -> str:
    """Return the first parameter if it is a decimal number, or an empty string."""
    first = parameters[0] if parameters else ""
    return first if first.isascii() and first.isdigit() else ""


_WORDS = {
    "SIZE": _size,
    "AUTH": _auth,
    "LIMITS": _limits,
    "DELIVERBY": _deliver_by,
    "FUTURERELEASE": _future_release,
}
