"""Why a server closed the connection, as shown by the last commands and replies."""

from __future__ import annotations

from heloscope.session.facts.disconnect_reasons import server_close_reason
from support.rows import for_each


@for_each(
    [
        (221, "QUIT", False, False, "You sent QUIT"),
        (421, "GROB", False, False, "421 that it was closing"),
        (421, "", True, False, "421 that it was closing"),
        (221, "GET", False, False, "although no QUIT was sent"),
        (500, "FROB", False, False, "right after a refusal"),
        (550, "RCPT", False, False, "right after a refusal"),
        (250, "EHLO", True, False, "instead of replying"),
        (354, "DATA", True, True, "in the middle of the message"),
        (354, "DATA", False, False, "in the middle of the message"),
    ]
)
def test_the_last_exchange_gives_the_reason(
    code: int, verb: str, unanswered: bool, in_message: bool, words: str
):
    found = server_close_reason(code, verb, unanswered=unanswered, in_message=in_message)
    assert found is not None
    assert words in found.means


def test_after_a_positive_reply_the_reason_is_unknown():
    assert server_close_reason(250, "NOOP", unanswered=False, in_message=False) is None
