"""The commands of SMTP, LMTP and their extensions: purpose, syntax, effect and possible replies.

Two lines that are not commands are included because they get a reply: "." (the end of a message)
and "*" (which cancels AUTH). Any command may be answered with 421, 500 or 501.
"""

from __future__ import annotations

from typing import NamedTuple

from .citations import cited


class Command(NamedTuple):
    """A command: its syntax, what it does, when it is allowed, and its effect on the session.

    `success`, `intermediate` and `errors` are the reply codes that the standards define for the
    command. `keyword` is the EHLO keyword that the server must advertise before the command may be
    used, and `traps` lists common mistakes. `sure` is False for a command known only from
    second-hand reports.
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
        """The document and section that define the command, marked if unconfirmed."""
        return cited(self.rfc, self.sure)


COMMANDS: dict[str, Command] = {
    "HELO": Command(
        verb="HELO",
        syntax="HELO domain",
        summary="identify the client to an old server; no extensions",
        when="after the 220 greeting, and at any later time",
        effect="Aborts an open transaction; the session continues without extensions",
        success=(250,),
        errors=(502, 504, 550),
        traps=(
            "Takes a domain name, not an address literal. After HELO no ESMTP parameters are "
            "allowed. Use HELO only if EHLO was refused with 500 or 502"
        ),
        rfc="RFC 5321 4.1.1.1, 4.3.2",
    ),
    "EHLO": Command(
        verb="EHLO",
        syntax="EHLO domain",
        summary="identify the client, and list the server's extensions",
        when=("after the 220 greeting, and at any later time; must be sent again after STARTTLS"),
        effect=(
            "Aborts an open transaction, as RSET does; the new list of extensions replaces "
            "the old one"
        ),
        success=(250,),
        errors=(502, 504, 550),
        traps=(
            "The list is void once TLS starts, and after AUTH only if a SASL security layer was "
            "negotiated (RFC 4954 4). An address literal is written [192.0.2.1] or "
            "[IPv6:2001:db8::1]. The name should resolve in DNS"
        ),
        rfc="RFC 5321 4.1.1.1, 4.1.4, 4.3.2",
    ),
    "MAIL": Command(
        verb="MAIL",
        syntax="MAIL FROM:<reverse-path> [parameters]",
        summary="start a transaction: name the sender, who gets bounces",
        when="after EHLO or HELO, with no transaction open",
        effect="Opens a transaction with no recipients and no message",
        success=(250,),
        errors=(451, 452, 455, 503, 550, 552, 553, 555),
        traps=(
            "No space between FROM: and <. The null path <> is valid and means that no bounces are "
            "to be sent. A second MAIL within a transaction gets 503. A parameter whose keyword "
            "was not advertised gets 555"
        ),
        rfc="RFC 5321 4.1.1.2, 3.3, 4.3.2",
    ),
    "RCPT": Command(
        verb="RCPT",
        syntax="RCPT TO:<forward-path> [parameters]",
        summary="name a recipient; repeat for more",
        when="after MAIL; once for each recipient",
        effect="Adds one recipient; a refusal does not affect the others",
        success=(250, 251),
        errors=(450, 451, 452, 455, 503, 550, 551, 552, 553, 555, 556),
        traps=(
            "A 250 does not prove that the mailbox exists. 452 means too many recipients: "
            "send to the rest in another transaction (some old servers reply 552). "
            "<Postmaster> without a domain must be accepted"
        ),
        rfc="RFC 5321 4.1.1.3, 3.3, 4.3.2, 4.5.3.1.10; RFC 7504 4",
    ),
    "DATA": Command(
        verb="DATA",
        syntax="DATA",
        summary="send the message, after the server's 354",
        when="after at least one accepted RCPT",
        effect=(
            "354 starts the message; the reply after the final dot ends the transaction, "
            "whatever its code"
        ),
        success=(250,),
        intermediate=(354,),
        errors=(450, 451, 452, 503, 550, 552, 554),
        traps=(
            "Takes no argument (501). Lines end in CRLF, and a line that begins with a dot gets an "
            "extra dot. Only CRLF . CRLF ends the message. Not allowed with BODY=BINARYMIME or "
            "after BDAT in the same transaction. In LMTP there is one final reply for each "
            "accepted recipient"
        ),
        rfc="RFC 5321 4.1.1.4, 4.5.2, 4.3.2; RFC 3030 2, 3; RFC 2033 4.2",
    ),
    ".": Command(
        verb=".",
        syntax="CRLF . CRLF",
        summary="end the message",
        when="only within a message, after 354",
        effect="Ends the message; the transaction ends with the reply",
        success=(250,),
        errors=(450, 451, 452, 550, 552, 554),
        traps=(
            "If the connection is lost before the reply arrives, the message may have been "
            "delivered: sending it again may duplicate it. Allow at least 10 minutes for this reply"
        ),
        rfc="RFC 5321 4.1.1.4, 4.5.2, 4.5.3.2.6",
    ),
    "RSET": Command(
        verb="RSET",
        syntax="RSET",
        summary="abort the current transaction",
        when="at any time, even before EHLO",
        effect=("Discards sender, recipients and message; EHLO, login and TLS remain in effect"),
        success=(250,),
        traps=(
            "Does not undo EHLO, STARTTLS or AUTH. Within a message it is part of the text. "
            "Takes no argument (501)"
        ),
        rfc="RFC 5321 4.1.1.5, 4.1.4",
    ),
    "VRFY": Command(
        verb="VRFY",
        syntax="VRFY user or mailbox",
        summary="ask whether a mailbox exists",
        when="at any time, even before EHLO",
        effect="None; an open transaction is not affected",
        success=(250, 251, 252),
        errors=(502, 504, 550, 551, 553),
        traps=(
            "Most public servers reply 252 or 502 to every address, so the reply proves "
            "nothing. SMTPUTF8 is allowed only if the keyword was advertised"
        ),
        rfc="RFC 5321 4.1.1.6, 3.5, 7.3; RFC 6531 3.1",
    ),
    "EXPN": Command(
        verb="EXPN",
        syntax="EXPN list",
        summary="list the members of a mailing list",
        when="at any time, even before EHLO",
        effect="None; an open transaction is not affected",
        success=(250, 252),
        errors=(500, 502, 504, 550),
        keyword="EXPN",
        traps="Almost always disabled, because it discloses addresses",
        rfc="RFC 5321 4.1.1.7, 3.5.2; RFC 6531 3.1",
    ),
    "HELP": Command(
        verb="HELP",
        syntax="HELP [command]",
        summary="ask the server for help",
        when="at any time, even before EHLO",
        effect="None; an open transaction is not affected",
        success=(211, 214),
        errors=(502, 504),
        traps="The text is for human readers: do not parse it",
        rfc="RFC 5321 4.1.1.8",
    ),
    "NOOP": Command(
        verb="NOOP",
        syntax="NOOP [anything]",
        summary="do nothing; test whether the server still responds",
        when="at any time, even before EHLO",
        effect="None; an open transaction is not affected",
        success=(250,),
        traps="Must be the last command of a pipelined group. The argument is ignored",
        rfc="RFC 5321 4.1.1.9; RFC 2920 3.1",
    ),
    "QUIT": Command(
        verb="QUIT",
        syntax="QUIT",
        summary="end the session",
        when="at any time",
        effect="The server replies, then closes the connection; an open transaction is aborted",
        success=(221,),
        traps=(
            "Allowed at any time, even after 421 or a greeting that refuses service. Do not close "
            "the connection before the reply arrives. QUIT sent right after the final dot does not "
            "cancel an accepted message"
        ),
        rfc="RFC 5321 4.1.1.10",
    ),
    "STARTTLS": Command(
        verb="STARTTLS",
        syntax="STARTTLS",
        summary="switch the connection to TLS",
        when="after EHLO, on an unencrypted connection, with no transaction open",
        effect=(
            "After 220 the TLS handshake starts at once; both sides then discard what they learned "
            "before, so EHLO must be sent again"
        ),
        success=(220,),
        errors=(454, 501),
        keyword="STARTTLS",
        traps=(
            "Takes no argument. Must be the last command of a pipelined group; plaintext that "
            "follows it must be discarded (command injection). Not offered again once TLS is "
            "active. Unless the certificate is verified, it protects against eavesdropping but not "
            "against a man in the middle"
        ),
        rfc="RFC 3207 4, 4.1, 4.2, 6",
    ),
    "AUTH": Command(
        verb="AUTH",
        syntax="AUTH mechanism [initial response in base64, or =]",
        summary="log in",
        when="after EHLO, with no transaction open and not yet authenticated",
        effect=("After 235 the session is authenticated until it ends; a failure changes nothing"),
        success=(235,),
        intermediate=(334,),
        errors=(432, 454, 500, 501, 503, 504, 534, 535, 538),
        keyword="AUTH",
        traps=(
            "= stands for an empty initial response; without an initial response, the server asks "
            "for it with an empty 334. A single * cancels (501). Send no initial response for a "
            "mechanism in which the server speaks first (501). Allowed only once per session "
            "(503). The command may have at most 512 octets: a longer initial response must not be "
            "used, so send it after the 334 (lines of up to 12,288). Base64 is not encryption: log "
            "in over TLS only. After a SASL security layer is negotiated, send EHLO again"
        ),
        rfc="RFC 4954 4",
    ),
    "*": Command(
        verb="*",
        syntax="* CRLF",
        summary="cancel the AUTH exchange",
        when="in response to a 334",
        effect="The AUTH exchange ends without authentication; the session is otherwise unchanged",
        errors=(501,),
        keyword="AUTH",
        traps="The server must reply 501",
        rfc="RFC 4954 4",
    ),
    "BDAT": Command(
        verb="BDAT",
        syntax="BDAT size [LAST]",
        summary="send a chunk of the message, stating its size in octets",
        when="after at least one accepted RCPT; again after each accepted chunk",
        effect="Each chunk is acknowledged; the reply to LAST ends the transaction",
        success=(250,),
        errors=(450, 451, 452, 501, 503, 550, 552, 554),
        keyword="CHUNKING",
        traps=(
            "Exactly size octets follow the CRLF. The server must read them even if it refuses the "
            "chunk. After an error, even in reply to LAST, send RSET. BDAT after DATA gets 503, "
            "and so does DATA after BDAT. BDAT 0 LAST is valid. Chunks may be pipelined. Line "
            "endings must still be CRLF"
        ),
        rfc="RFC 3030 2, 4.2",
    ),
    "BURL": Command(
        verb="BURL",
        syntax="BURL absolute-URI [LAST]",
        summary="have the submission server fetch the message, or parts of it, from an IMAP server",
        when="after login and an accepted RCPT, on a submission server",
        effect="Appends the content of the URL to the message; LAST ends the transaction",
        success=(250,),
        errors=(451, 501, 503, 552, 554),
        keyword="BURL",
        traps=(
            "Requires URLAUTH on the IMAP server, and mutual trust. May be combined with BDAT but "
            "not with DATA, and may be pipelined"
        ),
        rfc="RFC 4468 3, 3.2",
    ),
    "ETRN": Command(
        verb="ETRN",
        syntax="ETRN [@ or #]domain",
        summary="ask a relay to send the mail waiting for a domain",
        when="after EHLO, with no transaction open",
        effect="None",
        success=(250, 251, 252, 253),
        errors=(458, 459, 500, 501),
        keyword="ETRN",
        traps=(
            "The mail arrives over new connections to the domain's MX, not over this one. @ "
            "includes subdomains; # names a queue"
        ),
        rfc="RFC 1985 5",
    ),
    "ATRN": Command(
        verb="ATRN",
        syntax="ATRN [domain,domain ...]",
        summary=("fetch waiting mail over this connection (on-demand mail relay)"),
        when="after AUTH, with no transaction open; usually on port 366",
        effect=(
            "After 250 the roles are reversed: the former client acts as the server and "
            "greets with 220"
        ),
        success=(250,),
        errors=(450, 451, 453, 502, 530),
        keyword="ATRN",
        traps=(
            "Without AUTH the reply is 530. Must be the last command of a pipelined group. 453 "
            "means that no mail is waiting"
        ),
        rfc="RFC 2645 5",
    ),
    "TURN": Command(
        verb="TURN",
        syntax="TURN",
        summary="historic: reverse the roles to fetch waiting mail",
        when="after HELO, with no transaction open",
        effect="After 250, client and server swap roles",
        success=(250,),
        errors=(502, 503),
        keyword="TURN",
        traps=(
            "Nothing proves the client's identity, so it must not be offered to unauthenticated "
            "clients. Use ETRN or ATRN"
        ),
        rfc="RFC 821 3.8; RFC 5321 F.1",
    ),
    "SEND": Command(
        verb="SEND",
        syntax="SEND FROM:<reverse-path>",
        summary="historic: send the message to the user's terminal",
        when="like MAIL",
        effect="The same as MAIL",
        success=(250,),
        errors=(451, 452, 500, 501, 502, 552),
        keyword="SEND",
        traps=(
            "Should not be offered; the reply is almost always 502. A server that supports it must "
            "not treat it as MAIL"
        ),
        rfc="RFC 821 3.4; RFC 5321 F.6",
    ),
    "SOML": Command(
        verb="SOML",
        syntax="SOML FROM:<reverse-path>",
        summary=(
            "historic: send to the terminal if the user is logged in, otherwise to the mailbox"
        ),
        when="like MAIL",
        effect="The same as MAIL",
        success=(250,),
        errors=(451, 452, 500, 501, 502, 552),
        keyword="SOML",
        traps="The same as for SEND",
        rfc="RFC 821 3.4; RFC 5321 F.6",
    ),
    "SAML": Command(
        verb="SAML",
        syntax="SAML FROM:<reverse-path>",
        summary="historic: send to the terminal and to the mailbox",
        when="like MAIL",
        effect="The same as MAIL",
        success=(250,),
        errors=(451, 452, 500, 501, 502, 552),
        keyword="SAML",
        traps="The same as for SEND",
        rfc="RFC 821 3.4; RFC 5321 F.6",
    ),
    "LHLO": Command(
        verb="LHLO",
        syntax="LHLO domain",
        summary="identify the client to an LMTP server, and list its extensions",
        when="LMTP only: after the 220 greeting",
        effect="The same as EHLO",
        success=(250,),
        errors=(502, 504, 550),
        traps=(
            "LMTP servers must refuse HELO and EHLO, and SMTP servers must refuse LHLO, which "
            "tells the two apart. LMTP must not run on port 25"
        ),
        rfc="RFC 2033 4.1",
    ),
    "VERB": Command(
        verb="VERB",
        syntax="VERB [ON / OFF]",
        summary="Sendmail: report the progress of a delivery as it happens",
        when="at any time",
        effect="Progress lines may appear among later replies",
        success=(250,),
        errors=(500, 502),
        keyword="VERB",
        traps="The additional 050 lines confuse strict reply parsers. Usually refused",
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
        traps="Also known as XONE. Has no effect in current releases",
        rfc="Sendmail (private; IANA lists ONEX with no RFC)",
        sure=False,
    ),
    "XCLIENT": Command(
        verb="XCLIENT",
        syntax="XCLIENT name=value ...",
        summary=("assume the identity of another client, to test access rules or behind a proxy"),
        when="after EHLO, with no transaction open",
        effect=(
            "The session restarts: the 220 is a new greeting and EHLO must be sent again; "
            "TLS remains in effect"
        ),
        success=(220,),
        errors=(421, 501, 503, 550),
        keyword="XCLIENT",
        traps=(
            "Only for authorised clients (others get 550). Values are xtext; [UNAVAILABLE] means "
            "unknown, and [TEMPUNAVAIL] a temporary lookup failure; IPv6 is written "
            "IPV6:2001:db8::1. Send ADDR last: after it the client is usually no longer trusted"
        ),
        rfc="Postfix XCLIENT_README (private)",
    ),
    "XFORWARD": Command(
        verb="XFORWARD",
        syntax="XFORWARD name=value ...",
        summary="tell the next server where the mail came from, for its log",
        when="after EHLO, with no transaction open",
        effect="The attributes apply until the end of the next message, or RSET",
        success=(250,),
        errors=(421, 501, 503, 550),
        keyword="XFORWARD",
        traps=(
            "Affects logging, never access rights. Values are xtext. Only for authorised clients "
            "(others get 550). May be pipelined"
        ),
        rfc="Postfix XFORWARD_README (private)",
    ),
    "X-EXPS": Command(
        verb="X-EXPS",
        syntax="X-EXPS mechanism [base64]",
        summary="authenticate Exchange servers to each other (GSSAPI, NTLM, EXCHANGEAUTH)",
        when="after EHLO, before MAIL",
        effect="The session is authenticated, as after AUTH",
        success=(235,),
        intermediate=(334,),
        errors=(500, 501, 504, 535),
        keyword="X-EXPS",
        traps=(
            "The same exchange as AUTH, under another name. EXCHANGEAUTH is used only over "
            "X-ANONYMOUSTLS. Not for ordinary clients"
        ),
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "X-ANONYMOUSTLS": Command(
        verb="X-ANONYMOUSTLS",
        syntax="X-ANONYMOUSTLS",
        summary=(
            "start TLS between Exchange servers of one organisation, without verifying certificates"
        ),
        when="after EHLO, on an unencrypted connection",
        effect="The same as STARTTLS",
        success=(220,),
        errors=(454, 500, 501, 502),
        keyword="X-ANONYMOUSTLS",
        traps="Not for ordinary clients: use STARTTLS",
        rfc="Microsoft Exchange (private)",
    ),
    "X-LINK2STATE": Command(
        verb="X-LINK2STATE",
        syntax="X-LINK2STATE FIRST / NEXT / LAST CHUNK={data}",
        summary="exchange routing tables between Exchange 2000 and 2003 servers",
        when="after EHLO",
        effect="None",
        success=(200,),
        errors=(500, 501, 503),
        keyword="X-LINK2STATE",
        traps="Removed in Exchange 2007. Known for a buffer overflow (CVE-2005-0560)",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XEXCH50": Command(
        verb="XEXCH50",
        syntax="XEXCH50 size recipients",
        summary="pass message properties as a binary block between Exchange 2000 to 2007 servers",
        when="after RCPT, before the message",
        effect="None visible",
        success=(250,),
        intermediate=(354,),
        errors=(500, 504),
        keyword="XEXCH50",
        traps=(
            "A block of exactly the given size follows the 354, with no dot at its end. "
            "Other clients get 504 with a "
            "text about authentication"
        ),
        rfc="Microsoft Exchange transport event documentation (private)",
    ),
    "XSHADOW": Command(
        verb="XSHADOW",
        syntax="XSHADOW ...",
        summary=(
            "keep a second copy of mail in transit (Exchange 2010 and later, shadow redundancy)"
        ),
        when="after EHLO, between Exchange servers",
        effect="None visible",
        success=(250,),
        errors=(500, 501),
        keyword="XSHADOW",
        traps="Seen only in EHLO replies; not for ordinary clients",
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
        traps="Discloses internals of the mail system, so administrators are advised to disable it",
        rfc="Sun/Oracle Messaging Server administration guide 4.12 (private)",
    ),
    "XCIR": Command(
        verb="XCIR",
        syntax="XCIR [argument]",
        summary="show the MTA's circuit checks",
        when="after EHLO",
        effect="None",
        success=(250,),
        errors=(500, 502),
        keyword="XCIR",
        traps="The same as for XADR",
        rfc="Sun/Oracle Messaging Server administration guide 4.12 (private)",
    ),
    "XGEN": Command(
        verb="XGEN",
        syntax="XGEN",
        summary="show whether a compiled configuration is in use",
        when="after EHLO",
        effect="None",
        success=(250,),
        errors=(500, 502),
        keyword="XGEN",
        traps="The same as for XADR",
        rfc="Sun/Oracle Messaging Server administration guide 4.12 (private)",
    ),
    "XSTA": Command(
        verb="XSTA",
        syntax="XSTA",
        summary="show how many messages were handled and how many are queued",
        when="after EHLO",
        effect="None",
        success=(250,),
        errors=(500, 502),
        keyword="XSTA",
        traps="The same as for XADR",
        rfc="Sun/Oracle Messaging Server administration guide 4.12 (private)",
    ),
    "XUSR": Command(
        verb="XUSR",
        syntax="XUSR",
        summary="Sendmail: mark what follows as an initial submission by a user",
        when="before MAIL",
        effect="None visible",
        success=(250,),
        errors=(500, 502),
        keyword="XUSR",
        traps="Obsolete; refused almost everywhere",
        rfc="Sendmail (private)",
        sure=False,
    ),
    "CLIENTID": Command(
        verb="CLIENTID",
        syntax="CLIENTID type token",
        summary=(
            "identify the client's device or program, so that stolen passwords are easier to detect"
        ),
        when="after EHLO over TLS, before AUTH",
        effect="The server learns a token that identifies the client's device; this is not a login",
        success=(250,),
        errors=(500, 501, 502, 503),
        keyword="CLIENTID",
        traps="An expired draft; few servers support it. Send it over TLS only",
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
        traps="Very new; Exim only",
        rfc="Exim NewStuff (private)",
        sure=False,
    ),
    "XPROXY": Command(
        verb="XPROXY",
        syntax="XPROXY SID=... IP=... PORT=... DOMAIN=...",
        summary="hand a client's session from an Exchange front end to a back end",
        when="after EHLO, between Exchange servers",
        effect="None visible to a client",
        success=(250,),
        errors=(500, 501),
        keyword="XPROXY",
        traps="Used only between Exchange servers; not for ordinary clients",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XPROXYFROM": Command(
        verb="XPROXYFROM",
        syntax="XPROXYFROM SID=... IP=... PORT=... DOMAIN=...",
        summary="name the original client to an Exchange back end",
        when="after EHLO, between Exchange servers",
        effect="None visible to a client",
        success=(250,),
        errors=(500, 501),
        keyword="XPROXYFROM",
        traps="Used only between Exchange servers; not for ordinary clients",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XPROXYTO": Command(
        verb="XPROXYTO",
        syntax="XPROXYTO ...",
        summary="ask another Exchange server to send on this one's behalf",
        when="after EHLO, between Exchange servers",
        effect="None visible to a client",
        success=(250,),
        errors=(500, 501),
        keyword="XPROXYTO",
        traps="Used only between Exchange servers; not for ordinary clients",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XSESSIONPARAMS": Command(
        verb="XSESSIONPARAMS",
        syntax="XSESSIONPARAMS ...",
        summary="pass session identifiers between Exchange servers",
        when="after EHLO, between Exchange servers",
        effect="None visible to a client",
        success=(250,),
        errors=(500, 501),
        keyword="XSESSIONPARAMS",
        traps="Used only between Exchange servers; not for ordinary clients",
        rfc="Microsoft Exchange (private)",
        sure=False,
    ),
    "XONE": Command(
        verb="XONE",
        syntax="XONE",
        summary="another name for ONEX: only one transaction on this connection",
        when="after EHLO",
        effect="None in current releases",
        success=(250,),
        errors=(500, 502),
        keyword="XONE",
        traps="Obsolete; see ONEX",
        rfc="Sendmail (private)",
        sure=False,
    ),
    "PROXY": Command(
        verb="PROXY",
        syntax="PROXY TCP4 / TCP6 source destination source-port destination-port",
        summary="a load balancer's header that names the real client; not an SMTP command",
        when="as the first line of the connection, before the greeting",
        effect="The server treats the given source as the client; there is no reply",
        errors=(421, 500, 550),
        traps=(
            "A server that does not expect the header reports a syntax error; a server that "
            "expects it waits for it, or drops the connection if it is missing. There is also a "
            "binary form"
        ),
        rfc="HAProxy PROXY protocol 1 (private)",
    ),
    "DEBUG": Command(
        verb="DEBUG",
        syntax="DEBUG",
        summary=(
            "historic Sendmail: ran commands contained in messages; used by the Internet worm of "
            "1988"
        ),
        when="at any time",
        effect="None today",
        success=(200,),
        errors=(500, 502),
        traps="Sent only by scanners today",
        rfc="Sendmail before 5.59 (private)",
        sure=False,
    ),
    "WIZ": Command(
        verb="WIZ",
        syntax="WIZ [password]",
        summary="historic Sendmail: opened a shell",
        when="at any time",
        effect="None today",
        errors=(500, 502),
        traps="Sent only by scanners today",
        rfc="early Sendmail (private)",
        sure=False,
    ),
}


# The verbs: all entries but the two lines that are not commands.
VERBS = tuple(verb for verb in COMMANDS if verb.isalnum() or "-" in verb)


def nearest(word: str) -> str | None:
    """Return the known verb most similar to `word`, or None if none is similar."""
    word = word.upper()
    letters = sorted(word)
    swapped = [verb for verb in VERBS if sorted(verb) == letters]
    swapped.sort(key=lambda verb: verb[0] != word[:1])
    from difflib import get_close_matches

    found = swapped or get_close_matches(word, VERBS, 1, 0.6)
    return found[0] if found else None
