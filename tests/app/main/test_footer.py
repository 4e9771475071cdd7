"""The key bar shows the keys that are useful now, most useful first, as far as they fit."""

from __future__ import annotations

from heloscope.app.actions import ACTIONS
from heloscope.app.main.footer import useful
from heloscope.app.runtime.settings import Settings
from heloscope.widgets.bars.keys import KeyBar
from support.rows import for_each
from support.servers import script
from support.stage import NARROW, WIDE, Stage, in_tls

HERE = {
    "connected": True, "connected_before": True, "practising": False, "in_message": False,
    "planned": False, "stepping": False, "answering": False, "tls": False,
}  # fmt: skip


@for_each(
    [
        ({}, "help explain begin connect find save panel q settings"),
        ({"practising": True}, "help explain begin mailbox connect find save panel q settings"),
        ({"connected": False}, "help connect reconnect explain begin find save panel q settings"),
        (
            {"connected": False, "connected_before": False},
            "help connect begin find save panel q settings",
        ),
        (
            {"planned": True, "stepping": True},
            "help step run plan explain connect find save panel q settings",
        ),
        ({"answering": True}, "help peek way explain begin connect find save panel q settings"),
        ({"in_message": True}, "help message explain begin connect find save panel q settings"),
        ({"tls": True}, "help explain begin connect tls find save panel q settings"),
    ]
)
def test_only_what_can_be_done_is_offered(change: dict[str, bool], wanted: str):
    names = useful(**(HERE | change))
    assert " ".join(names) == wanted
    assert all(ACTIONS[name].key and ACTIONS[name].label for name in names)


def foot(stage: Stage) -> str:
    return " ".join(str(stage.main.query_one(KeyBar).render()).split())


async def test_on_the_practice_server_the_whole_width_is_used():
    async with Stage().run(WIDE) as stage:
        assert foot(stage) == (
            "f1 help f3 why f12 procedures f4 mailbox ^o connect ^f find ^s save f2 panel "
            "^q quit ^\\ settings ▏ ^p palette"
        )
        await stage.put(":check a@practice.test b@practice.test")
        await stage.until(lambda: stage.main.plan.status.next)
        await stage.settle()
        assert foot(stage).startswith("f1 help f10 step f5 run f11 plan f3 why f4 mailbox ")


async def test_a_foreign_server_has_no_mailbox_and_an_empty_plan_no_step():
    async with Stage("mx.example.org", script("S: 220 ready\nC: more")).run(NARROW) as stage:
        assert "mailbox" not in foot(stage)
        await stage.press("f11")
        assert "step" not in foot(stage) and "edit" not in foot(stage)


async def test_the_tls_tab_offers_its_keys_when_there_is_a_certificate():
    async with Stage().run(WIDE) as stage:
        await stage.press("f8")
        assert "PEM" not in foot(stage)
        await stage.press("escape")
        await stage.type("EHLO me", "STARTTLS")
        await stage.until(lambda: stage.session.tls)
        await stage.press("f8")
        await stage.settle()
        assert foot(stage).startswith("c copy SHA-256 s save PEM f1 help ")


async def test_the_tls_tab_offers_to_trust_a_certificate_that_failed():
    async with in_tls("expired", Settings()).run(WIDE) as stage:
        await stage.type("EHLO me")
        await stage.put("STARTTLS")
        await stage.until(lambda: not stage.session.connected)
        await stage.press("f8")
        await stage.settle()
        assert foot(stage).startswith("c copy SHA-256 s save PEM t trust f1 help ")
