"""Reads the user's file and the environment, recording every mistake with its FILE:LINE.

Nothing here raises an exception for a mistake: invalid values are omitted, so that the application
always starts. A command refuses to run instead (see `Configuration.problems`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

import msgspec

from ...session.private_file import reason
from ...session.target import without_password
from ...session.visible import visible_text
from . import environment
from .fields import FOR_ALL, SERVER, SETTINGS, Field, WrongValue, checked
from .location import UnreadableText, config_path, read_text
from .model import Configuration, Connecting, Problem, SecretReference, Server

if TYPE_CHECKING:
    from pathlib import Path

NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\Z"
"""The pattern for a server's name. `@name` is a TARGET."""
_SHOWN = 60  # characters of a value in a message
_OF_SERVERS = {field.name for field in SERVER}
_PATHS = ("ca", "cert", "key")
_MOST_WORDS = 100  # of a command
LITERAL = (
    "a secret must not be in this file. Name its location: "
    '{env = "NAME"}, {command = ["pass", "mail"]} or {keyring = "SERVICE"}.'
)
_PLACES = frozenset(("env", "command", "keyring"))
_SECRET_WORDS = ("password", "passwd", "pass", "token", "secret_file", "passphrase", "pw")
Table = Mapping[str, object]
TablePath = tuple[str | int, ...]


def load(file: str | Path | None = None) -> Configuration:
    """Read the configuration from `file`, by default the usual one, and from the environment."""
    found = load_file(file or config_path())
    settings, connecting, problems = environment.read()
    for name, value in settings.items():
        setattr(found, name, value)
    found.environment = Connecting(**connecting)
    found.problems = [*found.problems, *problems]
    return found


def load_file(file: str | Path) -> Configuration:
    """Read the configuration from the file only, without the environment."""
    found = Configuration(place=str(file))
    text = None
    try:
        text = read_text(found.place)
    except FileNotFoundError:
        _named_and_missing(found)
    except OSError as error:
        found.problems = [
            Problem(visible_text(found.place), f"{reason(error).partition(' (')[0]}.")
        ]
    except UnreadableText as error:
        found.problems = [Problem(f"{visible_text(found.place)}:{error.line}", str(error))]
    if text is not None:
        read_into(found, text)
    return found


def _named_and_missing(found: Configuration) -> None:
    """Record a problem if the missing file is named by HELOSCOPE_CONFIG or is a dangling link."""
    if os.environ.get("HELOSCOPE_CONFIG"):
        text = "file not found (named by HELOSCOPE_CONFIG)."
        found.problems = [Problem(visible_text(found.place), text)]
    elif os.path.islink(found.place):
        text = "this is a dangling symbolic link."
        found.problems = [Problem(visible_text(found.place), text)]


def read_into(found: Configuration, text: str) -> None:
    """Read settings from TOML text into `found`. Each mistake is added to its problems."""
    from ...session.toml_lines import TomlMistake, read_toml  # needed only if there is a file

    text = text.replace("\r\n", "\n")
    name = visible_text(found.place)
    try:
        table = read_toml(text)
    except TomlMistake as mistake:
        message = f"this is not valid TOML: {visible_text(str(mistake))}."
        found.problems = [*found.problems, Problem(f"{name}:{mistake.line}", message)]
        return
    _Reader(found, name, text).read(table)


