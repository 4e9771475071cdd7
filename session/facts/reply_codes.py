"""Reply codes (RFC 5321 section 4.2): what they mean, usual causes, and what to try.

Codes that servers send although no RFC defines them are marked as such in `rfc`.
"""

from __future__ import annotations

from typing import NamedTuple

from .citations import cited


class CodeFact(NamedTuple):
    """The meaning of a reply code, or of one of its digits.

    `means` is one sentence; `short` is a few words to use instead if that sentence is long. `after`
    lists the commands that the code answers. `sure` is False for a code known only from second-hand
    reports.
    """

    means: str
    after: str = ""
    causes: str = ""
    try_next: str = ""
    rfc: str = ""
    sure: bool = True
    short: str = ""

    @property
    def source(self) -> str:
        """The document and section that define the code, marked if unconfirmed."""
        return cited(self.rfc, self.sure)


CODES: dict[int, CodeFact] = {
    200: CodeFact(
        means="Generic success (not standard)",
        after="private commands",
        causes="X-LINK2STATE on old Exchange servers; custom-built servers",
        try_next="Continue as after 250",
        rfc="no SMTP RFC",
    ),
    211: CodeFact(
        means="System status, or help",
        after="HELP",
        rfc="RFC 5321 4.2.2, 4.3.2",
    ),
    214: CodeFact(
        means="Help text, for a human reader",
        after="HELP",
        try_next="Read it; every server has its own text",
        rfc="RFC 5321 4.2.2, 4.3.2",
    ),
    220: CodeFact(
        means=("Ready: the greeting, the go-ahead for TLS, or the new greeting after XCLIENT"),
        short="ready",
        after="connection, STARTTLS, XCLIENT",
        try_next="After the greeting send EHLO; after STARTTLS start the handshake at once",
        rfc="RFC 5321 4.2.2; RFC 3207 4",
    ),
    221: CodeFact(
        means="Goodbye: the server closes the connection",
        after="QUIT",
        causes="Some servers also send it when they disconnect a client",
        try_next="Read any remaining data, then close the connection",
        rfc="RFC 5321 4.2.2",
    ),
    235: CodeFact(
        means="Logged in",
        after="AUTH",
        try_next="Continue; if a SASL security layer was negotiated, send EHLO first",
        rfc="RFC 4954 6",
    ),
    250: CodeFact(
        means="Completed",
        after="EHLO, HELO, MAIL, RCPT, end of data, BDAT, RSET, VRFY, EXPN, NOOP, ETRN, ATRN",
        rfc="RFC 5321 4.2.2",
    ),
    251: CodeFact(
        means="User not local; the server will forward the message",
        after="RCPT, VRFY; ETRN (no mail waiting)",
        causes="The mailbox has moved",
        try_next="Nothing to do; you may want to note the new address",
        rfc="RFC 5321 3.4; RFC 1985 5",
    ),
    252: CodeFact(
        means="Cannot verify the user, but will try to deliver",
        after="VRFY, EXPN; ETRN (pending mail started)",
        causes=(
            "Servers that do not disclose their users usually send this. Some, such as Postfix, "
            "send it for every name that they would accept, and refuse all others with 550"
        ),
        try_next="Draw no conclusion from it",
        rfc="RFC 5321 3.5.3; RFC 1985 5",
    ),
    253: CodeFact(
        means="Queue run started; the reply gives the number of messages",
        after="ETRN",
        try_next="Wait for the server to connect",
        rfc="RFC 1985 5",
    ),
    334: CodeFact(
        means="AUTH continues: the text is the server's challenge in base64 (it may be empty)",
        short="continue: the server waits for a response",
        after="AUTH",
        try_next=(
            "Respond with one line of base64, or cancel with *. The space after 334 is "
            "present even when no text follows"
        ),
        rfc="RFC 4954 4, 6",
    ),
    353: CodeFact(
        means="A reply for each recipient follows (PRDR)",
        after="end of data after MAIL ... PRDR",
        try_next="Read one reply for each recipient, then the final one",
        rfc="draft-hall-prdr (Exim, private)",
    ),
    354: CodeFact(
        means="Send the message; a line with only a dot ends it",
        after="DATA",
        try_next="Send the message, then CRLF . CRLF",
        rfc="RFC 5321 4.2.2",
    ),
    355: CodeFact(
        means="Restart: the reply says at which octet to resume",
        after="MAIL with TRANSID",
        causes="An earlier transfer was interrupted",
        try_next="Resume at this octet",
        rfc="RFC 1845",
    ),
    421: CodeFact(
        means="Service not available; the server closes the connection",
        short="the server closes the connection",
        after="any command; as a greeting; unsolicited",
        causes=(
            "Shutdown, overload, too many connections or errors, an idle timeout, a rate limit or "
            "a blocked address"
        ),
        try_next="Wait, then try again with fewer connections",
        rfc="RFC 5321 4.2.2, 3.8",
    ),
    422: CodeFact(
        means="A password transition is needed (like 432)",
        short="password transition needed",
        after="AUTH",
        causes="Rare; some servers use it for a full mailbox",
        try_next="Log in once with PLAIN over TLS; otherwise read the reply text",
        rfc="RFC 5248 2.4",
        sure=False,
    ),
    430: CodeFact(
        means="The command is out of sequence, or temporarily not accepted",
        short="out of sequence",
        after="any",
        causes="Very rare",
        try_next="Read the reply text",
        rfc="RFC 5248 2.4",
        sure=False,
    ),
    432: CodeFact(
        means="A password transition is needed: log in once with PLAIN",
        short="password transition needed",
        after="AUTH",
        causes="The server stores no credentials for this mechanism",
        try_next="Log in once with PLAIN over TLS, then use the desired mechanism",
        rfc="RFC 4954 6",
    ),
    435: CodeFact(
        means="The login cannot be checked now",
        after="AUTH",
        causes="The user database cannot be reached",
        try_next="Try again later",
        rfc="no RFC; Exim",
    ),
    441: CodeFact(
        means="The recipient's server does not respond",
        after="mostly in bounce messages",
        try_next="Try again later",
        rfc="no RFC; seen in practice",
        sure=False,
    ),
    442: CodeFact(
        means="The connection was lost during the transfer",
        after="mostly in bounce messages",
        causes="A network problem",
        try_next="Try again later",
        rfc="no RFC; seen in practice",
        sure=False,
    ),
    446: CodeFact(
        means="Too many hops",
        after="mostly in bounce messages",
        causes="A mail loop",
        try_next="Check the Received header fields",
        rfc="no RFC; seen in practice",
        sure=False,
    ),
    447: CodeFact(
        means="Message timed out",
        after="mostly in bounce messages",
        causes="The message could not be delivered in time",
        try_next="Send the message again",
        rfc="no RFC; seen in practice",
        sure=False,
    ),
    449: CodeFact(
        means="Routing error",
        after="mostly in bounce messages",
        try_next="Check DNS",
        rfc="no RFC; seen in practice",
        sure=False,
    ),
    450: CodeFact(
        means="Mailbox unavailable",
        after="RCPT, end of data, MAIL; ATRN (refused temporarily)",
        causes="Greylisting, a locked mailbox, an address that cannot be verified, or a rate limit",
        try_next="Try again in a few minutes, from the same address",
        rfc="RFC 5321 4.2.2",
    ),
    451: CodeFact(
        means="Server error",
        after="MAIL, RCPT, end of data, any",
        causes="A DNS problem, a content filter that is down, a disk error or greylisting",
        try_next="Try again later",
        rfc="RFC 5321 4.2.2",
    ),
    452: CodeFact(
        means="Insufficient storage, or too many recipients",
        after="MAIL, RCPT, end of data",
        causes="A full disk, a full mailbox, or more recipients than a transaction may have",
        try_next=(
            "If there were too many recipients, send the rest in a new transaction; otherwise try "
            "again later"
        ),
        rfc="RFC 5321 4.2.2, 4.5.3.1.10",
    ),
    453: CodeFact(
        means="No mail is waiting (reply to ATRN); after any other command, no mail is accepted",
        short="no mail is waiting (ATRN), or none is accepted",
        after="ATRN; other commands, with X.3.2",
        try_next="Try again later",
        rfc="RFC 2645 5; RFC 5248 2.4",
    ),
    454: CodeFact(
        means="TLS or login is temporarily unavailable",
        after="STARTTLS, AUTH",
        causes=(
            "A missing certificate or key, a failed authentication service, or too many attempts"
        ),
        try_next="Try again later; do not silently fall back to plaintext",
        rfc="RFC 3207 4; RFC 4954 6",
    ),
    455: CodeFact(
        means="Parameters cannot be accommodated",
        after="MAIL, RCPT",
        causes="The server supports the parameter but cannot honour it now",
        try_next="Try again later, or without the parameter",
        rfc="RFC 5321 4.2.2",
    ),
    458: CodeFact(
        means="The queue run for this domain cannot be started",
        after="ETRN",
        try_next="Try again later",
        rfc="RFC 1985 5",
    ),
    459: CodeFact(
        means="Queue runs for this domain are not allowed",
        after="ETRN",
        causes="The server does not queue mail for this name",
        try_next="Check the name, or ask the relay's administrator",
        rfc="RFC 1985 5",
    ),
    471: CodeFact(
        means="Filter failure on the server",
        after="end of data, RCPT",
        causes="A spam or virus filter could not reach a verdict",
        try_next="Try again later",
        rfc="no RFC; seen in practice",
        sure=False,
    ),
    500: CodeFact(
        means="Command not recognised or malformed, or its line is too long",
        short="command not recognised",
        after="any",
        causes=(
            "A typo, a command of an extension that the server lacks, or TLS bytes sent to a "
            "plaintext port"
        ),
        try_next="Check the spelling and the list of extensions",
        rfc="RFC 5321 4.2.2, 4.3.2",
    ),
    501: CodeFact(
        means="Syntax error in the argument",
        after="any; EHLO, MAIL, RCPT, AUTH",
        causes=(
            "Missing < >, an invalid name in EHLO, an argument where none is allowed, invalid "
            "base64, AUTH cancelled with *, or an initial response where the server speaks first"
        ),
        try_next="Compare the line with the command's syntax",
        rfc="RFC 5321 4.2.2; RFC 4954 4",
    ),
    502: CodeFact(
        means="Command not implemented",
        after="VRFY, EXPN, HELP, TURN, any",
        causes=(
            "A disabled or unknown command. RFC 5321 requires 500 for an unknown one, but some "
            "servers send 502 for both"
        ),
        try_next=("Check the spelling and the EHLO reply; if the command is optional, skip it"),
        rfc="RFC 5321 4.2.2, 4.2.4",
    ),
    503: CodeFact(
        means="Bad sequence of commands",
        after="MAIL, RCPT, DATA, BDAT, AUTH, XCLIENT",
        causes=(
            "No EHLO yet, MAIL inside a transaction, no accepted recipient, a second AUTH, or DATA "
            "after BDAT"
        ),
        try_next="Send RSET, then the commands in order",
        rfc="RFC 5321 4.2.2, 4.1.4",
    ),
    504: CodeFact(
        means="Argument not implemented",
        after="EHLO, HELP, AUTH",
        causes=(
            "An AUTH mechanism that is not offered, or only over TLS; Postfix uses it to "
            "refuse an EHLO name without a dot"
        ),
        try_next="Choose from the list in the EHLO reply",
        rfc="RFC 5321 4.2.2; RFC 4954 4",
    ),
    510: CodeFact(
        means="Bad address",
        after="mostly in bounce messages",
        try_next="Check the address",
        rfc="no RFC; seen in practice",
        sure=False,
    ),
    511: CodeFact(
        means="Bad address",
        after="RCPT",
        try_next="Check the address",
        rfc="no RFC; seen in practice",
        sure=False,
    ),
    512: CodeFact(
        means="Recipient domain not found",
        after="RCPT, bounce messages",
        causes="A typo after the @, or a DNS problem",
        try_next="Check the domain",
        rfc="no RFC; seen in practice",
        sure=False,
    ),
    513: CodeFact(
        means="Invalid address type",
        after="RCPT",
        try_next="Check the address",
        rfc="no RFC; seen in practice",
        sure=False,
    ),
    521: CodeFact(
        means=(
            "This host does not accept mail; some servers also send this after a command, when "
            "they close the connection"
        ),
        short="no mail here, or the server closes the connection",
        after=(
            "connection; with Postfix and Haraka, any command before they close the connection "
            "(not standardised)"
        ),
        causes=(
            "As a greeting, a host that only sends; otherwise a malformed or overlong line, or a "
            "policy"
        ),
        try_next="Read the reply text; after a 521 greeting use another host: check the MX record",
        rfc="RFC 7504 3; RFC 1846",
    ),
    523: CodeFact(
        means="Encryption required for this mechanism",
        after="AUTH; Gmail: bytes sent after STARTTLS",
        causes="A login without TLS",
        try_next="Send STARTTLS first",
        rfc="RFC 5248 2.4",
    ),
    524: CodeFact(
        means=(
            "Encryption required for this mechanism (AUTH); OpenSMTPD: the recipient expands to "
            "no address (RCPT)"
        ),
        short="encryption required, or an address that leads nowhere",
        after="AUTH; RCPT",
        try_next="If AUTH was refused, send STARTTLS first; if RCPT was, check the address",
        rfc="RFC 5248 2.4",
        sure=False,
    ),
    525: CodeFact(
        means="Account disabled",
        after="AUTH",
        causes="The user name and password are correct, but the account is locked",
        try_next="Ask the administrator to unlock the account",
        rfc="RFC 5248 2.4",
    ),
    530: CodeFact(
        means="Authentication required, or TLS required",
        after=(
            "MAIL, ATRN and others. If authentication is required, any but AUTH EHLO HELO NOOP "
            "RSET QUIT; if TLS is required, any but EHLO NOOP STARTTLS QUIT"
        ),
        causes="A submission port used without AUTH; a server that requires TLS",
        try_next=(
            "Check which of the two the reply requires: for authentication, send AUTH; for TLS, "
            "send STARTTLS, then EHLO, then AUTH"
        ),
        rfc="RFC 4954 6; RFC 3207 4; RFC 2645 5",
    ),
    533: CodeFact(
        means="Not authorised",
        after="MAIL, RCPT",
        causes="Very rare",
        try_next="Read the reply text",
        rfc="RFC 5248 2.4",
        sure=False,
    ),
    534: CodeFact(
        means=(
            "The mechanism is too weak for this user; Gmail: log in with a browser, or use "
            "an app password"
        ),
        short="mechanism too weak",
        after="AUTH",
        causes="A server policy",
        try_next="Use a stronger mechanism, or follow the link in the reply",
        rfc="RFC 4954 6",
    ),
    535: CodeFact(
        means="Wrong user name or password",
        after="AUTH",
        causes=(
            "A typo, a missing app password, disabled password logins, or the wrong server for the "
            "user"
        ),
        try_next=(
            "Check the user name and password; find out whether OAuth or an app password is "
            "required"
        ),
        rfc="RFC 4954 6",
    ),
    538: CodeFact(
        means="Encryption required for this mechanism (historical; servers now send 504 5.5.4)",
        short="encryption required for this mechanism",
        after="AUTH",
        causes="A login without TLS",
        try_next="Send STARTTLS first",
        rfc="RFC 4954 1, 6",
    ),
    540: CodeFact(
        means="No DNS server answered, or the mailbox no longer exists",
        short="no DNS answer, or mailbox deleted",
        after="mostly in bounce messages",
        try_next="Check the domain",
        rfc="no RFC; seen in practice",
        sure=False,
    ),
    541: CodeFact(
        means="Classified as spam",
        after="RCPT, end of data",
        causes="A spam filter",
        try_next="Contact the recipient another way, for example by phone",
        rfc="no RFC; seen in practice",
        sure=False,
    ),
    550: CodeFact(
        means="Mailbox unavailable, or refused by policy",
        after="RCPT, MAIL, end of data, VRFY, EHLO",
        causes=(
            "Unknown user, relaying denied, a block list, failed SPF, DKIM or DMARC, or a spam "
            "filter"
        ),
        try_next="Read the reply text: it usually says which of these applies",
        rfc="RFC 5321 4.2.2",
    ),
    551: CodeFact(
        means="User not local; the reply may give another address",
        short="user not local",
        after="RCPT, VRFY",
        causes="The user has moved; some servers also send this when they deny relaying",
        try_next="Try the address in the reply",
        rfc="RFC 5321 3.4",
    ),
    552: CodeFact(
        means="Message too large, or mailbox full",
        after="MAIL, RCPT, end of data",
        causes="A size limit or a quota; on old servers, too many recipients",
        try_next="Make the message smaller; after one of many RCPTs, treat it as 452",
        rfc="RFC 5321 4.2.2, 4.5.3.1.10",
    ),
    553: CodeFact(
        means="Mailbox name not allowed",
        after="RCPT, MAIL, VRFY",
        causes=(
            "Invalid syntax, a sender address that is not yours, or a non-ASCII address without "
            "SMTPUTF8; qmail: relaying denied"
        ),
        try_next="Check the address, or log in as its owner",
        rfc="RFC 5321 4.2.2; RFC 6531 3.5",
    ),
    554: CodeFact(
        means="Transaction failed; as a greeting: no SMTP service here",
        short="transaction failed",
        after="connection, DATA, end of data, RCPT, BDAT",
        causes=(
            "A block list, spam or a virus, no valid recipients, or a client that sent data before "
            "the greeting or did not wait for a reply"
        ),
        try_next="Read the reply text; after a 554 greeting send only QUIT",
        rfc="RFC 5321 4.2.2, 3.1",
    ),
    555: CodeFact(
        means="MAIL or RCPT parameter not recognised",
        after="MAIL, RCPT",
        causes="An extension that is not listed, or a misspelt parameter; Gmail: missing < >",
        try_next="Omit the parameter",
        rfc="RFC 5321 4.2.2, 4.1.1.11",
    ),
    556: CodeFact(
        means="The domain does not accept mail (null MX)",
        after="RCPT; bounces from relays",
        causes="An MX record with a single dot",
        try_next="Use a different address: this one cannot receive mail",
        rfc="RFC 7504 4; RFC 7505 4.1",
    ),
    557: CodeFact(
        means="Rejected by a server rule",
        after="end of data, RCPT",
        causes="Too many duplicates, or site-specific rules",
        try_next="Read the reply text",
        rfc="no RFC; seen in practice",
        sure=False,
    ),
    571: CodeFact(
        means="Rejected by server policy",
        after="RCPT, end of data",
        causes="The enhanced code 5.7.1 written as a three-digit code",
        try_next="Read it as 550 5.7.1",
        rfc="no RFC; qmail chkuser, Orange, others",
    ),
}
"""The known reply codes, keyed by number."""

