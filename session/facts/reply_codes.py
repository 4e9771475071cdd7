"""Reply codes (RFC 5321 section 4.2) in plain words: what they say, why, and what to try.

Codes that no RFC names, and that are met all the same, say so in their `rfc`.
"""

from __future__ import annotations

from typing import NamedTuple


class CodeFact(NamedTuple):
    """`means` in one sentence, and `short` in a few words where that is long.

    `after` says which commands, `causes` and `try_next` are for people. `sure` is False for what
    is known only by hearsay.
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
        """Where it stands, with a reserve where that is needed."""
        return self.rfc if self.sure else f"{self.rfc}, by hearsay"


CODES: dict[int, CodeFact] = {
    200: CodeFact(
        means="Success without a number of its own (not standard)",
        after="private commands",
        causes="X-LINK2STATE of old Exchange; home-made servers",
        try_next="Go on as after 250",
        rfc="no RFC of SMTP",
    ),
    211: CodeFact(
        means="Status, or a help text about the system",
        after="HELP",
        rfc="RFC 5321 4.2.2, 4.3.2",
    ),
    214: CodeFact(
        means="A help text for people",
        after="HELP",
        try_next="Read it: it is for people, and each server has its own",
        rfc="RFC 5321 4.2.2, 4.3.2",
    ),
    220: CodeFact(
        means=("Ready: the greeting; also ready to start TLS, and the new greeting after XCLIENT"),
        short="ready",
        after="connection, STARTTLS, XCLIENT",
        try_next="After the greeting send EHLO; after STARTTLS start the handshake at once",
        rfc="RFC 5321 4.2.2; RFC 3207 4",
    ),
    221: CodeFact(
        means="Goodbye: the server closes the connection",
        after="QUIT",
        causes="Some servers also say it when they throw a client out",
        try_next="Read to the end and close",
        rfc="RFC 5321 4.2.2",
    ),
    235: CodeFact(
        means="Logged in",
        after="AUTH",
        try_next="Go on; if a SASL security layer began, EHLO first",
        rfc="RFC 4954 6",
    ),
    250: CodeFact(
        means="Done as asked",
        after="EHLO, HELO, MAIL, RCPT, end of data, BDAT, RSET, VRFY, EXPN, NOOP, ETRN, ATRN",
        rfc="RFC 5321 4.2.2",
    ),
    251: CodeFact(
        means="Not a local user, but will forward",
        after="RCPT, VRFY; ETRN (no mail waiting)",
        causes="The mailbox has moved",
        try_next="Nothing to do now; you may note the new address",
        rfc="RFC 5321 3.4; RFC 1985 5",
    ),
    252: CodeFact(
        means="Cannot say whether the user exists, but would try",
        after="VRFY, EXPN; ETRN (pending mail started)",
        causes="The normal answer of a server that keeps its users private",
        try_next="Take it as no answer",
        rfc="RFC 5321 3.5.3; RFC 1985 5",
    ),
    253: CodeFact(
        means="Queue started; the text says how many messages wait",
        after="ETRN",
        try_next="Wait for the connection",
        rfc="RFC 1985 5",
    ),
    334: CodeFact(
        means="AUTH goes on: the text is the server's challenge in base64 (may be empty)",
        short="go on: the server waits for an answer",
        after="AUTH",
        try_next=(
            "Answer with one base64 line, or cancel with *. The blank after 334 is there even when "
            "nothing follows"
        ),
        rfc="RFC 4954 4, 6",
    ),
    353: CodeFact(
        means="Replies for each recipient follow (PRDR)",
        after="end of data after MAIL ... PRDR",
        try_next="Read one reply for each recipient, then the final one",
        rfc="draft-hall-prdr (Exim, private)",
    ),
    354: CodeFact(
        means="Send the message, end with a dot on a line of its own",
        after="DATA",
        try_next="Send the text, then CRLF . CRLF",
        rfc="RFC 5321 4.2.2",
    ),
    355: CodeFact(
        means="Restart: the text says from which octet on to send",
        after="MAIL with TRANSID",
        causes="The transfer broke off earlier",
        try_next="Go on from that octet",
        rfc="RFC 1845",
    ),
    421: CodeFact(
        means="The service is not available, and the server closes the connection",
        short="the server closes the connection",
        after="any command, also the greeting or unasked",
        causes=(
            "Shutting down, too busy, too many connections or errors, idle for too long, rate "
            "limit, address block"
        ),
        try_next="Close, wait, try again later with fewer connections",
        rfc="RFC 5321 4.2.2, 3.8",
    ),
    422: CodeFact(
        means="A password transition is needed (the old number for 432)",
        short="password transition needed",
        after="AUTH",
        causes="Seldom seen; some servers use it for a full mailbox",
        try_next="As for 432; otherwise read the text",
        rfc="RFC 5248 2.4",
        sure=False,
    ),
    430: CodeFact(
        means="The command is out of place, or not accepted for now",
        short="out of place",
        after="any",
        causes="Very seldom seen",
        try_next="Read the text",
        rfc="RFC 5248 2.4",
        sure=False,
    ),
    432: CodeFact(
        means="A password transition is needed: log in once with PLAIN",
        short="password transition needed",
        after="AUTH",
        causes="The server holds no secret of the kind this mechanism needs",
        try_next="Log in once with PLAIN over TLS, then use the wanted mechanism",
        rfc="RFC 4954 6",
    ),
    435: CodeFact(
        means="The login cannot be checked at the moment",
        after="AUTH",
        causes="User database not reachable",
        try_next="Try again later",
        rfc="no RFC; Exim",
    ),
    441: CodeFact(
        means="The recipient's server does not respond",
        after="reports rather than dialogues",
        try_next="Try again later",
        rfc="no RFC; met in practice",
        sure=False,
    ),
    442: CodeFact(
        means="The connection broke while sending",
        after="reports rather than dialogues",
        causes="Network trouble",
        try_next="Try again later",
        rfc="no RFC; met in practice",
        sure=False,
    ),
    446: CodeFact(
        means="Too many hops",
        after="reports rather than dialogues",
        causes="Mail loop",
        try_next="Look at the Received lines",
        rfc="no RFC; met in practice",
        sure=False,
    ),
    447: CodeFact(
        means="Message timed out",
        after="reports rather than dialogues",
        causes="Not delivered in time",
        try_next="Send again",
        rfc="no RFC; met in practice",
        sure=False,
    ),
    449: CodeFact(
        means="Routing error",
        after="reports rather than dialogues",
        try_next="Check DNS",
        rfc="no RFC; met in practice",
        sure=False,
    ),
    450: CodeFact(
        means="Mailbox not available",
        after="RCPT, end of data, MAIL; ATRN (refused for now)",
        causes="Greylisting, mailbox locked, address cannot be checked, rate limit",
        try_next="Try again in some minutes from the same address",
        rfc="RFC 5321 4.2.2",
    ),
    451: CodeFact(
        means="An error on the server's side",
        after="MAIL, RCPT, end of data, any",
        causes="DNS trouble, a content filter that is down, a disk error, greylisting",
        try_next="Try again later",
        rfc="RFC 5321 4.2.2",
    ),
    452: CodeFact(
        means="No room, or too many recipients",
        after="MAIL, RCPT, end of data",
        causes="Disk full, mailbox full, more recipients than one transaction may have",
        try_next=(
            "For too many recipients: send the rest in a new transaction. Otherwise try again later"
        ),
        rfc="RFC 5321 4.2.2, 4.5.3.1.10",
    ),
    453: CodeFact(
        means="No mail is waiting (to ATRN); otherwise: the system takes no mail",
        short="no mail is waiting",
        after="ATRN; others beside X.3.2",
        try_next="Come back later",
        rfc="RFC 2645 5; RFC 5248 2.4",
    ),
    454: CodeFact(
        means="TLS or login does not work at the moment",
        after="STARTTLS, AUTH",
        causes="Certificate or key missing, login service down, too many tries",
        try_next="Try again later; do not fall back to clear text without being asked",
        rfc="RFC 3207 4; RFC 4954 6",
    ),
    455: CodeFact(
        means="A parameter cannot be served",
        after="MAIL, RCPT",
        causes="The server knows the parameter, and cannot do it at the moment",
        try_next="Try again later, or without the parameter",
        rfc="RFC 5321 4.2.2",
    ),
    458: CodeFact(
        means="The queue for that domain cannot be started",
        after="ETRN",
        try_next="Try again later",
        rfc="RFC 1985 5",
    ),
    459: CodeFact(
        means="The queue of that domain is not for you",
        after="ETRN",
        causes="The server does not hold mail for that name",
        try_next="Check the name; ask the relay's owner",
        rfc="RFC 1985 5",
    ),
    471: CodeFact(
        means="Trouble with a filter on the server",
        after="end of data, RCPT",
        causes="A spam or virus filter could not decide",
        try_next="Try again later",
        rfc="no RFC; met in practice",
        sure=False,
    ),
    500: CodeFact(
        means="The command is not known or not well formed, or its line is too long",
        short="not understood",
        after="any",
        causes=(
            "Typing error, command of an extension the server lacks, TLS bytes sent to a clear-text"
            " port"
        ),
        try_next="Check the spelling and the list of extensions",
        rfc="RFC 5321 4.2.2, 4.3.2",
    ),
    501: CodeFact(
        means="Error in the argument",
        after="any; EHLO, MAIL, RCPT, AUTH",
        causes=(
            "Missing < >, a bad name in EHLO, an argument where none is allowed, bad base64, AUTH "
            "cancelled with *, a first response where the server speaks first"
        ),
        try_next="Compare it with the syntax of the command",
        rfc="RFC 5321 4.2.2; RFC 4954 4",
    ),
    502: CodeFact(
        means="Command not available",
        after="VRFY, EXPN, HELP, TURN, any",
        causes="The server knows the command, and has it switched off",
        try_next="Do without it",
        rfc="RFC 5321 4.2.2, 4.2.4",
    ),
    503: CodeFact(
        means="Commands in the wrong order",
        after="MAIL, RCPT, DATA, BDAT, AUTH, XCLIENT",
        causes=(
            "No EHLO yet, MAIL inside a transaction, no accepted recipient, second AUTH, DATA after"
            " BDAT"
        ),
        try_next="RSET, then one after the other",
        rfc="RFC 5321 4.2.2, 4.1.4",
    ),
    504: CodeFact(
        means="An argument that the server does not have",
        after="EHLO, HELP, AUTH",
        causes=(
            "AUTH mechanism not offered, or only over TLS; Postfix refuses a short EHLO name with "
            "it"
        ),
        try_next="Choose from what EHLO lists",
        rfc="RFC 5321 4.2.2; RFC 4954 4",
    ),
    510: CodeFact(
        means="Bad address",
        after="reports rather than dialogues",
        try_next="Check the address",
        rfc="no RFC; met in practice",
        sure=False,
    ),
    511: CodeFact(
        means="Bad address",
        after="RCPT",
        try_next="Check the address",
        rfc="no RFC; met in practice",
        sure=False,
    ),
    512: CodeFact(
        means="The recipient's domain is not found",
        after="RCPT, reports",
        causes="A typing error after the @, or DNS trouble",
        try_next="Check the domain",
        rfc="no RFC; met in practice",
        sure=False,
    ),
    513: CodeFact(
        means="An address of the wrong kind",
        after="RCPT",
        try_next="Check the address",
        rfc="no RFC; met in practice",
        sure=False,
    ),
    521: CodeFact(
        means="The server hangs up; as a greeting: this host never takes mail",
        short="the server hangs up",
        after="connection; Postfix, Haraka: any",
        causes="A malformed or overlong line, policy; as a greeting: a machine that only sends",
        try_next="Read the text; after a 521 greeting use another host: check the MX",
        rfc="RFC 7504 3; RFC 1846",
    ),
    523: CodeFact(
        means="This mechanism needs encryption",
        after="AUTH; Gmail: bytes sent after STARTTLS",
        causes="Login in clear, without TLS",
        try_next="STARTTLS first",
        rfc="RFC 5248 2.4",
    ),
    524: CodeFact(
        means="This mechanism needs encryption (an old number, see 538)",
        short="this mechanism needs encryption",
        after="AUTH",
        try_next="STARTTLS first",
        rfc="RFC 5248 2.4",
        sure=False,
    ),
    525: CodeFact(
        means="Account disabled",
        after="AUTH",
        causes="Name and password are right, and the account is locked",
        try_next="The user has to ask the administrator",
        rfc="RFC 5248 2.4",
    ),
    530: CodeFact(
        means="Login needed, or TLS first",
        after=(
            "MAIL and others. Login: any but AUTH EHLO HELO NOOP RSET QUIT. TLS: any but EHLO NOOP "
            "STARTTLS QUIT. ATRN"
        ),
        causes="A submission port without AUTH; a server that insists on TLS",
        try_next="Read which one it is: AUTH; or STARTTLS, then EHLO, then AUTH",
        rfc="RFC 4954 6; RFC 3207 4; RFC 2645 5",
    ),
    533: CodeFact(
        means="Not authorised",
        after="MAIL, RCPT",
        causes="Very seldom seen",
        try_next="Read the text",
        rfc="RFC 5248 2.4",
        sure=False,
    ),
    534: CodeFact(
        means=(
            "The mechanism is too weak for this user; Gmail: log in by browser, or use an "
            "application password"
        ),
        short="mechanism too weak",
        after="AUTH",
        causes="A policy of the server",
        try_next="Take a stronger mechanism; follow the link in the text",
        rfc="RFC 4954 6",
    ),
    535: CodeFact(
        means="Name or password wrong",
        after="AUTH",
        causes=(
            "Typing error, application password needed, password login switched off, wrong server "
            "for the user"
        ),
        try_next=(
            "Check name and password; see whether OAuth or an application password is needed"
        ),
        rfc="RFC 4954 6",
    ),
    538: CodeFact(
        means="This mechanism only over TLS",
        after="AUTH",
        causes="Login in clear, without TLS",
        try_next="STARTTLS first",
        rfc="RFC 4954 6",
    ),
    540: CodeFact(
        means="No DNS server could be asked, or the mailbox is gone",
        short="no DNS answer, or mailbox gone",
        after="reports rather than dialogues",
        try_next="Check the domain",
        rfc="no RFC; met in practice",
        sure=False,
    ),
    541: CodeFact(
        means="Taken for spam",
        after="RCPT, end of data",
        causes="A spam filter",
        try_next="Contact the recipient by other means",
        rfc="no RFC; met in practice",
        sure=False,
    ),
    550: CodeFact(
        means="No such mailbox, or refused by policy",
        after="RCPT, MAIL, end of data, VRFY, EHLO",
        causes=(
            "Unknown user, relaying refused, block list, failed SPF, DKIM or DMARC, spam filter"
        ),
        try_next="Read the text: it mostly tells which of these it is",
        rfc="RFC 5321 4.2.2",
    ),
    551: CodeFact(
        means="Not a user of this server; the text may name a better address",
        short="not a user of this server",
        after="RCPT, VRFY",
        causes="The user has moved; some servers use it for refused relaying",
        try_next="Try the address in the text",
        rfc="RFC 5321 3.4",
    ),
    552: CodeFact(
        means="Too big, or the mailbox is full",
        after="MAIL, RCPT, end of data",
        causes="Size limit, quota; with old servers too many recipients",
        try_next="Make it smaller; if it came to a late RCPT, treat it as 452",
        rfc="RFC 5321 4.2.2, 4.5.3.1.10",
    ),
    553: CodeFact(
        means="Mailbox name not allowed",
        after="RCPT, MAIL, VRFY",
        causes=(
            "Bad syntax, a sender address that is not yours, a non-ASCII address without SMTPUTF8; "
            "qmail: relaying refused"
        ),
        try_next="Check the address; log in as its owner",
        rfc="RFC 5321 4.2.2; RFC 6531 3.5",
    ),
    554: CodeFact(
        means="The transaction failed; as a greeting: no service for you",
        short="transaction failed",
        after="connection, DATA, end of data, RCPT, BDAT",
        causes=(
            "Block list, spam or virus found, no valid recipients, a client that spoke before the "
            "greeting or did not wait for a reply"
        ),
        try_next="Read the text; after a 554 greeting only QUIT makes sense",
        rfc="RFC 5321 4.2.2, 3.1",
    ),
    555: CodeFact(
        means="Parameter of MAIL or RCPT not known",
        after="MAIL, RCPT",
        causes="The extension is not listed, the parameter is misspelt; Gmail: missing < >",
        try_next="Drop the parameter",
        rfc="RFC 5321 4.2.2, 4.1.1.11",
    ),
    556: CodeFact(
        means="The domain takes no mail at all (null MX)",
        after="RCPT; reports by relays",
        causes="MX record with a single dot",
        try_next="The address cannot work: use another",
        rfc="RFC 7504 4; RFC 7505 4.1",
    ),
    557: CodeFact(
        means="Against a rule of the server",
        after="end of data, RCPT",
        causes="Too many duplicates, own rules of the site",
        try_next="Read the text",
        rfc="no RFC; met in practice",
        sure=False,
    ),
    571: CodeFact(
        means="Against a policy of the server",
        after="RCPT, end of data",
        causes="5.7.1, written as a number of three digits",
        try_next="Read it as 550 5.7.1",
        rfc="no RFC; qmail chkuser, Orange, others",
    ),
}
"""Each code that is met."""

FIRST_DIGIT: dict[int, CodeFact] = {
    2: CodeFact(
        means="Done: the request was carried out",
        after="any command",
        try_next="Go on with the next command",
        rfc="RFC 5321 4.2.1",
    ),
    3: CodeFact(
        means="Half-way: the server waits for more (message text, an AUTH answer)",
        after="DATA, AUTH",
        try_next="Send what is asked for, or cancel",
        rfc="RFC 5321 4.2.1",
    ),
    4: CodeFact(
        means="Failed for now: the same request may work later",
        after="any command",
        try_next="Keep the message and try again later, at first after about half an hour",
        rfc="RFC 5321 4.2.1, 4.5.4.1",
    ),
    5: CodeFact(
        means="Failed for good: the same request will fail again",
        after="any command",
        try_next="Change something before trying again; a relay sends a bounce",
        rfc="RFC 5321 4.2.1",
    ),
    1: CodeFact(
        means="Not used in SMTP (it exists in FTP, whose numbers SMTP shares)",
        after="none",
        causes="A server that is not SMTP, or broken",
        try_next="Check host and port",
        rfc="RFC 5321 4.2.1",
    ),
}
"""What the first digit says."""

SECOND_DIGIT: dict[int, CodeFact] = {
    0: CodeFact(
        means="About syntax: spelling, unknown or superfluous commands",
        after="any command",
        try_next="Read the command again",
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
        means="No general meaning; AUTH and STARTTLS codes lie here",
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
"""What the second digit says."""
