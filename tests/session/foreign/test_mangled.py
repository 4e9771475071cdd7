"""A truncated, shuffled or damaged log is read as far as possible, without an exception."""

from __future__ import annotations

import random
import time

import pytest
from heloscope.session.foreign.log import ForeignError, read_log
from heloscope.session.protocol.replay import replay
from hypothesis import given, settings
from hypothesis import strategies as st
from support.foreign_samples import NAMES, SAMPLES

DATA = {name: (SAMPLES / name).read_bytes() for name in NAMES}


def read(data: bytes) -> int:
    """Read and replay a whole log, and return its number of conversations."""
    try:
        log = read_log(data)
    except ForeignError as error:
        assert str(error).endswith(".")
        return 0
    for number, talk in enumerate(log.conversations, 1):
        replay(talk)
        assert log.unknown(number)
    return len(log.conversations)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(NAMES), st.floats(0, 1), st.binary(max_size=4))
def test_a_log_may_be_cut_at_any_octet(name: str, where: float, more: bytes):
    data = DATA[name]
    read(data[: int(len(data) * where)] + more)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(NAMES), st.integers(0, 1 << 32), st.sampled_from("dsx"))
def test_lines_may_be_dropped_doubled_or_shuffled(name: str, seed: int, how: str):
    chance = random.Random(seed)
    lines = DATA[name].split(b"\n")
    match how:
        case "d":
            lines = [x for x in lines if chance.random() > 0.2]
        case "s":
            chance.shuffle(lines)
        case _:
            lines = [x for x in lines for _ in range(1 + (chance.random() > 0.7))]
    read(b"\n".join(lines))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(NAMES), st.integers(0, 1 << 32))
def test_octets_may_be_changed(name: str, seed: int):
    chance = random.Random(seed)
    data = bytearray(DATA[name])
    for _ in range(8):
        data[chance.randrange(len(data))] = chance.randrange(256)
    read(bytes(data))


@given(st.binary(max_size=300))
def test_any_data_may_be_read(data: bytes):
    read(data)


def test_the_last_whole_line_before_a_cut_is_still_there():
    data = DATA["swaks.txt"]
    assert read(data[: data.index(b"DATA")]) == 1


@pytest.mark.parametrize(
    "filler", [b"a", b" ", b"\t", b">", b"220 ", b"send: b'\\", b"\x1b[", b"["]
)
def test_a_long_line_takes_linear_time(filler: bytes):
    def taken(size: int) -> float:
        data = b"220 ready\nEHLO x\n" + filler * (size // len(filler)) + b"\n250 ok\n"
        began = time.process_time()
        read(data)
        return time.process_time() - began

    taken(1000)
    assert taken(400_000) < 40 * max(0.01, taken(40_000))


def test_what_is_omitted_of_a_long_log_is_reported():
    line = b"<-  250 " + b"x" * (1 << 20)
    begun = b"=== Connected to mx.example.\n<-  220 mx\n -> EHLO me\n"
    assert "Lines of 1 MB or more were truncated." in read_log(begun + line + b"\n").unknown()
    assert "were cut" not in read_log(begun + b"<-  250 ok\n").unknown()


def test_what_is_omitted_of_a_large_file_is_reported(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("heloscope.session.foreign.log.LARGEST", 1 << 20)
    begun = b"=== Connected to mx.example.\n<-  220 mx\n"
    log = read_log(begun + b" -> NOOP\n<-  250 ok\n" * 60_000)
    assert log.problems == ("Only the first 1 MB were read.",)


def test_a_prefix_of_many_numbers_is_compared_quickly():
    prefix = "2026-11-29T21:25:15.123456789Z 8f5e1c2a-11112222-42223333-83334444-0123456789ab"
    lines = [f"{prefix} INFO 220 ready", f"{prefix} INFO EHLO me"] * 20
    began = time.process_time()
    read("\n".join([*lines, f"{prefix}."]).encode())
    assert time.process_time() - began < 0.5
