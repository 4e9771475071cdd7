"""Files that only their user may read, and that are never found half written."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from heloscope.session import private_file


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def careless_umask() -> Iterator[None]:
    """Others may read what is created without a mode."""
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


def test_what_is_appended_goes_behind_what_is_there(tmp_path: Path):
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


def test_a_replacement_that_fails_leaves_the_old_content_and_nothing_beside_it(
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


def test_a_symbolic_link_stays_one(tmp_path: Path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    private_file.replace(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_a_file_without_a_name_is_read_and_written_and_not_listed(tmp_path: Path):
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
