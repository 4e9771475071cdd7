"""The log formats that can be read: how each is recognised and read, and what it omits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from . import (
    amavis_log,
    dumps,
    hex_dumps,
    iis_log,
    marked_clients,
    marked_servers,
    node_logs,
    own_exports,
    python_logs,
    tcpdump_text,
    two_marks,
)
from .entries import Reader

LINE_ENDS = "line endings"
TIMES = "times"
MESSAGE = "the message"
TEXTS = "reply texts"
CERTIFICATES = "certificates"
HEX_DUMP = "hex dump"
_USUAL = (LINE_ENDS, TIMES)
_MANY = 2_000  # lines from which on one search for all formats comes first


class Format(NamedTuple):
    """A log format, recognised by any line that matches `recognised`.

    `silent` lists what the format does not show. If `resort` is true, the format is used only if no
    other is recognised.
    """

    name: str
    recognised: re.Pattern[str]
    reader: Reader
    silent: tuple[str, ...] = _USUAL
    resort: bool = False
    words: tuple[str, ...] = ()
    """Words of which at least one occurs in every line that `recognised` matches.

    A line is searched for these words first, because that is faster. Empty if there are no such
    words.
    """

    def place_in(self, lines: list[str]) -> int:
        """Return the index of the first line in this format, or the number of lines."""
        words, match = self.words, self.recognised.match
        for at, line in enumerate(lines):
            for word in words:
                if word in line:
                    break
            else:
                if words:
                    continue
            if match(line[:1000]):
                return at
        return len(lines)


def _format(
    name: str,
    recognised: str,
    reader: Reader,
    *silent: str,
    resort: bool = False,
    words: tuple[str, ...] = (),
) -> Format:
    return Format(name, re.compile(recognised), reader, silent, resort, words)


_READ = marked_clients
_SERVED = marked_servers
FORMATS = (
    _format("heloscope (text)", r"(?:\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z | {0,7}\d{1,9}\.\d{3} )?"
            r"-- (?:connected(?: to |$)|TLS: |disconnected: )",
            own_exports.read_own_text, LINE_ENDS),
    _format("heloscope (lines as shown)",
            r"[ +\dhms.]{8}  ── (?:connected (?:to |──)|TLS |closed )|"
            r" {0,6}\+\d{1,6}\.\d{3}  [CS]: ", own_exports.read_own_markdown, LINE_ENDS),
    _format("heloscope (HTML)", r'<(?:div|details) class="(?:line|message)[ "]',
            own_exports.read_own_html, LINE_ENDS),
    _format("swaks", r"=== (?:Trying|Connected to) |<(?:-  |~  |\*\* |~\* )\d{3}[ -]"
            r"| ?[-~]> (?:EHLO|HELO|LHLO) ", _READ.read_swaks, *_USUAL),
    _format("nodemailer (JSON)",
            r'(?>.*?"component":"smtp-connection").*?"tnx":"(?:server|client)"',
            node_logs.read_nodemailer_json, LINE_ENDS, words=("smtp-connection",)),
    _format("nodemailer", r".*?\[\d{4}-\d\d-\d\d [\d:]{8}\] [A-Z]+ +\[\w+\] [SC]: ",
            node_logs.read_nodemailer, LINE_ENDS, words=("] S: ", "] C: ")),
    _format("smtp-server", r".*?\] [A-Z]+ +\[#\w+\] [SC]: ", node_logs.read_nodemailer,
            LINE_ENDS, MESSAGE, words=("] S: ", "] C: ")),
    _format("PHPMailer", r".*?(?:SERVER -> CLIENT|CLIENT -> SERVER): |SMTP -> (?:FROM SERVER|get_)"
            r"|.*?SMTP ERROR: Failed to connect|.*?Connection: opening to ",
            _READ.read_phpmailer, LINE_ENDS,
            words=("SERVER", "SMTP -> ", "SMTP ERROR: ", "Connection: opening to ")),
    _format("msmtp", r"<-- \d{3}[ -]", _READ.read_msmtp, *_USUAL),
    _format("curl --trace", r".*?(?:<= Recv|=> Send) (?:header|data), \d+ bytes",
            dumps.read_curl_trace, TIMES, MESSAGE, words=("<= Recv", "=> Send")),
    _format("curl -v", r"(?:\d\d:\d\d:\d\d\.\d+ )?\* +(?:Trying |Connected to )",
            _READ.read_curl, *_USUAL, MESSAGE),
    _format("Net::SMTP (Perl)", r"Net::SMTP\S*?=GLOB\(0x[0-9a-f]+\)(?:>>>|<<<) ",
            _READ.read_perl, *_USUAL),
    _format("Net::SMTP (Ruby)", r'(?:->|<-) "(?:\d{3}[ -]|[A-Z]{4})', python_logs.read_ruby,
            TIMES, MESSAGE),
    _format("JavaMail", r"DEBUG SMTP: ", _READ.read_javamail, *_USUAL),
    _format("s-nail", r".*?s-nail: >>> ", _READ.read_s_nail, *_USUAL, words=("s-nail: >>> ",)),
    _format("mutt", r".*?mutt_socket_(?:write|readln)_d\(\) \d+[<>] ", _READ.read_mutt, LINE_ENDS,
            MESSAGE, words=("mutt_socket_",)),
    _format("Swift Mailer", r"\+\+ Starting Swift|<< \d{3}(?!.*<CRLF>)", _READ.read_swift, *_USUAL,
            MESSAGE),
    _format("Net_SMTP (PEAR)", r"DEBUG: (?:Send|Recv): ", _READ.read_pear, *_USUAL),
    _format("aiosmtpd", r"(?>.*?mail\.log\b).*?(?:<<|>>) b['\"]",
            python_logs.read_aiosmtpd, *_USUAL, words=("mail.log",)),
    _format("Haraka", r".*?\[PROTOCOL\] \[[0-9A-F-]+(?:\.\d+)?\] \[\w+\] [SC]: ",
            _SERVED.read_haraka, LINE_ENDS, MESSAGE, words=("[PROTOCOL]",)),
    _format("Postfix", r".*?postfix/[\w/-]{1,60}\[\d{1,10}\]: [<>] \S+: ",
            _SERVED.read_postfix, LINE_ENDS, MESSAGE, words=("]: < ", "]: > ")),
    _format("Postfix notice", r" ?(?:Out: \d{3}[ -]|In:  )", _SERVED.read_notice, *_USUAL, MESSAGE),
    _format("Exim", r" *(?:\d+ +)?(?:\*\*\*\* SMTP testing|SMTP(?:<<|>>|\|>|\+>) )",
            _SERVED.read_exim, *_USUAL),
    _format("OpenSMTPD", r"smtp: 0x[0-9a-f]+: (?:>>>|<<<) ", _SERVED.read_opensmtpd, *_USUAL,
            MESSAGE),
    _format("tshark follow", r"Follow: tcp,ascii", dumps.read_follow, TIMES),
    _format("tcpdump", tcpdump_text.SIGN, tcpdump_text.read_tcpdump, LINE_ENDS,
            words=(tcpdump_text.WORD,)),
    _format("MailKit", r"Connected to smtps?://", _READ.read_mailkit, *_USUAL),
    _format("Thunderbird", r".*?mailnews\.smtp: [SC]: ", _READ.read_thunderbird, *_USUAL, MESSAGE,
            words=("mailnews.smtp",)),
    _format("Mailpit", r".*?\[smtpd\] (?:received|response) \(", _SERVED.read_mailpit, LINE_ENDS,
            MESSAGE, words=("[smtpd]",)),
    _format("Exchange", _SERVED.EXCHANGE, _SERVED.read_exchange,
            LINE_ENDS, MESSAGE),
    _format("IIS", iis_log.SIGN, iis_log.read_iis, LINE_ENDS, MESSAGE, words=(iis_log.WORD,)),
    _format("amavis", amavis_log.SIGN, amavis_log.read_amavis, LINE_ENDS, MESSAGE,
            words=amavis_log.WORDS),
    _format("hMailServer", r'"SMTP[DC]"\t', _SERVED.read_hmail, LINE_ENDS, MESSAGE),
    _format("MDaemon", r".*?\[\d+\] (?:-->|<--) ", _SERVED.read_mdaemon, LINE_ENDS, MESSAGE,
            words=("] --> ", "] <-- ")),
    _format("smtplib", r"(?:.*?[\s:])?(?:reply: b?['\"]\d{3}[ -]|send: b?['\"][A-Za-z]{4}|"
            r"connect: (?:to )?\('[^']*', \d)| +File \".*?smtplib\.py\", line \d",
            python_logs.read_smtplib, words=("reply: ", "send: ", "connect: ", "smtplib.py")),
    _format("sendmail", r">>> (?:[A-Z]{4}\b|\.)", _READ.read_sendmail, *_USUAL, MESSAGE),
    _format("openssl s_client", r"CONNECTED\(|CONNECTION ESTABLISHED|depth=\d",
            _READ.read_s_client, *_USUAL),
    _format("C: and S: listing", r"\s+[SC]: ?", _READ.read_rfc, *_USUAL),
    _format("curl or Symfony Mailer", r"< \d{3}[ -]", _READ.read_curl, *_USUAL, MESSAGE,
            resort=True),
    _format("C: and S: listing", r"(?:S|Server): ?\d{3}[ -]", _READ.read_mailkit, *_USUAL,
            resort=True),
    _format(HEX_DUMP, hex_dumps.SIGN, hex_dumps.read_hex_dumps, TIMES, resort=True),
    _format("a program that marks both sides", two_marks.SIGN, two_marks.read_two_marks, *_USUAL,
            resort=True),
    _format("terminal", r"220[ -]|[2-5]\d\d-[A-Z0-9.]", _READ.read_telnet, *_USUAL, resort=True),
)  # fmt: skip


# Other files that heloscope writes, which contain no conversation: a line, and a description.
_NO_CONVERSATION = (
    (re.compile(r":(?:expect|connect|raw|login|auth) |# .*, for heloscope run\.\r?\Z"),
     "it is a script for heloscope run, with the client's lines but without replies."),
    (re.compile(r"#!.*(?:sh|python3?)\r?\Z|# .*, for swaks\.\r?\Z"),
     "it is a program that repeats a conversation, and contains no replies."),
    (re.compile(r"<svg "), "it is a picture."),
)  # fmt: skip


def no_conversation(lines: list[str]) -> str:
    """Return a sentence that describes a file without a conversation, or "" for an unknown kind."""
    for line in lines[:20]:
        for pattern, words in _NO_CONVERSATION:
            if pattern.match(line[:1000]):
                return words
    return ""


def recognised(lines: list[str], *, resort: bool) -> Iterator[Format]:
    """Yield the formats recognised in the lines, most certain first.

    Only last resorts are tried if `resort` is true, and only the other formats if it is false.
    """
    possible = [form for form in FORMATS if form.resort is resort]
    if len(lines) > _MANY:
        wordless = _any_of([form for form in possible if not form.words])
        if not any(wordless.match(line[:1000]) for line in lines):
            possible = [form for form in possible if form.words]
    for form in possible:
        if form.place_in(lines) < len(lines):
            yield form


def _any_of(formats: list[Format]) -> re.Pattern[str]:
    """Return a pattern that matches any line by which one of these formats is recognised."""
    return re.compile("|".join(f"(?:{form.recognised.pattern})" for form in formats))


def silent(name: str) -> tuple[str, ...]:
    """Return what the format with this name does not show; empty for an unknown name."""
    return next((form.silent for form in FORMATS if form.name == name), ())
