"""A client's own error message is reported after the lines to which it belongs."""

from __future__ import annotations

import pytest
from heloscope.session.foreign.log import read_log
from support.rows import for_each

CURL = """\
*   Trying 192.0.2.1:25...
* Connected to mx.example.org (192.0.2.1) port 25 (#0)
< 220 mx.example.org ESMTP
> EHLO me.example
< 250 mx.example.org
* {}
* Closing connection 0
"""
NODE = """\
[2026-11-29 21:25:15] INFO  [eXW5] Connection established to 192.0.2.1:25
[2026-11-29 21:25:15] DEBUG [eXW5] S: 220 mx.example.org ESMTP
[2026-11-29 21:25:15] DEBUG [eXW5] C: EHLO me.example
[2026-11-29 21:25:15] DEBUG [eXW5] S: 250 mx.example.org
[2026-11-29 21:25:15] WARN  [eXW5] certificate has expired
[2026-11-29 21:25:15] DEBUG [eXW5] Closing connection to the server using "end"
[2026-11-29 21:25:15] ERROR Send Error: certificate has expired
"""
NODE_JSON = """\
{"level":20,"component":"smtp-connection","sid":"x","tnx":"server","msg":"220 mx.example.org"}
{"level":20,"component":"smtp-connection","sid":"x","tnx":"client","msg":"EHLO me.example"}
{"level":40,"component":"smtp-connection","sid":"x","tnx":"smtp","err":{},"msg":"has expired"}
"""


def errors(log: str) -> list[str]:
    (talk,) = read_log(log.encode()).conversations
    return [entry.text for entry in talk.talk if entry.kind == "error"]


@for_each(
    [
        "SSL certificate problem: certificate has expired",
        "SSL: no alternative certificate subject name matches target host name 'mx.example.org'",
        "Recv failure: Connection reset by peer",
        "Operation timed out after 5000 milliseconds with 0 bytes received",
        "STARTTLS not supported.",
        "RCPT failed: 550",
    ]
)
def test_an_error_of_curl(words: str):
    assert errors(CURL.format(words)) == [words]


@pytest.mark.parametrize(
    "words",
    [
        "SSL certificate verify result: self signed certificate (18), continuing anyway.",
        "TLSv1.3 (OUT), TLS alert, unknown CA (560):",
        "ALPN: server did not agree on a protocol. Uses default.",
    ],
)
def test_what_curl_only_mentions_is_not_an_error(words: str):
    assert errors(CURL.format(words)) == []


def test_an_error_of_nodemailer():
    assert errors(NODE) == ["certificate has expired"]
    assert errors(NODE_JSON) == ["has expired"]
