"""After a kill, with damaged pages or on a full disk, the index never gives a wrong result."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from heloscope.session.archive.index import Index
from heloscope.session.archive.query import Query, code_range, words_of
from support.long_round import LONG_ROUND

PAGE = 4096  # octets of a page of SQLite
RECORDINGS = 30
LINES = 40


class Found(NamedTuple):
    """What the index finds: all recordings, those with a word, and those with a code."""

    kept: list[tuple[str, str, str, int]]
    word: list[str]
    code: list[str]


WANTED = Found(
    [(f"r{n:02}", f"mx{n}.example", "452 4.2.2 full", 0) for n in range(RECORDINGS)],
    ["r13"],
    [f"r{n:02}" for n in range(RECORDINGS)],
)


def fill(folder: Path, lines: int = LINES) -> None:
    for n in range(RECORDINGS):
        said = "".join(
            f'{{"at": {k}.5, "from": "S", "text": "250 word{k}of{n} {"z" * 40}\\r\\n"}}\n'
            for k in range(lines)
        )
        header = f'{{"heloscope": 1, "began": {1_790_000_000 + n}.0, "target": "mx{n}.example"}}\n'
        last = '{"at": 99.0, "from": "S", "text": "452 4.2.2 full\\r\\n"}\n'
        (folder / f"r{n:02}.jsonl").write_text(header + said + last)


def found(folder: Path) -> tuple[Found, str]:
    """Return what an updated index finds, and what it reports about itself."""
    with Index(folder) as index:
        index.update()
        kept = [
            (each.path.stem, each.summary.target, each.summary.outcome, 0)
            for each in index.recordings()
        ]
        words = Query(words_of("word7of13"))
        by_word = [each.path.stem for each in index.recordings(words)]
        codes = Query(codes=(code_range("452"),))
        by_code = [each.path.stem for each in index.recordings(codes)]
        return Found(sorted(kept), by_word, sorted(by_code)), index.trouble


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    where = tmp_path / "journal"
    where.mkdir(mode=0o700)
    return where


def damaged(data: bytes, page: int, how: str, chance: random.Random) -> bytes:
    """Return a file with one page randomised, zeroed, changed in places, or cut off."""
    start = page * PAGE
    match how:
        case "random":
            return data[:start] + chance.randbytes(PAGE) + data[start + PAGE :]
        case "zero":
            return data[:start] + bytes(PAGE) + data[start + PAGE :]
        case "cut":
            return data[: start + chance.randrange(PAGE)]
        case _:
            changed = bytearray(data)
            for _ in range(20):
                changed[start + chance.randrange(PAGE)] = chance.randrange(256)
            return bytes(changed)


@pytest.mark.parametrize("how", ["random", "zero", "cut", "places"])
def test_no_damaged_page_makes_it_find_something_else(folder: Path, how: str):
    fill(folder)
    assert found(folder) == (WANTED, "")
    file = folder.parent / "recordings.db"
    clean = file.read_bytes()
    chance = random.Random(how)
    pages = range(len(clean) // PAGE)
    assert len(pages) > 20
    told = 0
    for page in pages if LONG_ROUND else chance.sample(pages, 6):
        for beside in ("-wal", "-shm"):
            file.with_name(file.name + beside).unlink(missing_ok=True)
        file.write_bytes(damaged(clean, page, how, chance))
        result, trouble = found(folder)
        assert result == WANTED, (how, page)
        told += "was rebuilt from the files" in trouble
    assert told or how == "places"  # a page may hold nothing that is in use


_INDEXING = """
import sys
from pathlib import Path
from heloscope.session.archive.index import Index
with Index(Path(sys.argv[1])) as index:
    index.update(lambda done, of: print(done, of, flush=True))
print("done", flush=True)
"""


@pytest.mark.parametrize("after", [1, 2, 5])
def test_a_kill_while_it_indexes_loses_nothing(folder: Path, after: int):
    fill(folder, lines=400)
    process = subprocess.Popen(
        [sys.executable, "-c", _INDEXING, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(after)]
    process.send_signal(signal.SIGKILL)
    process.wait(20)
    process.stdout.close()
    assert all(said)
    assert found(folder) == (WANTED, "")


_LITTLE_ROOM = """
import resource, sys
from pathlib import Path
from heloscope.session.archive.index import Index
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
with Index(Path(sys.argv[1])) as index:
    index.update()
    print(len(index.recordings()))
    print(index.trouble)
"""


@pytest.mark.parametrize("room", [0, 4096, 60_000])
def test_if_no_file_can_grow_it_finds_everything_and_says_why_it_is_slow(folder: Path, room: int):
    fill(folder)
    done = subprocess.run(
        [sys.executable, "-c", _LITTLE_ROOM, str(folder), str(room)],
        capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},  # Python would leave half a .pyc behind
    )  # fmt: skip
    assert done.stderr == ""
    count, trouble = done.stdout.splitlines()
    assert count == str(RECORDINGS)
    assert trouble.startswith("The index of the recordings cannot be saved: ")
    assert found(folder)[0] == WANTED
