"""What a reply says behind one command, where that is nearer to the point than its code alone.

Each entry: a title in a few words, what it means (for enhanced codes: and the usual causes), and
what to try. explain.py chooses among them.
"""

from __future__ import annotations

# Commands that a server may do without (RFC 5321 4.5.1 and the extensions), and what to do then.
_LISTED = "EHLO lists what the server offers."
_OPTIONAL = {
    "VRFY": "RCPT TO:<...> asks about an address as well.",
    "EXPN": "No other command asks for it: do without.",
    "STARTTLS": "EHLO lists STARTTLS where it can be used; port 465 has TLS from the first byte.",
    "BDAT": "DATA sends a message to any server.",
    **dict.fromkeys(
        ("HELP", "ETRN", "ATRN", "TURN", "SEND", "SOML", "SAML", "VERB", "ONEX", "XCLIENT"),
        _LISTED,
    ),
}

# What a code says more exactly behind one command than the table says for all of them.
AFTER: dict[tuple[int, str], tuple[str, str, str]] = {
    (50, "(remark)"): (
        "a remark, and no reply",
        "sendmail's verbose mode, which VERB asked for, tells so what it is doing.",
        "Read on: the reply itself follows.",
    ),
    (220, "greeting"): (
        "the greeting: the server is ready",
        "The server is there and speaks SMTP. What follows the name is up to it.",
        "Send EHLO and your name; LHLO where it speaks LMTP.",
    ),
    (521, "greeting"): (
        "refused for good: this host takes no mail",
        "It only sends, or it wants nothing from this client.",
        "Use another host: the MX of the domain.",
    ),
    (220, "XCLIENT"): (
        "taken for that client",
        "The server treats you as the client that you named, and greets anew.",
        "EHLO again: the list may be another now.",
    ),
    (220, "STARTTLS"): (
        "ready for TLS",
        "The TLS handshake begins with the next byte.",
        "After the handshake send EHLO again: what was listed before is void.",
    ),
    (250, "EHLO"): (
        "greeted; these are the extensions",
        "The first line names the server, each further line an extension.",
        "MAIL begins a message; VRFY and HELP ask.",
    ),
    (250, "LHLO"): (
        "greeted; these are the extensions",
        "The first line names the server, each further line an extension.",
        "MAIL begins a message.",
    ),
    (250, "HELO"): (
        "greeted, without extensions",
        "HELO asks for no list of extensions.",
        "MAIL begins a message; EHLO would ask for the extensions.",
    ),
    (250, "MAIL"): (
        "sender accepted so far",
        "A transaction is open. Many servers judge the sender only at RCPT or after the message.",
        "RCPT TO:<...> for each recipient.",
    ),
    (250, "RCPT"): (
        "recipient accepted",
        "The server takes on this recipient. That is no proof that the mailbox exists.",
        "More RCPT, or DATA.",
    ),
    (250, "."): (
        "message accepted",
        "The server is responsible for the message from now on: it delivers it or reports back.",
        "QUIT, or MAIL for the next message.",
    ),
    (250, "RSET"): (
        "transaction given up",
        "Sender and recipients are forgotten; greeting, TLS and login stay.",
        "MAIL begins anew.",
    ),
    (250, "VRFY"): ("the mailbox exists", "The text names the user and the full address.", ""),
    (250, "EXPN"): ("these are the members of the list", "A line for each member.", ""),
    (250, "HELP"): ("an answer to HELP", "Most servers say 214; only the text counts.", ""),
    (250, "VERB"): (
        "verbose from now on",
        "While it delivers, the server tells what it does: lines with 050, which are no replies.",
        "",
    ),
    (250, "NOOP"): ("the server is there", "Nothing was done, as asked.", ""),
    (250, "BDAT"): (
        "chunk taken",
        "The server has this part of the message and waits for more.",
        "BDAT with the next part; LAST on the last one ends the message.",
    ),
    (354, "DATA"): (
        "go on: send the message",
        "What you send now is the message, up to a line with a dot alone.",
        "Send it, and then the dot.",
    ),
    (221, "QUIT"): ("goodbye", "The server closes the connection, as asked.", ""),
    (251, "ETRN"): ("no mail is waiting", "The queue for that domain is empty.", ""),
    (252, "ETRN"): ("the queue is being sent", "Mail for that domain was waiting.", ""),
    (250, "ETRN"): (
        "the queue is being sent",
        "The server sends what waits for that domain, over new connections.",
        "Wait for them.",
    ),
    (250, "ATRN"): (
        "the roles are changed",
        "The server becomes the client and sends what waits for you.",
        "Answer as a server does, with 220 first.",
    ),
    (500, "EHLO"): (
        "refused for good: EHLO is not known",
        "An old server, or one that speaks LMTP.",
        "HELO, or LHLO for LMTP.",
    ),
    (502, "EHLO"): (
        "refused for good: EHLO is not available",
        "An old server, or one whose extensions are switched off.",
        "HELO.",
    ),
    **{
        (code, verb): (f"refused for good: {verb} is not known", means, try_next)
        for verb, means, try_next in (
            ("HELO", "The server speaks LMTP, which is greeted with LHLO.", "LHLO and your name."),
            ("LHLO", "The server speaks SMTP, which is greeted with EHLO.", "EHLO and your name."),
        )
        for code in (500, 502)
    },
    **{
        (500, verb): (
            f"refused for good: no {verb} here",
            "The server does not know this command, or has it switched off; both are allowed.",
            instead,
        )
        for verb, instead in _OPTIONAL.items()
    },
    **{
        (503, verb): (
            "refused for good: greeted already",
            "This server takes one greeting in a connection, though RFC 5321 allows more.",
            ":reconnect, and this greeting first.",
        )
        for verb in ("EHLO", "HELO", "LHLO")
    },
    (503, "STARTTLS"): (
        "refused for good: not now",
        "TLS is on already, a message is open, or there was no EHLO yet.",
        "EHLO tells whether TLS can begin; RSET gives an open message up.",
    ),
    (504, "HELP"): (
        "refused for good: no help on that",
        "",
        "HELP alone lists what there is help on.",
    ),
    (503, "MAIL"): (
        "refused for good: not now",
        "EHLO or HELO is missing, or a transaction is open already.",
        "EHLO and your name, or RSET to give up the open transaction.",
    ),
    (503, "RCPT"): (
        "refused for good: MAIL comes first",
        "There is no transaction that a recipient could be added to.",
        "MAIL FROM:<...>.",
    ),
    **{
        (503, verb): (
            "refused for good: a recipient comes first",
            "There is no transaction, or none of its recipients was accepted.",
            "MAIL FROM:<...>, RCPT TO:<...>, and see what each is answered.",
        )
        for verb in ("DATA", "BDAT", ".")
    },
    (554, "DATA"): (
        "refused for good: no valid recipients",
        "None of the recipients was accepted, or the server refuses the message beforehand.",
        "Look at the replies to RCPT.",
    ),
    (554, "greeting"): (
        "refused for good: no service for you",
        "The server does not want this client: a block list, or a host that takes no mail.",
        "QUIT. Read the text: it often names the list.",
    ),
    (552, "MAIL"): (
        "refused for good: too big",
        "The size that SIZE= stated is over the limit.",
        "Make the message smaller; SIZE in the EHLO reply states the limit.",
    ),
    (451, "RCPT"): (
        "refused for now: greylisting, or an error on the server's side",
        "Who is not known yet has to come again. Or DNS, a filter or a disk fails.",
        "Try again in some minutes from the same address.",
    ),
    (550, "."): (
        "refused for good: the message is not wanted",
        "A spam or virus filter does not want it, or the policy of the sender's domain forbids it.",
        "Read the text. Try a plain message without links and attachments.",
    ),
    (550, "EXPN"): (
        "no such list",
        "The server knows no list of that name, or does not tell strangers.",
        "Check the spelling.",
    ),
    (553, "EXPN"): (
        "no such list",
        "The name leads nowhere that mail could be delivered to.",
        "Check the spelling.",
    ),
    (550, "VRFY"): (
        "no such user",
        "The server knows nobody of that name, or does not tell strangers.",
        "Check the spelling.",
    ),
    (553, "VRFY"): (
        "the name fits more than one mailbox",
        "The text lists the candidates.",
        "VRFY one of them by its full address.",
    ),
    (421, "greeting"): (
        "not now: the server takes no connection",
        "It is shutting down or overloaded, or has heard enough from this address.",
        "Wait some minutes; then fewer connections at a time.",
    ),
}
# The same for (subject, detail) of an enhanced code: what it means, usual causes, what to try.
ENHANCED_AFTER: dict[tuple[int, int, str], tuple[str, str, str]] = {
    (1, 1, "VRFY"): (
        "The server knows nobody of that name, or does not tell strangers.",
        "",
        "Check the spelling.",
    ),
    (1, 4, "VRFY"): (
        "The name fits more than one mailbox; the text lists the candidates.",
        "",
        "VRFY one of them by its full address.",
    ),
    (1, 1, "EXPN"): (
        "The server knows no list of that name, or does not tell strangers.",
        "",
        "Check the spelling.",
    ),
    (5, 1, "RCPT"): (
        "The server objects to how the conversation was led, and not to this recipient.",
        "Postfix's postscreen says so to a client that spoke before the greeting had ended.",
        "Connect again, and wait for the whole greeting.",
    ),
    (7, 1, "RCPT"): (
        "This server does not deliver to that recipient, or does not take it from you.",
        "The wrong server for this recipient, no login, or a block list.",
        "Log in first, or talk to the recipient's own mail server: the MX of its domain.",
    ),
    (1, 1, "RCPT"): (
        "No such user here: the part before the @ is wrong.",
        "Typing error, account deleted, list out of date.",
        "Check the address; VRFY may know more.",
    ),
    (7, 1, "."): (
        "The message is refused by a rule of the server.",
        "Spam or virus filter, sender's domain without SPF or DKIM, a block list.",
        "Read the text: it often has a link. Try a plain message without links and attachments.",
    ),
}
# What (subject, detail) usually stands for when the server refuses for now.
FOR_NOW: dict[tuple[int, int], tuple[str, str, str]] = {
    (2, 0): (
        "The mailbox cannot be delivered to for now.",
        "Greylisting: the first try of a sender is always refused. Else trouble on the server.",
        "Try again in some minutes from the same address.",
    ),
    (7, 0): (
        "A rule is in the way for now; the server gives no details.",
        "Greylisting, too many connections or messages in a short time.",
        "Try again in some minutes, and send less at a time.",
    ),
    (7, 1): (
        "The server refuses it for now by policy.",
        (
            "Greylisting: the first try of a sender is always refused. Else a rate limit or a "
            "block list."
        ),
        "Try again in some minutes from the same address.",
    ),
}
