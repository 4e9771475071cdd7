"""The contents of the configuration as checked values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path


class SecretReference(msgspec.Struct, frozen=True):
    """Where to find a password or token. Exactly one field is set.

    `env` is the name of an environment variable. `command` is a program with its arguments, and is
    run without a shell. `keyring` is the name of a service in the system keyring.
    """

    env: str = ""
    command: tuple[str, ...] = ()
    keyring: str = ""

    @property
    def shown(self) -> str:
        """Where the secret is kept, for display. A command is shown without its arguments."""
        if self.env:
            return f"the environment variable {self.env}"
        if self.command:
            return f"the command {self.command[0]}"
        return f"the keyring, service {self.keyring}"


class Connecting(msgspec.Struct, frozen=True, omit_defaults=True):
    """How to connect to a server. A value of None is not set.

    `tls` is none, offered, required or implicit. `ca`, `cert` and `key` are PEM files. `timeout` is
    the number of seconds to wait for each reply.
    """

    tls: str | None = None
    ca: str | None = None
    cert: str | None = None
    key: str | None = None
    server_name: str | None = None
    verify: bool | None = None
    user: str | None = None
    mechanism: str | None = None
    ehlo: str | None = None
    source: str | None = None
    timeout: float | None = None


class Server(Connecting, frozen=True, omit_defaults=True):
    """A server profile. `target` is the TARGET, written as the user would type it."""

    target: str = ""
    secret: SecretReference | None = None


class Problem(msgspec.Struct, frozen=True):
    """A problem in the configuration.

    `place` is FILE:LINE, a file, or the name of an environment variable.
    """

    place: str
    text: str

    @property
    def sentence(self) -> str:
        """The problem as a sentence, preceded by its place."""
        return f"{self.place}: {self.text}"


class Configuration(msgspec.Struct):
    """The settings in force, from the file and the environment, and the problems of both.

    `connect` contains the file's connection settings for every server, and `environment` the
    connection settings in environment variables. `keys` maps actions to their keys. `place` is the
    path of the file, which may not exist.
    """

    theme: str = ""
    history: bool = True
    record: bool = True
    panel: bool = True
    ladder: bool = False
    connect: Connecting = Connecting()
    environment: Connecting = Connecting()
    servers: dict[str, Server] = {}
    keys: dict[str, str] = {}
    place: str = ""
    problems: list[Problem] = []

    @property
    def file(self) -> Path:
        """The path of the configuration file, `place`, as a Path object."""
        from pathlib import Path

        return Path(self.place)
