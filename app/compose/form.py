"""What the send form holds, and what it comes to: the arguments of the procedure `sendmail`.

A plain object that outlives the form, so that what was typed is there when it opens again. It
knows no widget. What is wrong is said of the field where it stands, in a sentence.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ...session.plural import plural
from ...session.procedures.commands import ascii_domain, parameter
from ...session.procedures.content import Content, FileContent
from ...session.procedures.samples import SAMPLES, Head
from ...session.visible import visible_text
from .header import HEADER, Envelope, envelope_in, envelope_of
from .options import AS_NEEDED, SILENT, Keywords, Option, options_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TYPED, FILE, SAMPLE = "typed here", "from a file", "a sample"
SOURCES = (TYPED, FILE, SAMPLE)
HERE, WHOLE = "in this connection", "in a new one"
STEPS = {
    HERE: "from MAIL on, behind what was said already",
    WHOLE: "from connecting to QUIT; TLS and login as here",
}
_WORD = re.compile(r'(?:"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^\s,;"])+|"')


@dataclass
class MessageForm:
    """The fields, as they were left. `options` holds those that are not as usual."""

    sender: str = ""
    recipients: str = ""
    source: str = TYPED
    text: str = "Subject: A test\n\nHello.\n"
    file: str = ""
    sample: str = "plain"
    steps: str = HERE
    options: dict[str, str] = field(default_factory=dict)

    def value(self, option: Option) -> str:
        return self.options.get(option.name, option.usual)


class Problem(NamedTuple):
    """`where` names the field: "from", "to", "message", or an option."""

    where: str
    words: str


class Ready(NamedTuple):
    """A letter that can be sent: the arguments of `sendmail`, and a title for its plan."""

    title: str
    sender: str
    recipients: list[str]
    content: Content
    mail_options: list[str]
    rcpt_options: dict[str, list[str]]
    how: dict[str, Any]
    whole: bool = False
    """Whether the plan begins with connecting, and ends with QUIT."""


class NotReady(Exception):
    """It cannot be sent; `problems` say why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[0].words)
        self.problems = problems


# Addresses


def addresses(text: str) -> list[str]:
    """The addresses in a field: blanks, commas or semicolons between them, <> as typed."""
    return _WORD.findall(text)


def _address(word: str, keywords: Keywords | None) -> tuple[str, str]:
    """(address, what is wrong with it)."""
    bare = word
    bracketed = word.startswith("<") and word.endswith(">") and len(word) > 1
    if bracketed:
        bare = word[1:-1]
    shown = visible_text(word[:60])
    if not bare.isprintable():
        return bare, f"{shown} has a character that cannot be seen."
    if "<" in bare or ">" in bare:
        return bare, f"{shown}: an angle bracket belongs around an address, not into it."
    if "@" not in bare and not bracketed and bare.lower() != "postmaster":
        return bare, (f"{shown} has no @: an address is name@domain. <{shown}> is sent as it is.")
    without = keywords is not None and "SMTPUTF8" not in keywords
    if without and not ascii_domain(f"<{bare}>").isascii():
        return bare, f"{shown} needs SMTPUTF8, and this server does not offer it."
    return bare, ""


# The message


def message_of(
    letter: MessageForm, envelope: Envelope, when: Callable[[], float] | None = None
) -> Content:
    """The message, as its octets go out. Raises NotReady."""
    match letter.source:
        case "typed here":
            return Content(letter.text)
        case "from a file":
            return FileContent(file_of(letter))
        case _:
            return Content(SAMPLES[letter.sample].build(_head(envelope, when)))


def _head(envelope: Envelope, when: Callable[[], float] | None) -> Head:
    at = when() if when is not None else None
    domain = (envelope.sender or "").rpartition("@")[2]
    if not re.fullmatch(r"[A-Za-z0-9.-]+", domain):
        domain = "heloscope.invalid"
    message_id = f"<{secrets.token_hex(8)}@{domain}>"  # always as long: so is the message
    recipients = tuple(envelope.recipients)
    return Head(envelope.sender or "", recipients, formatdate(at, True), message_id)


