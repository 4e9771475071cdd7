"""Servers that are not mail servers are recognised by the first thing they send."""

from __future__ import annotations

import pytest
from heloscope.session.facts.other_protocols import first_octets, recognise
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each


@for_each(
    [
        (b"\x15\x03\x01\x00\x02\x02\x46", "TLS from the first byte"),
        (b"\x15\x03\x03", "TLS from the first byte"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "SSH server"),
        (b"HTTP/1.1 400 Bad Request\r\n", "web server"),
        (b"<!DOCTYPE HTML PUBLIC", "web server"),
        (b"<html><head>", "web server"),
        (b"+OK Dovecot ready.\r\n", "POP3 server"),
        (b"* OK [CAPABILITY IMAP4rev1] ready\r\n", "IMAP server"),
        (b"* BYE too many\r\n", "IMAP server"),
        (b"220 (vsFTPd 3.0.3)\r\n", "FTP server"),
        (b"220 ProFTPD Server ready.\r\n", "FTP server"),
        (b"RFB 003.008\n", "VNC server"),
        (b"-ERR unknown command 'EHLO'\r\n", "Redis server"),
        (b"\xff\xfd\x18\xff\xfd", "Telnet server"),
        (b"J\x00\x00\x00\x0a8.0.36", "database"),
        (b"-ERR Unknown command.\r\n", "POP3 server"),
        (b"-NOAUTH Authentication required.\r\n", "Redis server"),
        (b"200 news.example.org InterNetNews NNRP server ready\r\n", "news server"),
        (b'"IMPLEMENTATION" "Dovecot Pigeonhole"\r\n', "ManageSieve server"),
        (b"<?xml version='1.0'?>", "chat server"),
        (b"\x01\x02\x03\x04", "does not speak SMTP"),
        (b"hello", "does not speak SMTP"),
    ]
)
def test_the_protocol_of_a_first_line_is_recognised(first: bytes, what: str):
    protocol = recognise(first)
    assert protocol is not None
    assert what in protocol.what
    assert not protocol.what.endswith(".")
    assert protocol.hint.endswith(".")


@for_each(
    [
        b"",
        b"2",
        b"hel",
        b"220 mail.example.org ESMTP Postfix\r\n",
        b"220-ftp.example.org ESMTP\r\n",
        b"220 ftp.example.org Microsoft Mail\r\n",
        b"554 no service\r\n",
        b"421 busy\r\n",
    ]
)
def test_a_first_line_that_a_mail_server_may_send(first: bytes):
    assert recognise(first) is None


@given(st.binary())
def test_any_first_line_is_accepted(first: bytes):
    recognise(first)


@pytest.mark.parametrize(
    ("first", "shown"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n", "SSH-2.0-OpenSSH_9.6"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "15 03 01 00 02 02 46 (hexadecimal)"),
        (b"x" * 41, "x" * 40 + "…"),
        (b"\x1b]0;title\x07", "1b 5d 30 3b 74 69 74 6c 65 07 (hexadecimal)"),
    ],
)
def test_the_first_octets_are_shown_so_that_they_can_be_read(first: bytes, shown: str):
    assert first_octets(first) == shown