class _Reader:
    """Reads the tables of one configuration file."""

    def __init__(self, found: Configuration, name: str, text: str) -> None:
        self._found = found
        self._name = name
        self._text = text
        self._lines: Mapping[TablePath, int] | None = None  # made for the first mistake
        self._problems: list[tuple[int, str]] = []

    def read(self, table: Table) -> None:
        found = self._found
        tables = ("connect", "servers", "keys")
        for name, value in self._values(table, SETTINGS, (), tables).items():
            setattr(found, name, value)
        if connect := self._table(table, "connect"):
            found.connect = Connecting(**self._values(connect, FOR_ALL, ("connect",)))
            for wrong, words in contradictions(found.connect):
                self._wrong(("connect", wrong), words)
        if servers := self._table(table, "servers"):
            found.servers = self._servers(servers)
        if keys := self._table(table, "keys"):
            found.keys = self._keys(keys)
        told = [Problem(f"{self._name}:{line}", text) for line, text in sorted(self._problems)]
        found.problems = [*found.problems, *told]

    def _wrong(self, path: TablePath, text: str) -> None:
        """Record a mistake in the line of the key at `path`, or of the nearest table around it."""
        if self._lines is None:
            from ...session.toml_lines import lines_of

            self._lines = lines_of(self._text)
        while path and path not in self._lines:
            path = path[:-1]
        self._problems.append((self._lines.get(path, 1), text))

    def _table(self, table: Table, name: str) -> Table:
        value = table.get(name, {})
        if not isinstance(value, dict):
            self._wrong((name,), f"{name} must be a table, [{name}], not {_got(value)}.")
            return {}
        return cast(Table, value)

    def _values(
        self,
        table: Table,
        fields: Iterable[Field],
        path: TablePath,
        others: tuple[str, ...] = (),
    ) -> dict[str, Any]:
        """Return the valid values of the table at `path`, and record a mistake for every other key.

        `fields` are the keys that the table may contain. Keys named in `others` are skipped.
        """
        known = {field.name: field for field in fields}
        values: dict[str, Any] = {}
        for key, value in table.items():
            if key in others:
                continue
            field = known.get(key)
            if field is None:
                self._unknown(key, [*known, *others], path)
                continue
            try:
                value = checked(field, value, got=_got(value))
            except WrongValue as wrong:
                self._wrong((*path, key), f"{key}: {wrong}")
                continue
            values[key] = self._absolute(value) if key in _PATHS and value else value
        return values

    def _unknown(self, key: str, known: list[str], path: TablePath) -> None:
        if key.lower() in _SECRET_WORDS:
            self._wrong(
                (*path, key),
                LITERAL.replace("Name its location:", "Name its location with the key secret:"),
            )
            return
        from difflib import get_close_matches

        near = get_close_matches(key, known, 1)
        if not path and key in _OF_SERVERS:
            meant = " It belongs in the table [connect] or in a server's table."
        elif near:
            meant = f" Did you mean {near[0]}?"
        else:
            meant = f" The keys are {', '.join(known)}."
        where = f"[{'.'.join(map(str, path))}]" if path else "the file"
        shown = visible_text(key)[:_SHOWN]
        self._wrong((*path, key), f"{visible_text(where)[:_SHOWN]} has no key {shown}.{meant}")

    def _absolute(self, text: str) -> str:
        """Return the absolute form of a path, which may be relative to the folder of the file."""
        expanded = os.path.expanduser(text)
        if expanded.startswith("~"):  # the home of a user that does not exist
            return text
        return os.path.join(os.path.dirname(self._found.place), expanded)

    # Servers

    def _servers(self, tables: Table) -> dict[str, Server]:
        found: dict[str, Server] = {}
        for name, table in tables.items():
            path = ("servers", name)
            shown = visible_text(name)[:_SHOWN]
            if not isinstance(table, dict):
                text = f"a server must be a table, [servers.{shown}], not {_got(table)}."
                self._wrong(path, text)
                continue
            if not re.match(NAME, name):
                text = f"{shown!r} is not a valid server name; use letters, digits, - and _."
                self._wrong(path, text)
                continue
            before = len(self._problems)
            server = self._server(cast(Table, table), path)
            if len(self._problems) == before:
                found[name] = server  # half a profile would be another server
        return found

    def _server(self, table: Table, path: TablePath) -> Server:
        values = self._values(table, SERVER, path, ("secret",))
        if "target" not in table:
            self._wrong(path, f"the server {path[-1]} has no target.")
        if "secret" in table:
            values["secret"] = self._secret(table["secret"], (*path, "secret"))
            if not values.get("user"):
                text = "secret needs user, the user name that it belongs to."
                self._wrong((*path, "secret"), text)
        server = Server(**values)
        for wrong, text in contradictions(server):
            self._wrong((*path, wrong), text)
        return server

    def _secret(self, value: object, path: TablePath) -> SecretReference | None:
        """Return the reference to a secret, or None after recording a mistake.

        A user may have written the secret itself here, so no message ever shows the value.
        """
        if not isinstance(value, dict):
            self._wrong(path, LITERAL)
            return None
        table = cast(dict[str, object], value)
        if len(table) > 1 and table.keys() <= _PLACES:
            named = " and ".join(sorted(table))
            self._wrong(path, f"a secret must be in only one place, not in {named}.")
            return None
        if len(table) != 1 or not table.keys() <= _PLACES:
            self._wrong(path, LITERAL)
            return None
        try:
            found = msgspec.convert(table, SecretReference)
        except msgspec.ValidationError:
            wanted = 'a list such as ["pass", "mail"]' if "command" in table else "text in quotes"
            self._wrong(path, f"secret: {next(iter(table))} must be {wanted}.")
            return None
        words = (found.env, *found.command, found.keyring)
        if not any(words) or (found.command and not found.command[0]):
            self._wrong(path, f"secret: {next(iter(table))} must not be empty.")
        elif "\0" in "".join(words) or "=" in found.env or len(words) > _MOST_WORDS:
            self._wrong(path, f"secret: {next(iter(table))} has an invalid value.")
        elif not (found.env + found.keyring).isprintable():
            self._wrong(path, "secret: a name must not contain control characters.")
        return found

    # Keys

    def _keys(self, table: Table) -> dict[str, str]:
        from .keys import checked_keys

        return checked_keys(table, lambda action, text: self._wrong(("keys", action), text))


def contradictions(server: Connecting) -> list[tuple[str, str]]:
    """Return a key and a sentence for each contradiction among the settings of a profile."""
    found: list[tuple[str, str]] = []
    if server.key and not server.cert:
        found.append(("key", "key needs cert, the certificate that it belongs to."))
    if server.ca and server.verify is False:
        found.append(("ca", "ca has no effect without verification; remove ca or verify = false."))
    if server.mechanism and not server.user:
        found.append(("mechanism", "mechanism needs user, the user name to log in with."))
    about_tls = ("ca", "cert", "server_name", "verify")
    if server.tls == "none":
        said = next((name for name in about_tls if getattr(server, name) not in (None, "")), "")
        if said:
            found.append((said, f'tls = "none" excludes TLS, but {said} configures it.'))
    return found


def _got(value: object) -> str:
    shown = visible_text(without_password(repr(value)))
    return shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
