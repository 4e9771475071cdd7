"""The explanation of a successful TLS handshake never claims more than was verified."""

from __future__ import annotations

from heloscope.app.explain.certificates import view_of
from heloscope.app.explain.handshake import of_started
from heloscope.app.explain.line import meaning_of
from heloscope.session.events import SERVER, TlsFailed, TlsStarted
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.record.row_index import RowIndex
from support import made_certificates as made
from support.scripts import observe

VERIFIED = TlsStarted(1.0, "TLSv1.3", "TLS_AES_256_GCM_SHA384", verified=True)
ACCEPTED = TlsStarted(1.0, "TLSv1.3", "TLS_AES_256_GCM_SHA384", pinned=True)
UNVERIFIED = TlsStarted(1.0, "TLSv1.3", "TLS_AES_256_GCM_SHA384")


def test_only_a_verified_certificate_keeps_an_active_attacker_out():
    said = dict(of_started(VERIFIED).sections)["It means"]
    assert "nobody on the network path can read the conversation or change it" in said
    said = dict(of_started(UNVERIFIED).sections)["It means"]
    assert "nobody" not in said
    assert "an active attacker can still read and change everything" in said


def test_of_an_accepted_certificate_only_its_holder_is_known():
    """No authority vouches for the certificate: the warning is the one shown before a password."""
    said = dict(of_started(ACCEPTED).sections)["It means"]
    assert "nobody" not in said
    assert "anyone who has its private key can read and change everything" in said


def test_after_starttls_ehlo_comes_next_and_after_implicit_tls_the_greeting():
    talk = observe("S: 220 hi\nC: EHLO me\nS: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go")
    talk.note(VERIFIED)
    upgraded = dict(meaning_of(RowIndex(talk.transcript), None, VERIFIED).sections)
    assert "send EHLO again" in upgraded["Next"]
    implicit = Conversation()
    implicit.note(VERIFIED)
    implicit.feed(SERVER, b"220 mx ESMTP\r\n", 2.0)
    said = dict(meaning_of(RowIndex(implicit.transcript), None, VERIFIED).sections)
    assert said["Next"] == "The server's greeting comes next, over TLS."


def test_with_names_masked_only_the_names_of_a_certificate_are_replaced():
    talk = Conversation()
    talk.transcript.secrets.hide_names(True)
    failed = TlsFailed(
        3.0, "incomplete-chain", "mail.example.org sent no intermediate certificate",
        server_name="mail.example.org", verify_code=20, said="no issuer of example.org",
        chain=made.incomplete_public().chain,
    )  # fmt: skip
    said = meaning_of(RowIndex(talk.transcript), None, failed)
    text = " ".join(text for _, text in said.sections)
    assert "example.org" not in text
    assert "fullchain.pem" in text
    view = view_of(talk.transcript, [failed])
    assert view is not None
    shown = str(view)
    assert "example.org" not in shown
    assert "fullchain.pem" in shown
