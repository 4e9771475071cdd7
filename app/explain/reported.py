"""What a text reports that holds no conversation: a mail log, a bounce, exceptions and errors.

All that went wrong is in it once, in the order of the lines, whichever of them says it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ...session.foreign.bounces import bounces
from ...session.foreign.incidents import letters
from ...session.foreign.log import LARGEST
from ...session.foreign.mail_log import MOST, mail_log
from ...session.foreign.pasted import decoded, text_lines
from ...session.foreign.quoted_replies import quoted_replies
from ...session.plural import plural
from ...session.record.masking import KnownSecrets
from .failures import Failure, incident_failure, logged_errors, quoted_failure

if TYPE_CHECKING:
    from ...session.record.stand_ins import StandIns

MAIL_LOG, QUOTED, ERRORS = "mail log", "quoted replies", "errors"
_ERROR_LINES = 2_000  # of a text, searched for error messages
# Names in a mail log that only their place shows to be those of users, and of clients.
_USERS = re.compile(
    r"(?:\b(?:sasl_username=|set_id=|user=<?|orig_to=<?|to=<?)|passwd-file\()"
    r"([^<>\s,;()@]{1,64})(?=[>\s,;)]|\Z)"
)
_CLIENTS = re.compile(r"\bhelo=<([^<>\s.]{1,64})>|\(([A-Za-z0-9_-]{1,64})\) \[")


class Reported(NamedTuple):
    """`sort` is MAIL_LOG, QUOTED or ERRORS, `remarks` what a reader has to know of it."""

    sort: str
    remarks: str
    failures: list[Failure]

    @property
    def begins(self) -> str:
        """A sentence on how much there is."""
        count = len(self.failures)
        replies = sum(bool(failure.reply) for failure in self.failures)
        if self.sort == MAIL_LOG:
            wrong = plural(count, "{} thing that went wrong", "{} things that went wrong")
            times = sum(failure.times for failure in self.failures)
            often = f", {times:,} times in all" if times > count else ""
            return f"There is no conversation, but a mail log. It reports {wrong}{often}."
        if replies == count:
            return f"{plural(count, '{} reply is', '{} replies are')} quoted, but no conversation."
        if not replies:
            return f"There is no conversation, but {plural(count, '{} error')}."
        quoted = plural(replies, "{} reply", "{} replies")
        return f"There is no conversation, but {quoted} and {plural(count - replies, '{} error')}."

    def besides(self, told: list[Failure]) -> Reported:
        """What is not among these failures: those of the conversations in the same text."""
        known = [letters("".join(failure.reply)) for failure in told if failure.reply]
        titles = {failure.title for failure in told if not failure.reply}

        def again(each: Failure) -> bool:
            if each.reply:
                said = letters("".join(each.reply))
                return sum(said in other or other in said for other in known) >= each.times
            return each.title in titles

        return self._replace(failures=[each for each in self.failures if not again(each)])


def reported(data: bytes, *, mask_names: bool) -> Reported | None:
    """All that a text reports; None if it reports nothing."""
    secrets = KnownSecrets()
    secrets.hide_names(mask_names)
    lines = text_lines(decoded(data[:LARGEST]))
    logged = mail_log(lines)
    if logged and secrets.stand_ins is not None:
        _learn_names(secrets.stand_ins, lines)
    found = [incident_failure(each, secrets) for each in logged[:MOST]]
    sort = MAIL_LOG if found else QUOTED
    lines_told = {each.line for each in logged}
    bounced = [incident_failure(each, secrets) for each in bounces(lines)]
    said = [each for each in bounced if each.line not in lines_told]
    found += said
    quoted = [quoted_failure(each, secrets) for each in quoted_replies(data)
              if each.line not in lines_told]  # fmt: skip
    found += Reported(sort, "", quoted).besides(found).failures
    errors = logged_errors(lines[:_ERROR_LINES], secrets)
    near = {failure.line for failure in found} | lines_told
    found += [each for each in Reported(sort, "", errors).besides(found).failures
              if each.line not in near]  # fmt: skip
    if not found:
        return None
    if sort == QUOTED and not any(failure.reply for failure in found):
        sort = ERRORS
    return Reported(sort, _remarks(sort, lines, data, len(logged)), sorted(found, key=_place))


def _learn_names(stand_ins: StandIns, lines: list[str]) -> None:
    """Learn the names in a mail log that no domain shows to be names: of logins, of clients."""
    for line in lines:
        for found in _USERS.finditer(line):
            stand_ins.learn_user(found[1].encode("utf-8", "surrogateescape"))
        for found in _CLIENTS.finditer(line):
            name = found[1] or found[2]
            stand_ins.learn_host(name.encode("utf-8", "surrogateescape"))


def hint(data: bytes) -> str:
    """Why a text cannot be opened that reports something, and what explains it; "" otherwise."""
    found = reported(data, mask_names=False)
    if found is None:
        return ""
    there = found.begins.removeprefix("There is no conversation, but ").rstrip(".")
    there = "a mail log" if found.sort == MAIL_LOG else there[:1].lower() + there[1:]
    return (
        f"it holds no conversation, but {there}. heloscope explain FILE explains it, and heloscope "
        "export writes that as text, markdown or html."
    )


def _place(failure: Failure) -> int:
    return failure.line


def _remarks(sort: str, lines: list[str], data: bytes, logged: int) -> str:
    if sort != MAIL_LOG:
        return ""
    words = [
        f"Read as a mail log of {plural(len(lines), '{} line')}; what it delivered is left out."
    ]
    if logged > MOST:
        words.append(f"More than {MOST} different things went wrong: the first are explained.")
    if len(data) > LARGEST:
        words.append(f"Only the first {LARGEST >> 20} MB were read.")
    return " ".join(words)
