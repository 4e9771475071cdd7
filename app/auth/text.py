"""An answer to AUTH in words: the challenge, the typed answer, and the line that is sent."""

from __future__ import annotations

from typing import NamedTuple

from ...session.facts.mechanisms import MECHANISMS
from ...session.plural import plural
from ...session.record.responses import looks_like_a_response
from ...session.sasl.decode import Part, decode
from ...session.sasl.mechanisms import SaslError, decoded
from ...session.visible import visible, visible_text
from ..advice import key_of
from ..input.hints import Hint
from .answers import AuthAnswers
from .question import ALONE, PARTS, RAW, TEXT, AuthQuestion

DOTS = "•" * 8  # shown for a secret of any length
_LONGEST = 300  # characters of one part


class Row(NamedTuple):
    """A line of the explanation of an answer; `style` applies to its text."""

    head: str
    text: str
    style: str = ""


def title(answers: AuthAnswers) -> str:
    """Return the title in the border of the command line."""
    question = answers.question
    if question is None:
        return "During AUTH (not shown)"
    name = visible_text(question.mechanism)[:24]
    field = answers.field
    what = field.label if field is not None else _SHORT.get(answers.mode, "")
    if field is not None and field.optional:
        what += ", optional"
    head = f"AUTH {name}" if answers.building else f"Answer to {name}"
    return f"{head}: {what}" if what else head


_SHORT = {TEXT: "one text", RAW: "as typed", ALONE: "nothing more"}


def hint(answers: AuthAnswers) -> Hint:
    """Return a hint about the kind of answer that is asked for."""
    if answers.question is None:
        if answers.mode == RAW:
            return Hint("as typed", "is sent now, before the challenge")
        return Hint(summary="kept, unseen, for the next challenge")
    if answers.insist:
        return Hint(warning="Not sent yet", summary="Enter again sends it; * cancels")
    field = answers.field
    if field is not None:
        words = field.words + (", not shown" if field.secret and not answers.peeking else "")
        alone = "optional, Enter alone omits it: " if field.optional else ""
        return Hint(field.label, f"{alone}{words}; * cancels")
    if answers.mode == PARTS and not _possible(answers):
        return Hint(summary="No response can be built from this; * cancels AUTH")
    if answers.mode == PARTS:
        return Hint(summary="Enter sends it; * cancels")
    words = {
        TEXT: "encoded for you; \\0 is NUL, \\x01 is byte 1; * cancels",
        RAW: "sent as typed, so encode it yourself; * cancels",
        ALONE: "Enter sends AUTH without an initial response; * cancels",
    }
    return Hint(_SHORT[answers.mode], words[answers.mode])


def _possible(answers: AuthAnswers) -> bool:
    try:
        answers.foreseen("")
    except SaslError:
        return False
    return True


def keys(answers: AuthAnswers) -> str:
    """Return the text for the lower border, which names the other keys that can be used."""
    modes = answers.modes
    following = modes[(modes.index(answers.mode) + 1) % len(modes)] if answers.mode in modes else ""
    found = [f"{key_of('way')} {_KEY[following]}"] if following else []
    if answers.hidden or answers.peeking:
        found.insert(0, f"{key_of('peek')} {'hides' if answers.peeking else 'shows'} it")
    return "  ".join(found)


_KEY = {PARTS: "part by part", TEXT: "as one text", RAW: "raw, as typed", ALONE: "AUTH alone"}


def rows(answers: AuthAnswers, typed: str, *, brief: bool) -> tuple[list[Row], list[Row]]:
    """Return the rows about the challenge, and those about the answer `typed` on the command line.

    `brief` omits what the parts of a challenge mean.
    """
    question = answers.question
    if question is None:
        if not answers.ahead:
            return [], []
        lines = plural(answers.ahead, "A line is waiting", "{} lines are waiting")
        return [], [Row("", f"{lines} for the challenge.", "dim")]
    found = _answer(answers, question, typed)
    if answers.trouble:
        found.append(Row("", visible_text(answers.trouble), "$text-error"))
    elif answers.insist:
        what = "token" if question.mechanism in ("XOAUTH2", "OAUTHBEARER") else "password"
        found.append(
            Row(
                "",
                f"{answers.unprotected} can read the {what}. Not sent yet; press Enter again to "
                f"send it anyway.",
                "$text-error",
            )
        )
    elif answers.mode != RAW and _is_base64(typed):
        text = f"This seems to be base64 already; {key_of('way')} sends it as typed."
        found.append(Row("", text, "$text-warning"))
    return _asked(question, brief), found


