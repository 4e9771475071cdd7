"""The contents of the configuration, as checked values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path


class SecretReference(msgspec.Struct, frozen=True):
    """The place of a password or token; exactly one field is set.

    `env` is the name of an environment variable, `command` a program and its arguments, run
    without a shell, `keyring` the name of a service in the system keyring.
    """

    env: str = ""
    command: tuple[str, ...] = ()
    keyring: str = ""

    @property
    def shown(self) -> str:
        """Where the secret is kept, as shown to a person: a command without its arguments."""
        if self.env:
            return f"the environment variable {self.env}"
        if self.command:
            return f"the command {self.command[0]}"
        return f"the keyring, service {self.keyring}"


class Connecting(msgspec.Struct, frozen=True, omit_defaults=True):
    """How to connect; None means not set.

    `tls` is none, offered, required or implicit, `ca`, `cert` and `key` are PEM files, `timeout`
    is in seconds, for each reply.
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
    """A profile of a server; `target` is a TARGET as typed."""

    target: str = ""
    secret: SecretReference | None = None


class Problem(msgspec.Struct, frozen=True):
    """A mistake: `place` is FILE:LINE or the name of an environment variable."""

    place: str
    text: str

    @property
    def sentence(self) -> str:
        """The mistake, preceded by its place."""
        return f"{self.place}: {self.text}"


class Configuration(msgspec.Struct):
    """The settings in force, from file and environment, and the problems of both.

    `connect` holds the file's settings for every server, `environment` those of variables;
    `keys` are the keys of actions, by name; `place` is where the file was looked for.
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
        """The file at `place`."""
        from pathlib import Path

        return Path(self.place)
