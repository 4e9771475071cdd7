"""Enhanced status codes (RFC 3463 and the IANA list): class.subject.detail, in plain words."""

from __future__ import annotations

from typing import NamedTuple


class EnhancedFact(NamedTuple):
    """`name` in a few words, `means` in a sentence, `causes` and `try_next` from practice."""

    name: str
    means: str
    causes: str = ""
    rfc: str = ""
    try_next: str = ""


DETAILS: dict[tuple[int, int], EnhancedFact] = {
    (0, 0): EnhancedFact(
        name="Undefined status",
        means="No details; only the class counts",
        causes="Servers that have not sorted their errors",
        rfc="RFC 3463 3.1",
    ),
    (1, 0): EnhancedFact(
        name="Something about an address",
        means="One of the addresses is refused, and the code does not say why",
        causes="Sender or recipient refused by a rule",
        try_next="Read the text: it says which address, and what is wrong with it",
        rfc="RFC 3463 3.2",
    ),
    (1, 1): EnhancedFact(
        name="Bad mailbox address",
        means="No such user here: the part before the @ is wrong",
        causes="A typing error, a deleted account, an old list",
        try_next="Check the address, the part before the @ above all",
        rfc="RFC 3463 3.2",
    ),
    (1, 2): EnhancedFact(
        name="Bad domain",
        means="The domain does not exist or takes no mail",
        causes="Typing error after the @, DNS records missing",
        try_next="Check the part after the @, and the MX and address records of that domain",
        rfc="RFC 3463 3.2",
    ),
    (1, 3): EnhancedFact(
        name="Bad recipient syntax",
        means="The recipient address is not well formed",
        causes="Missing < >, spaces, two @, stray characters",
        try_next="Write it as RCPT TO:<user@example.org>",
        rfc="RFC 3463 3.2",
    ),
    (1, 4): EnhancedFact(
        name="Ambiguous address",
        means="The address fits more than one mailbox",
        causes="Name lookup with several hits",
        try_next="Give the whole address",
        rfc="RFC 3463 3.2",
    ),
    (1, 5): EnhancedFact(
        name="Address valid",
        means="The address is good (success reports, 250 to RCPT)",
        try_next="Read the text",
        rfc="RFC 3463 3.2",
    ),
    (1, 6): EnhancedFact(
        name="Mailbox moved",
        means="The mailbox was there once and is gone; no new address is given",
        causes="Account closed",
        try_next="Ask the recipient by other means",
        rfc="RFC 3463 3.2",
    ),
    (1, 7): EnhancedFact(
        name="Bad sender syntax",
        means="The sender's address is not well formed",
        causes="Missing < >, spaces, two @, stray characters",
        try_next="Write it as MAIL FROM:<user@example.org>",
        rfc="RFC 3463 3.2",
    ),
    (1, 8): EnhancedFact(
        name="Bad domain of the sender",
        means="The sender's domain does not exist or cannot take bounces",
        causes="No MX or address record, host name of a private network",
        try_next="Use a sender whose domain has an MX or address record",
        rfc="RFC 3463 3.2",
    ),
    (1, 9): EnhancedFact(
        name="Relayed without reports",
        means="Handed to a system that cannot report further",
        causes="Gateway to old mail systems",
        try_next="Read the text",
        rfc="RFC 3886 3.3.4",
    ),
    (1, 10): EnhancedFact(
        name="Recipient has null MX",
        means="The domain says in DNS that it never takes mail",
        causes="MX record with a single dot",
        try_next="The address cannot work: use another",
        rfc="RFC 7505 4.1; RFC 7504",
    ),
    (2, 0): EnhancedFact(
        name="Something about the mailbox",
        means="The mailbox is there, but something about it stands in the way",
        causes="Local delivery trouble",
        try_next="Read the text; the recipient or the server's administrator has to act",
        rfc="RFC 3463 3.3",
    ),
    (2, 1): EnhancedFact(
        name="Mailbox disabled",
        means="The mailbox is there but takes no mail (for now or for ever)",
        causes="Account suspended, too much mail at once (Gmail)",
        try_next="Ask the recipient by other means",
        rfc="RFC 3463 3.3",
    ),
    (2, 2): EnhancedFact(
        name="Mailbox full",
        means="The mailbox is full; the recipient has to make room",
        causes="Quota",
        try_next="Tell the recipient by other means",
        rfc="RFC 3463 3.3",
    ),
    (2, 3): EnhancedFact(
        name="Too big for the mailbox",
        means="The message is over the limit of this mailbox",
        causes="Size rule for the user",
        try_next="Send a smaller message",
        rfc="RFC 3463 3.3",
    ),
    (2, 4): EnhancedFact(
        name="List expansion problem",
        means="The mailing list cannot be expanded",
        causes="List file or directory missing",
        try_next="Tell the owner of the list",
        rfc="RFC 3463 3.3",
    ),
    (3, 0): EnhancedFact(
        name="Something in the mail system",
        means="The receiving system is there, but something in it went wrong",
        causes="Filter or queue trouble",
        try_next="Tell the administrator of the receiving system",
        rfc="RFC 3463 3.4",
    ),
    (3, 1): EnhancedFact(
        name="System full",
        means="The whole system is out of space",
        causes="Disk full",
        try_next="Try again later",
        rfc="RFC 3463 3.4",
    ),
    (3, 2): EnhancedFact(
        name="System takes no mail",
        means="Shutting down, overloaded, in maintenance; or a host that never takes mail",
        causes="Load, maintenance",
        try_next="Try again later; for a host that never takes mail, check the MX",
        rfc="RFC 3463 3.4; RFC 7504",
    ),
    (3, 3): EnhancedFact(
        name="Feature missing",
        means="The system cannot do what the message asks for",
        causes="Gateway without the feature",
        try_next="Send it without what needs the feature",
        rfc="RFC 3463 3.4",
    ),
    (3, 4): EnhancedFact(
        name="Too big for the system",
        means="The message is over the limit for all messages here",
        causes="A message over the limit that SIZE states",
        try_next="Send a smaller message; SIZE in the EHLO reply states the limit",
        rfc="RFC 3463 3.4",
    ),
    (3, 5): EnhancedFact(
        name="System misconfigured",
        means="The system is not set up to take this message",
        causes="Mail loops back to itself, missing domain setting",
        try_next=("Tell the administrator of the receiving system; when mail loops, check the MX"),
        rfc="RFC 3463 3.4",
    ),
    (3, 6): EnhancedFact(
        name="Priority changed",
        means="Taken, but with another priority than asked for; the text names it",
        causes="MT-PRIORITY lowered",
        try_next="Read the text",
        rfc="RFC 6710",
    ),
    (4, 0): EnhancedFact(
        name="Something on the way there",
        means="There is trouble with the network or the route",
        try_next="Read the text, and try again later",
        rfc="RFC 3463 3.5",
    ),
    (4, 1): EnhancedFact(
        name="No answer from host",
        means="The next server did not take the connection",
        causes="Down, firewall, port 25 blocked",
        try_next="See whether the next server is up, and whether port 25 is open",
        rfc="RFC 3463 3.5",
    ),
    (4, 2): EnhancedFact(
        name="Bad connection",
        means="The connection to the next server broke or timed out",
        causes="Network, idle too long",
        try_next="Send it again",
        rfc="RFC 3463 3.5",
    ),
    (4, 3): EnhancedFact(
        name="Directory failure",
        means="A directory such as DNS could not be asked",
        causes="Resolver or LDAP down",
        try_next="See whether DNS and directory of the server answer",
        rfc="RFC 3463 3.5",
    ),
    (4, 4): EnhancedFact(
        name="Unable to route",
        means="The server knows no next hop for the domain",
        causes="No MX and no address record, broken route table",
        try_next="Check the MX and address records of the domain",
        rfc="RFC 3463 3.5",
    ),
    (4, 5): EnhancedFact(
        name="Congestion",
        means="The mail system is too busy; also sending limits (Gmail 5.4.5)",
        causes="Load, quota",
        try_next="Send less at a time",
        rfc="RFC 3463 3.5",
    ),
    (4, 6): EnhancedFact(
        name="Loop",
        means="The message goes round in circles",
        causes="Two hosts forward to each other",
        try_next="Look at the Received lines, and at who forwards to whom",
        rfc="RFC 3463 3.5",
    ),
    (4, 7): EnhancedFact(
        name="Expired",
        means="The message is too old: given up after days of trying",
        causes="Earlier errors; look for the last of them",
        try_next="Look for the error that kept it from being delivered",
        rfc="RFC 3463 3.5",
    ),
    (5, 0): EnhancedFact(
        name="Something in the dialogue",
        means="Something in the dialogue is not as it should be",
        try_next="Read the text",
        rfc="RFC 3463 3.6",
    ),
    (5, 1): EnhancedFact(
        name="Invalid command",
        means="The command is out of order, or not supported",
        causes="Wrong order; with Gmail also: log in first",
        try_next="Check the order of the commands and their spelling",
        rfc="RFC 3463 3.6",
    ),
    (5, 2): EnhancedFact(
        name="Syntax error",
        means="The command cannot be understood",
        causes="Typing error, missing < >, bad base64",
        try_next="Compare it with the syntax of the command",
        rfc="RFC 3463 3.6",
    ),
    (5, 3): EnhancedFact(
        name="Too many recipients",
        means="More recipients than one message may have here",
        causes="Limit of the server; 452 is the usual number in practice",
        try_next="Send the rest in another transaction",
        rfc="RFC 3463 3.6",
    ),
    (5, 4): EnhancedFact(
        name="Invalid arguments",
        means="The command is known, its argument is wrong or unknown",
        causes="Parameter not advertised, mechanism not offered",
        try_next="Compare the argument with what EHLO lists",
        rfc="RFC 3463 3.6",
    ),
    (5, 5): EnhancedFact(
        name="Wrong protocol version",
        means="The two sides could not agree on a version",
        try_next="Read the text",
        rfc="RFC 3463 3.6",
    ),
    (5, 6): EnhancedFact(
        name="AUTH line too long",
        means="The base64 answer is longer than the server's buffer",
        causes="Big Kerberos ticket or token",
        try_next="Send AUTH without the response, and the response after the 334",
        rfc="RFC 4954 6",
    ),
    (6, 0): EnhancedFact(
        name="Something in the content",
        means="Something in the content keeps the message from being delivered",
        causes="Malformed message, filter",
        try_next="Read the text; try a plain message",
        rfc="RFC 3463 3.7",
    ),
    (6, 1): EnhancedFact(
        name="Media not supported",
        means="The next system or the protocol cannot carry this kind of content",
        try_next="Send plain text",
        rfc="RFC 3463 3.7",
    ),
    (6, 2): EnhancedFact(
        name="Conversion forbidden",
        means="The message would have to be converted, which is not permitted",
        try_next=(
            "Send it so that nothing has to be converted: as 7-bit, quoted-printable or base64"
        ),
        rfc="RFC 3463 3.7",
    ),
    (6, 3): EnhancedFact(
        name="Conversion not possible",
        means="The message would have to be converted, which the server cannot do",
        causes="8-bit or binary body towards a 7-bit next hop",
        try_next=(
            "Send it so that nothing has to be converted: as 7-bit, quoted-printable or base64"
        ),
        rfc="RFC 3463 3.7",
    ),
    (6, 4): EnhancedFact(
        name="Converted with loss",
        means="The message was delivered, and some of it was lost in conversion",
        try_next="Read the text",
        rfc="RFC 3463 3.7",
    ),
    (6, 5): EnhancedFact(
        name="Conversion failed",
        means="The message had to be converted, and that failed",
        try_next=(
            "Send it so that nothing has to be converted: as 7-bit, quoted-printable or base64"
        ),
        rfc="RFC 3463 3.7",
    ),
    (6, 6): EnhancedFact(
        name="Content not available",
        means="The content could not be fetched from elsewhere",
        causes="BURL: IMAP URL not usable",
        try_next="Check the URL, and who may read it",
        rfc="RFC 4468 5",
    ),
    (6, 7): EnhancedFact(
        name="Non-ASCII address refused",
        means="This sender or recipient must be ASCII",
        causes="SMTPUTF8 parameter missing or mailbox not ready for it",
        try_next="Put SMTPUTF8 behind MAIL, or use an ASCII address",
        rfc="RFC 6531 4.2",
    ),
    (6, 8): EnhancedFact(
        name="UTF-8 reply needed",
        means="The answer would need UTF-8, which the client did not permit",
        causes="VRFY or EXPN without SMTPUTF8",
        try_next="Ask again with SMTPUTF8",
        rfc="RFC 6531 4.2",
    ),
    (6, 9): EnhancedFact(
        name="UTF-8 headers not transferable",
        means="After end of data: some recipient cannot get UTF-8 headers",
        causes="A mailbox or next hop without SMTPUTF8",
        try_next="Send it with ASCII headers",
        rfc="RFC 6531 4.2",
    ),
    (6, 10): EnhancedFact(
        name="UTF-8 reply needed",
        means="As X.6.8: it was registered twice by mistake",
        try_next="Read the text",
        rfc="RFC 6531 (IANA note)",
    ),
    (7, 0): EnhancedFact(
        name="Security or policy, without details",
        means="A rule or security is in the way; the server gives no details",
        causes="Rate limits; STARTTLS or login needed",
        try_next="Read the text: it often names the rule",
        rfc="RFC 3463 3.8",
    ),
    (7, 1): EnhancedFact(
        name="Not authorised",
        means="The server refuses it by policy",
        causes="Relaying, block lists, spam filter, SPF; this is the code used most",
        try_next="Read the text: it often names the rule or the block list",
        rfc="RFC 3463 3.8",
    ),
    (7, 2): EnhancedFact(
        name="May not write to the list",
        means="The sender may not post to this mailing list",
        try_next="Ask the owner of the list, or post from an address that is on it",
        rfc="RFC 3463 3.8",
    ),
    (7, 3): EnhancedFact(
        name="Security conversion impossible",
        means=(
            "A conversion between secure formats would be needed; with Exchange: servers could not "
            "log in to each other"
        ),
        try_next="Send it in another format",
        rfc="RFC 3463 3.8",
    ),
    (7, 4): EnhancedFact(
        name="Security feature missing",
        means="A requested security feature is not supported",
        causes="AUTH mechanism not offered",
        try_next="Choose from what EHLO lists",
        rfc="RFC 3463 3.8",
    ),
    (7, 5): EnhancedFact(
        name="Failed check of keys or certificates",
        means=(
            "Something could not be checked or decrypted for lack of a good key; Postfix: the TLS "
            "or DANE check of the next hop failed"
        ),
        causes="Certificates, TLSA records",
        try_next="Check certificates and keys, and for DANE the TLSA records",
        rfc="RFC 3463 3.8",
    ),
    (7, 6): EnhancedFact(
        name="Algorithm not supported",
        means="The cryptographic algorithm is not known here",
        try_next="Choose another algorithm",
        rfc="RFC 3463 3.8",
    ),
    (7, 7): EnhancedFact(
        name="Integrity failure",
        means="The message was changed or damaged on the way",
        try_next="Send it again, and look for what changes messages on the way",
        rfc="RFC 3463 3.8",
    ),
    (7, 8): EnhancedFact(
        name="Bad credentials",
        means="The login failed: name or password wrong",
        causes="Typing error, application password needed",
        try_next="Check name and password; an application password or OAuth may be needed",
        rfc="RFC 4954 6",
    ),
    (7, 9): EnhancedFact(
        name="Mechanism too weak",
        means=(
            "The server wants a stronger mechanism for this user; Yahoo and Gmail use it in other "
            "ways"
        ),
        causes="A policy of the server",
        try_next="Choose a stronger mechanism",
        rfc="RFC 4954 6",
    ),
    (7, 10): EnhancedFact(
        name="Encryption needed",
        means="The mechanism needs an encrypted connection",
        causes="No STARTTLS yet",
        try_next="STARTTLS first, then EHLO, then AUTH",
        rfc="RFC 5248 2.4",
    ),
    (7, 11): EnhancedFact(
        name="Encryption needed for the mechanism",
        means="The mechanism needs an encrypted connection (an old number for X.7.10)",
        causes="No STARTTLS yet",
        try_next="STARTTLS first, then EHLO, then AUTH",
        rfc="RFC 4954 6",
    ),
    (7, 12): EnhancedFact(
        name="Password transition",
        means="Log in once with PLAIN, so that the server can store the new kind of secret",
        causes="Change of mechanism",
        try_next="Log in once with PLAIN over TLS",
        rfc="RFC 4954 6",
    ),
    (7, 13): EnhancedFact(
        name="Account disabled",
        means="Name and password are right, and the account is locked",
        causes="Unpaid, abuse, break-in",
        try_next="Ask the administrator",
        rfc="RFC 5248 2.4",
    ),
    (7, 14): EnhancedFact(
        name="Trust relationship required",
        means="The server does not trust the one that asks for this",
        causes="BURL, where another server holds the content; XCLIENT from an address not listed",
        try_next="Ask the administrators of both servers",
        rfc="RFC 5248 2.4",
    ),
    (7, 15): EnhancedFact(
        name="Priority too low",
        means="Only more urgent mail is taken at present",
        causes="MT-PRIORITY",
        try_next="Try again later, or with a higher priority",
        rfc="RFC 6710",
    ),
    (7, 16): EnhancedFact(
        name="Too big for its priority",
        means="Messages of this priority must be smaller",
        causes="MT-PRIORITY",
        try_next="Send a smaller message, or with another priority",
        rfc="RFC 6710",
    ),
    (7, 17): EnhancedFact(
        name="Mailbox owner changed",
        means="The mailbox has another owner since the time that was stated",
        causes="RRVS",
        try_next="Make sure who reads that mailbox now",
        rfc="RFC 7293",
    ),
    (7, 18): EnhancedFact(
        name="Domain owner changed",
        means="The domain has another owner since the time that was stated",
        causes="RRVS",
        try_next="Make sure who reads that mailbox now",
        rfc="RFC 7293",
    ),
    (7, 19): EnhancedFact(
        name="RRVS not checkable",
        means="The server does not know since when the owner has the mailbox",
        causes="RRVS",
        try_next="Make sure who reads that mailbox, then send without RRVS",
        rfc="RFC 7293",
    ),
    (7, 20): EnhancedFact(
        name="No passing DKIM signature",
        means="The message has no good DKIM signature",
        causes="No signature, or one that was broken by changes on the way",
        try_next="Sign with DKIM, and look for what changes the message on the way",
        rfc="RFC 7372 3.1",
    ),
    (7, 21): EnhancedFact(
        name="No acceptable DKIM signature",
        means="The message has good DKIM signatures, and none that this server accepts",
        causes="A policy of the server",
        try_next="Read the text: it may say which signatures are wanted",
        rfc="RFC 7372 3.1",
    ),
    (7, 22): EnhancedFact(
        name="No DKIM signature of the author's domain",
        means="The message has good DKIM signatures, and none of the domain in From:",
        causes="Sent through a service that signs with its own domain",
        try_next="Sign with the domain of the From: address",
        rfc="RFC 7372 3.1",
    ),
    (7, 23): EnhancedFact(
        name="SPF failed",
        means="The client address may not send for this domain",
        causes="Forwarding; a server that is missing in the SPF record",
        try_next=(
            "Send through a server that is in the domain's SPF record, or add this one to it"
        ),
        rfc="RFC 7372 3.2",
    ),
    (7, 24): EnhancedFact(
        name="SPF error",
        means="The sender's SPF record could not be evaluated",
        causes="DNS trouble, more than ten lookups, bad record",
        try_next="Check the SPF record: its syntax, and at most ten lookups",
        rfc="RFC 7372 3.2",
    ),
    (7, 25): EnhancedFact(
        name="Reverse DNS failed",
        means="The client address has no fitting name",
        causes="No PTR record, or a name that does not lead back",
        try_next="Give the address a name in reverse DNS that leads back to it",
        rfc="RFC 7372 3.3",
    ),
    (7, 26): EnhancedFact(
        name="Several checks failed",
        means="More than one check of SPF, DKIM, DMARC and the like failed",
        causes="Gmail: neither SPF nor DKIM, or DMARC",
        try_next="Check SPF, DKIM and DMARC of the domain",
        rfc="RFC 7372 3.4",
    ),
    (7, 27): EnhancedFact(
        name="Sender has null MX",
        means=(
            "The sender's domain takes no mail, so no bounce can go there; Gmail: SPF did not pass"
        ),
        try_next="Use a sender whose domain takes mail",
        rfc="RFC 7505 4.2",
    ),
    (7, 28): EnhancedFact(
        name="Mail flood",
        means="The message is part of a flood of like ones; Gmail: unusual rate",
        causes="Rate, same content",
        try_next="Send less at a time",
        rfc="IANA registry (draft-levine-mailbomb-header-00)",
    ),
    (7, 29): EnhancedFact(
        name="ARC failed",
        means="The ARC chain is broken; Gmail: the message did not come over TLS",
        causes="Changes on the way",
        try_next="Look at the ARC headers, and for what changed the message",
        rfc="RFC 8617",
    ),
    (7, 30): EnhancedFact(
        name="REQUIRETLS needed",
        means="The next hops do not offer REQUIRETLS; Gmail: DKIM did not pass",
        try_next="Send it without REQUIRETLS, or mend the next hops",
        rfc="RFC 8689",
    ),
}
"""(subject, detail) -> fact."""

