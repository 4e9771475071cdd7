"""Fills in the placeholders in a topic's sentences from the reply and the situation.

Each function below provides the text for one placeholder: a sentence with a space in front, a
clause, or "", as the sentences in topics.py require.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ...plural import plural
from ...verbs import GREETINGS
from ..commands import COMMANDS
from ..parameters import PARAMETERS
from .explanation import quoted
from .line_faults import address_faults, helo_fault
from .mechanism_choice import (
    long_response,
    mechanism,
    mechanism_why,
    mechanisms,
    mechanisms_listed,
    oauth,
    offered_mechanisms,
    shorter_response,
    stronger,
)
from .named_in_text import (
    block_list,
    contact,
    lookup,
    mend_field,
    moved,
    moved_to,
    named_field,
    page,
    size_in,
    wait,
)
from .reply_text import ReplyText
from .situation import GREETING, Situation

_OF_MAILBOX = re.compile(r"\b(?:recipient|mailbox|inbox|user)", re.IGNORECASE)
_SUBMISSION = (
    "The port for programs that log in is 587 (with STARTTLS) or 465 (TLS from the first byte)."
)
_WORD = re.compile(r"\{(\w+)\}")
_KEYWORDS = {one.name: one.keyword for one in reversed(PARAMETERS) if one.keyword}


def fill(sentence: str, reply: ReplyText, situation: Situation) -> str:
    """Return `sentence` with each placeholder replaced by its text."""
    if "{" not in sentence:
        return sentence
    return _WORD.sub(lambda found: _FILLED[found[1]](reply, situation), sentence)


def log_in(situation: Situation) -> str:
    """Return sentences that say how to log in from the current situation."""
    if situation.authenticated:
        return (
            "The client is already logged in: the server requires another account, or its rules do "
            "not allow this one. Ask the administrator or provider."
        )
    if situation.lists("AUTH"):
        return (
            f"Log in first: AUTH{offered_mechanisms(situation)} is offered but was not used. "
            "Then repeat the command."
        )
    if situation.offered is None:
        return "Log in first: send EHLO, then AUTH with one of the mechanisms that the reply lists."
    if situation.after_helo:
        return (
            "Log in first: send EHLO instead of HELO, then AUTH with a mechanism that the reply "
            f"lists. {_SUBMISSION}"
        )
    if not situation.tls and situation.lists("STARTTLS"):
        return (
            "Log in first. The EHLO reply does not list AUTH here; many servers offer it over TLS "
            "only. Send STARTTLS, then EHLO again, then AUTH."
        )
    return f"Log in first. The EHLO reply does not list AUTH here. {_SUBMISSION}"


def begin_tls(situation: Situation, then: str = "") -> str:
    """Return sentences that say how to start TLS from the current situation.

    `then` is a clause about what to do afterwards, such as ", then AUTH".
    """
    if situation.tls:
        return (
            "TLS is already active, so the server means something else: ask its administrator, "
            "quoting the reply."
        )
    if situation.after_helo:
        return (
            f"Send EHLO instead of HELO, and STARTTLS if it is listed, then EHLO again{then}. Port "
            "465 has TLS from the first byte."
        )
    if situation.offered is None or situation.lists("STARTTLS"):
        listed = (
            ", which the EHLO reply lists but the client has not used" if situation.offered else ""
        )
        return (
            f"Send STARTTLS{listed}; after the handshake send EHLO again{then}. Port 465 has "
            "TLS from the first byte."
        )
    return (
        "The EHLO reply does not list STARTTLS here: use port 465, with TLS from the first byte, "
        f"or port 587, and send EHLO{then}."
    )


def _relay_why(_: ReplyText, situation: Situation) -> str:
    if situation.authenticated:
        return (
            " The client is logged in, but the server's rules do not allow this account to send "
            "there."
        )
    if situation.lists("AUTH"):
        return " AUTH is offered, but the client has not logged in."
    return ""


def _relay(_: ReplyText, situation: Situation) -> str:
    elsewhere = "Mail for that domain can also be sent directly to its own server, its MX."
    if situation.authenticated:
        return (
            "Ask the server's administrator or provider where this account may send mail, or use "
            f"the server for the sender's domain. {elsewhere}"
        )
    if situation.lists("AUTH"):
        return (
            f"To send through this server, log in first: AUTH{offered_mechanisms(situation)}, then "
            f"MAIL and RCPT again. {elsewhere}"
        )
    if situation.lists("STARTTLS") and not situation.tls:
        return (
            "Connect to the MX of that domain, its own server. To send through this one, a login "
            "is required: the EHLO reply does not list AUTH here, perhaps because AUTH requires "
            "STARTTLS first, or port 587 or 465."
        )
    return (
        "Connect to the MX of that domain, its own server. To send through this one, a login is "
        "required: look for AUTH in the EHLO reply, or use port 587 or 465."
    )


def _login_why(_: ReplyText, situation: Situation) -> str:
    if situation.authenticated:
        return " The client is logged in, but that was not enough."
    if situation.lists("AUTH"):
        return " The server offers AUTH, but the client has not logged in."
    return " The client is not logged in."


def _tls_why(_: ReplyText, situation: Situation) -> str:
    if situation.lists("STARTTLS") and not situation.tls:
        return " The server offers STARTTLS, but the client has not used it."
    return ""


def _auth_listed(_: ReplyText, situation: Situation) -> str:
    if situation.lists("AUTH"):
        return ", as it does here, but this server has nevertheless disabled it"
    if situation.offered is None:
        return "; no EHLO reply is known here"
    return f", but {'this one does not' if situation.offered else 'no EHLO reply has done so'}"


def _auth_where(_: ReplyText, situation: Situation) -> str:
    if not situation.offered:
        instead = " instead of HELO" if situation.after_helo else ""
        return f"Send EHLO{instead}, and use AUTH if it is listed."
    if not situation.tls and situation.lists("STARTTLS"):
        return (
            "Send STARTTLS, then EHLO again: many servers list AUTH only over TLS. Port 465 "
            "has TLS from the first byte, and port 587 is for programs that log in."
        )
    if situation.lists("AUTH"):
        return "Ask the server's administrator; programs log in on port 587 or 465."
    return (
        "Use the port for programs that log in: 587 (with STARTTLS) or 465 (TLS from the first "
        "byte). Mail between servers, on port 25, does not require a login."
    )


def _size(reply: ReplyText, situation: Situation) -> str:
    declared, limit = situation.declared_size, situation.size_limit
    said = f" The command declares {declared:,} octets." if declared is not None else ""
    if declared is None and situation.verb == "MAIL":  # Postfix keeps what a refused MAIL declared
        said = (
            " This command declares no size: the server may still be applying the size from an "
            "earlier MAIL."
        )
    if (reply.fitting or "")[1:] == ".2.3" and _OF_MAILBOX.search(reply.words):
        return (
            f"{said} The limit is the mailbox's own (X.2.3), which may be lower than SIZE in the "
            "EHLO reply."
        )
    stated = size_in(reply)
    if stated:
        return f"{said} The reply states the limit: {stated}."
    if situation.after_helo:
        return f"{said} Unlike the reply to HELO, the reply to EHLO may state the limit."
    if limit:
        return f"{said} SIZE in the EHLO reply states the limit: {limit:,} octets."
    return f"{said} SIZE in the EHLO reply states the limit, if the server has one."


def _helo(_: ReplyText, situation: Situation) -> str:
    late = situation.verb not in ("EHLO", "HELO", "LHLO", "")
    name = f" ({quoted(situation.helo)})" if situation.helo else ""
    fault = helo_fault(situation.helo)
    what = f" {fault}" if fault and (situation.helo or not late) else ""
    if late:
        blameless = "address" if situation.verb in ("MAIL", "RCPT") else "command"
        at = f", at {situation.verb}" if situation.verb.isupper() else ""
        return (
            f" This is about the name in EHLO{name}, which this server checks only now{at}: the "
            f"{blameless} itself is not at fault.{what}"
        )
    return what


def _sender(_: ReplyText, situation: Situation) -> str:
    return f" ({quoted(situation.path)})" if situation.verb == "MAIL" and situation.path else ""


def _owner(reply: ReplyText, situation: Situation) -> str:
    sender = _sender(reply, situation)
    if situation.authenticated:
        return (
            f"The account that is logged in does not own the address in MAIL FROM{sender}, and is "
            "not allowed to use it as the sender."
        )
    return (
        f"The server does not allow this client to use the address in MAIL FROM{sender} as the "
        "sender. Usually a client may use only the addresses of its own "
        f"account.{_unused(reply, situation)}"
    )


def _faults(_: ReplyText, situation: Situation) -> str:
    found = address_faults(situation)
    return f" {' '.join(found)}" if found else ""


def _path_form(_: ReplyText, situation: Situation) -> str:
    word = "RCPT TO" if situation.verb == "RCPT" else "MAIL FROM"
    return f"{word}:<user@example.org>"


def _verb(_: ReplyText, situation: Situation) -> str:
    return quoted(situation.verb) if situation.verb in COMMANDS else "the command"


def _parameters(_: ReplyText, situation: Situation) -> str:
    sent = situation.parameters
    if not sent:
        return ""
    if situation.after_helo:
        return (
            f" The line contains {quoted(', '.join(sent))}, but after HELO no extension is in "
            "use: parameters require EHLO."
        )
    extensions: dict[str, list[str]] = {}
    for name in unlisted_parameters(situation):
        extensions.setdefault(_keyword(name, situation), []).append(name)
    missing = [
        keyword
        if names == [keyword]
        else f"{keyword}, to which {' and '.join(names)} belong{'s' if len(names) == 1 else ''}"
        for keyword, names in extensions.items()
    ]
    words = f" The EHLO reply does not list {', nor '.join(missing)}." if missing else ""
    unknown = [each for each in sent if each not in _KEYWORDS and not situation.lists(each)]
    if unknown:
        belong = plural(len(unknown), "belongs", "belong")
        words += f" {quoted(', '.join(unknown))} {belong} to no known extension."
    return words or f" The line contains {quoted(', '.join(sent))}."


def unlisted_parameters(situation: Situation) -> list[str]:
    """Return the parameters in the line whose extensions the EHLO reply does not list.

    After HELO, these are all parameters in the line.
    """
    return [
        name
        for name in situation.parameters
        if situation.offered is not None
        and (
            not situation.offered
            or (name in _KEYWORDS and not situation.lists(_keyword(name, situation)))
        )
    ]


def _keyword(name: str, situation: Situation) -> str:
    """Return the extension to which a parameter belongs, which for BODY depends on its value."""
    return "BINARYMIME" if name == "BODY" and situation.body == "BINARYMIME" else _KEYWORDS[name]


def _keep_parameters(_: ReplyText, situation: Situation) -> str:
    if situation.after_helo and situation.parameters:
        return ", or send EHLO instead of HELO and check whether the reply lists its extension"
    if unlisted_parameters(situation):
        return ": this server does not list its extension"
    return ", or correct its spelling if the EHLO reply lists its extension"


def _smtputf8_why(_: ReplyText, situation: Situation) -> str:
    if "SMTPUTF8" in situation.parameters:
        return " The command includes the parameter SMTPUTF8."
    if situation.lists("SMTPUTF8"):
        return " The server offers SMTPUTF8, but the parameter is missing."
    if situation.after_helo:
        return " After HELO no extension is in use."
    if situation.offered is not None:
        return " The EHLO reply does not list SMTPUTF8 here."
    return ""


def _smtputf8(_: ReplyText, situation: Situation) -> str:
    if situation.after_helo:
        return (
            "Send EHLO instead of HELO, and add the parameter SMTPUTF8 if it is listed. Otherwise "
            "use an ASCII address."
        )
    if situation.offered is not None and not situation.lists("SMTPUTF8"):
        return (
            "Use an ASCII address, and the domain's A-label (xn--): this server does not list "
            "SMTPUTF8."
        )
    return (
        "Add the parameter after the address: MAIL FROM:<...> SMTPUTF8. Otherwise use an ASCII "
        "address."
    )


def _length(_: ReplyText, situation: Situation) -> str:
    return f" This one has {situation.octets:,} octets." if situation.octets > 100 else ""


def _unused(_: ReplyText, situation: Situation) -> str:
    if situation.lists("AUTH") and not situation.authenticated:
        return " AUTH is offered and was not used: a login may be required."
    return ""


def _at_start(_: ReplyText, situation: Situation) -> str:
    if situation.verb in (GREETING, *GREETINGS):
        return " The client's address may be on a block list."
    return ""


def _whom(_: ReplyText, situation: Situation) -> str:
    if situation.verb in (GREETING, *GREETINGS):
        return "this client"
    return "this client, sender, recipient or message"


def _not_greeted(_: ReplyText, situation: Situation) -> str:
    if situation.tls:
        return (
            "The client has not introduced itself yet: after STARTTLS, EHLO must be sent again, "
            "even if one was answered before"
        )
    if situation.offered is not None:
        return "An EHLO or HELO was answered, but the server has since ignored or discarded it"
    return "The client has not introduced itself yet"


def _postmaster(_: ReplyText, situation: Situation) -> str:
    if situation.path.strip("<>").partition("@")[0].lower() != "postmaster":
        return ""
    return (
        " According to RFC 5321 (section 4.5.1), every server that accepts mail must accept it for "
        "postmaster."
    )


def _out_of_step(_: ReplyText, situation: Situation) -> str:
    if situation.verb in ("MAIL", ""):
        return ""
    answered = quoted(situation.verb) if situation.verb.isupper() else "this line"
    return (
        f" This reply fits a second MAIL, not {answered}: if commands were sent ahead, it may "
        "belong to an earlier one, and the replies after it are out of step too."
    )


_FILLED: dict[str, Callable[[ReplyText, Situation], str]] = {
    "relay_why": _relay_why,
    "relay": _relay,
    "login_why": _login_why,
    "login": lambda _, situation: log_in(situation),
    "tls_why": _tls_why,
    "tls": lambda _, situation: begin_tls(situation),
    "tls_login": lambda _, situation: begin_tls(situation, ", then AUTH"),
    "auth_listed": _auth_listed,
    "auth_where": _auth_where,
    "mechanism": lambda _, situation: mechanism(situation),
    "mechanism_why": lambda _, situation: mechanism_why(situation),
    "mechanism_upper": lambda _, situation: quoted(situation.mechanism.upper()) or "The mechanism",
    "mechanisms": lambda _, situation: mechanisms(situation),
    "stronger": lambda _, situation: stronger(situation),
    "contact": contact,
    "moved": moved,
    "moved_to": moved_to,
    "verb": _verb,
    "size": _size,
    "helo": _helo,
    "sender": _sender,
    "owner": _owner,
    "faults": _faults,
    "list": lambda reply, _: block_list(reply),
    "lookup": lambda reply, _: lookup(reply),
    "page": lambda reply, _: page(reply),
    "parameters": _parameters,
    "keep_parameters": _keep_parameters,
    "smtputf8_why": _smtputf8_why,
    "smtputf8": _smtputf8,
    "length": _length,
    "unused": _unused,
    "at_start": _at_start,
    "whom": _whom,
    "not_greeted": _not_greeted,
    "postmaster": _postmaster,
    "out_of_step": _out_of_step,
    "field": lambda reply, _: named_field(reply),
    "mend_field": lambda reply, _: mend_field(reply),
    "mechanisms_listed": lambda _, situation: mechanisms_listed(situation),
    "oauth": lambda _, situation: oauth(situation),
    "wait": lambda reply, _: wait(reply),
    "path_form": _path_form,
    "long_response": lambda _, situation: long_response(situation),
    "shorter_response": lambda _, situation: shorter_response(situation),
}
