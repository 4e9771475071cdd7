"""The settings for a connection come from options, environment, profile, file and defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from heloscope.app.config.model import (
    Configuration,
    Connecting,
    Problem,
    SecretReference,
    Server,
)
from heloscope.app.config.servers import resolved
from heloscope.session.target import TargetError
from support.rows import for_each

FILE = Path("/home/me/config.toml")


def configured(
    environment: Connecting | None = None, connect: Connecting | None = None, **servers: Server
) -> Configuration:
    return Configuration(
        place=str(FILE),
        environment=environment or Connecting(),
        connect=connect or Connecting(),
        servers=servers,
    )


def test_the_first_source_that_says_something_counts():
    found = configured(
        Connecting(ehlo="environment", source="192.0.2.2"),
        Connecting(ehlo="file", source="192.0.2.4", timeout=4, tls="required", ca="file"),
        mail=Server(target="m", ehlo="profile", source="192.0.2.3", timeout=3, tls="offered"),
    )
    assert resolved(found, "@mail", {"ehlo": "option"}) == Server(
        target="m", ehlo="option", source="192.0.2.2", timeout=3, tls="offered", ca="file"
    )


def test_a_server_without_a_profile_has_what_is_said_for_all():
    found = configured(Connecting(timeout=2), Connecting(tls="required"), mail=Server(target="m"))
    assert resolved(found, "host:25", {}) == Server(target="host:25", timeout=2, tls="required")


def test_an_empty_text_undoes_what_is_said_below():
    found = configured(None, Connecting(ca="ca.pem"), mail=Server(target="m", ca=""))
    assert resolved(found, "@mail", {}).ca == ""


PROFILE = Server(
    target="m", ca="ca", cert="cert", key="key", server_name="name", user="alice",
    mechanism="PLAIN", secret=SecretReference(env="A"),
)  # fmt: skip


@for_each([
        ({"tls": "none"},
         Server(target="m", tls="none", user="alice", mechanism="PLAIN",
                secret=SecretReference(env="A"))),
        ({"verify": False},
         Server(target="m", verify=False, cert="cert", key="key", server_name="name",
                user="alice", mechanism="PLAIN", secret=SecretReference(env="A"))),
        ({"cert": "other"},
         Server(target="m", ca="ca", cert="other", server_name="name", user="alice",
                mechanism="PLAIN", secret=SecretReference(env="A"))),
        ({"user": "bob"},
         Server(target="m", ca="ca", cert="cert", key="key", server_name="name", user="bob")),
        ({"user": "alice"}, PROFILE),
    ])  # fmt: skip
def test_an_option_removes_what_contradicts_it(option: dict[str, Any], wanted: Server):
    assert resolved(configured(mail=PROFILE), "@mail", option) == wanted


def unknown(found: Configuration, target: str) -> str:
    with pytest.raises(TargetError) as caught:
        resolved(found, target, {})
    return str(caught.value)


def test_a_server_that_is_not_there_is_told_with_the_nearest_name():
    assert unknown(configured(mail=Server(target="m")), "@mial") == (
        "Unknown server @mial: /home/me/config.toml has no such profile. Did you mean @mail?"
    )
    assert unknown(configured(a=Server(target="m"), b=Server(target="m")), "@zzzz") == (
        "Unknown server @zzzz: /home/me/config.toml has no such profile. The profiles are @a, @b."
    )
    assert unknown(configured(), "@mail") == (
        "Unknown server @mail: /home/me/config.toml has no profile [servers.mail]."
    )


def test_a_mistake_in_the_file_is_told_where_a_server_is_missing():
    found = configured()
    found.problems = [Problem(f"{FILE}:3", "this is not valid TOML: Invalid value.")]
    assert unknown(found, "@mail") == (
        "Unknown server @mail. /home/me/config.toml:3: this is not valid TOML: Invalid value."
    )
