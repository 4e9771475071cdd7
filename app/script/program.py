"""Prepares a script for running: assembles logins from their lines, and checks a whole file.

`Assembler` processes the parser's statements one at a time, so that it also works for lines from a
pipe. `check` examines a file without sending anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ...session.facts.mechanisms import TOKEN_MECHANISMS
from ...session.plural import plural
from ...session.script.statements import (
    BeginMessage,
    Expect,
    FaultyLine,
    MessageContent,
    OrderStatement,
    Place,
    SecretAnswer,
    SendLine,
    SendRaw,
    Statement,
    TextAnswer,
    Wait,
)
from ...session.secret import Secret
from ...session.verbs import (
    AUTH_VERBS,
    CONTENT_VERBS,
    GREETINGS,
    QUERIES,
    SENDER_VERBS,
    TLS_VERBS,
    verb_of,
)
from .orders import Break, Connect, End, Login, SetTimeouts

MOST_TOLD = 20  # mistakes of a file that are listed
_SHOWN_WHOLE = frozenset((*GREETINGS, *SENDER_VERBS, "RCPT", *QUERIES))
_SHOWN_ALONE = frozenset((*AUTH_VERBS, *CONTENT_VERBS, *TLS_VERBS, "RSET", "QUIT"))
_ALONE = (SendLine, Expect)  # statements that do not begin a login


class LoginStatement(Statement, frozen=True):
    """A complete login. If `mechanism` is empty, the strongest mechanism offered is used.

    If `of_profile` is true, the user name, secret and mechanisms are those of the profile, @name,
    used for the connection.
    """

    mechanism: str
    user: str
    secret: Secret
    of_profile: bool = False


class Assembler:
    """Assembles logins from `:login USER` or `:auth MECHANISM` and the answers that follow."""

    def __init__(self) -> None:
        self._begun: tuple[OrderStatement, Login] | None = None
        self._user: str | None = None

    @property
    def waits(self) -> bool:
        """Whether a login has begun but still lacks its user name or secret."""
        return self._begun is not None

    def take(self, statement: Statement) -> Iterator[Statement]:
        """Process one statement from the parser, and yield the statements that it completes.

        Yields nothing while a login is incomplete.
        """
        if self._begun is not None:
            yield from self._next(statement, *self._begun)
        elif isinstance(statement, OrderStatement) and isinstance(statement.action, Login):
            login = statement.action
            self._user = login.user or None
            if login.of_profile:
                yield LoginStatement(statement.place, "", "", Secret(""), of_profile=True)
            elif login.mechanism == "EXTERNAL":  # the certificate identifies the user
                yield LoginStatement(statement.place, login.mechanism, "", Secret(""))
            else:
                self._begun = statement, login
        else:
            yield statement

    def end(self) -> Iterator[Statement]:
        """Yield a FaultyLine if a login is incomplete at the end of the script."""
        if self._begun is not None:
            yield self._mistake(*self._begun)

    def _next(
        self, statement: Statement, begun: OrderStatement, login: Login
    ) -> Iterator[Statement]:
        if isinstance(statement, FaultyLine):
            self._begun = None
            yield statement
        elif isinstance(statement, TextAnswer) and self._user is None:
            self._user = statement.text
            if login.mechanism == "ANONYMOUS":
                yield self._whole(begun, login, Secret(""))
        elif isinstance(statement, SecretAnswer) and self._user is not None:
            yield self._whole(begun, login, statement.secret)
        else:
            self._begun = None
            yield self._mistake(begun, login)
            yield from self.take(statement)

    def _whole(self, begun: OrderStatement, login: Login, secret: Secret) -> Statement:
        self._begun = None
        return LoginStatement(begun.place, login.mechanism, self._user or "", secret)

    def _mistake(self, begun: OrderStatement, login: Login) -> FaultyLine:
        self._begun = None
        kind = "token" if login.mechanism in TOKEN_MECHANISMS else "password"
        if self._user is not None:
            missing = f":secret NAME must follow, for the {kind}"
        elif login.mechanism == "ANONYMOUS":
            missing = ":answer TEXT must follow"
        else:
            missing = ":answer USER and :secret NAME must follow"
        return FaultyLine(begun.place, f"this login is incomplete: {missing}.")


class Checked(msgspec.Struct, frozen=True):
    """What is known about a script before it is run.

    `connects_to` is the TARGET of a `:connect` that precedes everything else that needs a
    connection, or None. `needs` is the first statement that needs a connection, or None.
    """

    mistakes: list[str]
    wanted: list[tuple[Expect, Statement | None]]
    """The expectations, each with the statement before it."""
    connects_to: str | None
    needs: Statement | None
    secrets: list[Secret]
    profile_logins: list[tuple[Place, str]]
    """The place of each `:login` that uses a profile's credentials, with the profile, @NAME."""


