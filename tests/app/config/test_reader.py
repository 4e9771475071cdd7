"""Valid settings in the user's file apply; mistakes are reported with their line and ignored."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from heloscope.app.config.model import Configuration, Connecting, SecretReference, Server
from heloscope.app.config.reader import load
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("HELOSCOPE_"):
            monkeypatch.delenv(name)


def read(folder: Path, content: str | bytes) -> Configuration:
    file = folder / "config.toml"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    file.chmod(0o600)
    return load(file)


def told(folder: Path, content: str | bytes) -> list[str]:
    """Return the problems, without the name of the file."""
    problems = read(folder, content).problems
    name = f"{folder}/config.toml"
    assert all(problem.sentence.startswith(name) for problem in problems)
    return [problem.sentence.removeprefix(name).removeprefix(":") for problem in problems]


def test_without_a_file_all_is_at_its_default(tmp_path: Path):
    found = load(tmp_path / "config.toml")
    assert found == Configuration(place=str(tmp_path / "config.toml"))
    assert found.history and found.record and found.panel and not found.ladder


def test_what_the_file_says_is_what_counts(tmp_path: Path):
    found = read(
        tmp_path,
        """
        theme = "nord"
        history = false
        [connect]
        ehlo = "me.example"
        timeout = 30
        [servers.mail]
        target = "mail.example.org:587"
        tls = "required"
        ca = "my/ca.pem"
        user = "alice"
        secret = {command = ["pass", "mail"]}
        [servers.inside]
        target = "unix:/run/lmtp"
        verify = false
        """,
    )
    assert found.problems == []
    assert (found.theme, found.history) == ("nord", False)
    assert found.connect == Connecting(ehlo="me.example", timeout=30.0)
    assert found.servers == {
        "mail": Server(
            target="mail.example.org:587",
            tls="required",
            ca=f"{tmp_path}/my/ca.pem",
            user="alice",
            secret=SecretReference(command=("pass", "mail")),
        ),
        "inside": Server(target="unix:/run/lmtp", verify=False),
    }


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("theme = 5", "1: theme: must be text in quotes, not 5."),
        ("\nhistory = 'no'", "2: history: must be true or false, not 'no'."),
        ("histroy = true", "1: the file has no key histroy. Did you mean history?"),
        ("theme = 'nord'\ntimeout = 3", ("2: the file has no key timeout. "
         "It belongs in the table [connect] or in a server's table.")),
        ("[conect]", "1: the file has no key conect. Did you mean connect?"),
        ("connect = 1", "1: connect must be a table, [connect], not 1."),
        ("[connect]\ntls = 'on'",
         "2: tls: must be one of none, offered, required, implicit. Got 'on'."),
        ("[connect]\ntimeout = 0",
         "2: timeout: must be more than 0 and at most 86,400 seconds. Got 0."),
        ("[connect]\ntimeout = nan",
         "2: timeout: must be more than 0 and at most 86,400 seconds. Got nan."),
        ("[connect]\nsource = 'here'",
         ("2: source: must be an IP address of this machine, such as 192.0.2.1 or 2001:db8::1. "
          "Got 'here'.")),
        ("[connect]\nehlo = 'a b'",
         ("2: ehlo: must be one word: a host name, or an address such as [192.0.2.1]. "
          "Got 'a b'.")),
        ("[connect]\nuser = 'a'",
         ("2: [connect] has no key user. The keys are tls, ca, cert, key, server_name, verify, "
          "ehlo, source, timeout.")),
        ("[connect]\nkey = 'a'", "2: key needs cert, the certificate that it belongs to."),
        ("[servers.a]\ntls = 'none'", "1: the server a has no target."),
        ("[servers.a]\ntarget = 'h:0'",
         "2: target: A port must be a number from 1 to 65535, not '0'. Got 'h:0'."),
        ("[servers.a]\ntarget = 'h'\ntargte = 'x'",
         "3: [servers.a] has no key targte. Did you mean target?"),
        ("[servers.a]\ntarget = 'h'\nca = 'x'\ntls = 'none'",
         '3: tls = "none" excludes TLS, but ca configures it.'),
        ("[servers.a]\ntarget = 'h'\nmechanism = 'PLAIN'",
         "3: mechanism needs user, the user name to log in with."),
        ("[servers.a]\ntarget = 'h'\nsecret = {env = 'A'}",
         "3: secret needs user, the user name that it belongs to."),
        ("[servers]\n'a b' = {target = 'h'}",
         "2: 'a b' is not a valid server name; use letters, digits, - and _."),
        ("[servers]\nmail = 'h'", "2: a server must be a table, [servers.mail], not 'h'."),
        ("a = ", "1: this is not valid TOML: Invalid value."),
        ("[a]\n[a]", "2: this is not valid TOML: Cannot declare ('a',) twice."),
        ("theme = 'a\\u001b[2J'\nx = [", "2: this is not valid TOML: Invalid value."),
        ('theme = "\\u001b[2J"', ("1: theme: must not contain control characters. "
         "Got '\\x1b[2J'.")),
        (b"\xff\xfet\0h\0", "1: the file is UTF-16; save it as UTF-8."),
        (b"\xef\xbb\xbftheme = 'nord'",
         "1: the file begins with a byte order mark (BOM); save it as UTF-8 without one."),
        (b"\n\ntheme = '\0'", "3: the line contains a NUL byte, so the file is not text."),
        (b"\ntheme = '\xe4'", "2: the line is not valid UTF-8."),
        ("x = " + "[" * 100_000, "1: this is not valid TOML: it is nested too deeply."),
        (b"#" * 10_000_000, " it is larger than 262,144 bytes."),
    ],
    ids=lambda value: repr(value)[:30],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(tmp_path: Path, content: str | bytes, wanted: str):
    assert told(tmp_path, content) == [wanted]


def test_only_what_is_wrong_is_left_out(tmp_path: Path):
    found = read(
        tmp_path,
        "theme = 'nord'\nhistory = 3\n[servers.good]\ntarget = 'a'\n"
        "[servers.bad]\ntarget = 'b'\nverify = 'no'\n",
    )
    assert (found.theme, found.history) == ("nord", True)
    assert [*found.servers] == ["good"]
    assert [problem.place.rpartition(":")[2] for problem in found.problems] == ["2", "7"]


SECRET = "xyzzy-plugh-42"


@pytest.mark.parametrize(
    "lines",
    [
        f"secret = '{SECRET}'",
        f"secret = ['{SECRET}']",
        f"secret = {{value = '{SECRET}'}}",
        f"secret = {{env = ['{SECRET}']}}",
        f"secret = {{command = 'echo {SECRET}'}}",
        f"secret = {{keyring = {{a = '{SECRET}'}}}}",
        f"password = '{SECRET}'",
        f"token = '{SECRET}'",
        f"secrte = '{SECRET}'",
        f"target = 'smtp://alice:{SECRET}@mail.example.org'",
        f"tls = 'alice:{SECRET}@mail.example.org'",
    ],
)  # fmt: skip
def test_a_secret_in_the_file_is_refused_and_never_repeated(tmp_path: Path, lines: str):
    target = "" if lines.startswith("target") else "target = 'h'\n"
    found = read(tmp_path, f"[servers.a]\nuser = 'alice'\n{target}{lines}\n")
    assert found.servers == {}
    (problem,) = found.problems
    assert SECRET not in problem.sentence
    if lines.startswith(("secret = '", "secret = {value", "password", "token")):
        assert "a secret must not be in this file." in problem.text


def test_a_secret_in_two_places_is_refused(tmp_path: Path):
    places = "{env = 'MAIL', command = ['pass', 'mail']}"
    found = read(tmp_path, f"[servers.a]\ntarget = 'h'\nuser = 'alice'\nsecret = {places}\n")
    (problem,) = found.problems
    assert problem.sentence.endswith(
        ":4: a secret must be in only one place, not in command and env."
    )


@pytest.mark.parametrize("name", ["ENV", "KEYRING"])
def test_an_empty_reference_is_told(tmp_path: Path, name: str):
    kind = name.lower()
    wanted = f"4: secret: {kind} must not be empty."
    lines = f"[servers.a]\ntarget = 'h'\nuser = 'a'\nsecret = {{{kind} = ''}}"
    assert told(tmp_path, lines) == [wanted]


# The file itself


def test_a_pipe_in_its_place_is_told_at_once(tmp_path: Path):
    os.mkfifo(tmp_path / "config.toml")
    (problem,) = load(tmp_path / "config.toml").problems
    assert problem.text == "it is a named pipe, not a file."


def test_a_device_or_a_folder_in_its_place_is_told(tmp_path: Path):
    assert load(Path("/dev/zero")).problems[0].sentence == "/dev/zero: it is a device, not a file."
    assert load(tmp_path).problems[0].text == "it is a folder, not a file."


def test_a_file_that_others_can_write_to_is_not_used(tmp_path: Path):
    read(tmp_path, "theme = 'nord'")
    (tmp_path / "config.toml").chmod(0o666)
    found = load(tmp_path / "config.toml")
    assert found.theme == ""
    assert found.problems[0].text == "other users can write to it; chmod go-w prevents that."


def test_a_link_is_followed_and_the_mode_of_the_file_is_left_as_it_is(tmp_path: Path):
    (tmp_path / "real.toml").write_text("theme = 'nord'")
    (tmp_path / "real.toml").chmod(0o644)
    (tmp_path / "config.toml").symlink_to("real.toml")
    assert load(tmp_path / "config.toml").theme == "nord"
    assert (tmp_path / "real.toml").stat().st_mode & 0o777 == 0o644


def test_a_link_to_nowhere_is_told(tmp_path: Path):
    (tmp_path / "config.toml").symlink_to("gone.toml")
    assert load(tmp_path / "config.toml").problems[0].text == "this is a dangling symbolic link."


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(path: object) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("heloscope.app.config.location.open_regular", refuse)
    assert load(tmp_path / "config.toml").problems[0].text == "Permission denied."


def test_the_variable_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "other.toml").write_text("theme = 'nord'")
    (tmp_path / "other.toml").chmod(0o600)
    monkeypatch.setenv("HELOSCOPE_CONFIG", f"{tmp_path}/other.toml")
    assert load().theme == "nord"
    monkeypatch.setenv("HELOSCOPE_CONFIG", f"{tmp_path}/none.toml")
    assert [problem.sentence for problem in load().problems] == [
        f"{tmp_path}/none.toml: file not found (named by HELOSCOPE_CONFIG)."
    ]


# The environment


def test_a_variable_counts_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HELOSCOPE_THEME", "dracula")
    monkeypatch.setenv("HELOSCOPE_HISTORY", "off")
    monkeypatch.setenv("HELOSCOPE_TIMEOUT", "7.5")
    monkeypatch.setenv("HELOSCOPE_VERIFY", "no")
    found = read(tmp_path, "theme = 'nord'\n[connect]\ntimeout = 3")
    assert (found.theme, found.history) == ("dracula", False)
    assert found.environment == Connecting(timeout=7.5, verify=False)
    assert found.connect == Connecting(timeout=3.0)


def test_a_mistake_in_a_variable_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HELOSCOPE_TIMEOUT", "soon")
    monkeypatch.setenv("HELOSCOPE_RECORD", "maybe")
    assert [problem.sentence for problem in read(tmp_path, "").problems] == [
        "environment variable HELOSCOPE_RECORD: must be true or false, not maybe.",
        "environment variable HELOSCOPE_TIMEOUT: must be a number of seconds, not soon.",
    ]


# Anything at all


@given(st.binary(max_size=400))
def test_no_bytes_raise(tmp_path_factory: pytest.TempPathFactory, content: bytes):
    found = read(tmp_path_factory.mktemp("config"), content)
    assert all(problem.sentence.isprintable() for problem in found.problems)


VALUES = st.recursive(
    st.sampled_from(["1", "true", "'x'", "'smtp://h'", "1979-05-27", "nan", "-1", "''", "1e999"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda words: f"[{', '.join(words)}]")
        | st.dictionaries(st.sampled_from(["env", "command", "a"]), inner, max_size=2).map(
            lambda table: "{" + ", ".join(f"{key} = {value}" for key, value in table.items()) + "}"
        )
    ),
    max_leaves=4,
)
KEYS = st.sampled_from(
    ["theme", "history", "connect", "servers", "keys", "servers.a", "servers.a.target",
     "servers.a.secret", "keys.help", "connect.timeout", "connect.tls", "servers.a.user"]
)  # fmt: skip


@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_no_toml_raises(tmp_path_factory: pytest.TempPathFactory, table: dict[str, str]):
    text = "".join(f"{key} = {value}\n" for key, value in table.items())
    found = read(tmp_path_factory.mktemp("config"), text)
    assert all(problem.sentence.isprintable() for problem in found.problems)
