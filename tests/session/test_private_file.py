"""Files that only their user may read, and that are never found half written."""

from __future__ import annotations

import os
import resource
import signal
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from heloscope.session import private_file


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def careless_umask() -> Iterator[None]:
    """Let others read any file that is created without a mode."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.parametrize("opened", [private_file.create, private_file.append])
def test_a_new_file_is_the_users_alone_and_not_inherited(
    tmp_path: Path, opened: Callable[[Path], int]
):
    fd = opened(tmp_path / "new")
    os.write(fd, b"one")
    os.write(fd, b"two")
    assert not os.get_inheritable(fd)
    os.close(fd)
    assert mode(tmp_path / "new") == 0o600
    assert (tmp_path / "new").read_bytes() == b"onetwo"


def test_a_file_that_exists_is_not_created_again(tmp_path: Path):
    (tmp_path / "old").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        private_file.create(tmp_path / "old")
    assert (tmp_path / "old").read_bytes() == b"old"


def test_data_is_appended_after_what_is_there(tmp_path: Path):
    (tmp_path / "old").write_bytes(b"old\n")
    fd = private_file.append(tmp_path / "old")
    os.write(fd, b"new\n")
    os.close(fd)
    assert (tmp_path / "old").read_bytes() == b"old\nnew\n"


def test_a_replaced_file_is_the_users_alone_and_has_only_the_new_content(tmp_path: Path):
    (tmp_path / "old").write_bytes(b"a long old content")
    private_file.replace(tmp_path / "old", b"new")
    assert (tmp_path / "old").read_bytes() == b"new"
    assert mode(tmp_path / "old") == 0o600
    assert os.listdir(tmp_path) == ["old"]


def test_a_replacement_that_fails_leaves_the_old_content_and_nothing_next_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object) -> None:
        raise OSError("no")

    (tmp_path / "old").write_bytes(b"old")
    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="no"):
        private_file.replace(tmp_path / "old", b"new")
    assert (tmp_path / "old").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["old"]


def test_a_file_without_a_name_can_be_used_but_is_not_listed(tmp_path: Path):
    fd = private_file.unnamed(tmp_path)
    os.pwrite(fd, b"octets", 0)
    assert os.pread(fd, 6, 0) == b"octets"
    assert stat.S_IMODE(os.fstat(fd).st_mode) == 0o600
    assert os.listdir(tmp_path) == []
    os.close(fd)


def test_a_folder_is_the_users_alone(tmp_path: Path):
    private_file.make_folder(tmp_path / "a" / "b")
    private_file.make_folder(tmp_path / "a" / "b")
    assert mode(tmp_path / "a" / "b") == 0o700


# What is in the way


def pipe(path: Path) -> None:
    os.mkfifo(path)


def link(path: Path) -> None:
    (path.parent / "real").write_bytes(b"real")
    path.symlink_to(path.parent / "real")


def link_to_nowhere(path: Path) -> None:
    path.symlink_to(path.parent / "nowhere")


def link_to_a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


def socket_file(path: Path) -> None:
    made = socket.socket(socket.AF_UNIX)
    here = os.getcwd()
    os.chdir(path.parent)  # the path of a socket is short
    made.bind(path.name)
    os.chdir(here)
    made.close()


IN_THE_WAY = [
    (pipe, "it is a named pipe, not a regular file; remove it"),
    (link, "it is a symbolic link, not a regular file; remove it"),
    (link_to_nowhere, "it is a symbolic link, not a regular file; remove it"),
    (link_to_a_device, "it is a symbolic link, not a regular file; remove it"),
    (folder, "it is a folder, not a regular file; remove it"),
    (socket_file, "it is a socket, not a regular file; remove it"),
]
USES: list[Callable[[Path], object]] = [
    private_file.append,
    lambda path: private_file.replace(path, b"new"),
    lambda path: private_file.read_all(path, 100),
    lambda path: private_file.read_end(path, 100),
]


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize(("make", "words"), IN_THE_WAY)
def test_anything_but_a_file_is_refused_at_once_and_unchanged(
    tmp_path: Path, make: Callable[[Path], None], words: str, use: Callable[[Path], object]
):
    make(tmp_path / "it")
    kind = stat.S_IFMT(os.lstat(tmp_path / "it").st_mode)
    with pytest.raises(private_file.UnsafeFile) as refused:
        use(tmp_path / "it")
    assert private_file.reason(refused.value) == f"{words} ({tmp_path / 'it'})"
    assert stat.S_IFMT(os.lstat(tmp_path / "it").st_mode) == kind
    if (tmp_path / "real").exists():
        assert (tmp_path / "real").read_bytes() == b"real"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(("make", "words"), IN_THE_WAY)
def test_nothing_is_created_over_or_through_what_is_there(
    tmp_path: Path, make: Callable[[Path], None], words: str
):
    make(tmp_path / "it")
    with pytest.raises(FileExistsError):
        private_file.create_with(tmp_path / "it", b"new")
    assert os.path.lexists(tmp_path / "it")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("use", USES)
def test_a_file_of_another_users_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, use: Callable[[Path], object]
):
    (tmp_path / "it").write_bytes(b"theirs")
    monkeypatch.setattr(private_file, "check_folder", lambda _: None)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(private_file.UnsafeFile, match="it belongs to another user; remove it"):
        use(tmp_path / "it")
    assert (tmp_path / "it").read_bytes() == b"theirs"


@pytest.mark.parametrize("use", USES)
def test_the_mode_of_an_older_file_is_corrected(tmp_path: Path, use: Callable[[Path], object]):
    (tmp_path / "it").write_bytes(b"old")
    (tmp_path / "it").chmod(0o666)
    tmp_path.chmod(0o700)
    use(tmp_path / "it")
    assert mode(tmp_path / "it") == 0o600


def test_a_file_is_read_up_to_a_limit(tmp_path: Path):
    (tmp_path / "it").write_bytes(b"0123456789")
    assert private_file.read_end(tmp_path / "it", 4) == b"6789"
    assert private_file.read_end(tmp_path / "it", 40) == b"0123456789"
    assert private_file.read_all(tmp_path / "it", 10) == b"0123456789"
    with pytest.raises(private_file.UnsafeFile, match="it is larger than 9 bytes; remove it"):
        private_file.read_all(tmp_path / "it", 9)


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Limit the size of every file to a thousand octets."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # Python would leave half a .pyc behind
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limit[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    signal.signal(signal.SIGXFSZ, before)


@pytest.mark.usefixtures("full_disk")
def test_a_file_that_could_not_be_written_whole_is_removed(tmp_path: Path):
    with pytest.raises(OSError, match="too large"):
        private_file.create_with(tmp_path / "it", b"x" * 100_000)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/dev/tty"])
def test_a_device_that_the_user_named_is_not_read(path: str):
    with pytest.raises(OSError):
        private_file.open_regular(path)


def test_a_pipe_that_the_user_named_is_refused_at_once(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(private_file.UnsafeFile, match="it is a named pipe, not a file"):
        private_file.open_regular(tmp_path / "pipe")


def test_a_file_that_the_user_named_is_read_whoever_can_read_it_and_keeps_its_mode(tmp_path: Path):
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o777)
    (folder / "it").write_bytes(b"abc")
    (folder / "it").chmod(0o644)
    assert private_file.read_named(folder / "it", 3) == b"abc"
    assert (folder / "it").stat().st_mode & 0o777 == 0o644
    with pytest.raises(private_file.UnsafeFile, match="it is larger than 2 bytes"):
        private_file.read_named(folder / "it", 2)


def test_a_link_that_the_user_named_is_followed(tmp_path: Path):
    link(tmp_path / "it")
    fd = private_file.open_regular(tmp_path / "it")
    assert os.read(fd, 10) == b"real"
    os.close(fd)


# Folders


def test_every_folder_that_is_made_is_the_users_alone(tmp_path: Path):
    private_file.make_folder(tmp_path / "a" / "b" / "c")
    assert [mode(tmp_path / "a"), mode(tmp_path / "a" / "b")] == [0o700, 0o700]


@pytest.mark.parametrize("others", [0o720, 0o702, 0o777, 0o1777])
@pytest.mark.parametrize("linked", [False, True])
def test_a_folder_that_others_can_write_to_is_refused(tmp_path: Path, others: int, linked: bool):
    real = place = tmp_path / "state"
    real.mkdir()
    real.chmod(others)
    if linked:
        place = tmp_path / "link"
        place.symlink_to(real)
    for use in (private_file.make_folder, private_file.check_folder):
        with pytest.raises(private_file.UnsafeFile) as refused:
            use(place)
        assert private_file.reason(refused.value) == (
            f"other users can write to the folder; run chmod go-w on it ({place})"
        )
    (real / "history").write_bytes(b"planted")
    with pytest.raises(private_file.UnsafeFile, match="other users can write"):
        private_file.read_all(place / "history", 100)


def test_a_folder_of_another_users_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(private_file.UnsafeFile, match="the folder belongs to another user"):
        private_file.make_folder(tmp_path)


def test_a_link_to_a_folder_of_ones_own_is_used(tmp_path: Path):
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    private_file.make_folder(tmp_path / "link")


def test_the_folder_above_must_not_be_everybodys_unless_it_is_sticky(tmp_path: Path):
    above, place = tmp_path / "above", tmp_path / "above" / "state"
    private_file.make_folder(place)
    above.chmod(0o1777)
    private_file.make_folder(place)
    above.chmod(0o777)
    with pytest.raises(private_file.UnsafeFile, match="all users can write to the parent folder"):
        private_file.make_folder(place)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (pipe, "it is a named pipe, not a folder"),
        (lambda path: path.write_bytes(b""), "it is a file, not a folder"),
        (link_to_nowhere, "it is a symbolic link whose target does not exist"),
        (link_to_a_device, "it is a device, not a folder"),
    ],
)
def test_anything_but_a_folder_is_refused(
    tmp_path: Path, make: Callable[[Path], object], words: str
):
    make(tmp_path / "state")
    with pytest.raises(private_file.UnsafeFile, match=words):
        private_file.make_folder(tmp_path / "state")


def test_a_reason_contains_no_terminal_control_sequences(tmp_path: Path):
    os.mkfifo(tmp_path / "a\x1b[2Jb")
    with pytest.raises(private_file.UnsafeFile) as refused:
        private_file.read_all(tmp_path / "a\x1b[2Jb", 9)
    assert private_file.reason(refused.value).endswith("a\\x1b[2Jb)")


# What the user names for writing


def test_a_named_pipe_that_no_program_reads_is_refused_at_once(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(private_file.UnsafeFile, match="no program is reading from this named pipe"):
        private_file.open_output(tmp_path / "pipe")


def test_a_named_pipe_with_a_reader_gets_all_that_is_written(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    pipe = tmp_path / "pipe"
    private_file.overwrite(pipe, private_file.open_output(pipe), b"report")
    assert os.read(reader, 100) == b"report"
    os.close(reader)


def test_a_file_keeps_what_is_in_it_until_it_is_overwritten(tmp_path: Path):
    (tmp_path / "old").write_bytes(b"longer than new")
    fd = private_file.open_output(tmp_path / "old")
    assert (tmp_path / "old").read_bytes() == b"longer than new"
    private_file.overwrite(tmp_path / "old", fd, b"new")
    assert (tmp_path / "old").read_bytes() == b"new"


@pytest.mark.usefixtures("full_disk")
@pytest.mark.parametrize("before", [b"", b"yesterday"])
def test_a_file_that_cannot_be_written_whole_keeps_what_it_had(tmp_path: Path, before: bytes):
    file = tmp_path / "report.xml"
    if before:
        file.write_bytes(before)
    with pytest.raises(OSError, match="File too large"):
        private_file.overwrite(file, private_file.open_output(file), b"x" * 2000)
    left = [(each.name, each.read_bytes()) for each in tmp_path.iterdir()]
    assert left == ([("report.xml", before)] if before else [])


def test_a_file_that_is_overwritten_keeps_its_mode_and_its_names(tmp_path: Path):
    file, link, name = tmp_path / "a", tmp_path / "link", tmp_path / "name"
    file.write_bytes(b"old")
    file.chmod(0o640)
    link.symlink_to(file)
    private_file.overwrite(link, private_file.open_output(link), b"new")
    assert (link.is_symlink(), file.read_bytes(), file.stat().st_mode & 0o777) == (
        True, b"new", 0o640,
    )  # fmt: skip
    name.hardlink_to(file)
    private_file.overwrite(file, private_file.open_output(file), b"newer")
    assert name.read_bytes() == b"newer"


def test_a_file_in_a_folder_that_cannot_be_changed_is_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "report.xml"
    file.write_bytes(b"old, and longer")

    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    private_file.overwrite(file, private_file.open_output(file), b"new")
    assert file.read_bytes() == b"new"
