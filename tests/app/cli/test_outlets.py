"""The sentence on why a conversation ended names the options that help, and no others."""

from __future__ import annotations

import pytest
from heloscope.app.cli.options import ClientOptions
from heloscope.app.cli.outlets import Outlets
from heloscope.app.cli.swaks_delivery import SwaksOptions
from heloscope.app.exit_status import NO_TLS
from heloscope.session.events import TlsFailed
from heloscope.session.record.transcript import Transcript


@pytest.mark.parametrize(
    ("options", "reason", "wanted"),
    [
        (ClientOptions(), "unknown-ca",
         "--ca FILE trusts its issuer; --no-verify accepts any certificate."),
        (ClientOptions(), "name-mismatch",
         "--server-name NAME expects another name; --no-verify accepts any certificate."),
        (ClientOptions(), "expired", "--no-verify accepts any certificate."),
        (ClientOptions(), "no-shared-version", ""),
        (SwaksOptions(), "self-signed",
         ("--tls-ca-path FILE trusts its issuer; without --tls-verify, any certificate is "
         "accepted.")),
    ],
)  # fmt: skip
def test_the_options_that_help_where_a_certificate_is_refused(
    options: ClientOptions, reason: str, wanted: str, capsys: pytest.CaptureFixture[str]
):
    transcript = Transcript()
    transcript.add(TlsFailed(0.0, reason, "It failed."))
    Outlets(options).say_why(OSError("tls"), NO_TLS, transcript)
    assert capsys.readouterr().err == f"heloscope: It failed. {wanted}".rstrip() + "\n"
