"""Explains replies to particular commands, where this is more specific than the code alone.

An entry for a reply code consists of a title, the meaning, and what to try; an entry for an
enhanced code consists of the meaning, the usual causes, and what to try. `by_codes` chooses among
them.
"""

from __future__ import annotations

# Commands that a server need not support (RFC 5321 4.5.1, the extensions) -> what to do instead.
_LISTED = "The EHLO reply lists what the server supports."
_OPTIONAL = {
    "BDAT": "Send the message with DATA, which every server supports.",
    **dict.fromkeys(
        ("HELP", "ETRN", "ATRN", "TURN", "SEND", "SOML", "SAML", "VERB", "ONEX", "XCLIENT"),
        _LISTED,
    ),
}

# (reply code, command answered) -> title, meaning, what to try.
BY_COMMAND: dict[tuple[int, str], tuple[str, str, str]] = {
    (50, "(remark)"): (
        "a progress line, not a reply",
        "In verbose mode, which VERB turned on, sendmail reports its progress this way.",
        "The reply itself follows.",
    ),
    (220, "greeting"): (
        "the greeting: the server is ready",
        "The server is up and speaks SMTP. The text after the server's name is free-form.",
        "Send EHLO and your host name.",
    ),
    (521, "greeting"): (
        "refused permanently: this host does not accept mail",
        (
            "The host only sends mail and never accepts any. The session may continue, but no "
            "message will be accepted."
        ),
        "Use another host: look up the domain's MX record.",
    ),
    (220, "XCLIENT"): (
        "client identity accepted",
        "The server now treats you as the client that you named, and sends a new greeting.",
        "Send EHLO again: the list of extensions may differ.",
    ),
    (220, "STARTTLS"): (
        "ready for TLS",
        "The TLS handshake begins with the next byte.",
        "After the handshake send EHLO again: the previous list is no longer valid.",
    ),
    (250, "EHLO"): (
        "EHLO accepted; the extensions follow",
        "The first line names the server; each further line is an extension.",
        "MAIL starts a transaction; VRFY and HELP ask for information.",
    ),
    (250, "LHLO"): (
        "LHLO accepted; the extensions follow",
        "The first line names the server; each further line is an extension.",
        "MAIL starts a transaction.",
    ),
    (250, "HELO"): (
        "HELO accepted; no extensions",
        "HELO does not request a list of extensions.",
        "MAIL starts a transaction; EHLO would list the extensions.",
    ),
    (250, "MAIL"): (
        "sender accepted so far",
        "A transaction is open. Many servers check the sender only at RCPT or after the message.",
        "Send RCPT TO:<...> for each recipient.",
    ),
    (250, "RCPT"): (
        "recipient accepted",
        "The server accepts mail for this recipient. This does not prove that the mailbox exists.",
        "Send another RCPT, or DATA.",
    ),
    (250, "."): (
        "message accepted",
        (
            "The server is now responsible for the message: it either delivers it or reports the "
            "failure to the sender."
        ),
        "Send QUIT, or MAIL for the next message.",
    ),
    (250, "RSET"): (
        "transaction aborted",
        "The sender and recipients are discarded; EHLO, TLS and login remain in effect.",
        "MAIL starts a new transaction.",
    ),
    (250, "VRFY"): ("the mailbox exists", "The reply gives the user's name and full address.", ""),
    (250, "EXPN"): ("these are the members of the list", "Each line is one member.", ""),
    (250, "HELP"): ("help text", "Most servers reply 214; only the text matters.", ""),
    (250, "VERB"): (
        "verbose mode is on",
        (
            "During a delivery, the server reports its progress in lines that begin with 050, "
            "which are not replies."
        ),
        "",
    ),
    (250, "NOOP"): ("no operation", "The server is responding; NOOP has no other effect.", ""),
    (250, "BDAT"): (
        "chunk accepted",
        "The server has received this part of the message and waits for more.",
        "Send BDAT with the next part; LAST on the final one ends the message.",
    ),
    (354, "DATA"): (
        "continue: send the message",
        "Everything you send now is the message, up to a line with only a dot.",
        "Send the message, then a line with only a dot.",
    ),
    (221, "QUIT"): ("goodbye", "The server closes the connection, as requested.", ""),
    (421, "QUIT"): (
        "the server closes the connection",
        (
            "It would have done so after QUIT as well (221). Messages already accepted remain "
            "accepted."
        ),
        "Connect again to continue.",
    ),
    (501, "ETRN"): (
        "refused permanently: ETRN requires the name of a domain",
        (
            "The argument of ETRN is missing, or is not a domain for which this server could hold "
            "mail."
        ),
        (
            "Send ETRN followed by one domain, such as ETRN example.org; @example.org includes its "
            "subdomains, and #name names a queue."
        ),
    ),
    (458, "ETRN"): (
        "refused temporarily: the queue cannot be run",
        "The server cannot start the queue for this domain now.",
        "Send ETRN again later.",
    ),
    (459, "ETRN"): (
        "refused temporarily: no queue run for this domain",
        (
            "The server does not allow this client to start this domain's queue, or has no queue "
            "for it."
        ),
        "Check the domain; the server's administrator decides which clients may use ETRN for it.",
    ),
    (251, "ETRN"): ("no mail is waiting", "The queue for this domain is empty.", ""),
    (252, "VRFY"): (
        "cannot verify the user, but will try to deliver",
        (
            "Servers that do not disclose their users usually send this. Some, such as Postfix, "
            "send it for every name that they would accept, and refuse all others with 550."
        ),
        "Draw no conclusion from it; RCPT TO:<...> shows whether the server accepts the address.",
    ),
    (252, "EXPN"): (
        "the list is not expanded",
        "The server does not say whether the list exists or who is on it, but would accept mail.",
        (
            "No other command shows the members of a list; RCPT TO:<...> shows whether it accepts "
            "mail."
        ),
    ),
    (252, "ETRN"): ("queue run started", "Mail for this domain was waiting.", ""),
    (250, "ETRN"): (
        "queue run started",
        "The server sends the mail that is waiting for this domain over new connections.",
        "Wait for the server to connect.",
    ),
    (250, "TURN"): (
        "the roles are reversed",
        "The server becomes the client and sends the mail that is waiting for you.",
        "Act as the server: send a 220 greeting first.",
    ),
    (354, "XEXCH50"): (
        "continue: send the block",
        "The server waits for exactly as many octets as the command counts; no dot ends them.",
        "Send the block of that size.",
    ),
    (250, "ATRN"): (
        "the roles are reversed",
        "The server becomes the client and sends the mail that is waiting for you.",
        "Act as the server: send a 220 greeting first.",
    ),
    **{
        (501, verb): (
            "refused permanently: syntax error in the argument",
            (
                f"The server cannot parse what follows {verb}: the address, its brackets, or a "
                "parameter."
            ),
            (
                f"Compare the line with the syntax: {form}. Omit parameters that the EHLO reply "
                "does not list."
            ),
        )
        for verb, form in (
            ("MAIL", "MAIL FROM:<user@example.org>"),
            ("RCPT", "RCPT TO:<user@example.org>"),
        )
    },
    **{
        (501, verb): (
            "refused permanently: syntax error in the argument",
            f"The server cannot find a valid {what} after {verb}.",
            f"Send {verb} followed by {form} and nothing else.",
        )
        for verb, what, form in (
            ("VRFY", "address", "a user or a whole address"),
            ("EXPN", "name", "the name of a list"),
        )
    },
    **{
        (501, verb): (
            "refused permanently: syntax error in the argument",
            (
                f"The server cannot parse what follows {verb}: an attribute that it does not "
                "recognise, or a value that is not encoded as xtext."
            ),
            f"Send only attributes that the EHLO reply lists after {verb}, each as NAME=value.",
        )
        for verb in ("XCLIENT", "XFORWARD")
    },
    (501, "HELP"): (
        "refused permanently: syntax error in the argument",
        "The server has no help on the argument of HELP.",
        "Send HELP alone: the reply may list the topics.",
    ),
    (500, "EHLO"): (
        "refused permanently: EHLO not recognised",
        "The server is old and does not support extensions (ESMTP), or it speaks LMTP.",
        "Send HELO, or LHLO for LMTP.",
    ),
    (502, "EHLO"): (
        "refused permanently: EHLO is not available",
        "The server is old, or its extensions are disabled.",
        "Send HELO.",
    ),
    **{
        (code, verb): (f"refused permanently: {verb} not recognised", means, try_next)
        for verb, means, try_next in (
            (
                "HELO",
                "The server speaks LMTP, which uses LHLO instead of HELO.",
                "Send LHLO and your host name.",
            ),
            (
                "LHLO",
                "LHLO belongs to LMTP; this server speaks SMTP, which uses EHLO instead.",
                "Send EHLO and your host name.",
            ),
        )
        for code in (500, 502)
    },
    **{
        (code, verb): (
            f"refused permanently: {verb} not supported",
            "The server does not implement this command or has disabled it. It is optional.",
            instead,
        )
        for verb, instead in _OPTIONAL.items()
        for code in (500, 502)
        if (code, verb) != (502, "BDAT")
    },
    **{
        (503, verb): (
            "refused permanently: the client has already introduced itself",
            (
                "This server accepts only one EHLO or HELO per connection, although RFC 5321 "
                "allows more."
            ),
            "The first one remains valid: continue with MAIL. To send another, connect again.",
        )
        for verb in ("EHLO", "HELO", "LHLO")
    },
    (504, "HELP"): (
        "refused permanently: no help on this topic",
        "",
        "HELP without an argument lists the topics.",
    ),
    (503, "MAIL"): (
        "refused permanently: not allowed now",
        "EHLO or HELO is missing, or a transaction is already open.",
        "Send EHLO and your host name, or RSET to end the open transaction.",
    ),
    (503, "RCPT"): (
        "refused permanently: MAIL must come first",
        "No transaction is open to which a recipient could be added.",
        "Send MAIL FROM:<...>.",
    ),
    **{
        (503, verb): (
            "refused permanently: a recipient must come first",
            "No transaction is open, or none of its recipients was accepted.",
            "Send MAIL FROM:<...> and RCPT TO:<...>, and check the reply to each.",
        )
        for verb in ("DATA", "BDAT", ".")
    },
    (554, "."): (
        "refused permanently: the message is not accepted",
        (
            "The server has the whole message and rejects it. The reason is usually a filter, a "
            "block list or the policy of the sender's domain."
        ),
        "Read the reply text. Try a plain message without links or attachments.",
    ),
    (554, "MAIL"): (
        "refused permanently: the transaction is not accepted",
        "The server refuses this sender, or its policy refuses this client.",
        "Read the reply text; check the sender's address, and log in if AUTH is offered.",
    ),
    (554, "RCPT"): (
        "refused permanently: the recipient is not accepted",
        (
            "The server refuses this recipient, or its policy refuses this client: the server "
            "relays only after a login, the user is unknown, or the client is on a block list."
        ),
        "Read the reply text; log in if AUTH is offered, and check the address.",
    ),
    (550, "RCPT"): (
        "refused permanently: mailbox unavailable, or refused by policy",
        (
            "The server has no such user, or does not accept mail for this recipient from this "
            "client: the server relays only after a login, or a block list, SPF or a filter "
            "forbids it."
        ),
        (
            "Read the reply text; check the spelling of the address, and whether this server is an "
            "MX of its domain."
        ),
    ),
    (554, "DATA"): (
        "refused permanently: no valid recipients",
        "None of the recipients was accepted, or the server refuses the message in advance.",
        "Check the replies to RCPT.",
    ),
    (453, "RCPT"): (
        "refused temporarily: the system does not accept mail",
        "The system may be shutting down, overloaded or in maintenance.",
        "Try again later.",
    ),
    **{
        (code, verb): (
            "refused permanently: no service for this client",
            (
                "The server refuses this client, for example because of a block list or its EHLO "
                "name, or the host does not accept mail at all."
            ),
            "Read the reply text: it often names the block list. Then send QUIT.",
        )
        for code in (550, 554)
        for verb in ("greeting", "EHLO", "HELO", "LHLO")
    },
    (550, "DATA"): (
        "refused permanently: no message is accepted in this transaction",
        "The server's policy refuses the sender, the recipients or this client.",
        "Read the reply text: it usually says which of these applies.",
    ),
    (550, "MAIL"): (
        "refused permanently: the sender is not accepted",
        "The server refuses the sender's address, or its policy refuses this client.",
        "Read the reply text; check the sender's address, and log in if AUTH is offered.",
    ),
    (553, "MAIL"): (
        "refused permanently: the sender's address is not accepted",
        "The sender's address is malformed, not yours, or its domain does not exist.",
        "Check the address in MAIL FROM, and log in if AUTH is offered.",
    ),
    (552, "MAIL"): (
        "refused permanently: message too large",
        "The size given with SIZE= exceeds the limit.",
        "Make the message smaller; SIZE in the EHLO reply states the limit.",
    ),
    (451, "RCPT"): (
        "refused temporarily: greylisting, or a server error",
        (
            "The server asks unknown senders to try again later, or its DNS, a filter or a disk "
            "has failed."
        ),
        "Try again in a few minutes, from the same address.",
    ),
    (550, "."): (
        "refused permanently: message rejected",
        "A spam or virus filter rejected it, or the policy of the sender's domain forbids it.",
        "Read the reply text. Try a plain message without links or attachments.",
    ),
    (550, "EXPN"): (
        "no such list",
        "The server has no list with this name, or does not disclose it.",
        "Check the spelling.",
    ),
    (553, "EXPN"): (
        "no such list",
        "No mailbox or list with this name accepts mail.",
        "Check the spelling.",
    ),
    (550, "VRFY"): (
        "no such user",
        "The server has no user with this name, or does not say whether it has.",
        "Check the spelling.",
    ),
    (553, "VRFY"): (
        "the name is ambiguous, or not a valid mailbox name",
        (
            "RFC 5321 uses this code for a name that matches more than one mailbox (the reply may "
            "list their addresses), and for a name in a form that no mailbox has."
        ),
        "Send VRFY with a full address, user@domain.",
    ),
    (421, "greeting"): (
        "refused temporarily: the server does not accept connections",
        "The server is shutting down or overloaded, or it limits this address.",
        "Wait a few minutes, then open fewer connections at a time.",
    ),
}
# (subject, detail, command answered) -> meaning, usual causes, what to try.
ENHANCED_BY_COMMAND: dict[tuple[int, int, str], tuple[str, str, str]] = {
    (1, 0, "MAIL"): (
        "The server refuses the sender's address; the code does not say why.",
        "A rule against this sender, or an address that the server cannot verify.",
        "Read the reply text; check the sender's address and its domain.",
    ),
    (1, 1, "MAIL"): (
        "The server does not recognise the sender's address, or could not verify that it exists.",
        "A typo in the sender's address, or a deleted account.",
        "Check the address in MAIL FROM.",
    ),
    (2, 2, "MAIL"): (
        "The sender's mailbox or account has used up its quota.",
        "",
        "Free space in the sender's mailbox, or ask its provider.",
    ),
    (7, 1, "MAIL"): (
        "The server's policy does not accept this sender from this client.",
        "A missing login, a sender that is not yours, a block list or SPF.",
        "Read the reply text; log in if AUTH is offered, and use your own sender address.",
    ),
    (1, 1, "VRFY"): (
        "The server has no user with this name, or does not say whether it has.",
        "",
        "Check the spelling.",
    ),
    (1, 4, "VRFY"): (
        "The name matches more than one mailbox; the reply lists them.",
        "",
        "Send VRFY with one of the full addresses.",
    ),
    (1, 1, "EXPN"): (
        "The server has no list with this name, or does not disclose it.",
        "",
        "Check the spelling.",
    ),
    (5, 1, "RCPT"): (
        "The server objects to the client's protocol behaviour, not to this recipient.",
        (
            "Postfix's postscreen sends this reply to a client that sent data before the greeting "
            "was complete."
        ),
        "Connect again, and wait for the complete greeting.",
    ),
    (7, 1, "RCPT"): (
        "This server does not deliver to this recipient, or does not accept mail for it from you.",
        "The wrong server for this recipient, a missing login, or a block list.",
        "Log in first, or connect to the recipient's own mail server, the MX of its domain.",
    ),
    (1, 0, "RCPT"): (
        "Usually the server refuses the recipient's address; the code does not say why.",
        (
            "An unknown user, or a rule against this recipient, or against the sender if the "
            "server checks it only now."
        ),
        "Check the address; read the reply text, which may name another one.",
    ),
    (1, 1, "RCPT"): (
        "The server has no such user: the part before the @ is wrong.",
        "A typo, a deleted account or an outdated address list.",
        "Check the address; VRFY may say more.",
    ),
    (7, 1, "."): (
        "The server's policy rejects the message.",
        "A spam or virus filter, a sender domain without SPF or DKIM, or a block list.",
        (
            "Read the reply text: it often contains a link. Try a plain message without links or "
            "attachments."
        ),
    ),
}
# (subject, detail) of a 4yz reply -> meaning, usual causes, what to try.
TEMPORARY: dict[tuple[int, int], tuple[str, str, str]] = {
    (2, 0): (
        "The mailbox temporarily does not accept mail.",
        (
            "Greylisting, which always refuses a sender's first attempt; otherwise a problem on "
            "the server."
        ),
        "Try again in a few minutes, from the same address.",
    ),
    (7, 0): (
        "A policy temporarily forbids this; the server gives no details.",
        "Greylisting, or too many connections or messages in a short time.",
        "Try again in a few minutes, and send fewer messages at a time.",
    ),
    (7, 1): (
        "The server's policy temporarily does not allow this.",
        (
            "Greylisting, which always refuses a sender's first attempt; otherwise a rate "
            "limit or a block list."
        ),
        "Try again in a few minutes, from the same address.",
    ),
}
