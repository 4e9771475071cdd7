"""`heloscope export`, `open` and `compare` recognise a text that contains no conversation."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from heloscope.app.cli.main import cli

LOG = (
    "2026-11-30 09:00:02 1abcde-0000AB-Cd ** otto@b.example R=dnslookup T=remote_smtp "
    "H=mx.b.example [192.0.2.5]: SMTP error from remote mail server after "
    "RCPT TO:<otto@b.example>: 550 5.1.1 <b>No such user\n"
    "2026-11-30 09:00:04 H=(s) [203.0.113.7] F=<a@b.example> rejected RCPT <x@c.example>: relay "
    "not permitted\n"
)


def run(*words: str, typed: str = LOG, status: int = 0) -> Result:
    done = CliRunner().invoke(cli, words, typed)
    assert done.exit_code == status, done.output
    return done


def test_a_mail_log_becomes_markdown_with_each_failure_explained():
    text = run("export", "-", "--to", "markdown").stdout
    assert text.startswith("# What went wrong\n\n- Masked: secrets\n- Summary: The text is a")
    assert "\n## Refused permanently: no such user\n\n- `550 5.1.1 <b>No such user`\n" in text
    assert "\n- Line 1, after RCPT TO:&lt;otto@b.example\\>: failed: &lt;otto@b.example" in text
    assert "\n## Refused permanently: no relaying to that domain\n\n- `rejected RCPT " in text


def test_a_mail_log_becomes_a_page_in_which_nothing_from_the_wire_is_markup():
    page = run("export", "-", "--to", "html").stdout
    assert page.startswith("<!DOCTYPE html>\n")
    assert page.endswith("</main>\n</html>\n")
    assert "<code>550 5.1.1 &lt;b&gt;No such user</code>" in page
    assert "<h2>Refused permanently: no relaying to that domain</h2>" in page


def test_a_mail_log_becomes_the_text_that_explain_prints(tmp_path: Path):
    out = tmp_path / "out.txt"
    run("export", "-", "-o", str(out), "--mask", "addresses")
    assert out.read_text() == run("explain", "-", "--mask", "addresses").stdout
    assert "otto" not in out.read_text()


@pytest.mark.parametrize(
    "words",
    [("export", "maillog", "--to", "jsonl"), ("open", "maillog"), ("compare", "maillog", "other")],
    ids=["export", "open", "compare"],
)
def test_where_a_conversation_is_needed_a_mail_log_is_refused_with_a_hint(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    Path("maillog").write_text(LOG)
    Path("other").write_text(LOG)
    said = run(*words, status=2).stderr
    assert (
        "it contains no conversation, only a mail log. heloscope explain FILE explains it" in said
    )
    assert said.count("\n") == 1


PHPMAILER = """\
2026-11-30 08:00:01\tSERVER -> CLIENT: 220 smtp.example ESMTP
2026-11-30 08:00:01\tCLIENT -> SERVER: EHLO me.example
2026-11-30 08:00:01\tSERVER -> CLIENT: 250 smtp.example
2026-11-30 08:00:01\tCLIENT -> SERVER: STARTTLS
2026-11-30 08:00:01\tSERVER -> CLIENT: 220 go
2026-11-30 08:00:01\tSMTP Error: Could not connect to SMTP host.
2026-11-30 08:00:02\tSMTP Error: Could not connect to SMTP host. Connection failed. OpenSSL Error \
messages: error:0A000086:SSL routines::certificate verify failed
"""


def test_an_export_of_a_log_explains_what_no_reply_says():
    text = run("export", "-", "--to", "markdown", typed=PHPMAILER).stdout
    told = text.partition("\n## What went wrong\n")[2]
    assert told.startswith(
        "\nTLS failed: the client does not accept the server's certificate.\n\n"
        "- The log says: SMTP Error: Could not connect to SMTP host. Connection failed. OpenSSL"
    )
    assert "\n- Try: Check the certificate that the server sends" in told
    assert "according to the log" not in told
    page = run("export", "-", "--to", "html", typed=PHPMAILER).stdout
    assert "<h2>What else went wrong</h2>" in page
