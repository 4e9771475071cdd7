"""Names in a mail log are masked in its explanation, even if only their position reveals them."""

from __future__ import annotations

from heloscope.app.explain.report import report
from heloscope.app.explain.reported import reported
from heloscope.session.record.masks import Masking

LOG = """\
Nov 30 10:00:01 b postfix/smtpd[1]: warning: unknown[198.18.5.6]: SASL PLAIN authentication \
failed: generic failure, sasl_username=wanda
Nov 30 10:00:02 box postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[198.18.5.6]: 554 5.7.1 \
<x@y.example>: Relay access denied; from=<a@b.example> to=<x@y.example> proto=ESMTP helo=<rufus>
Nov 30 10:00:03 box sm-mta[7]: 4AU002: to=minna, delay=00:00:01, mailer=local, dsn=4.0.0, \
stat=Deferred: Connection refused by wanda's host
"""


def test_names_of_logins_and_clients_are_masked_in_a_mail_log():
    found = reported(LOG.encode(), mask_names=True)
    assert found is not None
    for form in ("text", "markdown", "html"):
        said = report(found, form, Masking(addresses=True)).decode()
        for name in ("wanda", "rufus", "minna", "198.18.5.6", "y.example"):
            assert name not in said
    plain = reported(LOG.encode(), mask_names=False)
    assert plain is not None
    assert "wanda" in report(plain, "text", Masking()).decode()
