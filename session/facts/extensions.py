"""EHLO keywords: what each lets one do, and its parameters put into words.

The whole IANA list, and private keywords that are met. Keywords and parameters come from the
wire: whoever shows them passes them through `visible_text`.
"""

from __future__ import annotations

from typing import NamedTuple

from ..plural import plural
from .commands import COMMANDS


class Extension(NamedTuple):
    """`short` in a few words, `what` it lets one do, `traps` what people trip over.

    `commands` are those that it adds, `status` is "standard", "private", "obsolete" ...; `sure`
    is False for what is known only by hearsay.
    """

    short: str = ""
    what: str = ""
    parameters: str = ""
    commands: tuple[str, ...] = ()
    traps: str = ""
    status: str = "standard"
    rfc: str = ""
    sure: bool = True


class Described(NamedTuple):
    """A keyword as a server listed it, in words."""

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
            "Lines still end in CRLF and stay within 1000 octets; headers stay ASCII. A relay "
            "that meets a next hop without it has to convert or bounce"
        ),
        rfc="RFC 6152",
    ),
    "SIZE": Extension(
        short="announces its limit on a message",
        what=("Learn the limit before sending, and have a big message refused at MAIL already"),
        parameters="[digits]: largest message in octets; 0 or nothing = no fixed limit stated",
        traps=(
            "Counts CRLFs but not the doubled dots. The limit may be lower for one recipient: 552"
            " may still come later"
        ),
        rfc="RFC 1870",
    ),
    "PIPELINING": Extension(
        short="several commands in one go",
        what="Send a group of commands without waiting for each reply",
        traps=(
            "EHLO, DATA, VRFY, EXPN, TURN, QUIT, NOOP and unknown extension commands only as the "
            "last of a group. Read every reply. If no recipient was accepted and DATA got 354, "
            "send a lone dot"
        ),
        rfc="RFC 2920",
    ),
    "ENHANCEDSTATUSCODES": Extension(
        short="replies with codes such as 5.1.1",
        what="Replies carry a class.subject.detail code after the number",
        traps="Not in 3yz replies, nor in the greeting and the EHLO reply",
        rfc="RFC 2034",
    ),
    "DSN": Extension(
        short="delivery reports on demand",
        what="Ask for a report on success, delay or failure, or for none",
        traps=("A next hop without DSN answers with a report that it relayed. NEVER stands alone"),
        rfc="RFC 3461",
    ),
    "STARTTLS": Extension(
        short="can switch to TLS",
        what="Switch to TLS",
        commands=("STARTTLS",),
        traps=(
            "Can be stripped from the list by someone in the middle: insist on it or use port "
            "465. Must vanish from the list after TLS started"
        ),
        rfc="RFC 3207",
    ),
    "AUTH": Extension(
        short="log in",
        what="Lets you prove who you are; on submission ports that comes before MAIL",
        parameters="list of SASL mechanisms",
        commands=("AUTH",),
        traps=(
            "The list often grows after STARTTLS. Some servers repeat it as AUTH=... for very old"
            " clients"
        ),
        rfc="RFC 4954",
    ),
    "CHUNKING": Extension(
        short="messages in counted chunks (BDAT)",
        what="Send the message as counted blocks",
        commands=("BDAT",),
        traps="See BDAT; DATA stays possible when BODY is not BINARYMIME",
        rfc="RFC 3030 2",
    ),
    "BINARYMIME": Extension(
        short="bodies of any bytes",
        what="Send bodies without any line structure",
        traps=("Only with CHUNKING, and then by BDAT only: DATA gets 503. Few next hops have it"),
        rfc="RFC 3030 3",
    ),
    "SMTPUTF8": Extension(
        short="addresses in any script",
        what="Use UTF-8 in addresses and headers",
        parameters="none; ignore any",
        traps=(
            "The server must have 8BITMIME too. The whole way to the mailbox needs it; otherwise "
            "550 or 553 with X.6.7"
        ),
        rfc="RFC 6531",
    ),
    "DELIVERBY": Extension(
        short="messages with a time limit",
        what="Give a message a time limit: return or notify when it runs out",
        parameters="[digits]: smallest time in seconds the server will promise",
        traps="Seconds may be negative with mode N only",
        rfc="RFC 2852",
    ),
    "ETRN": Extension(
        short="starts its queue on demand",
        what="Start the queue run for a domain",
        commands=("ETRN",),
        traps="Not on the submission port",
        rfc="RFC 1985",
    ),
    "ATRN": Extension(
        what="Turn the connection around after login and receive waiting mail",
        commands=("ATRN",),
        traps="Not on the submission port; lives on port 366",
        rfc="RFC 2645",
    ),
    "BURL": Extension(
        short="fetches message parts from IMAP",
        what="Submit mail whose parts lie on an IMAP server",
        parameters="[ imap / imap://server ... ]: URLs the server trusts",
        commands=("BURL",),
        traps="Submission only; may appear after AUTH only",
        rfc="RFC 4468",
    ),
    "FUTURERELEASE": Extension(
        short="holds messages until later",
        what="Have the submission server keep a message until later",
        parameters="max-seconds SP latest-date-time",
        traps="Submission only. One of the two parameters, not both",
        rfc="RFC 4865",
    ),
    "NO-SOLICITING": Extension(
        what="Tell senders that advertising of these classes is not wanted",
        parameters="[solicitation class keywords]",
        traps="Practically unused",
        rfc="RFC 3865",
    ),
    "MTRK": Extension(
        what="Leave a token by which the message can be tracked later",
        traps="Needs ENVID from DSN too. Practically unused",
        rfc="RFC 3885",
    ),
    "CONPERM": Extension(
        what="Permit conversion of the content under way",
        traps="Practically unused",
        rfc="RFC 4141",
    ),
    "CONNEG": Extension(
        what="Ask what the recipient's device can show",
        traps="Practically unused",
        rfc="RFC 4141",
    ),
    "MT-PRIORITY": Extension(
        short="transfer priorities",
        what="Give a message a transfer priority",
        parameters="[name of a priority policy]",
        traps="Servers may lower it (250 with X.3.6)",
        rfc="RFC 6710",
    ),
    "RRVS": Extension(
        short="checks that the owner is the same",
        what="Deliver only if the mailbox has had the same owner since that time",
        traps="Guards against recycled addresses; few servers have it",
        rfc="RFC 7293",
    ),
    "REQUIRETLS": Extension(
        short="verified TLS on the whole way",
        what="Insist on verified TLS for every hop, or a bounce",
        traps="Offered over TLS only",
        rfc="RFC 8689",
    ),
    "LIMITS": Extension(
        short="tells its limits",
        what=(
            "Learn how many transactions a session, recipients a transaction, recipient domains a"
            " session"
        ),
        parameters="name=number ...: MAILMAX, RCPTMAX, RCPTDOMAINMAX",
        traps="Ignore unknown names. Values may change after STARTTLS or AUTH",
        rfc="RFC 9422",
    ),
    "EXPN": Extension(
        short="EXPN is there",
        commands=("EXPN",),
        traps="Listed means it is there, not that it answers you",
        rfc="RFC 5321 3.5.2",
    ),
    "VRFY": Extension(
        short="VRFY is there",
        commands=("VRFY",),
        traps="Servers must have the command; listing it is a courtesy",
        rfc="RFC 5321 3.5.2; IANA registry",
    ),
    "HELP": Extension(
        short="HELP is there",
        commands=("HELP",),
        rfc="RFC 5321 4.1.1.8",
    ),
    "CHECKPOINT": Extension(
        what="Go on with a broken transfer where it stopped (reply 355 to MAIL)",
        traps="Experimental and not found in practice",
        status="experimental",
        rfc="RFC 1845",
    ),
    "SUBMITTER": Extension(
        what="Name the responsible sender for Sender-ID",
        traps="Sender-ID is historic",
        status="historic",
        rfc="RFC 4405",
    ),
    "UTF8SMTP": Extension(
        what="First try at international addresses, with downgrading",
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
        short="can change roles (TURN)",
        commands=("TURN",),
        traps="Deprecated: no proof of who asks",
        status="historic",
        rfc="RFC 821 3.8; RFC 5321 F.1",
    ),
    "VERB": Extension(
        short="tells what it does (VERB)",
        commands=("VERB",),
        traps="Sendmail only",
        status="private",
        rfc="IANA registry, no RFC (Sendmail, private)",
    ),
    "ONEX": Extension(
        short="takes a word that one message follows (ONEX)",
        commands=("ONEX",),
        traps="Sendmail only",
        status="private",
        rfc="IANA registry, no RFC (Sendmail, private)",
    ),
    "XCLIENT": Extension(
        short="lets you take another identity",
        what="Take on the identity of another client",
        parameters="names of attributes: NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT",
        commands=("XCLIENT",),
        traps=(
            "Offered to listed clients only; if a stranger sees it, the server is misconfigured"
        ),
        status="private",
        rfc="Postfix XCLIENT_README (private)",
    ),
    "XFORWARD": Extension(
        short="takes client data for its log",
        what="Pass on client data for logging",
        parameters="names of attributes: NAME ADDR PORT PROTO HELO IDENT SOURCE",
        commands=("XFORWARD",),
        traps="As XCLIENT",
        status="private",
        rfc="Postfix XFORWARD_README (private)",
    ),
    "XVERP": Extension(
        what="Have one sender address made per recipient for a mailing list",
        traps="Postfix takes the parameter; it belongs on trusted connections",
        status="private",
        rfc="Postfix VERP_README (private)",
    ),
    "PIPECONNECT": Extension(
        short="commands along with the connection",
        what=(
            "Exim: on a later visit send EHLO (and more) together with the connection, before the"
            " greeting"
        ),
        traps=(
            "Used only when seen on an earlier connection. Older Exim builds showed it as "
            "X_PIPE_CONNECT"
        ),
        status="private",
        rfc="Exim (private)",
    ),
    "X_PIPE_CONNECT": Extension(
        what="Older name of PIPECONNECT",
        traps="As PIPECONNECT",
        status="private",
        rfc="Exim (private)",
        sure=False,
    ),
    "PRDR": Extension(
        short="a reply for each recipient",
        what=(
            "One reply per recipient after the message, as in LMTP: 353, then one line each, then"
            " a final one"
        ),
        traps="An expired draft; Exim and few others",
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
        short="takes a word that a user submits (XUSR)",
        commands=("XUSR",),
        traps="Sendmail only",
        status="private",
        rfc="Sendmail (private)",
        sure=False,
    ),
    "CLIENTID": Extension(
        what="Name the device before login",
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
        traps="Tells you that it is Exchange; use AUTH",
        status="private",
        rfc="Microsoft Exchange (private)",
    ),
    "X-ANONYMOUSTLS": Extension(
        what="TLS between Exchange servers without certificate checks",
        commands=("X-ANONYMOUSTLS",),
        traps="When STARTTLS is missing beside it, the certificate is usually not set up",
        status="private",
        rfc="Microsoft Exchange (private)",
    ),
    "X-LINK2STATE": Extension(
        what="Exchange 2000/2003 routing tables",
        commands=("X-LINK2STATE",),
        traps="A very old server",
        status="private",
        rfc="Microsoft Exchange (private)",
    ),
    "XEXCH50": Extension(
        what="Exchange message properties as a binary block",
        commands=("XEXCH50",),
        traps="Exchange 2007 or older",
        status="private",
        rfc="Microsoft Exchange (private)",
    ),
    "XRDST": Extension(
        what=("Exchange: routing destination for a recipient, between servers of one organisation"),
        traps="Only says that it is Exchange",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XSHADOW": Extension(
        what="Exchange 2010 and later: shadow copies of mail in transit",
        commands=("XSHADOW",),
        traps="Only says that it is Exchange",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XSHADOWREQUEST": Extension(
        what="Exchange 2013 and later: ask the peer to keep a shadow copy",
        traps="Between Exchange servers",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XPROXY": Extension(
        what="Exchange front end hands a session to the back end",
        commands=("XPROXY",),
        traps="Between Exchange servers",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XPROXYFROM": Extension(
        what="Exchange front end names the original client to the back end",
        commands=("XPROXYFROM",),
        traps="Between Exchange servers",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XPROXYTO": Extension(
        what="Exchange server asks another to send on its behalf",
        commands=("XPROXYTO",),
        traps="Between Exchange servers",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XSESSIONPARAMS": Extension(
        what="Exchange: pass session identifiers",
        commands=("XSESSIONPARAMS",),
        traps="Between Exchange servers",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XOORG": Extension(
        what=(
            "Exchange Online and hybrid servers pass the originating organisation (also written "
            "OORG)"
        ),
        traps="Offered to trusted peers",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XLONGADDR": Extension(
        what="Exchange: addresses longer than usual (X.400, X.500) between servers",
        traps="Between Exchange servers",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XORAR": Extension(
        what="Exchange: alternate recipient asked for by the sender",
        traps="Between Exchange servers",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XATTR": Extension(
        what="Exchange Online: which organisation a message belongs to",
        traps="Between Exchange servers",
        status="private",
        rfc="Microsoft Exchange (private)",
    ),
    "XSYSPROBE": Extension(
        what="Exchange Online: marks test messages of the monitoring",
        traps="Between Exchange servers",
        status="private",
        rfc="Microsoft Exchange (private)",
    ),
    "XORIGFROM": Extension(
        what="Exchange: the sender before rewriting",
        traps="Between Exchange servers",
        status="private",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XRCPTFORWARD": Extension(
        what="Dovecot LMTP proxy hands data on a recipient to the backend",
        traps="From trusted addresses only (550)",
        status="private",
        rfc="Dovecot src/lmtp (private)",
    ),
    "AUTH=LOGIN": Extension(
        short="log in, written for very old clients:",
        what="Let clients from before RFC 2554 find the mechanisms",
        parameters="as in AUTH, written with an equals sign",
        traps="Read it as AUTH only if there is no AUTH line",
        status="private",
        rfc="Sendmail, Exchange, Postfix broken_sasl_auth_clients (private)",
    ),
    "XADR": Extension(
        short="shows how an address is routed",
        commands=("XADR",),
        traps="Leaks routing data",
        status="private",
        rfc="Sun/Oracle Messaging Server (private)",
    ),
    "XCIR": Extension(
        short="shows circuit checks",
        commands=("XCIR",),
        traps="As XADR",
        status="private",
        rfc="Sun/Oracle Messaging Server (private)",
    ),
    "XGEN": Extension(
        short="shows how it is configured",
        commands=("XGEN",),
        traps="As XADR",
        status="private",
        rfc="Sun/Oracle Messaging Server (private)",
    ),
    "XSTA": Extension(
        short="counts its messages",
        commands=("XSTA",),
        traps="As XADR",
        status="private",
        rfc="Sun/Oracle Messaging Server (private)",
    ),
    "XLOOP": Extension(
        what="Lets the server notice that it is talking to itself",
        parameters="hexadecimal string that marks the server",
        traps="Only says that it is Sun/Oracle Messaging Server",
        status="private",
        rfc="Sun/Oracle Messaging Server (private)",
        sure=False,
    ),
}