def file_of(letter: MessageForm) -> Path:
    """The file that is named, which can be read. Raises NotReady."""
    name = letter.file.strip()
    shown = visible_text(name)
    if not name:
        raise _message_problem("Which file? Type its path; Right takes what is shown.")
    path = Path(name).expanduser()
    try:
        if path.is_dir():
            raise _message_problem(f"{shown} is a folder; a message is one file.")
        if path.exists() and not path.is_file():
            raise _message_problem(f"{shown} is no file that could be read twice.")
        with path.open("rb") as opened:
            opened.read(1)
    except FileNotFoundError:
        raise _message_problem(f"There is no file {shown}.") from None
    except PermissionError:
        raise _message_problem(f"You may not read {shown}.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _message_problem(f"{shown} cannot be read: {visible_text(reason)}.") from None
    return path


def _message_problem(words: str) -> NotReady:
    return NotReady([Problem("message", words)])


class Seen(NamedTuple):
    """What there is to know of a message before it is sent."""

    octets: int
    dots: int  # lines that begin with one
    eight_bit: bool
    utf8_header: bool

    @property
    def words(self) -> str:
        parts = [plural(self.octets, "{} byte")]
        if self.dots:
            parts.append(
                plural(self.dots, "{} line with a dot in front", "{} lines with a dot in front")
            )
        if self.utf8_header:
            parts.append("UTF-8 in the header")
        elif self.eight_bit:
            parts.append("eight-bit octets")
        return ", ".join(parts)


def seen(content: Content) -> Seen:
    """Read a message through, a part at a time. Raises OSError."""
    octets = dots = 0
    eight_bit = utf8_header = False
    in_header = at_line = True
    for part in content.parts():
        octets += len(part)
        dots += part.count(b"\r\n.") + (at_line and part.startswith(b"."))
        at_line = part.endswith(b"\r\n")
        eight_bit = eight_bit or not part.isascii()
        if in_header:
            head, blank, _ = part.partition(b"\r\n\r\n")
            utf8_header = utf8_header or not head.isascii()
            in_header = not blank
    return Seen(octets, dots, eight_bit, utf8_header)


BIG = 32 * 1024 * 1024  # octets of a file up to which it is read through for a note


def message_note(letter: MessageForm, keywords: Keywords | None) -> str:
    """What there is to know of the message, while the fields are being filled; never raises."""
    try:
        if letter.source == FILE:
            size = file_of(letter).stat().st_size
            if size > BIG:
                return plural(size, "{} byte")
        envelope = Envelope(letter.sender, addresses(letter.recipients))
        found = seen(message_of(letter, envelope))
    except (NotReady, OSError):
        return ""  # it is said when the plan is made
    parts = [found.words]
    if keywords is not None:
        if found.utf8_header and "SMTPUTF8" not in keywords:
            parts.append("this server does not offer SMTPUTF8: it is sent all the same")
        elif found.eight_bit and "8BITMIME" not in keywords:
            parts.append("this server does not offer 8BITMIME: it is sent all the same")
    if letter.source == SAMPLE:
        parts.insert(0, SAMPLES[letter.sample].words)
    return "; ".join(parts)


# Put together


def envelope_for(letter: MessageForm) -> Envelope:
    """What the fields say, and where they say nothing the header. Raises NotReady, OSError."""
    header = Envelope(None, [])
    if not (letter.sender.strip() and letter.recipients.strip()):
        if letter.source == FILE:
            header = envelope_of(file_of(letter))
        elif letter.source == TYPED:
            header = envelope_in(letter.text.encode("utf-8", "surrogateescape")[:HEADER])
    sender = letter.sender.strip() or header.sender
    return Envelope(sender, addresses(letter.recipients) or header.recipients)


def ready(
    letter: MessageForm,
    keywords: Keywords | None,
    when: Callable[[], float] | None = None,
    *,
    check: bool = False,
) -> Ready:
    """What is to be sent, or with `check` only asked. Raises NotReady, with every problem at once.

    `keywords` are those of the server, None where they are not known. `when` gives the time for
    the header of a sample, in seconds since 1970.
    """
    problems: list[Problem] = []
    envelope = Envelope(letter.sender.strip() or None, addresses(letter.recipients))
    try:
        envelope = envelope if check else envelope_for(letter)
    except (NotReady, OSError):
        pass  # said of the message, below
    no_header = check or letter.source == SAMPLE
    sender, recipients = _checked(envelope, no_header, keywords, problems)
    options = [option for option in options_for(keywords) if option.on or not check]
    for option in options:
        value = letter.value(option)
        if not value.isprintable():
            problems.append(Problem(option.name, "A value has no control character in it."))
        elif not option.values and " " in parameter(option.name, value.strip()):
            problems.append(Problem(option.name, "A value has no blank in it."))
        elif option.name == "ENVID" and len(value) > 100:
            problems.append(Problem("ENVID", "ENVID has up to 100 characters (RFC 3461 4.4)."))
    content: Content | None = None
    found: Seen | None = None
    try:
        made = Envelope(sender, recipients)
        content = Content(b"") if check else message_of(letter, made, when)
        found = seen(content)
    except NotReady as error:
        problems += error.problems
    except OSError as error:
        shown = visible_text(letter.file)
        problems.append(Problem("message", f"{shown} cannot be read: {error.strerror}."))
    if problems or content is None or found is None:
        raise NotReady(problems)
    mail_options, rcpt_options, how = _options(letter, options, recipients, found)
    title = _title(letter, recipients, check)
    whole = letter.steps == WHOLE
    return Ready(title, sender, recipients, content, mail_options, rcpt_options, how, whole)


def _checked(
    envelope: Envelope, no_header: bool, keywords: Keywords | None, problems: list[Problem]
) -> tuple[str, list[str]]:
    """(sender, recipients) without their brackets; what is wrong goes into `problems`."""
    hint = "" if no_header else " The header of the message does not say it either."
    sender = ""
    if envelope.sender is None:
        problems.append(Problem("from", f"From whom? <> stands for nobody, as in a bounce.{hint}"))
    else:
        words = addresses(envelope.sender)
        if len(words) > 1:
            problems.append(Problem("from", "A message is from one address; here are several."))
        sender, wrong = _address(words[0] if words else "", keywords)
        if wrong:
            problems.append(Problem("from", wrong))
    if not envelope.recipients:
        problems.append(Problem("to", f"To whom? Blanks or commas stand between several.{hint}"))
    recipients: list[str] = []
    for word in envelope.recipients:
        address, wrong = _address(word, keywords)
        recipients.append(address)
        if wrong:
            problems.append(Problem("to", wrong))
    return sender, recipients


def _options(
    letter: MessageForm, options: Sequence[Option], recipients: Sequence[str], found: Seen
) -> tuple[list[str], dict[str, list[str]], dict[str, Any]]:
    """(parameters of MAIL, of each RCPT, keywords of sendmail)."""
    mail: list[str] = []
    rcpt: dict[str, list[str]] = {to: [] for to in recipients}
    how: dict[str, Any] = {"pipelining": False}
    for option in options:
        value = letter.value(option).strip()
        match option.name:
            case "SIZE":
                how["says_size"] = value == option.usual
            case "CHUNKING":
                how["chunking"] = value == "BDAT"
            case "PIPELINING":
                how["pipelining"] = value == "does not wait"
            case "BODY" if value == AS_NEEDED:
                mail += ["BODY=8BITMIME"] if found.eight_bit else []
            case "SMTPUTF8" if value == AS_NEEDED:  # for an address the procedure says it
                mail += ["SMTPUTF8"] if found.utf8_header else []
            case _ if value in ("", SILENT):
                pass
            case "ORCPT":
                for to in recipients:
                    rcpt[to].append(parameter("ORCPT", to))
            case _ if option.on == "RCPT":
                for to in recipients:
                    rcpt[to].append(parameter(option.name, None if value == "said" else value))
            case _:
                mail.append(parameter(option.name, None if value == "said" else value))
    return mail, rcpt, how


def _title(letter: MessageForm, recipients: Sequence[str], check: bool) -> str:
    to = recipients[0] if len(recipients) == 1 else plural(len(recipients), "{} recipient")
    if check:
        return visible_text(f"Check {to}")
    what = {TYPED: "a message", FILE: Path(letter.file).name}.get(letter.source)
    what = what or f"the sample {SAMPLES[letter.sample].label}"
    return visible_text(f"Send {what} to {to}")
