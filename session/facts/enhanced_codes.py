"""Explains enhanced status codes, class.subject.detail (RFC 3463 and the IANA registry)."""

from __future__ import annotations

from typing import NamedTuple


class EnhancedFact(NamedTuple):
    """The meaning of an enhanced status code, whatever the code's class, with causes and advice."""

    name: str
    means: str
    causes: str = ""
    rfc: str = ""
    try_next: str = ""


DETAILS: dict[tuple[int, int], EnhancedFact] = {
    (0, 0): EnhancedFact(
        name="Undefined status",
        means="No details; only the class is meaningful",
        causes="Servers that do not classify their errors",
        rfc="RFC 3463 3.1",
    ),
    (1, 0): EnhancedFact(
        name="Address problem, unspecified",
        means="One of the addresses is refused; the code does not say why",
        causes="A sender or recipient refused by a rule",
        try_next="Read the reply text: it says which address is meant and what is wrong with it",
        rfc="RFC 3463 3.2",
    ),
    (1, 1): EnhancedFact(
        name="Bad mailbox address",
        means="The server has no such user: the part before the @ is wrong",
        causes="A typo, a deleted account or an outdated address list",
        try_next="Check the address, especially the part before the @",
        rfc="RFC 3463 3.2",
    ),
    (1, 2): EnhancedFact(
        name="Bad domain",
        means="The domain does not exist or does not accept mail",
        causes="A typo after the @, or missing DNS records",
        try_next="Check the part after the @, and the MX and address records of that domain",
        rfc="RFC 3463 3.2",
    ),
    (1, 3): EnhancedFact(
        name="Bad recipient syntax",
        means="The recipient address is not well formed",
        causes="Missing < >, spaces, two @ signs or stray characters",
        try_next="Use the form RCPT TO:<user@example.org>",
        rfc="RFC 3463 3.2",
    ),
    (1, 4): EnhancedFact(
        name="Ambiguous address",
        means="The address matches more than one mailbox",
        causes="A name that several users share",
        try_next="Use the complete address",
        rfc="RFC 3463 3.2",
    ),
    (1, 5): EnhancedFact(
        name="Address valid",
        means="The address is valid (in delivery reports, and with 250 after RCPT)",
        try_next="Read the reply text",
        rfc="RFC 3463 3.2",
    ),
    (1, 6): EnhancedFact(
        name="Mailbox moved",
        means="The mailbox no longer exists; no new address is given",
        causes="A closed account",
        try_next="Contact the recipient another way, for example by phone",
        rfc="RFC 3463 3.2",
    ),
    (1, 7): EnhancedFact(
        name="Bad sender syntax",
        means="The sender's address is not well formed",
        causes="Missing < >, spaces, two @ signs or stray characters",
        try_next="Use the form MAIL FROM:<user@example.org>",
        rfc="RFC 3463 3.2",
    ),
    (1, 8): EnhancedFact(
        name="Bad sender domain",
        means="The sender's domain does not exist or cannot receive bounces",
        causes="No MX or address record, or a host name from a private network",
        try_next="Use a sender whose domain has an MX or address record",
        rfc="RFC 3463 3.2",
    ),
    (1, 9): EnhancedFact(
        name="Relayed to a system without reports",
        means="The message was relayed to a system that sends no delivery reports",
        causes="A gateway to another mail system",
        try_next="Read the reply text",
        rfc="RFC 3886 3.3.4",
    ),
    (1, 10): EnhancedFact(
        name="Recipient has null MX",
        means="The domain declares in DNS that it does not accept mail",
        causes="An MX record with a single dot",
        try_next="Use a different address: this one cannot receive mail",
        rfc="RFC 7505 4.1; RFC 7504",
    ),
    (2, 0): EnhancedFact(
        name="Mailbox problem, unspecified",
        means="The mailbox exists, but a problem with it prevents delivery",
        causes="A problem with local delivery",
        try_next="Read the reply text; the recipient or the server's administrator must act",
        rfc="RFC 3463 3.3",
    ),
    (2, 1): EnhancedFact(
        name="Mailbox disabled",
        means="The mailbox exists but does not accept mail (temporarily or permanently)",
        causes="A suspended account, or too much mail at once (Gmail)",
        try_next="Contact the recipient another way, for example by phone",
        rfc="RFC 3463 3.3",
    ),
    (2, 2): EnhancedFact(
        name="Mailbox full",
        means="The mailbox is full; the recipient must free space",
        causes="An exhausted quota",
        try_next="Contact the recipient another way, for example by phone",
        rfc="RFC 3463 3.3",
    ),
    (2, 3): EnhancedFact(
        name="Message too large for the mailbox",
        means="The message exceeds the size limit of this mailbox",
        causes="A size limit for this user",
        try_next="Send a smaller message",
        rfc="RFC 3463 3.3",
    ),
    (2, 4): EnhancedFact(
        name="List expansion problem",
        means="The mailing list cannot be expanded",
        causes="A missing list file or directory",
        try_next="Contact the list's owner",
        rfc="RFC 3463 3.3",
    ),
    (3, 0): EnhancedFact(
        name="Mail system problem, unspecified",
        means="The receiving system is reachable, but something in it failed",
        causes="A filter or queue failure",
        try_next="Contact the administrator of the receiving system",
        rfc="RFC 3463 3.4",
    ),
    (3, 1): EnhancedFact(
        name="System full",
        means="The receiving system is out of storage",
        causes="A full disk",
        try_next="Try again later",
        rfc="RFC 3463 3.4",
    ),
    (3, 2): EnhancedFact(
        name="System not accepting mail",
        means=(
            "The system is shutting down, overloaded or in maintenance, or the host never "
            "accepts mail"
        ),
        causes="Overload or maintenance",
        try_next="Try again later; for a host that never accepts mail, check the MX record",
        rfc="RFC 3463 3.4; RFC 7504",
    ),
    (3, 3): EnhancedFact(
        name="Feature not supported",
        means="The system lacks a feature that the message requires",
        causes="A gateway without this feature",
        try_next="Send the message without this feature",
        rfc="RFC 3463 3.4",
    ),
    (3, 4): EnhancedFact(
        name="Message too large for the system",
        means="The message exceeds the server's size limit",
        causes="A message larger than the limit that SIZE states",
        try_next="Send a smaller message; SIZE in the EHLO reply states the limit",
        rfc="RFC 3463 3.4",
    ),
    (3, 5): EnhancedFact(
        name="System misconfigured",
        means="The system is not configured to accept this message",
        causes="Mail that loops back to the server, or a domain missing from its configuration",
        try_next=(
            "Contact the administrator of the receiving system; if mail loops, check the MX record"
        ),
        rfc="RFC 3463 3.4",
    ),
    (3, 6): EnhancedFact(
        name="Priority changed",
        means="Accepted, but with a different priority than requested; the reply names it",
        causes="A lowered MT-PRIORITY",
        try_next="Read the reply text",
        rfc="RFC 6710",
    ),
    (4, 0): EnhancedFact(
        name="Network or routing problem, unspecified",
        means="There is a problem with the network or the route",
        try_next="Read the reply text, and check the route to the destination",
        rfc="RFC 3463 3.5",
    ),
    (4, 1): EnhancedFact(
        name="No answer from host",
        means="The next server did not accept the connection",
        causes="A host that is down, a firewall or a blocked port 25",
        try_next="Check whether the next server is up and port 25 is open",
        rfc="RFC 3463 3.5",
    ),
    (4, 2): EnhancedFact(
        name="Bad connection",
        means="The connection to the next server was lost or timed out",
        causes="A network problem or an idle timeout",
        try_next="Check the network between the servers, then send the message again",
        rfc="RFC 3463 3.5",
    ),
    (4, 3): EnhancedFact(
        name="Directory failure",
        means="A directory such as DNS could not be queried",
        causes="A resolver or LDAP server that is down",
        try_next="Check whether the server's DNS resolver and directory respond",
        rfc="RFC 3463 3.5",
    ),
    (4, 4): EnhancedFact(
        name="Unable to route",
        means="The server has no next hop for the domain",
        causes="No MX or address record, or a broken routing table",
        try_next="Check the MX and address records of the domain",
        rfc="RFC 3463 3.5",
    ),
    (4, 5): EnhancedFact(
        name="Congestion",
        means="The mail system is overloaded; also used for sending limits (Gmail 5.4.5)",
        causes="Overload or a quota",
        try_next="Send fewer messages at a time",
        rfc="RFC 3463 3.5",
    ),
    (4, 6): EnhancedFact(
        name="Routing loop",
        means="The message is being forwarded in a loop",
        causes="Two hosts that forward to each other",
        try_next="Check the Received header fields and the forwarding rules",
        rfc="RFC 3463 3.5",
    ),
    (4, 7): EnhancedFact(
        name="Expired",
        means="The message expired after days of delivery attempts",
        causes="Errors in earlier delivery attempts",
        try_next="Find the last error that prevented delivery",
        rfc="RFC 3463 3.5",
    ),
    (5, 0): EnhancedFact(
        name="Protocol problem, unspecified",
        means="Something in the SMTP dialogue is wrong",
        try_next="Read the reply text",
        rfc="RFC 3463 3.6",
    ),
    (5, 1): EnhancedFact(
        name="Invalid command",
        means="The command is out of sequence or not supported",
        causes="Commands in the wrong order; with Gmail, also a missing login",
        try_next="Check the order and the spelling of the commands",
        rfc="RFC 3463 3.6",
    ),
    (5, 2): EnhancedFact(
        name="Syntax error",
        means="The command cannot be parsed",
        causes="A typo, missing < > or invalid base64",
        try_next="Compare the line with the command's syntax",
        rfc="RFC 3463 3.6",
    ),
    (5, 3): EnhancedFact(
        name="Too many recipients",
        means="The message has more recipients than the server allows",
        causes="A server limit; the usual reply code is 452",
        try_next="Send to the remaining recipients in another transaction",
        rfc="RFC 3463 3.6",
    ),
    (5, 4): EnhancedFact(
        name="Invalid arguments",
        means="The command is valid, but its argument is not",
        causes="A parameter that was not advertised, or a mechanism that was not offered",
        try_next="Compare the argument with the EHLO reply",
        rfc="RFC 3463 3.6",
    ),
    (5, 5): EnhancedFact(
        name="Wrong protocol version",
        means="Client and server could not agree on a protocol version",
        try_next="Read the reply text",
        rfc="RFC 3463 3.6",
    ),
    (5, 6): EnhancedFact(
        name="AUTH line too long",
        means="The base64 response exceeds the server's line limit",
        causes="A large Kerberos ticket or token",
        try_next="Send AUTH with only the mechanism, then the response after the 334",
        rfc="RFC 4954 6",
    ),
    (6, 0): EnhancedFact(
        name="Content problem, unspecified",
        means="A problem with the content prevents delivery of the message",
        causes="A malformed message or a filter",
        try_next="Read the reply text; try a plain message",
        rfc="RFC 3463 3.7",
    ),
    (6, 1): EnhancedFact(
        name="Media not supported",
        means="The next system or the protocol cannot carry this kind of content",
        try_next="Send plain text",
        rfc="RFC 3463 3.7",
    ),
    (6, 2): EnhancedFact(
        name="Conversion prohibited",
        means="The message would need to be converted, which is not permitted",
        try_next=("Send it in a form that needs no conversion: 7-bit, quoted-printable or base64"),
        rfc="RFC 3463 3.7",
    ),
    (6, 3): EnhancedFact(
        name="Conversion not possible",
        means="The message would need to be converted, which the server cannot do",
        causes="An 8-bit or binary body, and a next hop that accepts only 7-bit",
        try_next=("Send it in a form that needs no conversion: 7-bit, quoted-printable or base64"),
        rfc="RFC 3463 3.7",
    ),
    (6, 4): EnhancedFact(
        name="Converted with loss",
        means="The message was delivered, but conversion lost some of its content",
        try_next="Read the reply text",
        rfc="RFC 3463 3.7",
    ),
    (6, 5): EnhancedFact(
        name="Conversion failed",
        means="The message needed to be converted, but the conversion failed",
        try_next=("Send it in a form that needs no conversion: 7-bit, quoted-printable or base64"),
        rfc="RFC 3463 3.7",
    ),
    (6, 6): EnhancedFact(
        name="Content not available",
        means="Content at another location could not be fetched",
        causes="BURL with an IMAP URL that cannot be used",
        try_next="Check the URL and its access rights",
        rfc="RFC 4468 5",
    ),
    (6, 7): EnhancedFact(
        name="Non-ASCII address refused",
        means="This sender or recipient must be ASCII",
        causes="A missing SMTPUTF8 parameter, or a mailbox that does not support SMTPUTF8",
        try_next="Add SMTPUTF8 to MAIL, or use an ASCII address",
        rfc="RFC 6531 4.2",
    ),
    (6, 8): EnhancedFact(
        name="UTF-8 reply required",
        means="The reply would need UTF-8, which the client did not allow",
        causes="VRFY or EXPN without SMTPUTF8",
        try_next="Repeat the command with SMTPUTF8",
        rfc="RFC 6531 4.2",
    ),
    (6, 9): EnhancedFact(
        name="UTF-8 headers not transferable",
        means="At least one recipient cannot receive UTF-8 headers (reply after the message)",
        causes="A mailbox or next hop without SMTPUTF8",
        try_next="Send the message with ASCII headers",
        rfc="RFC 6531 4.2",
    ),
    (6, 10): EnhancedFact(
        name="UTF-8 reply required",
        means="A deprecated duplicate of X.6.8",
        try_next="Repeat the command with SMTPUTF8",
        rfc="RFC 6531 4.2",
    ),
    (7, 0): EnhancedFact(
        name="Security or policy problem, unspecified",
        means="A policy or security rule forbids this; the server gives no details",
        causes="Rate limits, or a missing STARTTLS or login",
        try_next="Read the reply text: it often names the rule",
        rfc="RFC 3463 3.8",
    ),
    (7, 1): EnhancedFact(
        name="Not authorised",
        means="The server's policy does not allow this",
        causes="Relaying, a block list, a spam filter or SPF; this is the most common code",
        try_next="Read the reply text: it often names the rule or the block list",
        rfc="RFC 3463 3.8",
    ),
    (7, 2): EnhancedFact(
        name="Not allowed to post to the list",
        means="The sender may not post to this mailing list",
        try_next="Ask the list's owner, or post from a subscribed address",
        rfc="RFC 3463 3.8",
    ),
    (7, 3): EnhancedFact(
        name="Security conversion impossible",
        means=(
            "A conversion between secure formats would be needed; with Exchange, the servers could "
            "not authenticate to each other"
        ),
        try_next="Send the message in another format",
        rfc="RFC 3463 3.8",
    ),
    (7, 4): EnhancedFact(
        name="Security feature not supported",
        means="A requested security feature is not supported",
        causes="An AUTH mechanism that is not offered",
        try_next="Choose from the list in the EHLO reply",
        rfc="RFC 3463 3.8",
    ),
    (7, 5): EnhancedFact(
        name="Key or certificate check failed",
        means=(
            "Something could not be verified or decrypted for lack of a valid key; with Postfix, "
            "the TLS or DANE check of the next hop failed"
        ),
        causes="Invalid certificates or TLSA records",
        try_next="Check the certificates and keys, and for DANE the TLSA records",
        rfc="RFC 3463 3.8",
    ),
    (7, 6): EnhancedFact(
        name="Algorithm not supported",
        means="The server does not support the cryptographic algorithm",
        try_next="Choose another algorithm",
        rfc="RFC 3463 3.8",
    ),
    (7, 7): EnhancedFact(
        name="Integrity failure",
        means="The message was modified or damaged in transit",
        try_next="Find out what modifies messages in transit, then send it again",
        rfc="RFC 3463 3.8",
    ),
    (7, 8): EnhancedFact(
        name="Bad credentials",
        means="The login failed: wrong user name or password",
        causes="A typo or a missing app password",
        try_next="Check the user name and password; an app password or OAuth may be required",
        rfc="RFC 4954 6",
    ),
    (7, 9): EnhancedFact(
        name="Mechanism too weak",
        means=(
            "The server requires a stronger mechanism for this user; Yahoo and Gmail use "
            "this code differently"
        ),
        causes="A server policy",
        try_next="Choose a stronger mechanism",
        rfc="RFC 4954 6",
    ),
    (7, 10): EnhancedFact(
        name="Encryption required",
        means="The mechanism requires an encrypted connection",
        causes="No STARTTLS before AUTH",
        try_next="Send STARTTLS, then EHLO, then AUTH",
        rfc="RFC 5248 2.4",
    ),
    (7, 11): EnhancedFact(
        name="Encryption required for the mechanism",
        means="The mechanism requires an encrypted connection",
        causes="No STARTTLS before AUTH",
        try_next="Send STARTTLS, then EHLO, then AUTH",
        rfc="RFC 4954 6",
    ),
    (7, 12): EnhancedFact(
        name="Password transition",
        means="Log in once with PLAIN so that the server can store credentials for the mechanism",
        causes="A new mechanism, for which the server does not yet have this user's credentials",
        try_next="Log in once with PLAIN over TLS",
        rfc="RFC 4954 6",
    ),
    (7, 13): EnhancedFact(
        name="Account disabled",
        means="The user name and password are correct, but the account is locked",
        causes="Unpaid bills, abuse or a compromised account",
        try_next="Ask the administrator to unlock the account",
        rfc="RFC 5248 2.4",
    ),
    (7, 14): EnhancedFact(
        name="Trust relationship required",
        means="The server does not trust the client for this command",
        causes=(
            "BURL with content on another server; XCLIENT from an address that is not authorised"
        ),
        try_next="Ask the server's administrator to set up the trust relationship",
        rfc="RFC 5248 2.4",
    ),
    (7, 15): EnhancedFact(
        name="Priority too low",
        means="The server currently accepts only mail of higher priority",
        causes="MT-PRIORITY",
        try_next="Try again later, or with a higher priority",
        rfc="RFC 6710",
    ),
    (7, 16): EnhancedFact(
        name="Message too large for its priority",
        means="The message exceeds the size limit for its priority",
        causes="MT-PRIORITY",
        try_next="Send a smaller message, or use another priority",
        rfc="RFC 6710",
    ),
    (7, 17): EnhancedFact(
        name="Mailbox owner changed",
        means="The mailbox has changed owner since the given time",
        causes="RRVS",
        try_next="Find out who reads this mailbox now",
        rfc="RFC 7293",
    ),
    (7, 18): EnhancedFact(
        name="Domain owner changed",
        means="The domain has changed owner since the given time",
        causes="RRVS",
        try_next="Find out who reads this mailbox now",
        rfc="RFC 7293",
    ),
    (7, 19): EnhancedFact(
        name="RRVS cannot be checked",
        means="The server does not know how long the mailbox has had its owner",
        causes="RRVS",
        try_next="Find out who reads this mailbox, then send without RRVS",
        rfc="RFC 7293",
    ),
    (7, 20): EnhancedFact(
        name="No passing DKIM signature",
        means="The message has no valid DKIM signature",
        causes="No signature, or one broken by changes in transit",
        try_next="Sign with DKIM, and find out what modifies the message in transit",
        rfc="RFC 7372 3.1",
    ),
    (7, 21): EnhancedFact(
        name="No acceptable DKIM signature",
        means="The message has valid DKIM signatures, but none that this server accepts",
        causes="A server policy",
        try_next="Read the reply text: it may say which signatures are required",
        rfc="RFC 7372 3.1",
    ),
    (7, 22): EnhancedFact(
        name="No DKIM signature by the author's domain",
        means="The message has valid DKIM signatures, but none by the domain in From:",
        causes="A mail service that signs with its own domain",
        try_next="Sign with the domain of the From: address",
        rfc="RFC 7372 3.1",
    ),
    (7, 23): EnhancedFact(
        name="SPF failed",
        means="The client's address may not send mail for this domain",
        causes="Forwarding; a server missing from the SPF record",
        try_next=("Send through a server in the domain's SPF record, or add this one to it"),
        rfc="RFC 7372 3.2",
    ),
    (7, 24): EnhancedFact(
        name="SPF error",
        means="The sender's SPF record could not be evaluated",
        causes="A DNS problem, more than ten lookups, or an invalid record",
        try_next="Check the SPF record: valid syntax, at most ten lookups",
        rfc="RFC 7372 3.2",
    ),
    (7, 25): EnhancedFact(
        name="Reverse DNS failed",
        means="The client's address has no matching name in DNS",
        causes="No PTR record, or a name that does not resolve back to the address",
        try_next="Set a PTR record whose name resolves back to the address",
        rfc="RFC 7372 3.3",
    ),
    (7, 26): EnhancedFact(
        name="Several checks failed",
        means="More than one of the checks (SPF, DKIM, DMARC and others) failed",
        causes="Gmail: neither SPF nor DKIM passed, or DMARC failed",
        try_next="Check the domain's SPF, DKIM and DMARC setup",
        rfc="RFC 7372 3.4",
    ),
    (7, 27): EnhancedFact(
        name="Sender domain has null MX",
        means="The sender's domain does not accept mail, so it cannot receive bounces",
        try_next="Use a sender whose domain accepts mail",
        rfc="RFC 7505 4.2",
    ),
    (7, 28): EnhancedFact(
        name="Mail flood",
        means="The message is part of a flood of similar messages; with Gmail, an unusual rate",
        causes="A high rate or identical content",
        try_next="Send fewer messages at a time",
        rfc="IANA registry (draft-levine-mailbomb-header-00)",
    ),
    (7, 29): EnhancedFact(
        name="ARC failed",
        means="The ARC chain does not validate",
        causes="Changes in transit",
        try_next="Check the ARC headers, and find out what modified the message",
        rfc="RFC 8617",
    ),
    (7, 30): EnhancedFact(
        name="REQUIRETLS not available",
        means="The next hops do not offer REQUIRETLS",
        try_next="Send the message without REQUIRETLS, or fix the next hops",
        rfc="RFC 8689",
    ),
}
"""The meaning of each enhanced code, keyed by subject and detail."""

