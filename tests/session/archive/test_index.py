"""The index of recordings: what it finds, and that everything works without it."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from heloscope.session.archive import index as indexing
from heloscope.session.archive.index import Index
from heloscope.session.archive.query import Query, code_range, words_of
from heloscope.session.archive.recordings import Kept, find, pin, rename
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HEADER = {"heloscope": 1, "version": "0.1.0", "began": 1_790_000_000.0, "target": "mail.example"}
TALK = (
    ("S", "220 mail.example ready\r\n"),
    ("C", "MAIL FROM:<alice@example.net>\r\n"),
    ("S", "250 2.1.0 Ok\r\n"),
    ("C", "RCPT TO:<bob@example.org>\r\n"),
    ("S", "452 4.2.2 Mailbox of bob is over quota\r\n"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return made(tmp_path)


def made(path: Path) -> Path:
    where = path / "journal"
    where.mkdir(mode=0o700)
    return where


def lines(talk: tuple[tuple[str, str], ...] = TALK, **header: object) -> bytes:
    said = [{"at": float(at), "from": who, "text": text} for at, (who, text) in enumerate(talk)]
    return b"".join(json.dumps(line).encode() + b"\n" for line in ({**HEADER, **header}, *said))


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / f"{name}.jsonl"
    path.write_bytes(data)
    return path


def listed(folder: Path, query: Query | None = None) -> list[Kept]:
    with Index(folder) as index:
        index.update()
        assert index.trouble == ""
        return index.recordings(query)


def names(kept: list[Kept]) -> list[str]:
    return [each.path.stem for each in kept]


def test_a_recording_is_summed_up(folder: Path):
    write(folder, "a", lines())
    (kept,) = listed(folder)
    summary = kept.summary
    assert (summary.target, summary.rows, summary.codes) == (
        "mail.example", 5, {220: 1, 250: 1, 452: 1},
    )  # fmt: skip
    assert summary.envelope == "alice@example.net to bob@example.org"
    assert summary.outcome == "452 4.2.2 Mailbox of bob is over quota"
    assert (summary.began, summary.ended) == (1_790_000_000.0, 1_790_000_004.0)


def test_messages_that_were_accepted_are_counted_by_the_reply_to_their_end(folder: Path):
    talk = (
        ("S", "220 lmtp\r\n"), ("C", "DATA\r\n"), ("S", "354 go on\r\n"),
        ("C", "Subject: x\r\n"), ("C", ".\r\n"), ("S", "250 for one\r\n"),
        ("S", "250 for two\r\n"), ("C", "NOOP\r\n"), ("S", "250 ok\r\n"),
    )  # fmt: skip
    data = lines(talk).replace(b'x\\r\\n"}', b'x\\r\\n", "kind": "body"}')
    write(folder, "a", data)
    assert listed(folder)[0].summary.outcome == "2 messages accepted"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query(words_of("quota")), ["a"]),
        (Query(words_of("QUOTA bob@example.org")), ["a"]),
        (Query(words_of("quo")), []),
        (Query(words_of("quo"), typing=True), ["a"]),
        (Query(words_of("4.2.2")), ["a"]),
        (Query(words_of("mail.example")), ["b", "a"]),
        (Query(codes=(code_range("4xx"),)), ["a"]),
        (Query(codes=(code_range("220"),)), ["b", "a"]),
        (Query(codes=(code_range("220"), code_range("452"))), ["a"]),
        (Query(server="OTHER"), ["b"]),
        (Query(since=1_790_000_001), ["b"]),
        (Query(until=1_790_000_001), ["a"]),
        (Query(words_of('"quota')), ["a"]),
        (Query(words_of("quota*")), ["a"]),
    ],
)
def test_what_is_found(folder: Path, query: Query, found: list[str]):
    write(folder, "a", lines())
    write(folder, "b", lines(TALK[:1], target="other.example", began=1_790_000_100.0))
    assert names(listed(folder, query)) == found


def test_the_line_that_was_found_is_safe_to_show(folder: Path):
    write(folder, "a", lines((("S", "550 no \x1b[31m quota\r\n"),)))
    assert listed(folder, Query(("quota",)))[0].excerpt == r"550 no \x1b[31m quota"


def test_files_that_appear_grow_change_and_go_are_noticed(folder: Path):
    path = write(folder, "a", lines(TALK[:3]))
    with Index(folder) as index:
        index.update()
        assert index.recordings()[0].summary.rows == 3
        path.write_bytes(lines())
        index.update()
        assert index.recordings()[0].summary.rows == 5
        assert index.recordings()[0].summary.codes[220] == 1, "read on, not twice"
        write(folder, "b", lines(began=1_790_000_100.0))
        index.update()
        assert names(index.recordings()) == ["b", "a"]
        path.write_bytes(lines((("S", "554 another conversation, longer than the first\r\n"),) * 9))
        index.update()
        assert index.recordings()[1].summary.codes == {554: 9}
        assert names(index.recordings(Query(("alice",)))) == ["b"]
        path.unlink()
        index.update()
        assert names(index.recordings()) == ["b"]


def test_what_is_deleted_is_gone_from_the_index_file(folder: Path):
    path = write(folder, "a", lines((("S", "250 xylophone\r\n"),)))
    assert names(listed(folder, Query(("xylophone",)))) == ["a"]
    path.unlink()
    assert listed(folder) == []
    found = b"".join(file.read_bytes() for file in folder.parent.glob("recordings.db*"))
    assert b"250 xylophone" not in found


@pytest.mark.parametrize("damage", ["other schema", "no database", "page", "empty"])
def test_a_useless_index_is_made_again_and_names_survive(folder: Path, damage: str):
    path = write(folder, "a", lines())
    kept = listed(folder)
    rename(kept, kept[0], "over quota")
    pin(kept[0], pinned=True)
    file = folder.parent / "recordings.db"
    if damage == "other schema":
        with sqlite3.connect(file) as connection:
            connection.execute("PRAGMA user_version = 99")
        connection.close()
    elif damage == "page":
        data = bytearray(file.read_bytes())
        data[4096:] = b"\xaa" * (len(data) - 4096)
        file.write_bytes(data)
    else:
        file.write_bytes(b"no database at all" * 100 if damage == "no database" else b"")
    with Index(folder) as index:
        index.update()
        again = index.recordings(Query(words_of("quota")))
        assert bool(index.trouble) == (damage != "empty")
    assert [each.path for each in again] == [path]
    assert (again[0].label.name, again[0].label.pinned) == ("over quota", True)


def test_an_index_that_turns_out_damaged_while_it_is_used_is_made_again(folder: Path):
    write(folder, "a", lines())
    with Index(folder) as index:
        index.update()
        index._connection.execute("DROP TABLE said")  # pyright: ignore[reportPrivateUsage]
        assert names(index.recordings(Query(("quota",)))) == ["a"]
        assert index.trouble


def test_without_a_place_for_the_index_recordings_are_found_anyway(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    write(folder, "a", lines())

    def refuse(path: Path) -> int:
        raise PermissionError(30, "Read-only file system", str(path))

    monkeypatch.setattr("heloscope.session.private_file.append", refuse)
    with Index(folder) as index:
        index.update()
        assert names(index.recordings(Query(("quota",)))) == ["a"]
        assert "cannot be saved: Read-only file system" in index.trouble
    assert not (folder.parent / "recordings.db").exists()


def test_a_full_disk_is_reported_and_the_search_continues(folder: Path):
    write(folder, "a", lines((("S", f"250 {'quota ' * 20_000}\r\n"),)))
    with Index(folder) as index:
        connection = index._connection  # pyright: ignore[reportPrivateUsage]
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        index.update()
        assert names(index.recordings(Query(("quota",)))) == ["a"]
        assert "cannot be saved: database or disk is full" in index.trouble


def test_the_index_is_the_users_alone_and_no_link_is_followed(folder: Path, tmp_path: Path):
    write(folder, "a", lines())
    listed(folder)
    file = folder.parent / "recordings.db"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.unlink()
    other = tmp_path / "other"
    other.write_bytes(b"mine")
    file.symlink_to(other)
    with Index(folder) as index:
        index.update()
        assert names(index.recordings()) == ["a"]
        assert "it is a symbolic link, not a regular file" in index.trouble
    assert other.read_bytes() == b"mine"


def test_two_programs_index_at_once_and_nothing_is_indexed_twice(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(indexing, "BATCH", 5)
    for number in range(4):
        write(folder, f"r{number}", lines(TALK * 40))
    failed: list[BaseException] = []

    def run() -> None:
        try:
            with Index(folder) as index:
                index.update()
        except BaseException as error:  # told by the assertion below
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert [each.summary.codes[452] for each in listed(folder)] == [40] * 4


def test_it_can_be_cancelled_and_continues_where_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(indexing, "BATCH", 10)
    path = write(folder, "a", lines(TALK * 20))
    told: list[tuple[int, int]] = []
    with Index(folder) as index:
        index.update(lambda done, of: told.append((done, of)), lambda: len(told) == 2)
        assert index.recordings()[0].summary.rows == 20
        index.update(lambda done, of: told.append((done, of)))
        assert index.recordings()[0].summary.rows == 100
    assert told[-1] == (path.stat().st_size,) * 2


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cut=st.integers(0, len(lines())), garbage=st.binary(max_size=60))
def test_a_recording_cut_at_any_byte_is_indexed_as_far_as_it_goes(
    tmp_path_factory: pytest.TempPathFactory, cut: int, garbage: bytes
):
    folder = made(tmp_path_factory.mktemp("cut"))
    whole = lines()
    path = write(folder, "a", whole[:cut])
    with Index(folder) as index:
        index.update()
        before = whole[:cut].count(b"\n")
        kept = index.recordings()
        begun = before or whole[:cut].endswith(b"}")
        assert len(kept) == bool(begun)
        path.write_bytes(whole)
        index.update()
        assert index.recordings()[0].summary.rows == 5, "what was torn is read when it is whole"
        path.write_bytes(whole + garbage + b"\n" + whole.splitlines(True)[-1])
        index.update()
        assert index.recordings()[0].summary.codes[452] in (1, 2)


def test_notes_links_and_what_is_not_a_recording_are_not_listed(folder: Path, tmp_path: Path):
    path = write(folder, "a", lines())
    path.with_name("a.jsonl.notes.jsonl").write_bytes(lines())
    write(folder, "b", b"220 hello\n")
    (folder / "c.jsonl").symlink_to(path)
    os.mkfifo(folder / "d.jsonl")
    assert names(listed(folder)) == ["a"]
    assert find(listed(folder), "1").path == path


def test_a_folder_that_others_can_write_to_is_named_as_the_reason_for_missing_recordings(
    tmp_path: Path,
):
    folder = tmp_path / "journal"
    folder.mkdir()
    folder.chmod(0o777)
    with Index(folder) as index:
        index.update()
        assert index.trouble == (
            "Sessions are not being recorded: other users can write to the folder; run chmod go-w "
            f"on it ({folder})."
        )
        assert index.recordings() == []
