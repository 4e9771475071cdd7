"""`heloscope explain`: the meaning of a reply or an SMTP word, or the errors in a log."""

from __future__ import annotations

import re
from typing import Any

import click

from .ending import leave
from .sentence import SentenceCommand

_ESCAPE = re.compile(rb"\\x([0-9A-Fa-f]{2})")
_EHLO_CODE = re.compile(r"\A250(?:[ -]|\Z)")
_FILE_NAME = re.compile(r"\.[A-Za-z]\w*\Z")
_SITUATION = ("after", "offered", "tls", "authenticated", "mechanism", "helo")


@click.command(cls=SentenceCommand)
@click.argument("words", nargs=-1, metavar="[WORD]...|FILE")
@click.option(
    "--reply",
    metavar="TEXT",
    help="The lines of one or more replies, separated by newlines; \\x15 stands for an octet.",
)
@click.option(
    "--after",
    metavar="LINE",
    help='The line that was answered, or (greeting), (connect), (tls) or (auth); "." is the end of '
    "a message.",
)
@click.option(
    "--offered",
    metavar="KEYWORDS",
    help='The keywords of the EHLO reply, as in "SIZE 1000; AUTH PLAIN", or its lines; "" after '
    "HELO; omit the option before EHLO.",
)
@click.option("--tls", is_flag=True, help="The connection was inside TLS.")
@click.option("--authenticated", is_flag=True, help="The client was logged in.")
@click.option("--mechanism", metavar="M", help="The SASL mechanism of the login in progress.")
@click.option("--helo", metavar="NAME", help="The name that the client sent with EHLO.")
@click.option(
    "--mask",
    type=click.Choice(["addresses"]),
    help="For a FILE, print pseudonyms instead of mailbox and host names.",
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help='Print one JSON object; its "text" is what is otherwise printed.',
)
@click.help_option("-h", "--help", help="Show this help and exit.")
def command(
    words: tuple[str, ...], reply: str | None, mask: str | None, as_json: bool, **known: Any
) -> None:
    """Explain a WORD of SMTP, a server's reply, or what went wrong in a recording or a log.

    WORD is a command, a reply code (550), an enhanced code (5.7.1), an EHLO keyword, a SASL
    mechanism, a MAIL or RCPT parameter, or a term such as "reverse-path". --reply explains the text
    of a reply in view of the line that it answered and the state of the conversation. A complete
    reply, even one pasted from a bounce, needs no --reply.

    FILE is a recording, another tool's log (even as pasted into a ticket), or a capture; - is
    standard input, and FILE#2 is the second conversation in FILE. Each refusal is explained, in
    order; passwords are masked. In a mail log or a bounce, each quoted reply is explained.

    \b
    heloscope explain 5.7.1
    heloscope explain --reply "550 5.7.1 Relaying denied" --after "RCPT TO:<bob@example.org>"
    heloscope explain 550 5.7.1 Relaying denied
    heloscope explain ticket.log
    pbpaste | heloscope explain --mask addresses -
    """
    reply = reply if reply is not None else _pasted_reply(words)
    if reply is None:
        given = [f"--{name}" for name in _SITUATION if known[name] not in (None, False)]
        if given:
            leave(f"explain: {given[0]} needs --reply.", 2)
        if not words:
            leave(
                "explain: nothing to explain: add a WORD such as 550, 5.7.1 or STARTTLS, a FILE, "
                "or --reply TEXT.",
                2,
            )
        if _names_file(words):
            from .explain_file import of_file

            found, text = of_file(words[0], mask_names=mask is not None)
        elif mask is not None:
            leave("explain: --mask needs a FILE.", 2)
        else:
            found, text = _of_words(words)
    else:
        if words and reply not in _as_pasted(words):
            leave(f"explain: use either words or --reply, not both: {_shown(words[0])}", 2)
        if mask is not None:
            leave("explain: --mask needs a FILE.", 2)
        if not reply.strip():
            leave("explain: the text of --reply is empty.", 2)
        found, text = _of_reply(reply, known)
    if as_json:
        import json

        click.echo(json.dumps({"text": text, **found}))
    else:
        click.echo(text)


_PASTED = re.compile(
    r"(?:Diagnostic-Code:)? ?(?:smtp;)? ?([2-5]\d\d[- ].*[A-Za-z]{2}.*)", re.DOTALL
)