FIRST_DIGIT: dict[int, CodeFact] = {
    2: CodeFact(
        means="Success: the command was completed",
        after="any command",
        try_next="Continue with the next command",
        rfc="RFC 5321 4.2.1",
    ),
    3: CodeFact(
        means="Intermediate: the server waits for more (the message, or a response to AUTH)",
        after="DATA, AUTH",
        try_next="Send what the server expects, or cancel",
        rfc="RFC 5321 4.2.1",
    ),
    4: CodeFact(
        means="Temporary failure: the same command may work later",
        after="any command",
        try_next="Keep the message and try again later, first after about half an hour",
        rfc="RFC 5321 4.2.1, 4.5.4.1",
    ),
    5: CodeFact(
        means="Permanent failure: the same command will fail again",
        after="any command",
        try_next="Change something before you try again; a relay sends a bounce",
        rfc="RFC 5321 4.2.1",
    ),
    1: CodeFact(
        means="Not used in SMTP (it exists in FTP, whose reply codes SMTP shares)",
        after="none",
        causes="A server that is faulty or does not speak SMTP",
        try_next="Check the host and port",
        rfc="RFC 5321 4.2.1",
    ),
}
"""The meaning of the first digit (the class of a reply), keyed by digit."""

SECOND_DIGIT: dict[int, CodeFact] = {
    0: CodeFact(
        means="About syntax, or about correct commands that fit no other category",
        after="any command",
        try_next="Check the command",
        rfc="RFC 5321 4.2.1",
    ),
    1: CodeFact(
        means="Information: help and status",
        after="HELP",
        rfc="RFC 5321 4.2.1",
    ),
    2: CodeFact(
        means="About the connection",
        after="greeting, QUIT, any",
        rfc="RFC 5321 4.2.1",
    ),
    3: CodeFact(
        means="No general meaning; used for AUTH and STARTTLS",
        after="AUTH",
        rfc="RFC 5321 4.2.1; RFC 4954 6",
    ),
    4: CodeFact(
        means="No general meaning",
        rfc="RFC 5321 4.2.1",
    ),
    5: CodeFact(
        means="About the mail system: mailboxes, storage, policy",
        after="MAIL, RCPT, DATA",
        rfc="RFC 5321 4.2.1",
    ),
}
"""The meaning of the second digit (the subject of a reply), keyed by digit."""
