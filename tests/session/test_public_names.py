"""What `heloscope.session` exports: one list in three places, and no import before its use."""

from __future__ import annotations

import ast
import inspect
import json
import re
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import heloscope.session as session
import pytest
from heloscope.session import version
from support.rows import for_each

SOURCE = ast.parse(Path(inspect.getfile(session)).read_text(encoding="utf-8"))


def imported_for_types() -> dict[str, str]:
    """Return the imports that only a type checker sees, as name -> module."""
    block = next(node for node in SOURCE.body if isinstance(node, ast.If))
    return {
        alias.name: node.module or ""
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def modules_after(code: str) -> set[str]:
    """Return the modules that a fresh interpreter has imported after running `code`."""
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


def test_the_module_of_events_shows_its_own_names():
    own = ast.parse(Path(inspect.getfile(session.events)).read_text(encoding="utf-8")).body
    made = {node.name for node in own if isinstance(node, ast.ClassDef)}
    made |= {
        target.id
        for node in own
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and not target.id.startswith("_")
    }
    assert dir(session.events) == sorted(made)


@for_each(session.__all__)
def test_each_name_can_be_imported_and_is_documented(name: str):
    found = getattr(session, name)
    if name == "__version__":
        assert found == version.VERSION
    else:
        assert inspect.getdoc(found)


# Attributes of instances that are for heloscope itself.
INNER = {
    "Conversation": {"due", "returns_replies"},
    "Stepper": {"likely", "settled"},
    "Transcript": {"marks", "fresh", "untold", "secrets", "timed"},
}


def described_attributes(kind: type) -> set[str]:
    """Return the attributes that `__init__` or the class defines with a string below them."""
    found: set[str] = set()
    tree = ast.parse(inspect.getsource(kind))
    blocks = [
        node.body
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        or (isinstance(node, ast.FunctionDef) and node.name == "__init__")
    ]
    for block in blocks:
        for node, after in pairwise(block):
            targets = node.targets if isinstance(node, ast.Assign) else []
            targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                found |= {
                    t.attr if isinstance(t, ast.Attribute) else ast.unparse(t) for t in targets
                }
    return {name for name in found if not name.startswith("_")}


@for_each([n for n in session.__all__ if inspect.isclass(getattr(session, n))])
def test_help_names_the_attributes_that_only_instances_have(name: str):
    kind: type = getattr(session, name)
    if not kind.__module__.startswith("heloscope"):
        return
    told = inspect.getdoc(kind) or ""
    fields = {*getattr(kind, "__struct_fields__", ()), *getattr(kind, "_fields", ())}
    wanted = described_attributes(kind) - fields  # help() lists those
    wanted -= INNER.get(name, set())
    assert {each for each in wanted if f"`{each}`" not in told} == set()


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


def test_the_blocking_driver_does_not_import_asyncio():
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
        "ask_on_flood", "flood_limit", "flooded", "read_on",
        "clock", "connected", "connection", "conversation", "elapsed", "events", "handshake_left",
        "lmtp", "login_procedure", "manner", "mechanisms", "news", "note", "stage", "state",
        "subscribe", "target", "timeouts", "tls", "tls_settings", "transcript", "waiting",
    }  # fmt: skip


def public_classes() -> dict[str, type]:
    """Return the public classes and the events, by name."""
    found = {name: getattr(session, name) for name in session.__all__}
    found |= vars(session.events)
    return {
        name: each
        for name, each in found.items()
        if inspect.isclass(each) and each.__module__.startswith("heloscope.")
    }


def own_members(owner: type) -> Iterator[tuple[str, Any]]:
    """Yield the name and definition of each public method and property that heloscope defines."""
    for name in dir(owner):
        kind = next((each for each in owner.__mro__ if name in vars(each)), None)
        if not name.startswith("_") and kind is not None and "heloscope" in kind.__module__:
            member = vars(kind)[name]
            member = getattr(member, "__func__", member)
            if inspect.isfunction(member) or isinstance(member, property):
                yield name, member


@for_each(public_classes())
def test_every_public_method_has_a_docstring_of_its_own(name: str):
    """An inherited docstring is not enough."""
    owner = public_classes()[name]
    assert vars(owner).get("__doc__"), name
    assert [member for member, each in own_members(owner) if not each.__doc__] == []


def test_the_types_in_public_signatures_are_public():
    package = Path(session.__file__).parent
    classes = {
        node.name
        for file in package.rglob("*.py")
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    }
    known = {*session.__all__, *vars(session.events)}
    callables = [getattr(session, name) for name in session.__all__]
    callables += [
        getattr(member, "fget", member)
        for owner in public_classes().values()
        for _, member in [*own_members(owner), ("", vars(owner).get("__init__"))]
    ]
    missing = {
        word: getattr(each, "__qualname__", "")
        for each in callables
        for annotation in getattr(each, "__annotations__", {}).values()
        for word in re.findall(r"\w+", re.sub(r"Annotated\[(.+?), .*", r"\1", str(annotation)))
        if word in classes and word not in known
    }
    assert missing == {"Watch": "ConnectedClients.watch"}  # for the practice server itself


def test_help_names_nothing_that_is_not_public():
    """The help names no file, module or private name, because its reader cannot look them up."""
    folders = {each.name for each in Path(session.__file__).parent.iterdir() if each.is_dir()}
    inner = re.compile(rf"\w+\.py\b|`_\w+|\b(?:{'|'.join(sorted(folders))})[./]\w+")
    told = {name: inspect.getdoc(getattr(session, name)) or "" for name in session.__all__}
    for name, owner in public_classes().items():
        told[name] = vars(owner).get("__doc__") or ""
        told |= {f"{name}.{member}": each.__doc__ or "" for member, each in own_members(owner)}
    named = {name: inner.findall(text) for name, text in told.items()}
    assert {name: words for name, words in named.items() if words} == {}


# A field whose name, with its type, says all that there is to say, is not told once more.
SELF_EVIDENT = {"at", "code", "text", "data", "name", "host", "port", "user", "version"}


@for_each(public_classes())
def test_help_says_what_each_field_is(name: str):
    owner = public_classes()[name]
    if owner in (session.Rule, session.Scenario):  # heloscope practice --fields lists theirs
        return
    fields = {*getattr(owner, "__struct_fields__", ()), *getattr(owner, "_fields", ())}
    told = " ".join(str(vars(kind).get("__doc__")) for kind in owner.__mro__[:-1])
    assert {each for each in fields - SELF_EVIDENT if f"`{each}`" not in told} == set()


def test_what_a_program_may_want_to_catch_is_there():
    theirs = {name for name in vars(smtplib) if name.startswith("SMTP") and name[4:5].isalpha()}
    assert theirs - {"SMTP"} <= set(session.__all__)
    assert session.SMTPException is smtplib.SMTPException
    package = Path(session.__file__).parent
    ours = {
        node.name
        for file in [package / "errors.py", *package.rglob("*/*.py")]
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
        and not {"practice", "archive", "foreign"} & {*file.parts}  # the application's own
        and any(ast.unparse(base).endswith(("Error", "Exception")) for base in node.bases)
    }
    # Of typed lines and scripts; of a step within a procedure; of a limit of time, whose context
    # makes TimeoutError of it; a RecordingError that asks for another reader; of an HTTP proxy, of
    # which its caller makes a DialError.
    internal = {"GrammarError", "PatternTooSlow", "Skipped", "Expired", "NoHeader", "NotConnected"}
    assert {name for name in ours - internal if not name.startswith("_")} <= set(session.__all__)
