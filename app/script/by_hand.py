"""AUTH by hand in a script, with the same questions and answers as in the composer.

An answer of several parts (PLAIN: the user to act as, the user, the password) is sent once its
secret is given. Optional parts come before required ones; one that the script omits is empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...session.secret import Secret

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from ...session.record.masking import KnownSecrets
    from ..auth.answers import AuthAnswers


class NotAnswered(Exception):
    """Raised if an answer to AUTH was not sent; the message is a sentence that says why."""


class Connections:
    """The session of a script, in the form that `AuthAnswers` uses."""

    manual = None
    accepted = False

    def __init__(self, session: Session) -> None:
        self.session = session

    @property
    def secrets(self) -> KnownSecrets:
        """The secrets masked in the transcript."""
        return self.session.transcript.secrets


class AuthByHand:
    """The answers of one session.

    `in_clear` sends passwords that others could read, `trusting` those that only the holder of an
    unchecked certificate's key could.
    """

    def __init__(self, session: Session, *, in_clear: bool, trusting: bool) -> None:
        from ..auth.answers import AuthAnswers

        self._answers: AuthAnswers = AuthAnswers(Connections(session), lambda: False)
        self._session, self._in_clear, self._trusting = session, in_clear, trusting
        self._parts: list[str] = []

    @property
    def unfinished(self) -> bool:
        """Whether an AUTH line, or an answer to a challenge, waits for more answers."""
        return self._answers.building or bool(self._parts)

    def begin(self, line: str) -> bool:
        """Whether this AUTH line is sent together with the answers that follow."""
        return self._answers.begin(line)

    def answer(self, text: str) -> bytes | None:
        """Take an answer. Returns the line to send, None while more answers are needed.

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
        """Take the secret of that name, which completes an answer. Returns and raises like
        `answer`.
        """
        self._look()
        parts, self._parts = self._parts, []
        fields = self._answers.fields
        said = secret.reveal().decode("utf-8", "surrogateescape")
        if fields is not None:
            before = [field for field in fields if not field.secret]
            if len(before) == len(fields) and fields:
                raise NotAnswered(
                    f"here the server asks for the {fields[0].label}, which is not a secret: "
                    ":answer TEXT gives it"
                )
            missing = len(before) - len(parts)
            before.sort(key=lambda field: not field.optional)
            left_out = [field for field in before if field.optional][: max(0, missing)]
            parts = [""] * len(left_out) + parts
            if len(parts) != len(before):
                wanted = ", ".join(field.label for field in before)
                raise NotAnswered(f"before :secret {name}, an :answer is needed for: {wanted}")
            given = {field.key: part for field, part in zip(before, parts, strict=True)}
            return self._taken([given.get(field.key, said) for field in fields])
        return self._taken([*parts, said])

    def sent(self) -> None:
        """Note that the line is being sent."""
        self._answers.sent()

    def drop(self) -> None:
        """Discard an unfinished exchange."""
        self._parts.clear()
        if self._answers.building:
            self._answers.give_up()

    def _look(self) -> None:
        self._answers.look("")
        if self._answers.question is None:
            raise NotAnswered("the server has not asked for it: no AUTH is in progress")

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
