"""Manual AUTH in a script, with the same questions and answers as in the composer.

An answer in several parts (PLAIN: the user to act as, the user name, the password) is sent once its
secret is given. Optional parts come before required ones; a part that the script omits is empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...session.secret import Secret

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from ...session.record.masking import KnownSecrets
    from ..auth.answers import AuthAnswers


class NotAnswered(Exception):
    """Raised when an answer to AUTH was not sent, with the reason as a sentence."""


class Connections:
    """The session of a script in the form that `AuthAnswers` requires."""

    manual = None
    accepted = False

    def __init__(self, session: Session) -> None:
        self.session = session

    @property
    def secrets(self) -> KnownSecrets:
        """The secrets that are masked in the transcript."""
        return self.session.transcript.secrets


class AuthByHand:
    """The answers to AUTH in one session.

    If `in_clear` is true, passwords are sent even where others can read them. If `trusting` is
    true, they are also sent over TLS without a verified certificate.
    """

    def __init__(self, session: Session, *, in_clear: bool, trusting: bool) -> None:
        from ..auth.answers import AuthAnswers

        self._answers: AuthAnswers = AuthAnswers(Connections(session), lambda: False)
        self._session, self._in_clear, self._trusting = session, in_clear, trusting
        self._parts: list[str] = []

    @property
    def unfinished(self) -> bool:
        """Whether an AUTH line or an answer to a challenge still needs more answers."""
        return self._answers.building or bool(self._parts)

    def begin(self, line: str) -> bool:
        """Return whether this AUTH line is held back until the answers that it needs are known.

        If so, the line is sent together with these answers.
        """
        return self._answers.begin(line)

    def answer(self, text: str) -> bytes | None:
        """Accept an answer. Return the line to send, or None if more answers are needed.

        Raises NotAnswered.
        """
        self._look()
        if text == "*":
            self._parts.clear()
            if self._answers.building:
                self._answers.give_up()
                return None
            return b"*"
        fields = self._answers.fields
        if fields and any(field.secret for field in fields):
            self._parts.append(text)
            return None
        return self._taken([text])

    def secret(self, name: str, secret: Secret) -> bytes | None:
        """Accept the secret of an answer. Return the line to send, or None.

        None means that more answers are needed. `name` is the name of the secret in messages.
        Raises NotAnswered.
        """
        self._look()
        parts, self._parts = self._parts, []
        fields = self._answers.fields
        said = secret.reveal().decode("utf-8", "surrogateescape")
        if fields is not None:
            before = [field for field in fields if not field.secret]
            if len(before) == len(fields) and fields:
                raise NotAnswered(
                    f"the server asks for the {fields[0].label}, which is not a secret: use "
                    ":answer TEXT"
                )
            missing = len(before) - len(parts)
            before.sort(key=lambda field: not field.optional)
            left_out = [field for field in before if field.optional][: max(0, missing)]
            parts = [""] * len(left_out) + parts
            if len(parts) != len(before):
                wanted = ", ".join(field.label for field in before)
                raise NotAnswered(f"before :secret {name}, use :answer for the {wanted}")
            given = {field.key: part for field, part in zip(before, parts, strict=True)}
            return self._taken([given.get(field.key, said) for field in fields])
        return self._taken([*parts, said])

    def sent(self) -> None:
        """Record that the line is being sent."""
        self._answers.sent()

    def drop(self) -> None:
        """Discard an unfinished exchange."""
        self._parts.clear()
        if self._answers.building:
            self._answers.give_up()

    def _look(self) -> None:
        self._answers.look("")
        if self._answers.question is None:
            raise NotAnswered("the server has not asked for an answer: no AUTH is in progress")

    def _taken(self, texts: list[str]) -> bytes | None:
        answers = self._answers
        insists = self._in_clear or (self._trusting and self._session.tls)
        for text in texts:
            answers.insist = insists
            taken = answers.take(text)
            if answers.trouble:
                raise NotAnswered(answers.trouble.partition(". ")[0].rstrip("."))
            if taken.line is not None:
                return taken.line
            if answers.insist and not insists:
                raise NotAnswered(
                    f"{answers.unprotected}: anyone on the network path could read the password; "
                    "--in-clear sends it anyway"
                )
        return None
