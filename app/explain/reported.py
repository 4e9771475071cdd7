"""The problems reported by a text without a conversation, such as a mail log or a bounce.

Each problem is reported once, in the order of the lines, even if several lines mention it.
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
    """What a text reports. `sort` is MAIL_LOG, QUOTED or ERRORS.

    `remarks` says in sentences how the text was read.
    """

    sort: str
    remarks: str
    failures: list[Failure]

    @property
    def begins(self) -> str:
        """A sentence that says what the text is and how much it reports."""
        if self.sort == MAIL_LOG:
            count = len(self.failures)
            times = sum(failure.times for failure in self.failures)
            often = f", {times:,} times in all" if times > count else ""
            wrong = plural(count, "{} problem")
            return f"The text is a mail log, not a conversation. It reports {wrong}{often}."
        return f"The text contains no conversation, only {self.content}."

    @property
    def content(self) -> str:
        """What the text contains instead of a conversation, in a few words."""
        if self.sort == MAIL_LOG:
            return "a mail log"
        replies = sum(bool(failure.reply) for failure in self.failures)
        errors = len(self.failures) - replies
        quoted = plural(replies, "{} quoted reply", "{} quoted replies") if replies else ""
        return " and ".join(filter(None, (quoted, plural(errors, "{} error") if errors else "")))

    def besides(self, earlier: list[Failure]) -> Reported:
        """Return this report without the problems that are already in `earlier`.

        `earlier` holds the failures in conversations that the same text contains.
        """
        known = [letters("".join(failure.reply)) for failure in earlier if failure.reply]
        titles = {failure.title for failure in earlier if not failure.reply}

        def again(each: Failure) -> bool:
            if each.reply:
                said = letters("".join(each.reply))
                return sum(said in other or other in said for other in known) >= each.times
            return each.title in titles

        return self._replace(failures=[each for each in self.failures if not again(each)])


def reported(data: bytes, *, mask_names: bool) -> Reported | None:
    """Return the problems that a text reports, or None if it reports none."""
    secrets = KnownSecrets()
    secrets.hide_names(mask_names)
    lines = text_lines(decoded(data[:LARGEST]))
    logged = mail_log(lines)
    if logged and secrets.stand_ins is not None:
        _learn_names(secrets.stand_ins, lines)
    found = [incident_failure(each, secrets) for each in logged[:MOST]]
    sort = MAIL_LOG if found else QUOTED
    logged_lines = {each.line for each in logged}
    bounced = [incident_failure(each, secrets) for each in bounces(lines)]
    said = [each for each in bounced if each.line not in logged_lines]
    found += said
    quoted = [quoted_failure(each, secrets) for each in quoted_replies(data)
              if each.line not in logged_lines]  # fmt: skip
    found += Reported(sort, "", quoted).besides(found).failures
    errors = logged_errors(lines[:_ERROR_LINES], secrets)
    near = {failure.line for failure in found} | logged_lines
    found += [each for each in Reported(sort, "", errors).besides(found).failures
              if each.line not in near]  # fmt: skip
    if not found:
        return None
    if sort == QUOTED and not any(failure.reply for failure in found):
        sort = ERRORS
    return Reported(sort, _remarks(sort, lines, data, len(logged)), sorted(found, key=_place))


def _learn_names(stand_ins: StandIns, lines: list[str]) -> None:
    """Learn the names of users and clients in a mail log that are not recognisable by a domain."""
    for line in lines:
        for found in _USERS.finditer(line):
            stand_ins.learn_user(found[1].encode("utf-8", "surrogateescape"))
        for found in _CLIENTS.finditer(line):
            name = found[1] or found[2]
            stand_ins.learn_host(name.encode("utf-8", "surrogateescape"))


def hint(data: bytes) -> str:
    """Explain why a text that reports something cannot be opened, and what to do instead.

    Return "" if the text reports nothing.
    """
    found = reported(data, mask_names=False)
    if found is None:
        return ""
    return (
        f"it contains no conversation, only {found.content}. heloscope explain FILE explains it, "
        "and heloscope export writes the explanation as text, markdown or html."
    )


def _place(failure: Failure) -> int:
    return failure.line


def _remarks(sort: str, lines: list[str], data: bytes, logged: int) -> str:
    if sort != MAIL_LOG:
        return ""
    words = [
        f"Read as a mail log of {plural(len(lines), '{} line')}; successful deliveries are omitted."
    ]
    if logged > MOST:
        words.append(
            f"There are more than {MOST} different problems; only the first {MOST} are explained."
        )
    if len(data) > LARGEST:
        words.append(f"Only the first {LARGEST >> 20} MB was read.")
    return " ".join(words)
