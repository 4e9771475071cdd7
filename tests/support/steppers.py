"""Steppers at their first step, and the steps that they have done."""

from __future__ import annotations

from heloscope.session import Session
from heloscope.session.stepping.stepper import Stepper

SENDER, RECIPIENT = "a@example.org", "b@example.org"


async def begun(session: Session, *recipients: str, text: bytes = b"text") -> Stepper:
    """Return the stepper of a delivery at its first step, MAIL."""
    await session.ehlo()
    stepper = Stepper(
        session, "sendmail", SENDER, recipients or [RECIPIENT], text, pipelining=False
    )
    await stepper.begin()
    return stepper


def verbs(stepper: Stepper) -> list[str]:
    return [done.planned.verb for done in stepper.done]
