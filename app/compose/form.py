"""The message form: its fields, and the request to send a message that it produces.

The form is a plain object that outlives the dialog, so that its fields are unchanged when the
dialog opens again. It uses no widgets. Each problem is reported with the field that has it.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ...session.plural import plural
from ...session.private_file import open_regular
from ...session.procedures.commands import ascii_domain, parameter, quoteaddr
from ...session.procedures.content import Content, FileContent
from ...session.procedures.header import without_bcc
from ...session.procedures.samples import SAMPLES, Head
from ...session.protocol.message_syntax import MessageTraits, message_faults
from ...session.visible import visible_text
from .faults import fault_lines, rewritten_words
from .header import HEADER, Envelope, HeaderError, envelope_in, envelope_of
from .options import AS_NEEDED, NO_WAIT, OMIT, SEND, Keywords, Option, options_for

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

TYPED, FILE, SAMPLE = "typed here", "from a file", "a sample"
CRLF, AS_IN_FILE = "CRLF", "as in the file"
LINE_ENDS = (CRLF, AS_IN_FILE)
SOURCES = (TYPED, FILE, SAMPLE)
HERE, WHOLE = "over this connection", "over a new connection"
STEPS = {
    HERE: "starts with MAIL, in the current connection",
    WHOLE: "connects, repeats TLS and login, and ends with QUIT",
}
LARGEST = 1024**3  # octets of a file: all of it is read before the plan is made
_PLAIN = re.compile(r'[^\s,;"\[]+')
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


@dataclass
class MessageForm:
    """The fields of the form; `options` contains the changed options, keyed by name."""

    sender: str = ""
    recipients: str = ""
    source: str = TYPED
    text: str = "Subject: A test\n\nHello.\n"
    file: str = ""
    line_ends: str = CRLF
    sample: str = "plain"
    steps: str = HERE
    options: dict[str, str] = field(default_factory=dict)

    def value(self, option: Option) -> str:
        return self.options.get(option.name, option.default)


class FieldProblem(NamedTuple):
    """A problem with the field `where`: "from", "to", "message", or the name of an option."""

    where: str
    words: str


class SendRequest(NamedTuple):
    """A message ready to be sent: the arguments of `sendmail`, and a title for its plan."""

    title: str
    sender: str
    recipients: list[str]
    content: Content
    mail_options: list[str]
    rcpt_options: dict[str, list[str]]
    how: dict[str, Any]
    whole: bool = False
    """Whether the plan begins by connecting and ends with QUIT."""


class FormError(Exception):
    """Raised when the form cannot be sent; `problems` lists everything that is wrong with it."""

    def __init__(self, problems: list[FieldProblem]) -> None:
        super().__init__(problems[0].words)
        self.problems = problems


# Addresses


def addresses(text: str) -> list[str]:
    """Split the text of a field into addresses, at spaces, commas and semicolons. "<>" is kept."""
    found: list[str] = []
    at = begun = 0
    quotes = brackets = True  # whether another closing quote may follow; False once none was found
    while at < len(text):
        char, end = text[at], 0
        if char == '"':
            match = _QUOTED.match(text, at) if quotes else None
            quotes = match is not None
            end = match.end() if match is not None else 0
            if not end:  # an unbalanced quote is a word
                found += [text[begun:at], char]
                at = begun = at + 1
                continue
        elif char == "[":
            end = text.find("]", at) + 1 if brackets else 0
            brackets = bool(end)
            end = end or at + 1
        elif match := _PLAIN.match(text, at):
            end = match.end()
        else:  # a separator
            found.append(text[begun:at])
            at = begun = at + 1
            continue
        at = end
    found.append(text[begun:])
    return [word for word in found if word]


def checked_address(word: str, keywords: Keywords | None) -> tuple[str, str]:
    """Return an address without angle brackets, and its problem or ""."""
    bare = word
    bracketed = word.startswith("<") and word.endswith(">") and len(word) > 1
    if bracketed:
        bare = word[1:-1]
    shown = visible_text(word[:60])
    if not bare.isprintable():
        return bare, f"{shown} contains a control or invisible character."
    if "<" in bare or ">" in bare:
        return bare, f"{shown}: angle brackets belong around an address, not inside it."
    if "@" not in bare and not bracketed and bare.lower() != "postmaster":
        return (
            bare,
            f"{shown} has no @: an address is name@domain. To send it anyway, type <{shown}>.",
        )
    if bare.startswith("@") and not bracketed:
        return bare, f"{shown} has no name before the @. To send it anyway, type <{shown}>."
    try:
        sent = quoteaddr(bare)
    except ValueError:
        return bare, f"{shown} is nested too deeply to be parsed."
    if sent not in (bare, f"<{bare}>"):
        return bare, f"{shown} is not an address: {visible_text(sent[:60])} would be sent instead."
    without = keywords is not None and "SMTPUTF8" not in keywords
    if without and not ascii_domain(f"<{bare}>").isascii():
        return bare, f"{shown} needs SMTPUTF8, which this server does not offer."
    return bare, ""


# The message


def message_of(
    form: MessageForm, envelope: Envelope, when: Callable[[], float] | None = None
) -> Content:
    """Return the message as it will be sent. Raises FormError.

    Bcc fields are removed if any part of the envelope is taken from the header.
    """
    hides = None if form.sender.strip() and form.recipients.strip() else without_bcc
    if form.source == TYPED:
        octets = form.text.encode("utf-8", "surrogateescape")
        return Content(octets if hides is None else hides(octets))
    if form.source == FILE:
        return FileContent(file_of(form), as_is=form.line_ends == AS_IN_FILE, header=hides)
    return Content(SAMPLES[form.sample].build(_head(envelope, when)))


def _head(envelope: Envelope, when: Callable[[], float] | None) -> Head:
    at = when() if when is not None else None
    domain = (envelope.sender or "").rpartition("@")[2]
    if not re.fullmatch(r"[A-Za-z0-9.-]+", domain):
        domain = "heloscope.invalid"
    message_id = f"<{secrets.token_hex(8)}@{domain}>"  # always of the same length, like the message
    recipients = tuple(envelope.recipients)
    return Head(envelope.sender or "", recipients, formatdate(at, True), message_id)


def file_of(form: MessageForm) -> Path:
    """Return the path of the file named in the form, which must be readable. Raises FormError."""
    name = form.file.strip()
    shown = visible_text(name)
    if not name:
        raise _message_problem("Enter the path of a file; Right accepts a completion.")
    path = Path(name).expanduser()
    try:
        if path.is_dir():
            raise _message_problem(f"{shown} is a folder; choose a file.")
        if path.exists() and not path.is_file():
            raise _message_problem(f"{shown} is not a regular file.")
        with os.fdopen(open_regular(path), "rb") as opened:
            opened.read(1)
            size = os.fstat(opened.fileno()).st_size
    except FileNotFoundError:
        raise _message_problem(f"File not found: {shown}.") from None
    except PermissionError:
        raise _message_problem(f"Cannot read {shown}: permission denied.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _message_problem(f"Cannot read {shown}: {visible_text(reason)}.") from None
    if size > LARGEST:
        raise _message_problem(f"{shown} is {size:,} bytes long; the limit is {LARGEST:,}.")
    return path


def _message_problem(words: str) -> FormError:
    return FormError([FieldProblem("message", words)])


def traits_in_words(traits: MessageTraits) -> str:
    """Describe the size of a message, and its special properties."""
    parts = [plural(traits.octets, "{} byte")]
    if traits.dots:
        parts.append(
            plural(traits.dots, "{} line beginning with a dot", "{} lines beginning with a dot")
        )
    if traits.utf8_header:
        parts.append("UTF-8 in the header")
    elif traits.eight_bit:
        parts.append("8-bit content")
    return ", ".join(parts)


def _traits_of(content: Content) -> MessageTraits:
    """Return the properties of a message that can be read more than once. Raises OSError."""
    traits = content.traits
    assert traits is not None
    return traits


READ_FOR_NOTE = 32 * 1024 * 1024  # octets: of a larger file only the size is reported


def message_note(form: MessageForm, keywords: Keywords | None) -> str:
    """Return a line about the message for the form, or "" if the message cannot be read.

    This never raises an exception.
    """
    try:
        if form.source == FILE:
            size = file_of(form).stat().st_size
            if size > READ_FOR_NOTE:
                return plural(size, "{} byte")
        envelope = Envelope(form.sender, addresses(form.recipients))
        found = _traits_of(message_of(form, envelope))
    except (FormError, OSError):
        return ""  # reported when the plan is created
    parts = [traits_in_words(found)]
    if form.source == FILE and (words := rewritten_words(found)):
        parts.append(words[:1].lower() + words[1:].rstrip("."))
    declared = _declared(form, keywords, found)
    parts += fault_lines(message_faults(found.faults, declared, keywords))
    if form.source == SAMPLE:
        parts.insert(0, SAMPLES[form.sample].words)
    return "; ".join(parts)


def _declared(
    form: MessageForm, keywords: Keywords | None, found: MessageTraits
) -> Collection[str]:
    """Return the parameters that MAIL will have for a message with these properties."""
    if keywords is None:  # decided once EHLO has been answered
        return [*(["BODY=8BITMIME"] if found.eight_bit else []),
                *(["SMTPUTF8"] if found.utf8_header else [])]  # fmt: skip
    return [each.upper() for each in _options(form, options_for(keywords), [], found)[0]]


# The request


def envelope_for(form: MessageForm) -> Envelope:
    """Return the envelope from the form, with empty fields taken from the message's header.

    Raises FormError, OSError or HeaderError.
    """
    header = Envelope(None, [])
    if not (form.sender.strip() and form.recipients.strip()):
        if form.source == FILE:
            header = envelope_of(file_of(form))
        elif form.source == TYPED:
            header = envelope_in(form.text.encode("utf-8", "surrogateescape")[:HEADER])
    sender = form.sender.strip() or header.sender
    return Envelope(sender, addresses(form.recipients) or header.recipients)


def send_request(
    form: MessageForm,
    keywords: Keywords | None,
    when: Callable[[], float] | None = None,
    *,
    check: bool = False,
) -> SendRequest:
    """Return the request that the form describes. Raises FormError with all problems.

    `keywords` contains the keywords in the server's EHLO reply, or is None if there has been no
    such reply. `when` returns the time for the header of a sample, in seconds since the epoch. With
    `check`, there is no message; only the envelope and the options count.
    """
    problems: list[FieldProblem] = []
    envelope = Envelope(form.sender.strip() or None, addresses(form.recipients))
    try:
        envelope = envelope if check else envelope_for(form)
    except HeaderError as error:
        problems.append(FieldProblem("message", str(error)))
    except (FormError, OSError):
        pass  # reported for the message, below
    no_header = check or form.source == SAMPLE
    sender, recipients = _checked(envelope, no_header, keywords, problems)
    options = [option for option in options_for(keywords) if option.on or not check]
    for option in options:
        value = form.value(option)
        if not value.isprintable():
            problems.append(
                FieldProblem(option.name, "The value must not contain control characters.")
            )
        elif not option.values and " " in parameter(option.name, value.strip()):
            problems.append(FieldProblem(option.name, "The value must not contain spaces."))
        elif option.name == "ENVID" and len(value) > 100:
            problems.append(
                FieldProblem("ENVID", "ENVID is limited to 100 characters (RFC 3461 4.4).")
            )
    content: Content | None = None
    found: MessageTraits | None = None
    try:
        made = Envelope(sender, recipients)
        content = Content(b"") if check else message_of(form, made, when)
        found = _traits_of(content)
    except FormError as error:
        problems += error.problems
    except OSError as error:
        shown = visible_text(form.file)
        problems.append(FieldProblem("message", f"Cannot read {shown}: {error.strerror}."))
    if problems or content is None or found is None:
        raise FormError(problems)
    mail_options, rcpt_options, how = _options(form, options, recipients, found)
    title = _title(form, recipients, check)
    whole = form.steps == WHOLE
    return SendRequest(title, sender, recipients, content, mail_options, rcpt_options, how, whole)


def _checked(
    envelope: Envelope, no_header: bool, keywords: Keywords | None, problems: list[FieldProblem]
) -> tuple[str, list[str]]:
    """Return the sender and recipients without angle brackets, and add problems to `problems`."""
    hint = "" if no_header else " The message header does not name one either."
    sender = ""
    if envelope.sender is None:
        problems.append(
            FieldProblem("from", f"Enter a sender address, or <> for none, as in a bounce.{hint}")
        )
    else:
        words = addresses(envelope.sender)
        if len(words) > 1:
            problems.append(
                FieldProblem("from", "A message has only one sender address; enter just one.")
            )
        sender, wrong = checked_address(words[0] if words else "", keywords)
        if wrong:
            problems.append(FieldProblem("from", wrong))
    if not envelope.recipients:
        problems.append(
            FieldProblem("to", f"Enter recipients, separated by spaces or commas.{hint}")
        )
    recipients: list[str] = []
    for word in envelope.recipients:
        address, wrong = checked_address(word, keywords)
        recipients.append(address)
        if wrong:
            problems.append(FieldProblem("to", wrong))
    return sender, recipients


def _options(
    form: MessageForm, options: Sequence[Option], recipients: Sequence[str], found: MessageTraits
) -> tuple[list[str], dict[str, list[str]], dict[str, Any]]:
    """Return the parameters of MAIL, those of each RCPT, and the keyword arguments for sendmail."""
    mail: list[str] = []
    rcpt: dict[str, list[str]] = {to: [] for to in recipients}
    how: dict[str, Any] = {"pipelining": False}
    if not options:  # EHLO has not been sent, or offers nothing
        how["declares"] = True
    for option in options:
        value = form.value(option).strip()
        match option.name:
            case "SIZE":
                how["says_size"] = value == option.default
            case "CHUNKING":
                how["chunking"] = value == "BDAT"
            case "PIPELINING":
                how["pipelining"] = value == NO_WAIT
            case "BODY" if value == AS_NEEDED:
                mail += ["BODY=8BITMIME"] if found.eight_bit else []
            case "SMTPUTF8" if value == AS_NEEDED:  # for an address, the procedure adds it
                mail += ["SMTPUTF8"] if found.utf8_header else []
            case _ if value in ("", OMIT):
                pass
            case "ORCPT":
                for to in recipients:
                    rcpt[to].append(parameter("ORCPT", to))
            case _ if option.on == "RCPT":
                for to in recipients:
                    rcpt[to].append(parameter(option.name, None if value == SEND else value))
            case _:
                mail.append(parameter(option.name, None if value == SEND else value))
    return mail, rcpt, how


def _title(form: MessageForm, recipients: Sequence[str], check: bool) -> str:
    to = recipients[0] if len(recipients) == 1 else plural(len(recipients), "{} recipient")
    if check:
        return visible_text(f"Check {to}")
    what = {TYPED: "a message", FILE: Path(form.file).name}.get(form.source)
    what = what or f"the sample {SAMPLES[form.sample].label}"
    return visible_text(f"Send {what} to {to}")