def _is_base64(typed: str) -> bool:
    """Return whether a text decodes from base64 to something readable.

    A word that happens to be valid base64 does not count.
    """
    if not looks_like_a_response(typed.encode("utf-8", "replace")):
        return False
    try:
        return decoded(typed.encode()).decode().replace("\0", "").isprintable()
    except (SaslError, UnicodeDecodeError):
        return False


def _asked(question: AuthQuestion, brief: bool) -> list[Row]:
    if question.challenge is None:
        fact = MECHANISMS.get(question.mechanism)
        said = next((what for side, what in fact.messages if side == "client"), "") if fact else ""
        return [Row("Expects", said, "dim")] if said else []
    number = len(question.challenges) - 1 - (question.challenges[:1] == (None,))
    parts = decode(question.mechanism, number, False, question.challenge)
    return [
        Row("Challenge" if not at else "", _part_text(part, means=not brief or len(parts) == 1))
        for at, part in enumerate(parts)
    ]


def _part_text(part: Part, *, means: bool = True) -> str:
    text = part.text if len(part.text) <= _LONGEST else f"{part.text[:_LONGEST]}…"
    said = text if part.label in ("question", "challenge", "empty challenge") else (
        f"{part.label} {text}"
    )  # fmt: skip
    return f"{said}   {part.means}" if means and part.means else said


def _answer(answers: AuthAnswers, question: AuthQuestion, typed: str) -> list[Row]:
    """Return rows with both forms of the response: its text, and the line that is sent."""
    if answers.mode == ALONE:
        return [Row("Sends", visible_text(question.line), "")]
    try:
        line = answers.foreseen(typed)
    except SaslError as error:
        return [Row("You say", visible_text(f"{error}."), "$text-error")]
    if line is None:
        return _unfinished(answers, question, typed)
    head, answer = b"", line
    if answers.building:
        head = question.line.encode("utf-8", "surrogateescape") + b" "
        answer = line[len(head) :]
    challenge = question.challenge
    every = _Everything() if answers.peeking else ()
    parts = decode(question.mechanism, question.number, True, answer, asked=challenge, reveal=every)
    hidden = answers.hidden or any(part.secret for part in parts)
    said = [
        f"{part.label} {DOTS if part.secret and not answers.peeking else part.text}"
        for part in parts
        if part.text
    ]
    wire = visible(answer)
    if hidden and answer not in (b"", b"=", b"*") and not answers.peeking:
        wire, said = DOTS, said if answers.mode == PARTS else [_masked(parts)]
    shown = f"{visible(head)}{wire}" if wire or head else "(an empty line)"
    if DOTS in shown:
        shown += f"   {plural(len(line), '{} octet')}"
    told = _SIGNED if question.mechanism.startswith("SCRAM-") and not answer else " · ".join(said)
    return [Row("You say", told), Row("Sends", shown)]


_SIGNED = "nothing more. The signature is correct: the server knows the password, too."


def _masked(parts: tuple[Part, ...]) -> str:
    """Describe an answer typed as a whole, naming its parts but not their values.

    Any value may be secret.
    """
    return " · ".join(f"{part.label} {DOTS}" for part in parts)


class _Everything:
    """A set that contains every label."""

    def __contains__(self, _: object) -> bool:
        return True


def _unfinished(answers: AuthAnswers, question: AuthQuestion, typed: str) -> list[Row]:
    given = answers.given(typed)
    said = " · ".join(
        f"{field.label} {DOTS if field.secret and not answers.peeking else visible_text(text)}"
        for field, text in given
        if text
    )
    fields = answers.fields or ()
    if question.mechanism.startswith("SCRAM-") and any(field.secret for field in fields):
        then = "a proof, computed on Enter from the password, salt and iteration count"
    else:
        given_keys = [field.key for field, text in given if text or field.optional]
        missing = [
            field.label for field in fields if field.key not in given_keys and not field.optional
        ]
        then = f"once {' and '.join(missing)} {plural(len(missing), 'is', 'are')} typed"
    return [Row("You say", said or "nothing yet", "" if said else "dim"),
            Row("Sends", then, "dim")]  # fmt: skip
