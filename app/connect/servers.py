"""The servers of the configuration, as profiles to connect with."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from ...session.target import TargetError
from ..config.model import Configuration, SecretReference, Server
from ..config.reader import NAME
from ..config.servers import MARK, is_name, meant, resolved, server_of
from .profile import NONE, PRACTICES, Profile, target_problem


class KnownServers:
    """Resolves a TARGET or @NAME. Without a configuration, only a TARGET can be resolved."""

    def __init__(self, configuration: Configuration | None = None) -> None:
        self.configuration = configuration or Configuration()

    @property
    def names(self) -> list[str]:
        """The names of all profiles, each with its @."""
        return [MARK + name for name in self.configuration.servers]

    def resolved(self, asked: Profile | str) -> Profile:
        """Return the profile for @NAME or a typed TARGET.

        A Profile is returned unchanged, unless its target is @NAME. Raises TargetError.
        """
        if isinstance(asked, str):
            return self.profile(asked)
        return self.profile(asked.target) if is_name(asked.target) else asked

    def profile(self, target: str) -> Profile:
        """Return the profile for a typed TARGET, @NAME, or one of PRACTICES.

        Raises TargetError if the name is unknown.
        """
        if target in PRACTICES or not target:
            return Profile(target) if target else Profile()
        server = resolved(self.configuration, target, {})
        return _profile(server, target.removeprefix(MARK) if is_name(target) else "")

    def common(self) -> Profile:
        """Return the settings for all servers, as a profile without a target."""
        server = resolved(self.configuration, "any", {})
        return msgspec.structs.replace(_profile(server, ""), target="")

    def problem(self, target: str) -> str:
        """Return the problem with a TARGET or @NAME, or "" if it is valid."""
        if not is_name(target):
            return target_problem(target)
        try:
            server_of(self.configuration, target)
        except TargetError as error:
            return str(error)
        return ""

    def meant(self, host: str) -> str:
        """Return "Did you mean @NAME?" if a profile has the name of this host, or ""."""
        return meant(self.configuration, host)

    def about(self, target: str) -> str:
        """Return a sentence that describes @NAME, or "" if there is no such server."""
        server = self.configuration.servers.get(target.removeprefix(MARK))
        if server is None or not is_name(target):
            return ""
        more = f", user {server.user}" if server.user else ""
        return f"The profile of {server.target}{more}."

    def secret(self, profile: Profile, user: str) -> SecretReference | None:
        """Return where this user's secret is stored, or None if the profile names no place."""
        server = self.configuration.servers.get(profile.server)
        return server.secret if server is not None and server.user == user else None

    # Saving

    def name_problem(self, name: str) -> str:
        """Return a sentence about why no profile can have this name, or ""."""
        if re.match(NAME, name.removeprefix(MARK)):
            return ""
        return "A name must consist of letters, digits, - and _; you then connect to @name."

    def save(self, name: str, profile: Profile) -> None:
        """Write a profile to the configuration file as @NAME. Raises OSError.

        If @NAME exists already, its user, mechanism and secret are kept.
        """
        from ..config.editor import save_server

        name = name.removeprefix(MARK)
        old = self.configuration.servers.get(name)
        server = Server(
            target=profile.target,
            tls=profile.policy,
            ca=profile.ca_file or None,
            cert=profile.certfile or None,
            key=profile.keyfile or None,
            server_name=profile.server_name or None,
            verify=None if profile.verify else False,
            user=old.user if old else profile.user or None,
            mechanism=old.mechanism if old else profile.mechanism or None,
            ehlo=profile.hello or None,
            source=profile.source or None,
            timeout=profile.timeout or None,
            secret=old.secret if old else None,
        )
        save_server(self.configuration.file, name, server)
        servers: Mapping[str, Server] = {**self.configuration.servers, name: server}
        self.configuration.servers = dict(servers)


def _profile(server: Server, name: str) -> Profile:
    return Profile(
        target=server.target,
        policy=server.tls or NONE,
        ca_file=server.ca or "",
        certfile=server.cert or "",
        keyfile=server.key or "",
        hello=server.ehlo or "",
        source=server.source or "",
        server_name=server.server_name or "",
        verify=server.verify is not False,
        user=server.user or "",
        mechanism=server.mechanism or "",
        timeout=server.timeout or 0.0,
        server=name,
    )
