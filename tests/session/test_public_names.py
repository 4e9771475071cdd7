"""What `heloscope.session` exports: one list, told three times, and nothing imported before use."""

from __future__ import annotations

import ast
import inspect
import json
import subprocess
import sys
from pathlib import Path

import heloscope.session as session
import pytest
from heloscope.session import version

SOURCE = ast.parse(Path(inspect.getfile(session)).read_text(encoding="utf-8"))


def imported_for_types() -> dict[str, str]:
    """Name -> module, of the imports that only a type checker sees."""
    block = next(node for node in SOURCE.body if isinstance(node, ast.If))
    return {
        alias.name: node.module or ""
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def modules_after(code: str) -> set[str]:
    """What a fresh interpreter has imported after `code`."""
    code += "\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(done.stdout))


def test_the_type_checker_sees_the_modules_that_names_are_taken_from():
    assert imported_for_types() == session._MODULES


def test_all_lists_the_names_and_the_version():
    assert set(session.__all__) == {*session._MODULES, "__version__"}
    assert len(session.__all__) == len(set(session.__all__))


def test_dir_shows_what_is_public_and_nothing_else():
    assert dir(session) == sorted(session.__all__)


@pytest.mark.parametrize("name", session.__all__)
def test_each_name_can_be_imported_and_is_documented(name: str):
    found = getattr(session, name)
    if name == "__version__":
        assert found == version.VERSION
    else:
        assert inspect.getdoc(found)


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Recorder'"):
        _ = session.Recorder  # pyright: ignore[reportAttributeAccessIssue] (what is tested)


def test_the_package_alone_imports_next_to_nothing():
    before = modules_after("")
    new = modules_after("import heloscope.session") - before
    assert {name for name in new if name.startswith("heloscope")} == {
        "heloscope", "heloscope.session", "heloscope.session.version",
    }  # fmt: skip
    assert not new & {"asyncio", "msgspec", "typing", "importlib", "ssl", "smtplib"}


def test_the_blocking_driver_does_without_asyncio():
    modules = modules_after("from heloscope.session import SMTP, SMTP_SSL, LMTP")
    assert "heloscope.session.sync.smtp" in modules
    assert "heloscope.session.aio.session" not in modules


def test_session_shows_what_is_meant_to_be_used():
    shown = {name for name in dir(session.Session()) if not name.startswith("_")}
    assert shown == {
        # as smtplib has them
        "auth", "close", "command_encoding", "connect", "data", "docmd", "does_esmtp", "ehlo",
        "ehlo_or_helo_if_needed", "ehlo_resp", "esmtp_features", "expn", "has_extn", "helo",
        "helo_resp", "help", "login", "mail", "noop", "quit", "rcpt", "rset", "send_message",
        "sendmail", "starttls", "verify", "vrfy",
        # beyond smtplib: what goes out
        "bdat", "check", "greeting", "handshake", "leave",
        "open", "probe", "run", "send_line", "send_raw",
        # beyond smtplib: what can be seen
        "clock", "connected", "connection", "conversation", "elapsed", "events", "handshake_left",
        "lmtp", "login_procedure", "manner", "mechanisms", "news", "note", "stage", "state",
        "subscribe", "target", "timeouts", "tls", "tls_settings", "transcript", "waiting",
    }  # fmt: skip


@pytest.mark.parametrize(
    "owner", [session.Session, session.SMTP, session.LMTP, session.Stepper, session.Manual]
)
def test_every_public_method_says_what_it_does(owner: type):
    for name, member in inspect.getmembers(owner):
        if not name.startswith("_") and (
            inspect.isfunction(member) or isinstance(member, property)
        ):
            assert inspect.getdoc(member), f"{owner.__name__}.{name}"