def _as_pasted(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return a tuple with the reply that the words form, or () if they are not a pasted reply.

    A reply pasted from a bounce may begin with "Diagnostic-Code:" (RFC 3464).
    """
    found = _PASTED.match(" ".join(words))
    return () if found is None else (found[1],)


def _pasted_reply(words: tuple[str, ...]) -> str | None:
    """Return the reply that the words form, or None.

    If every word can be explained as a WORD, the words do not count as a reply.
    """
    from ..explain.words import entries_of

    found = _as_pasted(words)
    return found[0] if found and not all(map(entries_of, words)) else None


def _names_file(words: tuple[str, ...]) -> bool:
    """Return whether the words name one file: - or a path. A known word is never a file."""
    if len(words) != 1:
        return False
    word = words[0]
    if word == "-" or "/" in word:
        return True
    from pathlib import Path

    from ..explain.words import entries_of
    from ..recordings.opened import split_number

    return Path(split_number(word)[0]).is_file() and not entries_of(word)


def _shown(text: str) -> str:
    from ...session.visible import visible_text

    return visible_text(text[:100])


# Replies


def _of_reply(text: str, known: dict[str, Any]) -> tuple[dict[str, object], str]:
    """Return the explanation of a reply as a JSON object and as text.

    `known` is the state of the conversation, as the options describe it.
    """
    from ...session.facts.explain.explanation import labelled
    from ...session.facts.explain.reading import explain
    from ...session.facts.explain.reply_text import read_replies
    from ...session.facts.explain.situation import NAMED, Situation, answering
    from ...session.protocol.ehlo_keywords import parse_keywords

    data = _ESCAPE.sub(
        lambda found: bytes([int(found[1], 16)]), text.encode("utf-8", "surrogateescape")
    )
    offered: str | None = known["offered"]
    keywords = (
        parse_keywords(
            word.encode("utf-8", "surrogateescape")
            for part in re.split(r"[;\n]", offered)
            if (word := _EHLO_CODE.sub("", part.strip()))
        )
        if offered is not None
        else None
    )
    situation = Situation(
        offered=keywords,
        tls=known["tls"],
        authenticated=known["authenticated"],
        mechanism=known["mechanism"] or "",
        helo=known["helo"] or "",
    )
    after: str = (known["after"] or "").strip()
    if after.startswith("(") and after.lower() not in NAMED:
        names = ", ".join(name for name in NAMED if name.startswith("("))
        leave(
            f"explain: --after does not recognise {_shown(after)}. Use the line that was answered, "
            f"or {names}, or . for the end of a message.",
            2,
        )
    if known["after"]:
        situation = answering(known["after"], situation)
    said = explain(read_replies(data), situation)
    parts: dict[str, object] = {
        "title": said.title,
        "means": said.means,
        "causes": said.causes,
        "try": said.try_next,
        "family": said.family,
        "sources": list(said.sources),
    }
    lines = (
        f"{said.title[:1].upper()}{said.title[1:]}.",
        said.means,
        f"Usual causes: {said.causes}" if said.causes else "",
        labelled("Try", said.try_next),
        f"This is the wording of {said.family}." if said.family else "",
        f"({'; '.join(said.sources)})" if said.sources else "",
    )
    return parts, "\n".join(filter(None, lines))


# Words


def _of_words(words: tuple[str, ...]) -> tuple[dict[str, object], str]:
    """Return the explanations of the words as a JSON object and as text."""
    from ...session.facts.client_errors import client_error
    from ...session.facts.glossary import find_term
    from ..explain.words import entries_of, nearest_word

    whole = " ".join(words)
    entries: list[dict[str, str]] = []
    for word in (whole,) if find_term(whole) else words:
        found = entries_of(word)
        if not found and (error := client_error(whole)) is not None:
            text = (
                f"{error.title[:1].upper()}{error.title[1:]}. {error.means} Try: {error.try_next}"
            )
            entries = [{"word": _shown(whole), "kind": "error", "text": text, "source": ""}]
            break
        if not found:
            near = nearest_word(word)
            hint = f" Did you mean {near}?" if near else ""
            if not near and _FILE_NAME.search(word):
                hint = " No file has that name either."
            leave(f"explain: unknown word {_shown(word)}.{hint}", 2)
        entries += found
    text = "\n\n".join(
        "\n".join(filter(None, (f"{one['word']}: {one['kind']}", one["text"], f"({one['source']})"
                                if one["source"] else "")))
        for one in entries
    )  # fmt: skip
    return {"entries": entries}, text
