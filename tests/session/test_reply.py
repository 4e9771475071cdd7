"""`Reply`: a pair of code and text, together with the event that reported it."""

from __future__ import annotations

import copy
import pickle

from heloscope.session.events import ReplyReceived
from heloscope.session.reply import Reply, made_reply

EVENT = ReplyReceived(1.0, 3, 3, 250, "2.0.0", 2, "NOOP")


def test_it_is_a_pair_however_it_was_made():
    for reply in (Reply(250, b"Ok", EVENT), made_reply(250, b"Ok", EVENT)):
        assert type(reply) is Reply
        assert reply == (250, b"Ok")
        assert (reply.code, reply.text, reply.event) == (250, b"Ok", EVENT)
        assert reply.enhanced == "2.0.0"
        for again in (copy.deepcopy(reply), pickle.loads(pickle.dumps(reply))):
            assert type(again) is Reply
            assert (again, again.event) == (reply, EVENT)
