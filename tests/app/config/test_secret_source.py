"""A secret is fetched from a variable, a command or the keyring; a failure gives one sentence."""

from __future__ import annotations

import os
import select
import sys
import time
from pathlib import Path

import keyring
import pytest
from heloscope.app.config import secret_source
from heloscope.app.config.model import SecretReference
from heloscope.app.config.secret_source import SecretError, fetch
from keyring.errors import KeyringLocked


def fetched(reference: SecretReference, seconds: float = 60) -> bytes:
    return fetch(reference, "alice", seconds).reveal()


def refused(reference: SecretReference, seconds: float = 60) -> str:
    with pytest.raises(SecretError) as caught:
        fetch(reference, "alice", seconds)
    return str(caught.value)


def command(code: str) -> SecretReference:
    return SecretReference(command=(sys.executable, "-c", code))


SHOWN = f"the command {sys.executable} for the secret"


def test_the_value_of_a_variable_is_the_secret(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MAIL_PASSWORD", "wonder land\udcff")
    assert fetched(SecretReference(env="MAIL_PASSWORD")) == b"wonder land\xff"


def test_a_variable_that_is_not_set_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("MAIL_PASSWORD", raising=False)
    assert refused(SecretReference(env="MAIL_PASSWORD")) == (
        "no secret in the environment variable MAIL_PASSWORD."
    )


def test_a_name_that_may_be_the_secret_itself_is_not_shown():
    assert refused(SecretReference(env="w0nderland")) == (
        "no secret in the environment variable of that name "
        "(not shown, as it may be the secret itself)."
    )


def test_the_first_line_of_a_command_is_the_secret():
    assert fetched(command("print('wonder land'); print('user: alice')")) == b"wonder land"


def test_a_command_that_takes_its_time_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(secret_source, "PATIENCE", 0.0)
    told: list[str] = []
    go = tmp_path / "go"  # made when it was told

    def tell(sentence: str) -> None:
        told.append(sentence)
        go.touch()

    code = f"import os, time\nwhile not os.path.exists({str(go)!r}): time.sleep(.01)\nprint('x')"
    assert fetch(command(code), "alice", 60, tell).reveal() == b"x"
    (sentence,) = told
    assert sentence == (
        f"Waiting up to 60 seconds for the secret from the command {sys.executable}. "
        "Ctrl+C cancels."
    )


def test_no_shell_reads_the_words_of_a_command(tmp_path: Path):
    words = (sys.executable, "-c", "import sys; print(sys.argv[1])", f"$(touch {tmp_path}/x)")
    assert fetched(SecretReference(command=words)) == f"$(touch {tmp_path}/x)".encode()
    assert not (tmp_path / "x").exists()


def test_what_a_failing_command_says_is_told():
    code = "import sys; print('xyzzy'); print('gpg: no\\x1b[2J key', file=sys.stderr); sys.exit(2)"
    told = refused(command(code))
    assert told == f"{SHOWN} exited with status 2 and printed: gpg: no\\x1b[2J key."
    assert "xyzzy" not in told


def test_a_command_that_prints_nothing_is_told():
    assert refused(command("")) == (
        f"the command {sys.executable} printed no secret on its first line."
    )


def test_a_command_that_is_not_there_is_told():
    assert refused(SecretReference(command=("/nowhere/pass", "mail"))) == (
        "the command /nowhere/pass for the secret cannot be run: No such file or directory."
    )


def test_a_command_that_does_not_end_is_ended():
    began = time.monotonic()
    assert refused(command("import time; time.sleep(600)"), 0.3) == (
        f"{SHOWN} has not ended within 0.3 seconds."
    )
    assert time.monotonic() - began < 30


def test_a_command_whose_child_holds_the_output_open_is_ended_with_its_child(tmp_path: Path):
    alive = tmp_path / "alive"
    os.mkfifo(alive)
    with open(os.open(alive, os.O_RDONLY | os.O_NONBLOCK), "rb") as held:
        code = f"import os, time\nh = open({str(alive)!r}, 'w')\n"
        code += "if os.fork() == 0: time.sleep(600)\nprint('x')"
        assert refused(command(code), 0.5) == f"{SHOWN} has not ended within 0.5 seconds."
        ends = select.poll()
        ends.register(held, 0)  # POLLHUP: nobody has it open any more
        assert ends.poll(30_000)


def test_a_command_that_prints_without_end_is_ended():
    assert refused(command("while True: print('x' * 4096)")) == (
        f"{SHOWN} printed more than 65,536 bytes."
    )


def one_secret(service: str, user: str) -> str | None:
    """Return the only secret in a fake keyring, or None. Raise KeyringLocked for "locked"."""
    if service == "locked":
        raise KeyringLocked("the collection is locked")
    return "wonderland" if (service, user) == ("mail", "alice") else None


@pytest.fixture
def own_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_password", one_secret)


@pytest.mark.usefixtures("own_keyring")
def test_the_keyring_is_asked_for_the_service_and_the_user():
    assert fetched(SecretReference(keyring="mail")) == b"wonderland"
    assert refused(SecretReference(keyring="news")) == (
        "the system keyring has no secret for news, user alice."
    )
    assert refused(SecretReference(keyring="locked")) == (
        "the system keyring cannot be used: the collection is locked."
    )


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert refused(SecretReference(keyring="mail")) == (
        "the system keyring is not available; pip install 'heloscope[keyring]' installs it."
    )
