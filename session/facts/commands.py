"""Every command of SMTP and LMTP, and of their extensions: what it is for, and what may come back.

The two lines that are no commands, and have a reply of their own, are listed as "." (the end of a
message) and "*" (an AUTH exchange given up). 421, 500 and 501 may answer any command.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import NamedTuple


class Command(NamedTuple):
    """`syntax` as one types it, `summary` in a few words, `when` it may come, `effect` on state.

    `success`, `intermediate` and `errors` are the reply codes that the standards name for it,
    `keyword` the EHLO keyword without which it is not to be used, `traps` what people trip over.
    `sure` is False for what is known only by hearsay.
    """

    verb: str
    syntax: str
    summary: str
    when: str = ""
    effect: str = ""
    success: tuple[int, ...] = ()
    intermediate: tuple[int, ...] = ()
    errors: tuple[int, ...] = ()
    keyword: str = ""
    traps: str = ""
    rfc: str = ""
    sure: bool = True

    @property
    def source(self) -> str:
        """Where it stands, with a reserve where that is needed."""
        return self.rfc if self.sure else f"{self.rfc}, by hearsay"


COMMANDS: dict[str, Command] = {
    "HELO": Command(
        verb="HELO",
        syntax="HELO domain",
        summary="greet an old server; no extensions",
        when="after the 220 greeting; again at any later time",
        effect="Clears any open transaction; session is ready without extensions",
        success=(250,),
        errors=(502, 504, 550),
        traps=(
            "Takes a domain name, not an address literal. After HELO no ESMTP parameter may be "
            "used. Use it only when EHLO was refused with 500 or 502"
        ),
        rfc="RFC 5321 4.1.1.1, 4.3.2",
    ),
    "EHLO": Command(
        verb="EHLO",
        syntax="EHLO domain",
        summary="greet, and ask what the server can do",
        when=("after the 220 greeting; again at any later time; must be repeated after STARTTLS"),
        effect=(
            "Clears any open transaction as RSET does; the new extension list replaces the old one"
        ),
        success=(250,),
        errors=(502, 504, 550),
        traps=(
            "After TLS or AUTH the list may be another one: never go on with the old one. A "
            "literal is written [192.0.2.1] or [IPv6:2001:db8::1]. The name should be one that "
            "resolves"
        ),
        rfc="RFC 5321 4.1.1.1, 4.1.4, 4.3.2",
    ),
    "MAIL": Command(
        verb="MAIL",
        syntax="MAIL FROM:<reverse-path> [parameters]",
        summary="begin a message: who gets the bounces",
        when="after EHLO/HELO, with no transaction open",
        effect="Opens a transaction; recipient list and message buffer are emptied first",
        success=(250,),
        errors=(451, 452, 455, 503, 550, 552, 553, 555),
        traps=(
            "No space between FROM: and <. The empty path <> is legal and means do not bounce. A "
            "second MAIL before the end or RSET gets 503. A parameter whose keyword was not "
            "advertised gets 555"
        ),
        rfc="RFC 5321 4.1.1.2, 3.3, 4.3.2",
    ),
    "RCPT": Command(
        verb="RCPT",
        syntax="RCPT TO:<forward-path> [parameters]",
        summary="one recipient; repeat for more",
        when="after MAIL; as often as there are recipients",
        effect="Adds one recipient; a refused recipient leaves the others in place",
        success=(250, 251),
        errors=(450, 451, 452, 455, 503, 550, 551, 552, 553, 555, 556),
        traps=(
            "A 250 is no proof that the mailbox exists. Too many recipients is 452: send the rest"
            " in another transaction (some old servers say 552). <Postmaster> without a domain "
            "must be accepted"
        ),
        rfc="RFC 5321 4.1.1.3, 3.3, 4.3.2, 4.5.3.1.10; RFC 7504 4",
    ),
    "DATA": Command(
        verb="DATA",
        syntax="DATA",
        summary="send the message text, after the 354",
        when="after at least one accepted RCPT",
        effect=(
            "354 opens the message; the reply after the final dot closes the transaction, "
            "whatever it says"
        ),
        success=(250,),
        intermediate=(354,),
        errors=(450, 451, 452, 503, 550, 552, 554),
        traps=(
            "Takes no argument (501). Lines end in CRLF and a line that begins with a dot gets "
            "one more dot. Only CRLF . CRLF ends it. Not allowed with BODY=BINARYMIME, nor after "
            "BDAT in the same transaction. In LMTP there is one final reply for each accepted "
            "recipient"
        ),
        rfc="RFC 5321 4.1.1.4, 4.5.2, 4.3.2; RFC 3030 2, 3; RFC 2033 4.2",
    ),
    ".": Command(
        verb=".",
        syntax="CRLF . CRLF",
        summary="the end of the message",
        when="only inside the message, after 354",
        effect="Ends the message; the transaction is over after the reply",
        success=(250,),
        errors=(450, 451, 452, 550, 552, 554),
        traps=(
            "When the connection breaks before the reply is read, the message may have been "
            "delivered: sending again may duplicate it. Wait 10 minutes for this reply"
        ),
        rfc="RFC 5321 4.1.1.4, 4.5.2, 4.5.3.2.6",
    ),
    "RSET": Command(
        verb="RSET",
        syntax="RSET",
        summary="give up the present message",
        when="any time, even before EHLO",
        effect=("Forgets sender, recipients and message; stays greeted, logged in and encrypted"),
        success=(250,),
        traps=(
            "Does not undo EHLO, STARTTLS or AUTH. Inside the message text it is just text. Takes"
            " no argument (501)"
        ),
        rfc="RFC 5321 4.1.1.5, 4.1.4",
    ),
    "VRFY": Command(
        verb="VRFY",
        syntax="VRFY user or mailbox",
        summary="ask whether a mailbox exists",
        when="any time, even before EHLO",
        effect="None; an open transaction stays",
        success=(250, 251, 252),
        errors=(502, 504, 550, 551, 553),
        traps=(
            "Most public servers answer 252 or 502 to everything, so it proves nothing. SMTPUTF8 "
            "only when that keyword was advertised"
        ),
        rfc="RFC 5321 4.1.1.6, 3.5, 7.3; RFC 6531 3.1",
    ),
    "EXPN": Command(
        verb="EXPN",
        syntax="EXPN list",
        summary="ask who is on a mailing list",
        when="any time, even before EHLO",
        effect="None; an open transaction stays",
        success=(250, 252),
        errors=(500, 502, 504, 550),
        keyword="EXPN",
        traps="Nearly always switched off, since it gives addresses away",
        rfc="RFC 5321 4.1.1.7, 3.5.2; RFC 6531 3.1",
    ),
    "HELP": Command(
        verb="HELP",
        syntax="HELP [command]",
        summary="ask the server for help",
        when="any time, even before EHLO",
        effect="None; an open transaction stays",
        success=(211, 214),
        errors=(502, 504),
        traps="The text is for people: do not parse it",
        rfc="RFC 5321 4.1.1.8",
    ),
    "NOOP": Command(
        verb="NOOP",
        syntax="NOOP [anything]",
        summary="do nothing; is the server still there?",
        when="any time, even before EHLO",
        effect="None; an open transaction stays",
        success=(250,),
        traps="Must be the last command of a pipelined group. The argument is ignored",
        rfc="RFC 5321 4.1.1.9; RFC 2920 3.1",
    ),
    "QUIT": Command(
        verb="QUIT",
        syntax="QUIT",
        summary="end the conversation",
        when="any time",
        effect="Server answers, then closes; an open transaction is dropped",
        success=(221,),
        traps=(
            "Do not close before the reply has come. Sent right after the final dot it does not "
            "cancel an accepted message"
        ),
        rfc="RFC 5321 4.1.1.10",
    ),
    "STARTTLS": Command(
        verb="STARTTLS",
        syntax="STARTTLS",
        summary="switch the connection to TLS",
        when="after EHLO, on an unencrypted connection, no transaction open",
        effect=(
            "After 220 the TLS handshake starts at once; then both sides forget everything said "
            "before: EHLO must be sent again"
        ),
        success=(220,),
        errors=(454, 501),
        keyword="STARTTLS",
        traps=(
            "Takes no argument. Must be the last command of a group; bytes that follow it in "
            "clear must be thrown away (command injection). Not offered again once TLS is on. "
            "Without a check of the certificate it stops only listeners, not someone in the "
            "middle"
        ),
        rfc="RFC 3207 4, 4.1, 4.2, 6",
    ),
    "AUTH": Command(
        verb="AUTH",
        syntax="AUTH mechanism [initial response in base64, or =]",
        summary="log in",
        when="after EHLO, no transaction open, not yet authenticated",
        effect=("On 235 the session is authenticated until it ends; on failure state is as before"),
        success=(235,),
        intermediate=(334,),
        errors=(432, 454, 500, 501, 503, 504, 534, 535, 538),
        keyword="AUTH",
        traps=(
            "= stands for an empty first response; leave the argument away and the server asks "
            "with an empty 334. A lone * cancels (501). No first response with a mechanism where "
            "the server speaks first (501). Only once per session (503). base64 hides nothing: "
            "log in after TLS only. A SASL security layer makes both sides start again with EHLO"
        ),
        rfc="RFC 4954 4",
    ),
    "*": Command(
        verb="*",
        syntax="* CRLF",
        summary="give up the AUTH exchange",
        when="as an answer to a 334",
        effect="The AUTH exchange is over, unauthenticated; session as before AUTH",
        errors=(501,),
        keyword="AUTH",
        traps="The server must answer 501",
        rfc="RFC 4954 4",
    ),
    "BDAT": Command(
        verb="BDAT",
        syntax="BDAT size [LAST]",
        summary="send a chunk of the message, counted in octets",
        when="after at least one accepted RCPT; again after a chunk that was accepted",
        effect="Each chunk is acknowledged; the reply to LAST ends the transaction",
        success=(250,),
        errors=(450, 451, 452, 501, 503, 550, 552, 554),
        keyword="CHUNKING",
        traps=(
            "Exactly size octets follow the CRLF. The server has to read them even when it "
            "refuses. After an error send RSET before going on. After DATA it is 503, and DATA "
            "after it too. BDAT 0 LAST is legal. Chunks may be pipelined. Line ends still have to"
            " be CRLF"
        ),
        rfc="RFC 3030 2, 4.2",
    ),
    "BURL": Command(
        verb="BURL",
        syntax="BURL absolute-URI [LAST]",
        summary="let the submission server fetch (parts of) the message from an IMAP server",
        when="after an accepted RCPT, authenticated, on a submission server",
        effect="Adds what the URL holds to the message; LAST ends the transaction",
        success=(250,),
        errors=(451, 501, 503, 552, 554),
        keyword="BURL",
        traps=(
            "Needs URLAUTH on the IMAP side, and mutual trust. May be mixed with BDAT, not with "
            "DATA"
        ),
        rfc="RFC 4468 3",
    ),
    "ETRN": Command(
        verb="ETRN",
        syntax="ETRN [@ or #]domain",
        summary="ask a relay to send what waits for a domain",
        when="after EHLO, no transaction open",
        effect="None",
        success=(250, 251, 252, 253),
        errors=(458, 459, 500, 501),
        keyword="ETRN",
        traps=(
            "The mail comes over new connections to the usual MX, not over this one. @ means with"
            " subdomains, # names a queue"
        ),
        rfc="RFC 1985 5",
    ),
    "ATRN": Command(
        verb="ATRN",
        syntax="ATRN [domain,domain ...]",
        summary=(
            "fetch waiting mail over the present connection (on-demand relay, dynamic addresses)"
        ),
        when="after AUTH, no transaction open; usual port 366",
        effect=(
            "After 250 the roles turn around: the former client now answers as a server and "
            "greets with 220"
        ),
        success=(250,),
        errors=(450, 451, 453, 502, 530),
        keyword="ATRN",
        traps=(
            "Without AUTH it is 530. Must be the last command of a group. 453 means there is no "
            "mail"
        ),
        rfc="RFC 2645 5",
    ),
    "TURN": Command(
        verb="TURN",
        syntax="TURN",
        summary="historic: turn the connection around to fetch waiting mail",
        when="after HELO, no transaction open",
        effect="After 250 client and server change places",
        success=(250,),
        errors=(502, 503),
        keyword="TURN",
        traps=(
            "Nothing proves who the client is: must not be offered unless the client is "
            "authenticated. Use ETRN or ATRN"
        ),
        rfc="RFC 821 3.8; RFC 5321 F.1",
    ),
    "SEND": Command(
        verb="SEND",
        syntax="SEND FROM:<reverse-path>",
        summary="historic: show the message on the user's terminal",
        when="as MAIL",
        effect="As MAIL",
        success=(250,),
        errors=(451, 452, 500, 501, 502, 552),
        keyword="SEND",
        traps=(
            "Should not be offered; nearly always 502. A server that has it must not treat it as "
            "MAIL"
        ),
        rfc="RFC 821 3.4; RFC 5321 F.6",
    ),
    "SOML": Command(
        verb="SOML",
        syntax="SOML FROM:<reverse-path>",
        summary=("historic: to the terminal when the user is logged in, to the mailbox otherwise"),
        when="as MAIL",
        effect="As MAIL",
        success=(250,),
        errors=(451, 452, 500, 501, 502, 552),
        keyword="SOML",
        traps="As for SEND",
        rfc="RFC 821 3.4; RFC 5321 F.6",
    ),
    "SAML": Command(
        verb="SAML",
        syntax="SAML FROM:<reverse-path>",
        summary="historic: to the terminal and to the mailbox",
        when="as MAIL",
        effect="As MAIL",
        success=(250,),
        errors=(451, 452, 500, 501, 502, 552),
        keyword="SAML",
        traps="As for SEND",
        rfc="RFC 821 3.4; RFC 5321 F.6",
    ),
    "LHLO": Command(
        verb="LHLO",
        syntax="LHLO domain",
        summary="greet an LMTP server, and ask what it can do",
        when="LMTP only: after the 220 greeting",
        effect="As EHLO",
        success=(250,),
        errors=(502, 504, 550),
        traps=(
            "HELO and EHLO must be refused on an LMTP port, LHLO on an SMTP port: a quick way to "
            "tell the two apart. LMTP must not run on port 25"
        ),
        rfc="RFC 2033 4.1",
    ),
    "VERB": Command(
        verb="VERB",
        syntax="VERB [ON / OFF]",
        summary="Sendmail: show what delivery does while it happens",
        when="any time",
        effect="Later replies may be mixed with progress lines",
        success=(250,),
        errors=(500, 502),
        keyword="VERB",
        traps="Extra 050 lines confuse a strict reply parser. Usually refused",
        rfc="Sendmail (private; IANA lists VERB with no RFC)",
        sure=False,
    ),
    "ONEX": Command(
        verb="ONEX",
        syntax="ONEX",
        summary="Sendmail: promise that only one message follows on this connection",
        when="before MAIL",
        effect="None visible",
        success=(250,),
        errors=(500, 502),
        keyword="ONEX",
        traps="Also known as XONE. Has no effect in present releases",
        rfc="Sendmail (private; IANA lists ONEX with no RFC)",
        sure=False,
    ),
    "XCLIENT": Command(
        verb="XCLIENT",
        syntax="XCLIENT name=value ...",
        summary=(
            "pretend to be another client: test access rules, or pass on the real client behind a"
            " proxy"
        ),
        when="after EHLO, no transaction open",
        effect=(
            "Back to the greeting: the 220 is a new banner and EHLO must be sent again; "
            "encryption stays"
        ),
        success=(220,),
        errors=(421, 501, 503, 550),
        keyword="XCLIENT",
        traps=(
            "Only for clients on a list (550). Values are xtext; unknown is [UNAVAILABLE], a "
            "lookup that failed for now [TEMPUNAVAIL]; IPv6 is written IPV6:2001:db8::1. Send "
            "ADDR last: after it the client is usually no longer trusted"
        ),
        rfc="Postfix XCLIENT_README (private)",
    ),
    "XFORWARD": Command(
        verb="XFORWARD",
        syntax="XFORWARD name=value ...",
        summary="tell the next server where the mail came from, for its log only",
        when="after EHLO, no transaction open",
        effect="Attributes hold until the next end of message or RSET",
        success=(250,),
        errors=(421, 501, 503, 550),
        keyword="XFORWARD",
        traps=(
            "Changes logging, never access rights. Values are xtext. Only for clients on a list "
            "(550)"
        ),
        rfc="Postfix XFORWARD_README (private)",
    ),
    "X-EXPS": Command(
        verb="X-EXPS",
        syntax="X-EXPS mechanism [base64]",
        summary="Exchange servers log in to each other (GSSAPI, NTLM, EXCHANGEAUTH)",
        when="after EHLO, before MAIL",
        effect="Session is authenticated, as after AUTH",
        success=(235,),
        intermediate=(334,),
        errors=(500, 501, 504, 535),
        keyword="X-EXPS",
        traps=(
            "Same dialogue as AUTH under another name; EXCHANGEAUTH only over X-ANONYMOUSTLS; not"
            " for ordinary clients"
        ),
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "X-ANONYMOUSTLS": Command(
        verb="X-ANONYMOUSTLS",
        syntax="X-ANONYMOUSTLS",
        summary=(
            "encrypt between Exchange servers of one organisation without checking certificates"
        ),
        when="after EHLO, on an unencrypted connection",
        effect="As STARTTLS",
        success=(220,),
        errors=(454, 500, 501, 502),
        keyword="X-ANONYMOUSTLS",
        traps="Not for ordinary clients: use STARTTLS",
        rfc="Microsoft Exchange (private)",
    ),
    "X-LINK2STATE": Command(
        verb="X-LINK2STATE",
        syntax="X-LINK2STATE FIRST / NEXT / LAST CHUNK={data}",
        summary="Exchange 2000 and 2003 exchange routing tables",
        when="after EHLO",
        effect="None",
        success=(200,),
        errors=(500, 501, 503),
        keyword="X-LINK2STATE",
        traps="Gone since Exchange 2007. Known for a buffer overflow (CVE-2005-0560)",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XEXCH50": Command(
        verb="XEXCH50",
        syntax="XEXCH50 size recipients",
        summary="Exchange 2000 to 2007 pass message properties as a binary block",
        when="after RCPT, before the message",
        effect="None visible",
        success=(250,),
        intermediate=(354,),
        errors=(500, 504),
        keyword="XEXCH50",
        traps=(
            "Binary data of the stated size follows the 354. Strangers get 504 with a text about "
            "authentication"
        ),
        rfc="Microsoft Exchange transport event documentation (private)",
    ),
    "XSHADOW": Command(
        verb="XSHADOW",
        syntax="XSHADOW ...",
        summary=(
            "Exchange 2010 and later keep a second copy of mail in transit (shadow redundancy)"
        ),
        when="after EHLO between Exchange servers",
        effect="None visible",
        success=(250,),
        errors=(500, 501),
        keyword="XSHADOW",
        traps="Seen in EHLO lists only; not for ordinary clients",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XADR": Command(
        verb="XADR",
        syntax="XADR address",
        summary="show how the server would route an address",
        when="after EHLO",
        effect="None",
        success=(250,),
        errors=(500, 502),
        keyword="XADR",
        traps="Leaks the inside of the mail system: sites are told to switch it off",
        rfc="Sun/Oracle Messaging Server administration guide 4.12 (private)",
    ),
    "XCIR": Command(
        verb="XCIR",
        syntax="XCIR [argument]",
        summary="show circuit checks of the MTA",
        when="after EHLO",
        effect="None",
        success=(250,),
        errors=(500, 502),
        keyword="XCIR",
        traps="As for XADR",
        rfc="Sun/Oracle Messaging Server administration guide 4.12 (private)",
    ),
    "XGEN": Command(
        verb="XGEN",
        syntax="XGEN",
        summary="say whether a compiled configuration is in use",
        when="after EHLO",
        effect="None",
        success=(250,),
        errors=(500, 502),
        keyword="XGEN",
        traps="As for XADR",
        rfc="Sun/Oracle Messaging Server administration guide 4.12 (private)",
    ),
    "XSTA": Command(
        verb="XSTA",
        syntax="XSTA",
        summary="count the messages handled and waiting in the queues",
        when="after EHLO",
        effect="None",
        success=(250,),
        errors=(500, 502),
        keyword="XSTA",
        traps="As for XADR",
        rfc="Sun/Oracle Messaging Server administration guide 4.12 (private)",
    ),
    "XUSR": Command(
        verb="XUSR",
        syntax="XUSR",
        summary="Sendmail: mark what follows as a first submission by a user",
        when="before MAIL",
        effect="None visible",
        success=(250,),
        errors=(500, 502),
        keyword="XUSR",
        traps="Obsolete, refused nearly everywhere",
        rfc="Sendmail (private)",
        sure=False,
    ),
    "CLIENTID": Command(
        verb="CLIENTID",
        syntax="CLIENTID type token",
        summary=(
            "name the device or program beside the user, so that stolen passwords are easier to "
            "spot"
        ),
        when="after EHLO over TLS, before AUTH",
        effect="A token for the client device is known; not a login",
        success=(250,),
        errors=(500, 501, 502, 503),
        keyword="CLIENTID",
        traps="An expired draft; few servers have it. Send over TLS only",
        rfc="draft-storey-smtp-client-id (private)",
        sure=False,
    ),
    "WELLKNOWN": Command(
        verb="WELLKNOWN",
        syntax="WELLKNOWN name",
        summary="Exim 4.99 and later: fetch a small named file over SMTP",
        when="after EHLO",
        effect="None",
        success=(250,),
        errors=(500, 550),
        keyword="WELLKNOWN",
        traps="Very new and found in Exim only",
        rfc="Exim NewStuff (private)",
        sure=False,
    ),
    "PROXY": Command(
        verb="PROXY",
        syntax="PROXY TCP4 / TCP6 source destination source-port destination-port",
        summary="a load balancer names the real client: not a command of SMTP",
        when="first line of the connection, before the greeting",
        effect="The server takes the named source as the client; there is no reply",
        errors=(421, 500, 550),
        traps=(
            "Sent to a server that does not expect it, it is a syntax error; where it is expected"
            " and missing the server hangs or drops the connection. It also exists in binary form"
        ),
        rfc="HAProxy PROXY protocol 1 (private)",
    ),
    "DEBUG": Command(
        verb="DEBUG",
        syntax="DEBUG",
        summary="historic Sendmail: had messages run commands; used by the Internet worm of 1988",
        when="any time",
        effect="None today",
        success=(200,),
        errors=(500, 502),
        traps="Only scanners send it now",
        rfc="Sendmail before 5.59 (private)",
        sure=False,
    ),
    "WIZ": Command(
        verb="WIZ",
        syntax="WIZ [password]",
        summary="historic Sendmail: gave a shell",
        when="any time",
        effect="None today",
        errors=(500, 502),
        traps="Only scanners send it now",
        rfc="early Sendmail (private)",
        sure=False,
    ),
}


# What one may type: the lines that are no commands left out.
VERBS = tuple(verb for verb in COMMANDS if verb.isalnum() or "-" in verb)


def nearest(word: str) -> str | None:
    """The command that was probably meant by an unknown one."""
    word = word.upper()
    letters = sorted(word)
    swapped = [verb for verb in VERBS if sorted(verb) == letters]
    swapped.sort(key=lambda verb: verb[0] != word[:1])
    found = swapped or get_close_matches(word, VERBS, 1, 0.6)
    return found[0] if found else None