_NO_PROFILE = (
    ":login without a user name uses that of the profile, but the server is not a profile, @NAME; "
    "use :login USER, with :secret NAME on the next line."
)


def check(statements: Iterable[Statement], target: str | None = None) -> Checked:
    """Check a script without running it. `target` is the TARGET for the run, if given."""
    mistakes: list[str] = []
    wanted: list[tuple[Expect, Statement | None]] = []
    before: Statement | None = None
    secrets: list[Secret] = []
    logins: list[tuple[Place, str]] = []
    first: Statement | None = None
    server = target or ""
    for statement in statements:
        if isinstance(statement, _ALONE):
            if isinstance(statement, Expect):
                wanted.append((statement, before))
            else:
                before = statement
            first = statement if first is None else first
            continue
        before = statement
        if isinstance(statement, FaultyLine):
            mistakes.append(str(statement))
            continue
        if isinstance(statement, SecretAnswer | LoginStatement):
            secrets.append(statement.secret)
        if isinstance(statement, LoginStatement) and statement.of_profile:
            if server.startswith("@"):
                logins.append((statement.place, server))
            else:
                mistakes.append(str(FaultyLine(statement.place, _NO_PROFILE)))
        elif isinstance(statement, OrderStatement) and isinstance(statement.action, Connect):
            server = server if first is None and target else statement.action.where
        if first is None and needs_connection(statement):
            first = statement
    action = first.action if isinstance(first, OrderStatement) else None
    where = action.where if isinstance(action, Connect) else None
    return Checked(mistakes, wanted, where, first, secrets, logins)


def needs_connection(statement: Statement) -> bool:
    """Return whether a statement needs or makes a connection."""
    return not (
        isinstance(statement, OrderStatement)
        and isinstance(statement.action, SetTimeouts | Break | End)
    )


def goes_on(statement: Statement) -> bool:
    """Return whether earlier replies can no longer be judged after this statement."""
    if isinstance(statement, OrderStatement):
        return not isinstance(statement.action, SetTimeouts | Break)
    return not isinstance(statement, Expect | MessageContent | Wait)


def described(statement: Statement) -> str:
    """Return a name for what a statement sends or does.

    A line is quoted in full only if its verb never involves a secret, since any other line may be a
    response to AUTH.
    """
    match statement:
        case SendLine(data=data) | BeginMessage(data=data):
            verb = verb_of(data)
            if verb in _SHOWN_WHOLE:
                return data.decode("utf-8", "surrogateescape")
            return verb if verb in _SHOWN_ALONE else "a line"
        case SendRaw():
            return ":raw"
        case MessageContent():
            return "the message"
        case LoginStatement():
            return "the login"
        case TextAnswer() | SecretAnswer():
            return "AUTH"
        case Wait():
            return "the pause"
        case OrderStatement(name=name):
            return f":{name}"
        case _:
            return ""


def assembled(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Yield the statements of a whole script, with logins assembled."""
    assembler = Assembler()
    for statement in statements:
        if isinstance(statement, _ALONE) and not assembler.waits:
            yield statement
        else:
            yield from assembler.take(statement)
    yield from assembler.end()


def told(mistakes: list[str]) -> list[str]:
    """Return at most MOST_TOLD mistakes, followed by the number of the others if there are any."""
    more = len(mistakes) - MOST_TOLD
    if more <= 0:
        return mistakes
    return [*mistakes[:MOST_TOLD], f"and {plural(more, '{} more mistake')} in this script."]
