"""Changing the file preserves comments, links, the mode, and another program's changes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from heloscope.app.config.editor import NotWritten, changed, save_server, write
from heloscope.app.config.model import SecretReference, Server
from heloscope.app.config.reader import load

TEXT = """\
# mine
theme = 'nord'   # dark

[connect]        # for all
timeout = 3
# ehlo = "a"

[servers.mail]
target = "h"  # the old one
user = "alice"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    named = tmp_path / "config.toml"
    named.write_text(TEXT)
    named.chmod(0o640)
    return named


def test_only_the_value_changes_and_comments_and_mode_stay(file: Path):
    write(file, {("theme",): "dracula", ("connect", "timeout"): 5})
    wanted = TEXT.replace("'nord'", '"dracula"').replace("timeout = 3", "timeout = 5")
    assert file.read_text() == wanted
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_value_that_is_set_already_changes_nothing(file: Path):
    before = file.stat().st_ino
    write(file, {("theme",): "nord", ("servers", "none"): None, ("x", "y"): None})
    assert (file.read_text(), file.stat().st_ino) == (TEXT, before)


def test_new_values_and_tables_are_put_in_their_place(file: Path):
    write(
        file, {("history",): False, ("keys", "reconnect"): "ctrl+e", ("connect", "timeout"): None}
    )
    found = load(file)
    assert (found.problems, found.history, found.theme) == ([], False, "nord")
    assert found.keys == {"reconnect": "ctrl+e"}
    assert found.connect.timeout is None
    assert file.read_text().startswith("# mine\ntheme = 'nord'   # dark\n")


def test_a_file_that_is_not_there_is_made_for_the_user_alone(tmp_path: Path):
    file = tmp_path / "new" / "config.toml"
    server = Server(target="h:587", tls="required", timeout=4.5, verify=False, user="alice",
                    secret=SecretReference(command=("pass", "mail")))  # fmt: skip
    save_server(file, "mail", server)
    assert file.stat().st_mode & 0o777 == 0o600
    found = load(file)
    assert (found.problems, found.servers) == ([], {"mail": server})
    save_server(file, "other", Server(target="o"))
    assert [*load(file).servers] == ["mail", "other"]


def test_a_profile_is_changed_in_its_place(file: Path):
    save_server(file, "mail", Server(target="h:587", tls="required"))
    text = file.read_text()
    assert 'target = "h:587"  # the old one\n' in text
    assert load(file).servers == {"mail": Server(target="h:587", tls="required")}


def test_a_link_is_followed(file: Path, tmp_path: Path):
    link = tmp_path / "link.toml"
    link.symlink_to("config.toml")
    write(link, {("theme",): "dracula"})
    assert link.is_symlink()
    assert load(file).theme == "dracula"


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"a = ", "it contains an error: Invalid value"),
        (b"\xff\xfea\0", "the file is UTF-16"),
        (b"a = '\xe4'", "not valid UTF-8"),
        (b"x = " + b"[" * 100_000, "nested too deeply"),
        (b"connect = 1", "its layout cannot be kept"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_file_that_cannot_be_read_is_not_touched(file: Path, content: bytes, wanted: str):
    file.write_bytes(content)
    with pytest.raises(NotWritten, match=wanted):
        write(file, {("connect", "timeout"): 5})
    assert file.read_bytes() == content
    assert [path.name for path in file.parent.iterdir()] == ["config.toml"]


def test_what_the_reader_would_refuse_is_not_written(file: Path):
    with pytest.raises(NotWritten, match="timeout: must be more than 0"):
        write(file, {("connect", "timeout"): 0})
    assert file.read_text() == TEXT


def test_a_pipe_and_a_read_only_file_are_refused(file: Path, tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="it is a named pipe"):
        write(tmp_path / "pipe", {("theme",): "nord"})
    file.chmod(0o400)
    with pytest.raises(NotWritten, match="it is read-only"):
        write(file, {("theme",): "dracula"})


def test_a_full_disk_leaves_the_file_as_it_was(file: Path, monkeypatch: pytest.MonkeyPatch):
    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write(file, {("theme",): "dracula"})
    assert file.read_text() == TEXT
    assert [path.name for path in file.parent.iterdir()] == ["config.toml"]


WRITER = """
import sys
from pathlib import Path
from heloscope.app.config.editor import write
for number in range(10):
    write(Path(sys.argv[1]), {("servers", f"s{sys.argv[2]}{number}", "target"): "h"})
"""


def test_two_programs_that_write_at_once_lose_nothing(file: Path):
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(file), name]) for name in ("a", "b")
    ]
    assert [process.wait(60) for process in running] == [0, 0]
    names = {f"s{name}{number}" for name in "ab" for number in range(10)}
    found = load(file)
    assert (found.problems, {*found.servers}) == ([], names | {"mail"})