def describe(keyword: str, parameters: tuple[str, ...]) -> Described:
    """What a server says by listing `keyword` with `parameters`. Never raises."""
    keyword = keyword.upper()
    said = " ".join(parameters)
    fact = EXTENSIONS.get(keyword)
    if keyword.startswith("AUTH="):
        fact = EXTENSIONS["AUTH=LOGIN"]
        said = " ".join((keyword.removeprefix("AUTH="), *parameters))
    if fact is None:
        what = "Not in the list of known extensions. HELP or the server's manual may say more."
        return Described(keyword, said or "unknown extension", what, "", False, "unknown")
    words = _WORDS.get(keyword)
    short = words(parameters) if words is not None else ""
    short = short or " ".join(filter(None, (fact.short, said)))
    what = fact.what if fact.what.lower() != short.lower() else ""
    if not (short or what) and fact.commands:
        what = COMMANDS[fact.commands[0]].summary.removeprefix(f"{fact.status}: ")
    reserve = [fact.status] if fact.status != "standard" else []
    if not fact.sure:
        reserve.append("by hearsay")
    if reserve:
        what = f"{what} ({', '.join(reserve)})".strip()
    return Described(keyword, short or what, what if short else "", fact.rfc, True, fact.status)


def change_note(keyword: str, added: bool, *, tls: bool, logged_in: bool) -> str:
    """A word on why a keyword came or went since the EHLO before."""
    if not added and keyword == "STARTTLS":
        return "as it should be, once used" if tls else "no TLS can be started any more"
    if not added and keyword == "PIPELINING":
        return "one command at a time now"
    if not added and keyword == "AUTH":
        return "as it should be, once logged in" if logged_in else "no login any more"
    if added and keyword == "AUTH" and tls:
        return "offered over TLS only"
    if added and keyword == "REQUIRETLS":
        return "offered over TLS only, as it should be"
    return ""


