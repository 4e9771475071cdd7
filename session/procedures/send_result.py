"""`SendResult`: smtplib's dictionary of refused recipients, with further results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..protocol.fast_path import enhanced_in

Said = tuple[int, bytes]


class SendResult(dict[str, Said]):
    """The result of sending a message: {recipient: (code, text)} of those refused, as in smtplib.

    A SendResult equals the dictionary that smtplib returns. `accepted` holds the other recipients,
    in the order given. `reply` is the final reply to the message, (code, text). `replies` holds the
    reply to the message for each recipient, since in LMTP each has a separate reply (RFC 2033).
    """

    accepted: tuple[str, ...]
    """The accepted recipients, in the order given."""
    reply: Said
    """The final reply to the message, (code, text); in LMTP, the last one."""
    replies: dict[str, Said]
    """The reply to the message for each recipient. In LMTP, these may differ (RFC 2033)."""

    def __init__(
        self,
        refused: Mapping[str, Said] | Iterable[tuple[str, Said]] = (),
        *,
        accepted: Iterable[str] = (),
        reply: Said = (0, b""),
        replies: Mapping[str, Said] | None = None,
    ) -> None:
        super().__init__(refused)
        self.accepted = tuple(accepted)
        self.reply = reply
        self.replies = dict.fromkeys(self.accepted, reply) if replies is None else dict(replies)

    @property
    def enhanced(self) -> str | None:
        """The enhanced status code of the final reply (RFC 3463), such as "2.0.0", or None."""
        found = enhanced_in(self.reply[1][:12])
        return None if found is None else found[1]

    @property
    def queue_id(self) -> str | None:
        """The server's queue ID for the message, or None if no reply has a recognised one."""
        from ..facts.queue_ids import queue_id

        for code, text in (self.reply, *self.replies.values()):
            found = queue_id(code, text)
            if found is not None:
                return found
        return None

    def __repr__(self) -> str:
        code, text = self.reply
        return (
            f"SendResult({dict(self)!r}, accepted={self.accepted!r}, reply=({code}, {text!r}), "
            f"queue_id={self.queue_id!r})"
        )