AROUND = """\
[servers.a]  # first
target = "a"

# about b
[servers.b]
target = "b"
x = [
  "y",
]

[keys]
help = "f13"
"""


def test_a_new_value_stands_with_its_table_and_not_behind_the_next_comment():
    text = changed(Path("c.toml"), AROUND, {("servers", "a", "user"): "joe"})
    assert text == AROUND.replace('target = "a"\n', 'target = "a"\nuser = "joe"\n')


def test_a_new_server_stands_apart():
    text = changed(Path("c.toml"), AROUND, {("servers", "c"): {"target": "c"}})
    assert '\n]\n\n[servers.c]\ntarget = "c"\n\n[keys]\n' in text


def test_a_server_goes_and_the_comments_around_it_stay():
    text = changed(Path("c.toml"), AROUND, {("servers", "a"): None})
    assert text == AROUND[AROUND.index("\n# about b") :]
    text = changed(Path("c.toml"), AROUND, {("servers", "b"): None})
    assert text == '[servers.a]  # first\ntarget = "a"\n\n# about b\n\n[keys]\nhelp = "f13"\n'


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('[ servers . "a" ]  # x\ntarget = "h"\n', '[ servers . b ]  # x\ntarget = "h"\n'),
        ('[servers.a]\ntarget = "h"\nuser = "u"\n[servers.a.secret]\nenv = "X"\n',
         '[servers.b]\ntarget = "h"\nuser = "u"\n[servers.b.secret]\nenv = "X"\n'),
        ('[servers]\na = {target = "h"}  # x\n', '[servers]\n\n[servers.b]\ntarget = "h"\n'),
    ],
)  # fmt: skip
def test_a_server_is_renamed(text: str, wanted: str):
    assert changed(Path("c.toml"), text, {}, ("a", "b")) == wanted


def test_a_secret_that_is_a_table_stays_one_with_the_comments_behind_it():
    text = '[servers.a]\ntarget = "a"\nuser = "u"\n[servers.a.secret]\nenv = "X"\n\n# b\n[keys]\n'
    found = changed(Path("c.toml"), text, {("servers", "a", "secret"): {"keyring": "k"}})
    assert found == text.replace('env = "X"', 'keyring = "k"')


SECRET = """[servers.a]
target = "a"
user = "u"

# the secret
[servers.a.secret]
env = "X"

# about b
[servers.b]
target = "b"
"""


@pytest.mark.parametrize(
    "change",
    [{("servers", "a", "secret"): None}, {("servers", "a"): {"target": "a", "user": "u"}}],
)
def test_the_comments_around_a_secret_that_goes_stay(change: dict[tuple[str, ...], object]):
    found = changed(Path("c.toml"), SECRET, change)
    assert found == SECRET.replace('[servers.a.secret]\nenv = "X"\n', "")


def test_a_secret_that_is_a_table_is_changed_with_its_server():
    wanted = {"target": "a", "user": "u", "secret": {"keyring": "k"}}
    found = changed(Path("c.toml"), SECRET, {("servers", "a"): wanted})
    assert found == SECRET.replace('env = "X"', 'keyring = "k"')


def test_a_server_that_is_no_table_of_its_own_goes_too():
    text = changed(Path("c.toml"), 'servers.a.target = "a"\nservers.b.target = "b"\n',
                   {("servers", "a"): None})  # fmt: skip
    assert text.strip() == 'servers.b.target = "b"'