def in_bytes(octets: int) -> str:
    """A size in words: 52428800 is 50 MiB."""
    for unit, size in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if octets >= size:
            number = octets / size
            return f"{number:,.0f} {unit}" if octets % size == 0 else f"{number:,.1f} {unit}"
    return plural(octets, "{} byte")


def _size(parameters: tuple[str, ...]) -> str:
    if not parameters:
        return "any size; no limit is stated"
    limit = parameters[0]
    if not limit.isascii() or not limit.isdigit() or len(limit) > 20:
        return f"{limit}: not a number of octets"
    if int(limit) == 0:
        return "any size; no limit is stated"
    return f"messages up to {in_bytes(int(limit))}"


def _auth(parameters: tuple[str, ...]) -> str:
    if not parameters:
        return "log in, but no mechanism is listed"
    return "log in with " + " ".join(parameters)


def _limits(parameters: tuple[str, ...]) -> str:
    words = {
        "MAILMAX": "{} messages a connection",
        "RCPTMAX": "{} recipients a message",
        "RCPTDOMAINMAX": "{} recipient domains a connection",
    }
    parts: list[str] = []
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        parts.append(words[name.upper()].format(value) if name.upper() in words else parameter)
    return "at most " + ", ".join(parts) if parts else ""


def _deliver_by(parameters: tuple[str, ...]) -> str:
    seconds = _number(parameters)
    return f"time limits from {seconds} seconds on" if seconds else ""


def _future_release(parameters: tuple[str, ...]) -> str:
    seconds = _number(parameters)
    last = f", {parameters[1]} at the latest" if len(parameters) > 1 else ""
    return f"holds messages for up to {seconds} seconds{last}" if seconds else ""


def _number(parameters: tuple[str, ...]) -> str:
    """The first parameter if it is a number; "" if not."""
    first = parameters[0] if parameters else ""
    return first if first.isascii() and first.isdigit() else ""


_WORDS = {
    "SIZE": _size,
    "AUTH": _auth,
    "LIMITS": _limits,
    "DELIVERBY": _deliver_by,
    "FUTURERELEASE": _future_release,
}
