"""After a refused login, the mechanisms that were not tried are listed."""

from __future__ import annotations

from smtplib import SMTPAuthenticationError

from heloscope.app.advice import not_tried
from heloscope.app.plan.outcome import what_to_do
from heloscope.session.errors import CredentialsRefused


def test_what_was_not_tried_is_named_with_the_order_that_does():
    error = CredentialsRefused(535, b"5.7.8 no", "CRAM-MD5", ("PLAIN", "LOGIN"))
    assert what_to_do(error) == (
        "Not tried with the same password, because servers lock accounts: PLAIN, LOGIN. "
        ":auth PLAIN tries it."
    )
    assert not_tried(error, "--mechanism").endswith(" --mechanism PLAIN tries it.")


def test_nothing_is_said_where_nothing_was_left_out():
    assert not_tried(SMTPAuthenticationError(535, b"no"), "--mechanism") == ""


def test_a_server_that_refuses_logins_for_now_has_not_judged_the_password():
    error = CredentialsRefused(454, b"4.7.0 later", "SCRAM-SHA-256", ("CRAM-MD5",))
    assert not_tried(error, ":auth") == (
        "Not tried, because the server currently refuses logins: CRAM-MD5. :auth CRAM-MD5 tries it."
    )
