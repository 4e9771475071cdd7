"""The status line shows as much as fits, and omits the least important parts first."""

from __future__ import annotations

from typing import Any

import pytest
from heloscope.widgets.bars.status import StatusLine, clock
from support.rows import for_each
from textual.app import App, ComposeResult


class Top(App[None]):
    def compose(self) -> ComposeResult:
        yield StatusLine()

    def drawn(self, **values: Any) -> str:
        line = self.query_one(StatusLine)
        for name, value in values.items():
            setattr(line, name, value)
        return str(line.render())


EVERYTHING: dict[str, Any] = {
    "peer": "mail.example.org:25", "tls": "TLS 1.3", "state": "*MAIL* accepted", "user": "alice",
    "waiting": "waiting 3 s", "lines": 1234, "elapsed": 3723,
}  # fmt: skip
WITHOUT_TIME = "mail.example.org:25  TLS 1.3  MAIL accepted  waiting 3 s  as alice  1,234 lines"


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (99, f"{WITHOUT_TIME}  1:02:03"),
        (85, WITHOUT_TIME),
        (70, "mail.example.org:25  TLS 1.3  MAIL accepted  waiting 3 s  as alice"),
        (60, "mail.example.org:25  TLS 1.3  MAIL accepted  waiting 3 s"),
        (50, "mail.example.org:25  TLS 1.3  MAIL accepted"),
        (30, "mail.example.org:25  TLS 1.3"),
        (24, "mail.example.org:25"),
    ],
)  # fmt: skip
async def test_what_does_not_fit_is_left_out_whole(width: int, line: str) -> None:
    app = Top()
    async with app.run_test(size=(width, 3)):
        assert app.drawn(**EVERYTHING) == line


NAMED: dict[str, Any] = {
    "peer": "practice server (tls-expired)", "address": "127.0.0.1:2525", "tls": "TLS 1.3",
    "unverified": True, "state": "greeted; EHLO comes next", "lines": 12,
}  # fmt: skip
ACCEPTED = "TLS 1.3 not verified  accepted by you  greeted; EHLO comes next"


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (130, f"practice server (tls-expired) 127.0.0.1:2525  {ACCEPTED}  12 lines  00:00"),
        (112, f"practice server (tls-expired) 127.0.0.1:2525  {ACCEPTED}"),
        (96, f"practice server (tls-expired)  {ACCEPTED}"),
        (80, "practice server (tls-expired)  TLS 1.3 not verified  greeted; EHLO comes next"),
    ],
)  # fmt: skip
async def test_the_address_of_a_peer_with_a_name_goes_before_the_state(
    width: int, line: str
) -> None:
    app = Top()
    async with app.run_test(size=(width, 3)):
        assert app.drawn(**NAMED) == line


async def test_a_certificate_that_was_accepted_by_hand_is_told_at_any_width() -> None:
    app = Top()
    async with app.run_test(size=(26, 3)):
        assert app.drawn(**EVERYTHING, unverified=True) == "TLS 1.3 not verified"


async def test_the_last_part_is_cut_with_a_mark() -> None:
    app = Top()
    async with app.run_test(size=(12, 3)):
        assert app.drawn(**EVERYTHING) == "mail.exam…"


async def test_what_a_peer_is_called_is_shown_as_text() -> None:
    app = Top()
    async with app.run_test(size=(100, 3)):
        drawn = app.drawn(peer="[b]x\x1b:25", state="ready", user="\u202eevil")
        assert drawn == "[b]x\\x1b:25  ready  as \\u202eevil"


async def test_one_line_is_not_several() -> None:
    app = Top()
    async with app.run_test(size=(80, 3)):
        assert app.drawn(lines=1) == "not connected  1 line  00:00"


@for_each([(0, "00:00"), (59.9, "00:59"), (60, "01:00"), (3599, "59:59"), (3600, "1:00:00"),
     (360_000, "100:00:00")])  # fmt: skip
def test_a_duration_has_hours_from_one_hour_on(seconds: float, text: str) -> None:
    assert clock(seconds) == text
