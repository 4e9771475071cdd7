"""`heloscope explain`: what a reply, a code, a command, an extension or a term means."""

from __future__ import annotations

import re
from typing import Any

import click

from .ending import leave
from .sentence import SentenceCommand

_ESCAPE = re.compile(rb"\\x([0-9A-Fa-f]{2})")
_SITUATION = ("after", "offered", "tls", "authenticated", "mechanism", "helo")


@click.command(cls=SentenceCommand)
@click.argument("words", nargs=-1, metavar="[WORD]...")
@click.option(
    "--reply",
    metavar="TEXT",
    help="The lines of a reply, or of several in a row, separated by newlines; \\x15 is an octet.",
)
@click.option(
    "--after",
    metavar="LINE",
    help='The line that was answered, or (greeting), (connect), (tls), (auth); "." ends a message.',
)
@click.option(
    "--offered",
    metavar="KEYWORDS",
    help='What EHLO listed, as in "SIZE 1000; AUTH PLAIN"; "" after HELO; leave it out before '
    "EHLO.",
)
@click.option("--tls", is_flag=True, help="The connection was inside TLS.")
@click.option("--authenticated", is_flag=True, help="The client was logged in.")
@click.option("--mechanism", metavar="M", help="The SASL mechanism of the login in progress.")
@click.option("--helo", metavar="NAME", help="The name that the client gave in EHLO.")
@click.option("--json", "as_json", is_flag=True, help='Print one JSON object; "text" is all of it.')
@click.help_option("-h", "--help", help="Show this help, and exit.")
def command(words: tuple[str, ...], reply: str | None, as_json: bool, **known: Any) -> None:
    """Explain a WORD of SMTP, or a server's reply.

    WORD is a command, a reply code (550), an enhanced code (5.7.1), a keyword of EHLO, a SASL
    mechanism, a parameter of MAIL and RCPT, or a term such as "reverse-path". With --reply, the
    text of a reply is explained for the line that it answered and what was known then.
    """
    if reply is None:
        given = [f"--{name}" for name in _SITUATION if known[name] not in (None, False)]
        if given:
            leave(f"explain: {given[0]} belongs to --reply, which is missing.", 2)
        if not words:
            leave("explain: give a WORD such as 550, 5.7.1 or STARTTLS, or --reply TEXT.", 2)
        found, text = _of_words(words)
    else:
        if words:
            leave(f"explain: give words or --reply, not both: {_shown(words[0])}", 2)
        if not reply.strip():
            leave("explain: the text of --reply is empty.", 2)
        found, text = _of_reply(reply, known)
    if as_json:
        import json

        click.echo(json.dumps({"text": text.replace("\n", " "), **found}))
    else:
        click.echo(text)


def _shown(text: str) -> str:
    from ...session.visible import visible_text

    return visible_text(text[:100])


# Replies


def _of_reply(text: str, known: dict[str, Any]) -> tuple[dict[str, object], str]:
    """(the parts of the explanation, all of it as text)."""
    from ...session.facts.explain.reading import explain
    from ...session.facts.explain.reply_text import read_replies
    from ...session.facts.explain.situation import Situation, answering
    from ...session.protocol.ehlo import parse_keywords

    data = _ESCAPE.sub(
        lambda found: bytes([int(found[1], 16)]), text.encode("utf-8", "surrogateescape")
    )
    offered: str | None = known["offered"]
    keywords = (
        parse_keywords(
            word.strip().encode("utf-8", "surrogateescape")
            for word in offered.split(";")
            if word.strip()
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
        f"Try: {said.try_next}" if said.try_next else "",
        f"These are the words of {said.family}." if said.family else "",
        f"({'; '.join(said.sources)})" if said.sources else "",
    )
    return parts, "\n".join(filter(None, lines))


# Words


def _of_words(words: tuple[str, ...]) -> tuple[dict[str, object], str]:
    """(what is known of each word, all of it as text)."""
    from ...session.facts.glossary import find_term
    from ..explain.words import entries_of, nearest_word

    whole = " ".join(words)
    entries: list[dict[str, str]] = []
    for word in (whole,) if find_term(whole) else words:
        found = entries_of(word)
        if not found:
            near = nearest_word(word)
            hint = f" Is {near} meant?" if near else ""
            leave(f"explain: nothing is known of {_shown(word)}.{hint}", 2)
        entries += found
    text = "\n\n".join(
        "\n".join(filter(None, (f"{one['word']}: {one['kind']}", one["text"], f"({one['source']})"
                                if one["source"] else "")))
        for one in entries
    )  # fmt: skip
    return {"entries": entries}, text