SUBJECTS: dict[int, EnhancedFact] = {
    0: EnhancedFact(
        name="no details",
        means="The code says nothing about the kind of trouble",
        try_next="Read the text",
        rfc="RFC 3463 2",
    ),
    1: EnhancedFact(
        name="something about an address",
        means=(
            "It is about the sender's or a recipient's address; mostly the sender can correct it"
        ),
        try_next="Check the addresses, and read the text",
        rfc="RFC 3463 2",
    ),
    2: EnhancedFact(
        name="something about the mailbox",
        means="It is about the mailbox; mostly the recipient has to correct it",
        try_next="Read the text; mostly the recipient has to act",
        rfc="RFC 3463 2",
    ),
    3: EnhancedFact(
        name="something in the mail system",
        means="It is about the receiving system; its administrator has to act",
        try_next="Read the text; mostly the administrator there has to act",
        rfc="RFC 3463 2",
    ),
    4: EnhancedFact(
        name="something on the way there",
        means="It is about the way there; the administrators on both ends have to act",
        try_next="Read the text, and try again later",
        rfc="RFC 3463 2",
    ),
    5: EnhancedFact(
        name="something in the dialogue",
        means="It is about the SMTP dialogue, and so about the software on both ends",
        try_next="Compare what was sent with the syntax of the command",
        rfc="RFC 3463 2",
    ),
    6: EnhancedFact(
        name="something in the content",
        means="It is about the content of the message and its conversion",
        try_next="Read the text; try a plain message",
        rfc="RFC 3463 2",
    ),
    7: EnhancedFact(
        name="security or policy",
        means="It is about rules, login, encryption or spam",
        try_next="Read the text: it often names the rule",
        rfc="RFC 3463 2",
    ),
}
"""subject -> fact."""
