"""Enhanced status codes (RFC 3463 and the IANA list): class.subject.detail, in plain words."""

from __future__ import annotations

from typing import NamedTuple


class EnhancedFact(NamedTuple):
    """`means` in one sentence, `causes` as met in practice."""

    name: str
    means: str
    causes: str = ""
    rfc: str = ""


DETAILS: dict[tuple[int, int], EnhancedFact] = {
    (0, 0): EnhancedFact(
        name="Undefined status",
        means="No details; only the class counts",
        causes="Servers that have not sorted their errors",
        rfc="RFC 3463 3.1",
    ),
    (1, 0): EnhancedFact(
        name="Other address status",
        means="Something about an address",
        causes="Sender or recipient refused by a rule",
        rfc="RFC 3463 3.2",
    ),
    (1, 1): EnhancedFact(
        name="Bad mailbox address",
        means="No such user here: the part before the @ is wrong",
        causes="Typing error, account deleted, list out of date",
        rfc="RFC 3463 3.2",
    ),
    (1, 2): EnhancedFact(
        name="Bad system address",
        means="The domain does not exist or takes no mail",
        causes="Typing error after the @, DNS records missing",
        rfc="RFC 3463 3.2",
    ),
    (1, 3): EnhancedFact(
        name="Bad recipient syntax",
        means="The recipient address is not well formed",
        causes="Missing < >, spaces, two @, stray characters",
        rfc="RFC 3463 3.2",
    ),
    (1, 4): EnhancedFact(
        name="Ambiguous address",
        means="The address fits more than one mailbox",
        causes="Name lookup with several hits",
        rfc="RFC 3463 3.2",
    ),
    (1, 5): EnhancedFact(
        name="Address valid",
        means="The address is good (success reports, 250 to RCPT)",
        rfc="RFC 3463 3.2",
    ),
    (1, 6): EnhancedFact(
        name="Mailbox moved",
        means="Once valid, now gone, and no new address is given",
        causes="Account closed",
        rfc="RFC 3463 3.2",
    ),
    (1, 7): EnhancedFact(
        name="Bad sender syntax",
        means="The sender address is not well formed",
        causes="As X.1.3, in MAIL",
        rfc="RFC 3463 3.2",
    ),
    (1, 8): EnhancedFact(
        name="Bad sender system",
        means="The sender's domain does not exist or cannot take bounces",
        causes="No MX or address record, host name of a private network",
        rfc="RFC 3463 3.2",
    ),
    (1, 9): EnhancedFact(
        name="Relayed without reports",
        means="Handed to a system that cannot report further",
        causes="Gateway to old mail systems",
        rfc="RFC 3886 3.3.4",
    ),
    (1, 10): EnhancedFact(
        name="Recipient has null MX",
        means="The domain says in DNS that it never takes mail",
        causes="MX record with a single dot",
        rfc="RFC 7505 4.1; RFC 7504",
    ),
    (2, 0): EnhancedFact(
        name="Other mailbox status",
        means="The mailbox is there, but something about it stands in the way",
        causes="Local delivery trouble",
        rfc="RFC 3463 3.3",
    ),
    (2, 1): EnhancedFact(
        name="Mailbox disabled",
        means="The mailbox is there but takes no mail (for now or for ever)",
        causes="Account suspended, too much mail at once (Gmail)",
        rfc="RFC 3463 3.3",
    ),
    (2, 2): EnhancedFact(
        name="Mailbox full",
        means="Over quota; the recipient has to make room",
        causes="Quota",
        rfc="RFC 3463 3.3",
    ),
    (2, 3): EnhancedFact(
        name="Too big for the mailbox",
        means="Over the limit set for this mailbox",
        causes="Size rule for the user",
        rfc="RFC 3463 3.3",
    ),
    (2, 4): EnhancedFact(
        name="List expansion problem",
        means="The mailing list cannot be expanded",
        causes="List file or directory missing",
        rfc="RFC 3463 3.3",
    ),
    (3, 0): EnhancedFact(
        name="Other system status",
        means="The receiving system is there, but something in it went wrong",
        causes="Filter or queue trouble",
        rfc="RFC 3463 3.4",
    ),
    (3, 1): EnhancedFact(
        name="System full",
        means="The whole system is out of space",
        causes="Disk full",
        rfc="RFC 3463 3.4",
    ),
    (3, 2): EnhancedFact(
        name="System takes no mail",
        means="Shutting down, overloaded, in maintenance; or a host that never takes mail",
        causes="Load, maintenance",
        rfc="RFC 3463 3.4; RFC 7504",
    ),
    (3, 3): EnhancedFact(
        name="Feature missing",
        means="The system cannot do what the message asks for",
        causes="Gateway without the feature",
        rfc="RFC 3463 3.4",
    ),
    (3, 4): EnhancedFact(
        name="Too big for the system",
        means="Over the limit for any message here",
        causes="SIZE exceeded",
        rfc="RFC 3463 3.4",
    ),
    (3, 5): EnhancedFact(
        name="System misconfigured",
        means="The system is not set up to take this message",
        causes="Mail loops back to itself, missing domain setting",
        rfc="RFC 3463 3.4",
    ),
    (3, 6): EnhancedFact(
        name="Priority changed",
        means="Taken, but with another priority than asked; the text names it",
        causes="MT-PRIORITY lowered",
        rfc="RFC 6710",
    ),
    (4, 0): EnhancedFact(
        name="Other network status",
        means="Network or routing trouble of an unknown kind",
        rfc="RFC 3463 3.5",
    ),
    (4, 1): EnhancedFact(
        name="No answer from host",
        means="The next server did not take the connection",
        causes="Down, firewall, port 25 blocked",
        rfc="RFC 3463 3.5",
    ),
    (4, 2): EnhancedFact(
        name="Bad connection",
        means="The connection broke or timed out in the middle",
        causes="Network, idle too long",
        rfc="RFC 3463 3.5",
    ),
    (4, 3): EnhancedFact(
        name="Directory failure",
        means="A directory such as DNS could not be asked",
        causes="Resolver or LDAP down",
        rfc="RFC 3463 3.5",
    ),
    (4, 4): EnhancedFact(
        name="Unable to route",
        means="No next hop is known for the domain",
        causes="No MX and no address record, broken route table",
        rfc="RFC 3463 3.5",
    ),
    (4, 5): EnhancedFact(
        name="Congestion",
        means="The mail system is too busy; also sending limits (Gmail 5.4.5)",
        causes="Load, quota",
        rfc="RFC 3463 3.5",
    ),
    (4, 6): EnhancedFact(
        name="Loop",
        means="The message went round in circles",
        causes="Two hosts forward to each other",
        rfc="RFC 3463 3.5",
    ),
    (4, 7): EnhancedFact(
        name="Expired",
        means="Too old: given up after days of trying",
        causes="Earlier errors; look for the last of them",
        rfc="RFC 3463 3.5",
    ),
    (5, 0): EnhancedFact(
        name="Other protocol status",
        means="Something about the dialogue",
        rfc="RFC 3463 3.6",
    ),
    (5, 1): EnhancedFact(
        name="Invalid command",
        means="Out of order, or not supported",
        causes="Wrong sequence; old Gmail text for login needed",
        rfc="RFC 3463 3.6",
    ),
    (5, 2): EnhancedFact(
        name="Syntax error",
        means="Cannot be understood",
        causes="Typing error, missing < >, bad base64",
        rfc="RFC 3463 3.6",
    ),
    (5, 3): EnhancedFact(
        name="Too many recipients",
        means="More recipients than one message may have here",
        causes="Limit of the server; 452 is the usual number in practice",
        rfc="RFC 3463 3.6",
    ),
    (5, 4): EnhancedFact(
        name="Invalid arguments",
        means="Command known, argument wrong or unknown",
        causes="Parameter not advertised, mechanism not offered",
        rfc="RFC 3463 3.6",
    ),
    (5, 5): EnhancedFact(
        name="Wrong protocol version",
        means="The two sides could not agree on a version",
        rfc="RFC 3463 3.6",
    ),
    (5, 6): EnhancedFact(
        name="AUTH line too long",
        means="The base64 answer is longer than the server's buffer",
        causes="Big Kerberos ticket or token",
        rfc="RFC 4954 6",
    ),
    (6, 0): EnhancedFact(
        name="Other content status",
        means="Something in the content makes it undeliverable",
        causes="Malformed message, filter",
        rfc="RFC 3463 3.7",
    ),
    (6, 1): EnhancedFact(
        name="Media not supported",
        means="The next system or the protocol cannot carry this kind of content",
        rfc="RFC 3463 3.7",
    ),
    (6, 2): EnhancedFact(
        name="Conversion forbidden",
        means="Would have to be converted, which is not permitted",
        rfc="RFC 3463 3.7",
    ),
    (6, 3): EnhancedFact(
        name="Conversion not possible",
        means="Would have to be converted, which the host cannot do",
        causes="8-bit or binary body towards a 7-bit next hop",
        rfc="RFC 3463 3.7",
    ),
    (6, 4): EnhancedFact(
        name="Converted with loss",
        means="Delivered, but some data was lost in conversion",
        rfc="RFC 3463 3.7",
    ),
    (6, 5): EnhancedFact(
        name="Conversion failed",
        means="Conversion was tried and failed",
        rfc="RFC 3463 3.7",
    ),
    (6, 6): EnhancedFact(
        name="Content not available",
        means="The content could not be fetched from elsewhere",
        causes="BURL: IMAP URL not usable",
        rfc="RFC 4468 5",
    ),
    (6, 7): EnhancedFact(
        name="Non-ASCII address refused",
        means="This sender or recipient must be ASCII",
        causes="SMTPUTF8 parameter missing or mailbox not ready for it",
        rfc="RFC 6531 4.2",
    ),
    (6, 8): EnhancedFact(
        name="UTF-8 reply needed",
        means="The answer would need UTF-8, which the client did not permit",
        causes="VRFY or EXPN without SMTPUTF8",
        rfc="RFC 6531 4.2",
    ),
    (6, 9): EnhancedFact(
        name="UTF-8 headers not transferable",
        means="After end of data: some recipient cannot get UTF-8 headers",
        causes="A mailbox or next hop without SMTPUTF8",
        rfc="RFC 6531 4.2",
    ),
    (6, 10): EnhancedFact(
        name="Deprecated",
        means="Registered twice by mistake: use X.6.8",
        rfc="RFC 6531 (IANA note)",
    ),
    (7, 0): EnhancedFact(
        name="Other security status",
        means="Rules or security; details withheld",
        causes="Rate limits, STARTTLS or login needed",
        rfc="RFC 3463 3.8",
    ),
    (7, 1): EnhancedFact(
        name="Not authorised",
        means="Refused by policy",
        causes="Relaying, block lists, spam filter, SPF; the most used code of all",
        rfc="RFC 3463 3.8",
    ),
    (7, 2): EnhancedFact(
        name="May not write to the list",
        means="The sender may not post to this mailing list",
        rfc="RFC 3463 3.8",
    ),
    (7, 3): EnhancedFact(
        name="Security conversion impossible",
        means=(
            "Conversion between secure formats needed, not possible; Exchange: server login not "
            "possible"
        ),
        rfc="RFC 3463 3.8",
    ),
    (7, 4): EnhancedFact(
        name="Security feature missing",
        means="A requested security feature is not supported",
        causes="AUTH mechanism not offered",
        rfc="RFC 3463 3.8",
    ),
    (7, 5): EnhancedFact(
        name="Cryptographic failure",
        means=(
            "Checking or decrypting failed for lack of a good key; Postfix: TLS or DANE check of "
            "the next hop failed"
        ),
        causes="Certificates, TLSA records",
        rfc="RFC 3463 3.8",
    ),
    (7, 6): EnhancedFact(
        name="Algorithm not supported",
        means="The cryptographic algorithm is not known here",
        rfc="RFC 3463 3.8",
    ),
    (7, 7): EnhancedFact(
        name="Integrity failure",
        means="The message was changed or damaged on the way",
        rfc="RFC 3463 3.8",
    ),
    (7, 8): EnhancedFact(
        name="Bad credentials",
        means="Login failed: name or password wrong",
        causes="Typing error, application password needed",
        rfc="RFC 4954 6",
    ),
    (7, 9): EnhancedFact(
        name="Mechanism too weak",
        means=(
            "The server wants a stronger mechanism for this user; Yahoo and Gmail use it in other"
            " ways"
        ),
        causes="Policy",
        rfc="RFC 4954 6",
    ),
    (7, 10): EnhancedFact(
        name="Encryption needed",
        means="The mechanism needs an encrypted connection",
        causes="No STARTTLS yet",
        rfc="RFC 5248 2.4",
    ),
    (7, 11): EnhancedFact(
        name="Encryption required for the mechanism",
        means="The same, older code: kept for history",
        causes="No STARTTLS yet",
        rfc="RFC 4954 6",
    ),
    (7, 12): EnhancedFact(
        name="Password transition",
        means="Log in once with PLAIN, so that the server can store the new kind of secret",
        causes="Change of mechanism",
        rfc="RFC 4954 6",
    ),
    (7, 13): EnhancedFact(
        name="Account disabled",
        means="Name and password right, account locked",
        causes="Unpaid, abuse, break-in",
        rfc="RFC 5248 2.4",
    ),
    (7, 14): EnhancedFact(
        name="Trust relationship required",
        means="The submission server is not trusted by the server that holds the content",
        causes="BURL",
        rfc="RFC 5248 2.4",
    ),
    (7, 15): EnhancedFact(
        name="Priority too low",
        means="Only more urgent mail is taken at present",
        causes="MT-PRIORITY",
        rfc="RFC 6710",
    ),
    (7, 16): EnhancedFact(
        name="Too big for its priority",
        means="Messages of this priority must be smaller",
        causes="MT-PRIORITY",
        rfc="RFC 6710",
    ),
    (7, 17): EnhancedFact(
        name="Mailbox owner changed",
        means="The mailbox has had another owner since the stated time",
        causes="RRVS",
        rfc="RFC 7293",
    ),
    (7, 18): EnhancedFact(
        name="Domain owner changed",
        means="The domain has had another owner since the stated time",
        causes="RRVS",
        rfc="RFC 7293",
    ),
    (7, 19): EnhancedFact(
        name="RRVS not checkable",
        means="The server does not know since when the owner has it",
        causes="RRVS",
        rfc="RFC 7293",
    ),
    (7, 20): EnhancedFact(
        name="No passing DKIM signature",
        means="No DKIM signature was good",
        causes="Missing, broken by changes on the way",
        rfc="RFC 7372 3.1",
    ),
    (7, 21): EnhancedFact(
        name="No acceptable DKIM signature",
        means="Signatures were good, but not to the server's liking",
        causes="Local policy",
        rfc="RFC 7372 3.1",
    ),
    (7, 22): EnhancedFact(
        name="No DKIM signature of the author",
        means="Good signatures, but none of the domain in From:",
        causes="Sent through a service that signs with its own domain",
        rfc="RFC 7372 3.1",
    ),
    (7, 23): EnhancedFact(
        name="SPF failed",
        means="The client address may not send for this domain",
        causes="Forwarding, server missing in the SPF record",
        rfc="RFC 7372 3.2",
    ),
    (7, 24): EnhancedFact(
        name="SPF error",
        means="SPF could not be evaluated",
        causes="DNS trouble, more than ten lookups, bad record",
        rfc="RFC 7372 3.2",
    ),
    (7, 25): EnhancedFact(
        name="Reverse DNS failed",
        means="The client address has no fitting name",
        causes="PTR missing, or the name does not lead back",
        rfc="RFC 7372 3.3",
    ),
    (7, 26): EnhancedFact(
        name="Several checks failed",
        means="More than one check of SPF, DKIM, DMARC and the like failed",
        causes="Gmail: neither SPF nor DKIM, or DMARC",
        rfc="RFC 7372 3.4",
    ),
    (7, 27): EnhancedFact(
        name="Sender has null MX",
        means=(
            "The sender's domain takes no mail, so no bounce can go there; Gmail: SPF did not pass"
        ),
        rfc="RFC 7505 4.2",
    ),
    (7, 28): EnhancedFact(
        name="Mail flood",
        means="Part of a flood of like messages; Gmail: unusual rate",
        causes="Rate, same content",
        rfc="IANA registry (draft-levine-mailbomb-header-00)",
    ),
    (7, 29): EnhancedFact(
        name="ARC failed",
        means="The ARC chain is broken; Gmail: message did not come over TLS",
        causes="Changes on the way",
        rfc="RFC 8617",
    ),
    (7, 30): EnhancedFact(
        name="REQUIRETLS needed",
        means="The next hops do not offer REQUIRETLS; Gmail: DKIM did not pass",
        rfc="RFC 8689",
    ),
}
"""(subject, detail) -> fact."""

SUBJECTS: dict[int, EnhancedFact] = {
    0: EnhancedFact(
        name="undefined",
        means="Nothing said about the kind of trouble",
        rfc="RFC 3463 2",
    ),
    1: EnhancedFact(
        name="address",
        means="About the sender's or recipient's address; mostly for the sender to correct",
        rfc="RFC 3463 2",
    ),
    2: EnhancedFact(
        name="mailbox",
        means="About the mailbox; mostly for the recipient to correct",
        rfc="RFC 3463 2",
    ),
    3: EnhancedFact(
        name="mail system",
        means="About the receiving system; for its administrator",
        rfc="RFC 3463 2",
    ),
    4: EnhancedFact(
        name="network and routing",
        means="About the way there; for the administrators on both ends",
        rfc="RFC 3463 2",
    ),
    5: EnhancedFact(
        name="protocol",
        means="About the SMTP dialogue; for the people who write or run the software",
        rfc="RFC 3463 2",
    ),
    6: EnhancedFact(
        name="content",
        means="About the message content and its conversion",
        rfc="RFC 3463 2",
    ),
    7: EnhancedFact(
        name="security and policy",
        means="About rules, login, encryption, spam",
        rfc="RFC 3463 2",
    ),
}
"""subject -> fact."""
