"""Writes the pages for requests that need no answer: help, notices, mailboxes, recordings."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from ...session.facts.glossary import GLOSSARY
from ...session.plural import plural
from ...session.practice.mailboxes import PEOPLE, Message
from ...session.private_file import reason
from ...session.record.masking import KnownSecrets
from ...session.visible import visible
from ..actions import ACTIONS
from ..dialogs.requests import (
    ClientList,
    Comparison,
    FindingList,
    Glossary,
    GradePage,
    Help,
    MailboxList,
    NoticeList,
    RecordingList,
)
from ..explain.words import entries_of, entry_of
from ..lessons.grade_words import as_lines
from ..ui import Request
from .compared import page_of
from .output import ERROR, NOTE, Output

if TYPE_CHECKING:
    from ...session.archive.recordings import Kept

SHOWN = 20_000  # octets written of a message
LISTED = 50  # the most messages listed for a mailbox, the newest


class Listings:
    """The pages for requests that need no answer."""

    def __init__(self, output: Output) -> None:
        self._output = output

    def show(self, asked: Request[Any]) -> None:
        """Write what the dialog for the request `asked` would show."""
        match asked:
            case Help():
                offered = (a for a in ACTIONS.values() if asked.confinement.offers(a.name))
                self._output.page("Orders", (
                    f":{each.name} {each.argument}".rstrip() + f": {each.summary}"
                    for each in offered
                ))  # fmt: skip
            case NoticeList():
                self._output.page("Notices", (
                    f"{time.strftime('%H:%M:%S', time.localtime(each.at))} {each.text}"
                    for each in asked.notices
                ))  # fmt: skip
            case FindingList() | Comparison():
                self._output.page(*page_of(asked))
            case Glossary():
                self._glossary(asked)
            case MailboxList():
                self._mailbox(asked)
            case ClientList():
                self._clients(asked)
            case GradePage():
                self._output.page(f"Grade: {asked.grade.title}", as_lines(asked.grade))
            case RecordingList():
                if self.recordings(asked):
                    self._output.say(NOTE, "heloscope history show N prints one.")
            case _:
                self._output.say(
                    ERROR, "This needs a screen. Run heloscope without --plain to use it."
                )

    def _glossary(self, asked: Glossary) -> None:
        entries = entries_of(asked.word) if asked.word else [entry_of(each) for each in asked.here]
        for entry in entries:
            heading = f"{entry['word']}, {entry['kind']}"
            self._output.page(heading, [entry["text"], entry["source"]])
        if not asked.word:
            self._output.page("All terms", [", ".join(each.name for each in GLOSSARY)])

    def _mailbox(self, asked: MailboxList) -> None:
        """Write the list of messages in the mailboxes, and one message in full.

        This is the message whose number was given, or else the newest.
        """
        wanted = asked.wanted.split()
        names = [name for name in PEOPLE if name in wanted] or list(PEOPLE)
        chosen: Message | None = None
        for name in names:
            found = asked.mailboxes.of[name]
            count = plural(len(found), "1 message", "{} messages")
            self._output.page(f"Mailbox {name}, {count}", (
                f"{each.number}: from <{each.sender}>, {plural(len(each.content), '{} byte')}"
                for each in found[-LISTED:]
            ))  # fmt: skip
            for each in found:
                later = chosen is None or each.number > chosen.number
                if str(each.number) in wanted or (later and not _numbers(wanted)):
                    chosen = each
        if chosen is None:
            if _numbers(wanted):
                self._output.say(ERROR, f"Message {_numbers(wanted)[0][:9]} was not found.")
            return
        to = ", ".join(f"<{each}>" for each in chosen.recipients)
        self._output.page(f"Message {chosen.number} as received", [
            f"reverse-path: <{chosen.sender}>",
            f"recipients: {to}",
            f"greeted as: {chosen.helo}",
            *(f"| {visible(line)}" for line in chosen.content[:SHOWN].split(b"\r\n")),
        ])  # fmt: skip
        asked.saw("mailbox", "received")
        trace = chosen.delivered.removesuffix(chosen.content)
        if trace != chosen.delivered:
            self._output.page("Added on delivery", (
                f"| {visible(line)}" for line in trace[:SHOWN].rstrip(b"\r\n").split(b"\r\n")
            ))  # fmt: skip
            asked.saw("mailbox", "delivered")
        if len(chosen.content) > SHOWN:
            self._output.say(NOTE, f"{len(chosen.content) - SHOWN:,} more octets are not shown")

    def recordings(self, asked: RecordingList) -> list[Kept]:
        """List the recordings, and return those that were listed."""
        from ...session.archive.index import Index
        from ...session.archive.query import Query, words_of

        words = words_of(asked.wanted)
        try:
            with Index(asked.folder) as index:
                index.update()
                kept = index.recordings(Query(words) if words else None)
        except OSError as error:
            self._output.say(ERROR, f"Cannot read the recordings: {reason(error)}.")
            return []
        found = [each for each in kept if each.path != asked.omitted]
        if not found:
            none = (
                "No recording contains all of these words."
                if words
                else "There are no recordings yet. Each session is recorded while it runs."
            )
            self._output.say(NOTE, none)
            return []
        secrets = asked.secrets or KnownSecrets()
        self._output.page("Recordings", (
            f"{each.number}: {secrets.mask_names(each.label.name)}"
            f"{'' if each.label.name else secrets.mask_target(each.summary.target)}: "
            f"{secrets.mask_names(each.excerpt or each.summary.outcome)}"
            for each in found[:LISTED]
        ))  # fmt: skip
        return found[:LISTED]

    def _clients(self, asked: ClientList) -> None:
        found = asked.clients()
        if not found:
            self._output.say(NOTE, f"No other program has connected. {asked.where}")
        for client in found:
            lines = [
                f"state: {client.state}",
                f"last line: {client.last or 'none'}",
                f"last reply: {client.reply or 'none'}",
            ]
            lines += [
                f"Problem: {each.seen}. {each.why} ({each.rfc}) {each.advice}"
                for each in client.diagnoses
            ]
            self._output.page(f"Client {client.number}, {client.name or client.peer}", lines)


def _numbers(words: list[str]) -> list[str]:
    return [word for word in words if word.isdecimal()]