SUBJECTS: dict[int, EnhancedFact] = {
    0: EnhancedFact(
        name="no details",
        means="The code does not say what kind of problem it is",
        try_next="Read the reply text",
        rfc="RFC 3463 2",
    ),
    1: EnhancedFact(
        name="address problem, unspecified",
        means=(
            "The problem is with the sender's or a recipient's address; usually the sender "
            "can correct it"
        ),
        try_next="Check the addresses, and read the reply text",
        rfc="RFC 3463 2",
    ),
    2: EnhancedFact(
        name="mailbox problem, unspecified",
        means="The problem is with the mailbox; usually the recipient must correct it",
        try_next="Read the reply text, and contact the recipient another way, for example by phone",
        rfc="RFC 3463 2",
    ),
    3: EnhancedFact(
        name="mail system problem, unspecified",
        means="The problem is with the receiving system; its administrator must act",
        try_next="Read the reply text, and ask the administrator of the receiving system",
        rfc="RFC 3463 2",
    ),
    4: EnhancedFact(
        name="network or routing problem, unspecified",
        means=(
            "The problem is with the network or the route; the administrators of the destination "
            "or of an intermediate system must act"
        ),
        try_next="Read the reply text, and check the route to the destination",
        rfc="RFC 3463 2",
    ),
    5: EnhancedFact(
        name="protocol problem, unspecified",
        means="The problem is with the SMTP dialogue, and so with the software on either side",
        try_next="Compare the line with the command's syntax",
        rfc="RFC 3463 2",
    ),
    6: EnhancedFact(
        name="content problem, unspecified",
        means="The problem is with the content of the message or its conversion",
        try_next="Read the reply text; try a plain message",
        rfc="RFC 3463 2",
    ),
    7: EnhancedFact(
        name="security or policy problem, unspecified",
        means="The problem is with policy, login, encryption or spam",
        try_next="Read the reply text: it often names the rule",
        rfc="RFC 3463 2",
    ),
}
"""The meaning that all codes of a subject share, keyed by subject."""
