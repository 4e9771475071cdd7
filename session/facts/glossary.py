"""The glossary: terms of mail transport, each explained in a sentence or two, with its source.

It contains the terms of the standards and those used on heloscope's own screens. Commands, EHLO
keywords, codes and mechanisms are explained in their own tables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from typing import NamedTuple


class Term(NamedTuple):
    """A term: its `name`, its meaning, the sections that define it, and its `aliases`.

    `aliases` are other names for the term. Regular plurals are recognised without being listed.
    """

    name: str
    means: str
    source: str
    aliases: tuple[str, ...] = ()


GLOSSARY: tuple[Term, ...] = (
    Term("address literal",
         "An IP address in square brackets, used instead of a domain name, as in [192.0.2.1] or "
         "[IPv6:2001:db8::1]. A client that has no host name sends one in EHLO.",
         "RFC 5321 4.1.3, 4.1.4"),
    Term("alias",
         "An address that the server replaces with one or more others in the envelope. The "
         "reverse-path stays the same, unlike with a mailing list.",
         "RFC 5321 3.9.1"),
    Term("authorization identity",
         "The user on whose behalf a client wants to act, if not the user to whom the password "
         "belongs. Usually empty, which means that both are the same.",
         "RFC 4422 2, 3.4.1", ("authzid",)),
    Term("backscatter",
         "Bounces to users who have sent nothing: the reverse-path was forged, and the server "
         "accepted the message before it found that it could not deliver it.",
         "RFC 7208 2.5, RFC 5321 6.1"),
    Term("bare CR",
         "A carriage return without a line feed after it. It does not end a line and must not be "
         "sent.",
         "RFC 5321 2.3.8"),
    Term("bare LF",
         "A line feed without a carriage return before it. It is not a line ending in SMTP and "
         "must not be sent; servers that treat it as one make smuggling possible.",
         "RFC 5321 2.3.8, 4.1.1.4"),
    Term("base64",
         "A way to write any octets with 64 printable characters, four characters for every three "
         "octets. Anyone can decode it: it hides nothing.",
         "RFC 4648 4"),
    Term("blocklist",
         "A list of IP addresses or domains from which a server does not accept mail, usually "
         "published in DNS, so that any server can query it.",
         "RFC 5782 1, 2.1", ("DNSBL", "blacklist", "RBL")),
    Term("body",
         "Everything after the first empty line of a message. The part before that line is the "
         "header section.",
         "RFC 5322 2.1, 2.3"),
    Term("bounce",
         "A message reporting that another message could not be delivered. It is sent with the "
         "null reverse-path, to the reverse-path of the message that failed.",
         "RFC 5321 3.6.3, 6.1", ("non-delivery report", "NDR")),
    Term("certificate authority",
         "An organisation whose signature on a certificate vouches that the key in it belongs to "
         "the name in it. A client has a list of the authorities that it trusts.",
         "RFC 5280 3.2", ("CA",)),
    Term("certificate chain",
         "The server's certificate, followed by those that vouch for it: each is signed with the "
         "key of the next, up to one that the client already trusts.",
         "RFC 5280 3.2, 6.1, RFC 8446 4.4.2"),
    Term("challenge",
         "What the server sends in a 334 reply, in base64. The client answers it with one line of "
         "base64, the response.",
         "RFC 4954 4"),
    Term("channel binding",
         "Proof, included in a login, that client and server use the same TLS connection. A relay "
         "in the middle has two connections and cannot provide it. Mechanisms whose names end in "
         "-PLUS use it.",
         "RFC 5056 1, RFC 5802 6"),
    Term("chunk",
         "The octets after a BDAT command, as many as it announces. The server counts them and "
         "does not look for an end: dots are not doubled, and a chunk may end in the middle of a "
         "line. Lines of text still end in CRLF.",
         "RFC 3030 2"),
    Term("cipher suite",
         "The set of algorithms that encrypt and protect a TLS connection, chosen by the server "
         "from those that the client offers.",
         "RFC 8446 4.1.1, B.4"),
    Term("client",
         "The side that opens the connection and sends commands. A server that passes a message on "
         "is the client of the next server.",
         "RFC 5321 2.1, 2.3.2"),
    Term("command",
         "A line from the client: a case-insensitive verb and any arguments, ended by CRLF. The "
         "server answers it with one reply.",
         "RFC 5321 2.4, 4.1.1, 4.2"),
    Term("CRLF",
         "Carriage return and line feed (octets 0D 0A) in this order: the only line ending in "
         "SMTP.",
         "RFC 5321 2.3.8"),
    Term("DANE",
         "A way to publish a mail server's certificate or key in signed DNS records (TLSA), which "
         "also say that the server offers STARTTLS. A client that checks these records sends to "
         "that server only over TLS with a matching certificate.",
         "RFC 7672 1.3, 2.2", ("TLSA",)),
    Term("DKIM",
         "A signature in the header section by which a domain takes responsibility for a message. "
         "The key that checks it is published in DNS.",
         "RFC 6376 1, 3.6.2"),
    Term("DMARC",
         "A domain's statement in DNS about what to do with a message that has its name in From "
         "and passes neither SPF nor DKIM for that domain.",
         "RFC 7489 1, 3.1"),
    Term("domain",
         "The part of an address after the @: a name in DNS, or an address literal. It determines "
         "which hosts accept the mail.",
         "RFC 5321 2.3.5, 2.3.11"),
    Term("dot-stuffing",
         "Adding a dot in front of each line of a message that begins with a dot, so that no such "
         "line is mistaken for the end of mail data; the server removes the extra dot. The "
         "standard calls it transparency.",
         "RFC 5321 4.5.2", ("transparency", "dot stuffing")),
    Term("DSN",
         "A delivery status notification: a report on delivery, failure or delay for named "
         "recipients, in a form that programs can read. Also the extension with which a client "
         "requests one.",
         "RFC 3464 2, 2.3.3, RFC 3461 4", ("delivery status notification",)),
    Term("early talker",
         "A client that sends before the server has greeted it. Servers take this as a sign of "
         "spam software, which does not wait.",
         "RFC 5321 3.1, 4.3.1"),
    Term("end of mail data",
         "CRLF, a dot, CRLF: the end of a message after DATA. The first CRLF still belongs to the "
         "message.",
         "RFC 5321 4.1.1.4", ("end of data",)),
    Term("enhanced status code",
         "Three numbers, class.subject.detail, in front of the text of a reply, as in 5.1.1. The "
         "class matches the first digit of the reply code.",
         "RFC 3463 2, RFC 2034 4", ("enhanced code",)),
    Term("envelope",
         "The reverse-path, the forward-paths and their parameters, as sent in MAIL and RCPT. "
         "Servers deliver by the envelope, not by the fields of the header section.",
         "RFC 5321 2.3.1"),
    Term("ESMTP",
         "SMTP with extensions: a client sends EHLO, and the server lists the extensions that it "
         "supports. Every server today is expected to support it.",
         "RFC 5321 2.2.1, 3.2"),
    Term("extension",
         "An addition to SMTP that a server announces with a keyword in its reply to EHLO. The "
         "client may use it only if it was announced.",
         "RFC 5321 2.2, 4.1.1.3"),
    Term("forward-path",
         "The address in an RCPT command, to which one copy of the message goes.",
         "RFC 5321 2.3.1, 4.1.1.3"),
    Term("FQDN",
         "A fully qualified domain name: a name with all its labels up to the top level, as in "
         "mail.example.org.",
         "RFC 5321 2.3.5", ("fully qualified domain name", "fully qualified name")),
    Term("greeting",
         "The server's first reply, sent as soon as the client connects. 220 invites the client to "
         "begin; 554 refuses service.",
         "RFC 5321 3.1, 4.3.1"),
    Term("greylisting",
         "Refusing unknown senders with a 4yz reply for a while. Mail servers try again later; "
         "much spam software does not.",
         "RFC 6647 1, 2", ("graylisting", "greylisted", "greylist")),
    Term("handshake",
         "The exchange that starts TLS: both sides agree on a version and a cipher suite, and the "
         "server proves that it is the one named in its certificate.",
         "RFC 8446 2", ("TLS handshake",)),
    Term("header section",
         "The fields at the beginning of a message (From, Subject, Received …), up to the first "
         "empty line.",
         "RFC 5322 2.1, 2.2", ("header", "header field")),
    Term("implicit TLS",
         "TLS from the first octet of a connection, without STARTTLS: port 465 for submission.",
         "RFC 8314 3, 3.3"),
    Term("initial response",
         "The first response of a login, sent on the AUTH line itself to save a round trip. A "
         "single = stands for an empty response.",
         "RFC 4954 4", ("initial client response",)),
    Term("keyword",
         "The first word of each line but the first in the reply to EHLO: the name of an "
         "extension, often followed by parameters.",
         "RFC 5321 2.2.1, 4.1.1.1"),
    Term("LMTP",
         "A sibling of SMTP for handing mail to a message store that has no queue: it uses LHLO "
         "instead of EHLO, and one reply for each accepted recipient follows the message.",
         "RFC 2033 1, 4.1, 4.2"),
    Term("local-part",
         "The part of an address before the @. Only the host that the domain leads to may "
         "interpret it, and it may be case-sensitive.",
         "RFC 5321 2.3.11, 2.4"),
    Term("mail loop",
         "A fault in which servers keep passing the same message to one another. Counting its "
         "Received fields detects the loop; the limit should be at least 100.",
         "RFC 5321 6.3"),
    Term("mailbox",
         "The store that an address names, where its mail is kept; also the address itself.",
         "RFC 5321 2.3.11"),
    Term("mailing list",
         "An address that stands for many others. The copy sent to each has a new reverse-path, so "
         "that reports go to the list's owner.",
         "RFC 5321 3.9, 3.9.2"),
    Term("MTA",
         "A mail transfer agent: the program that accepts mail by SMTP and passes it on or "
         "delivers it, such as Postfix or Exim.",
         "RFC 5321 2.3.3", ("mail transfer agent",)),
    Term("MTA-STS",
         "A policy that a domain publishes over HTTPS. It names the domain's mail servers and, in "
         "enforce mode, requires that mail be sent only over TLS with a valid certificate.",
         "RFC 8461 3.2, 5"),
    Term("MUA",
         "A mail user agent: the program in which users read and write mail. It hands new messages "
         "to the user's provider by submission.",
         "RFC 5321 2.3.3, RFC 6409 3.1", ("mail user agent", "user agent")),
    Term("MX record",
         "A DNS record that names a host that accepts mail for a domain. The host with the lowest "
         "preference number is tried first.",
         "RFC 5321 5.1", ("MX",)),
    Term("null reverse-path",
         "<> in MAIL: the sender of reports. No report about such a message may be sent, so that "
         "reports cannot loop.",
         "RFC 5321 4.5.5, 6.1", ("null sender", "empty reverse-path")),
    Term("octet",
         "Eight bits: the unit of every size in SMTP. A letter outside ASCII takes two or more "
         "octets in UTF-8.",
         "RFC 5321 2.4, 4.5.3.1"),
    Term("open relay",
         "A server that passes mail on between strangers: neither the sender nor the recipient is "
         "one of its users. Spammers abuse it, and other servers block it.",
         "RFC 5321 7.9, RFC 2505 2.1"),
    Term("opportunistic TLS",
         "Using STARTTLS if it is offered, and continuing unencrypted if it is not, often without "
         "checking the certificate. It protects against eavesdropping, but not against an attacker "
         "who removes the offer.",
         "RFC 7435 3, RFC 3207 6"),
    Term("parameter",
         "A word after the path in MAIL or RCPT, usually with a value, as in SIZE=1000. Allowed "
         "only if the server has announced the extension that defines it.",
         "RFC 5321 4.1.1.2, 4.1.1.3", ("esmtp parameter",)),
    Term("path",
         "An address in angle brackets, as used in MAIL and RCPT. Source routes, which may come "
         "before the address, should no longer be sent.",
         "RFC 5321 4.1.2, appendix C"),
    Term("permanent failure",
         "A refusal with a 5yz reply: the same command should not be repeated unchanged.",
         "RFC 5321 4.2.1", ("permanent negative completion", "refused permanently")),
    Term("pipelining",
         "Sending a group of commands at once, without waiting for each reply, if the server "
         "offers it. DATA, EHLO and other commands whose reply decides what follows end a group.",
         "RFC 2920 3.1", ("pipelined",)),
    Term("postmaster",
         "The mailbox that every domain with mail must have; the name is case-insensitive. On the "
         "domain's own server it also works without the domain: RCPT TO:<Postmaster>.",
         "RFC 5321 4.1.1.3, 4.5.1"),
    Term("queue",
         "The store of messages that a server has accepted but not yet passed on. The server tries "
         "for days before it gives up and sends a bounce.",
         "RFC 5321 4.5.4.1"),
    Term("queue ID",
         "The name of a message in a server's queue and log. Many servers state it in the reply to "
         "the end of mail data; no standard defines the form.",
         "RFC 5321 4.4", ("queue identifier",)),
    Term("quoted string",
         "A local-part in double quotes, which may contain spaces and other special characters, as "
         "in "
         '"joe blow"@example.org.',
         "RFC 5321 4.1.2", ("quoted-string",)),
    Term("rate limit",
         "A limit on connections, messages or recipients within a period. No code is reserved for "
         "it: servers usually reply 4yz, or reply 421 and close the connection; the same command "
         "works later.",
         "RFC 5321 4.2.1, 4.2.2", ("rate limited", "rate limiting", "throttling")),
    Term("recipient",
         "A mailbox named in RCPT. The To and Cc fields of the message may name others.",
         "RFC 5321 2.3.1, 3.3"),
    Term("relay",
         "A server that accepts mail in order to pass it on to another server, unchanged except "
         "for a trace field.",
         "RFC 5321 2.3.10, 3.6.3", ("relaying", "relayed")),
    Term("reply",
         "The server's answer to a command: a code of three digits and a text, in one line or "
         "several. Every line but the last has a hyphen after the code.",
         "RFC 5321 2.3.7, 4.2, 4.2.1"),
    Term("reply code",
         "The three digits of a reply. The first says whether the command worked: 2 yes, 3 go on, "
         "4 not now, 5 no. The second says what the reply is about.",
         "RFC 5321 4.2.1"),
    Term("reverse DNS",
         "The name that DNS gives for an IP address (its PTR record). Servers often refuse clients "
         "that have no such name, or whose name does not lead back to the address.",
         "RFC 1035 3.5, RFC 1912 2.1", ("PTR record", "PTR")),
    Term("reverse-path",
         "The address in the MAIL command, to which reports about the message go. It need not be "
         "the one in From.",
         "RFC 5321 2.3.1, 4.1.1.2, 4.4", ("envelope sender",)),
    Term("SASL mechanism",
         "A way of logging in, such as PLAIN or SCRAM-SHA-256: it defines the messages with which "
         "the client proves to the server who it is.",
         "RFC 4422 3, 5", ("mechanism", "SASL")),
    Term("self-signed",
         "Of a certificate: signed with its own key, so that nobody else vouches for it. Anyone "
         "can make one for any name.",
         "RFC 5280 3.2", ("self-signed certificate",)),
    Term("server",
         "The side that accepts the connection, greets, and replies to commands.",
         "RFC 5321 2.1, 2.3.2"),
    Term("smart host",
         "A relay to which a machine hands all of its outgoing mail, instead of sending it to each "
         "domain's own hosts.",
         "RFC 5321 3.6.3", ("smarthost", "relayhost")),
    Term("SMTP smuggling",
         "Hiding a second transaction in a message whose end two servers see in different places, "
         "because one of them takes LF.LF or the like for the end of mail data. No RFC names this "
         "attack; the section cited has the rule that it breaks.",
         "RFC 5321 2.3.8, 4.1.1.4", ("smuggling",)),
    Term("SNI",
         "The name of the server that a client wants to reach, sent in its first message of the "
         "TLS handshake, so that a host with several certificates can choose.",
         "RFC 6066 3", ("server name indication",)),
    Term("SPF",
         "A domain's statement in DNS about which hosts may use it in MAIL FROM and in HELO or "
         "EHLO.",
         "RFC 7208 1, 2.3, 2.4"),
    Term("STARTTLS",
         "The command that starts TLS on the existing connection, once the server has replied 220. "
         "Both sides discard what they learned before, and the client sends EHLO again.",
         "RFC 3207 4, 4.2"),
    Term("submission",
         "Handing a new message to one's own provider, on port 465 (TLS from the start) or 587, "
         "usually after logging in. Mail between servers goes to port 25.",
         "RFC 6409 3.1, 4.3, RFC 8314 3.3"),
    Term("temporary failure",
         "A refusal with a 4yz reply: the same command may work later, and a mail server tries "
         "again on its own.",
         "RFC 5321 4.2.1, 4.5.4.1", ("transient failure", "transient negative completion")),
    Term("timeout",
         "How long a side waits before it gives up. The standard recommends at least five minutes "
         "for most replies, and ten for the reply to the end of mail data.",
         "RFC 5321 4.5.3.2"),
    Term("TLS",
         "Transport Layer Security: a protocol that encrypts a connection and lets the client "
         "check the server's identity. In SMTP it starts after STARTTLS, or with the first octet.",
         "RFC 8446 1, RFC 3207 4"),
    Term("trace field",
         "A Received or Return-Path line that a server adds at the top of a message. Read from the "
         "bottom up, the Received lines show the route that the message took.",
         "RFC 5321 4.4", ("Received", "Return-Path")),
    Term("transaction",
         "The exchange that begins with an accepted MAIL and ends with the reply to the end of "
         "mail data, or earlier with RSET, EHLO or QUIT.",
         "RFC 5321 3.3, 4.1.4", ("mail transaction",)),
    Term("trust anchor",
         "A certificate authority that a client trusts without further proof: where a certificate "
         "chain has to end.",
         "RFC 5280 6.1"),
    Term("verb",
         "The first word of a command, such as MAIL. It is case-insensitive.",
         "RFC 5321 2.4, 4.1.1"),
    Term("violation",
         "Something sent that a standard forbids (MUST NOT), or that lacks what a standard "
         "requires (MUST). heloscope marks it in the transcript, but still sends or shows it.",
         "RFC 2119 1, 2"),
    Term("xtext",
         "An encoding for the values of some parameters: a character that is not allowed becomes + "
         "and two hexadecimal digits in upper case, such as +2B for a plus sign.",
         "RFC 3461 4"),
)  # fmt: skip


@cache
def _by_word() -> dict[str, Term]:
    """Return a dictionary of the terms, keyed by name and alias in lower case."""
    found: dict[str, Term] = {}
    for term in GLOSSARY:
        for word in (term.name, *term.aliases):
            found.setdefault(word.lower(), term)
    return found


def _plain(word: str) -> str:
    return " ".join(word.lower().split())


def find_term(word: str) -> Term | None:
    """Return the term with this name or alias, ignoring case and plural endings, or None."""
    known = _by_word()
    word = _plain(word)
    for ending in ("", "es", "s"):
        if word.endswith(ending) and word.removesuffix(ending) in known:
            return known[word.removesuffix(ending)]
    if word.endswith("ies"):
        return known.get(f"{word[:-3]}y")
    return None


def nearest_term(word: str) -> str | None:
    """Return the name or alias most similar to `word`, or None if none is similar."""
    found = get_close_matches(_plain(word), _by_word(), 1, 0.7)
    return next(
        (name for term in GLOSSARY for name in (term.name, *term.aliases)
         if found and name.lower() == found[0]),
        None,
    )  # fmt: skip


@cache
def _in_text() -> re.Pattern[str]:
    """Return a pattern that matches any term in prose as a whole word, preferring the longest."""
    words = sorted(_by_word(), key=len, reverse=True)
    forms = [
        f"{re.escape(word[:-1])}(?:y|ies)" if word.endswith("y") else f"{re.escape(word)}(?:e?s)?"
        for word in words
    ]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(forms)})(?![\w-])", re.IGNORECASE)


def terms_in(text: str) -> Sequence[Term]:
    """Return the terms used in a text, each once, in the order of their first occurrence."""
    found = (find_term(match[0]) for match in _in_text().finditer(text))
    return list(dict.fromkeys(term for term in found if term is not None))
