"""Wrong names, types and values are refused where they are given."""

from __future__ import annotations

import asyncio
import io
import math
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from heloscope.session import (
    SMTP,
    BlockingStepper,
    Breakpoint,
    BreakpointError,
    Manual,
    OutgoingProxy,
    ProxyHeaderError,
    Secret,
    Session,
    Stepper,
    Target,
    TargetError,
    Timeouts,
    TlsSettings,
    TlsSettingsError,
    Transcript,
    parse_breakpoint,
    parse_proxy,
    parse_target,
    proxy_header,
    replay,
    send,
    shown_on_failure,
)
from support.rows import for_each

A, B = "a@example.org", ["b@example.org"]


async def async_subscriber(event: object) -> None: ...


class AsyncCallable:
    async def __call__(self, event: object) -> None: ...


def wrong(call: Callable[..., Any], *arguments: Any, **keywords: Any) -> Callable[[], Any]:
    return partial(call, *arguments, **keywords)


WRONG: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (wrong(Session, 25), TypeError, "host must be a string or a Target, not int"),
    (wrong(Session, None), TypeError, "host must be a string or a Target, not NoneType"),
    (wrong(Session, "h:25", 26), TargetError, "The port is specified twice: in h:25, and as 26"),
    (
        wrong(Session, "smtps://h:465", 26),
        TargetError,
        "specified twice: in smtps://h:465, and as 26",
    ),
    (
        wrong(parse_target, 25),
        TypeError,
        "a target must be text such as mail.example.org:587, not int",
    ),
    (wrong(Session("h").login_procedure, "u", "p", authzid=1), TypeError, "authzid must be a str"),
    (wrong(Session("h").login_procedure, "u", "p", mechanism=b"PLAIN"), TypeError, "mechanism mus"),
    (wrong(Session, "h", flood_limit="x"), TypeError, "flood_limit must be a number of octets"),
    (wrong(Session, "h", flood_limit=0), ValueError, "flood_limit must be at least 1 octet"),
    (wrong(setattr, Session(), "flood_limit", None), TypeError, "number of octets, not NoneType"),
    (wrong(setattr, SMTP(), "flood_limit", "x"), TypeError, "number of octets, not str"),
    (wrong(BlockingStepper, Session(), "noop"), TypeError, "smtp must be a heloscope SMTP"),
    (wrong(BlockingStepper, smtplib.SMTP(), "noop"), TypeError, "smtp must be a heloscope SMTP"),
    (wrong(Stepper, SMTP(), "noop"), TypeError, "not SMTP; use a BlockingStepper for an SMTP"),
    (wrong(Stepper, Session(), "login", "u"), TypeError, "; login_procedure(user, password) ret"),
    (wrong(Stepper, Session(), "login", "u", "p"), TypeError, "; login_procedure(user, password)"),
    (wrong(parse_breakpoint, None), TypeError, "a breakpoint must be a string, not NoneType"),
    (wrong(shown_on_failure, 3), TypeError, "a int has no transcript to show"),
    (wrong(shown_on_failure, file="x"), TypeError, "file must be a text file open for"),
    (wrong(Session, "h", proxy="socks5://p"), TypeError, "an OutgoingProxy, not str; parse_proxy"),
    (
        wrong(Session, "h", proxy_header="UNKNOWN"),
        TypeError,
        "must be bytes, not str; proxy_header()",
    ),
    (wrong(Session, "h", sock="s"), TypeError, "sock must be a connected socket, not str"),
    (
        wrong(OutgoingProxy, "ftp", "p", 1),
        TargetError,
        "ftp is not a proxy scheme. Use one of socks5, socks4, http.",
    ),
    (wrong(OutgoingProxy, "http", "p", 65536), TargetError, "from 1 to 65535, not 65536"),
    (wrong(OutgoingProxy, "http", "", 1), TargetError, "A proxy must have a host and a port."),
    (wrong(OutgoingProxy, "http", b"p", 1), TypeError, "host must be a string, not bytes"),
    (wrong(parse_proxy, None), TypeError, "text such as socks5://proxy.example:1080, not NoneType"),
    (wrong(proxy_header, b"UNKNOWN"), TypeError, "a PROXY header must be text such as"),
    (wrong(proxy_header, "UNKNOWN", 3), ProxyHeaderError, "PROXY header must be 1 or 2, not 3"),
    (
        wrong(Target, "h", path="/p"),
        TargetError,
        "either a host or the path of a Unix socket, not both",
    ),
    (wrong(TlsSettings, ca_file=5), TypeError, "ca_file must be a path, not int"),
    (wrong(replay, "talk.jsonl"), TypeError, "must be a Recording or a similar object, not str"),
    (wrong(Transcript, "x"), TypeError, "heard_by must be a Transcript, not str"),
    (wrong(Manual, SMTP(), print), TypeError, "session must be a Session, not SMTP"),
    (wrong(Manual, Session(), None), TypeError, "failed must be a function, not NoneType"),
    (wrong(Stepper, Session(), "deliver"), ValueError, "called 'deliver'; available: auth, bdat"),
    (wrong(Session, "h", 99999), TargetError, "from 1 to 65535, not 99999"),
    (wrong(Session, "h", -1), TargetError, "from 1 to 65535, not -1"),
    (wrong(Session, "h", "25"), TypeError, "port must be a number, not str"),
    (wrong(Session, "h", timeout=-1), ValueError, "timeout must be a positive, finite"),
    (wrong(Session, "h", timeout=0), ValueError, "timeout must be a positive, finite"),
    (wrong(Session, "h", timeout=math.nan), ValueError, "finite number of seconds, not nan"),
    (wrong(Session, "h", timeout=math.inf), ValueError, "finite number of seconds, not inf"),
    (wrong(Session, "h", timeout="5"), TypeError, "timeout must be a number of seconds, not str"),
    (wrong(Session, "h", timeout=5, timeouts=Timeouts()), TypeError, "not be given together"),
    (wrong(Session, "h", timeouts=5), TypeError, "timeouts must be Timeouts, not int"),
    (wrong(Session, "h", local_hostname=b"me"), TypeError, "local_hostname must be a host name"),
    (wrong(Session, "h", local_hostname="me\r\nNOOP"), ValueError, "must not contain a line end"),
    (
        wrong(Session, "h", local_hostname="me\0"),
        ValueError,
        "must not contain a line ending or NUL",
    ),
    (
        wrong(Session, "h", source_address="192.0.2.1"),
        TypeError,
        "source_address must be a pair (host",
    ),
    (wrong(Session, "h", source_address=("::1", 99999)), TargetError, "from 1 to 65535"),
    (wrong(Session, "h", tls=True), TypeError, "tls must be TlsSettings, not bool"),
    (
        wrong(Session, "h", tls=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)),
        TypeError,
        "pass an SSLContext to starttls(context=...)",
    ),
    (wrong(Session, "h", clock=5), TypeError, "clock must be a function"),
    (wrong(Session().subscribe, async_subscriber), TypeError, "async for event in session.events"),
    (wrong(Session().subscribe, AsyncCallable()), TypeError, "async for event in session.events"),
    (wrong(Session().subscribe, None), TypeError, "a subscriber must be a function, not NoneType"),
    (wrong(setattr, Session(), "timeouts", 5), TypeError, "timeouts must be Timeouts, not int"),
    (wrong(Session().send_line, "NOOP"), TypeError, "must be bytes, not str"),
    (wrong(Timeouts, data=-1), ValueError, "data must be a positive, finite"),
    (wrong(Timeouts.all, math.nan), ValueError, "not nan"),
    (wrong(Timeouts, mail="5"), TypeError, "mail must be a number of seconds, not str"),
    (wrong(Target, "h", 65536), TargetError, "from 1 to 65535"),
    (wrong(Target, 5), TypeError, "host must be a string, not int"),
    (wrong(Secret, 5), TypeError, "a secret must be text or bytes, not int"),
    (wrong(TlsSettings, key_password=5), TypeError, "a secret must be text or bytes, not int"),
    (wrong(TlsSettings, ca_file=5), TypeError, "int"),
    (wrong(TlsSettings, verify="no"), TypeError, "verify must be True or False, not str"),
    (wrong(TlsSettings, alpn="smtp"), TypeError, "alpn must be a tuple of names"),
    (wrong(TlsSettings, server_name=b"x"), TypeError, "server_name must be a string, not bytes"),
    (wrong(TlsSettings, minimum="TLSv9"), TlsSettingsError, "Unknown TLS version TLSv9"),
    (wrong(Breakpoint, "befor", "RCPT"), BreakpointError, "Unknown kind of breakpoint 'befor'"),
    (
        wrong(Breakpoint, "reply", "999"),
        BreakpointError,
        "'999' is not valid for a breakpoint of kind reply",
    ),
    (
        wrong(Breakpoint, "before"),
        BreakpointError,
        "'' is not valid for a breakpoint of kind before",
    ),
    (wrong(Stepper, None, "noop"), TypeError, "session must be a Session, not NoneType"),
    (wrong(Stepper, Session(), "noop", clock=5), TypeError, "clock must be a function"),
]


@for_each(WRONG)
def test_a_wrong_argument_is_refused_where_it_is_given(
    call: Callable[[], Any], error: type[Exception], words: str
):
    with pytest.raises(error) as raised:
        call()
    assert words in str(raised.value)


CALLS: list[tuple[str, tuple[Any, ...], dict[str, Any], type[Exception], str]] = [
    (
        "sendmial",
        (A, B, b""),
        {},
        ValueError,
        "no procedure is called 'sendmial'; did you mean \"s",
    ),
    ("sendmail", (A, B), {}, TypeError, "missing a required argument: 'msg'"),
    ("sendmail", (A, B, b"", (), (), 1), {}, TypeError, "too many positional arguments"),
    ("sendmail", (A, B, b""), {"pipelinig": True}, TypeError, 'did you mean "pipelining"?'),
    ("sendmail", (A, B, b""), {"pipelining": 1}, TypeError, "pipelining must be True, False or N"),
    ("sendmail", (A, B, b""), {"chunking": "no"}, TypeError, "chunking must be True or False"),
    ("sendmail", (None, B, b""), {}, TypeError, "from_addr must be a string, not NoneType"),
    ("sendmail", (A, 5, b""), {}, TypeError, "to_addrs must be an address, or a list of addresses"),
    ("sendmail", (A, [B], b""), {}, TypeError, "to_addrs must be an address"),
    ("sendmail", (A, [b"b@x"], b""), {}, TypeError, "list of addresses, not list with bytes in it"),
    ("sendmail", (A, iter(B), b""), {}, TypeError, "to_addrs must be an address"),
    (
        "sendmail",
        (A, B, None),
        {},
        TypeError,
        "msg must be text, bytes, or a binary file, not None",
    ),
    ("sendmail", (A, B, EmailMessage()), {}, TypeError, "; use send_message for an email.message"),
    (
        "sendmail",
        (A, B, b"", "BODY=8BITMIME"),
        {},
        TypeError,
        "mail_options must be a list",
    ),
    (
        "sendmail",
        (A, B, b""),
        {"rcpt_options": {"b": "X"}},
        TypeError,
        "rcpt_options must be a list",
    ),
    ("send_message", (b"x",), {}, TypeError, "msg must be an email.message.Message, not bytes"),
    ("send_message", (EmailMessage(),), {"chunkin": True}, TypeError, 'did you mean "chunking"?'),
    ("mail", (5,), {}, TypeError, "sender must be a string, not int"),
    ("rcpt", (None,), {}, TypeError, "recip must be a string, not NoneType"),
    ("bdat", ("text",), {}, TypeError, "chunk must be bytes, not str"),
    ("verify", (b"x",), {}, TypeError, "address must be a string, not bytes"),
    ("ehlo", (5,), {}, TypeError, "name must be a string, not int"),
    ("auth", ("PLAIN", "secret"), {}, TypeError, "authobject must be a function, not str"),
    ("connect", ("localhost",), {}, TypeError, "target must be a Target, not str"),
    ("from_the_start", (Target("h", 25), "sendmial"), {}, ValueError, "did you mean"),
]


@for_each(CALLS)
async def test_a_procedure_is_refused_before_anything_is_sent(
    name: str,
    arguments: tuple[Any, ...],
    keywords: dict[str, Any],
    error: type[Exception],
    words: str,
):
    session = Session("127.0.0.1", 1)
    with pytest.raises(error) as raised:
        Stepper(session, name, *arguments, **keywords)
    assert words in str(raised.value)
    with pytest.raises(error) as raised:
        await session.run(name, *arguments, **keywords)
    assert words in str(raised.value)


async def test_a_misspelt_keyword_of_send_message():
    with pytest.raises(TypeError, match="pipelinig"):
        await Session().send_message(EmailMessage(), pipelinig=True)  # pyright: ignore[reportCallIssue] (what is tested)


async def test_a_message_of_the_wrong_type():
    session = Session()
    with pytest.raises(TypeError, match="binary mode"):
        await session.sendmail(A, B, io.StringIO("text"))  # pyright: ignore[reportArgumentType] (what is tested)
    with pytest.raises(TypeError, match=r"use send_message\(\) for an email message"):
        await session.data(EmailMessage())  # pyright: ignore[reportArgumentType] (what is tested)


async def test_a_wrong_ssl_context_is_refused():
    with pytest.raises(TypeError, match=r"context must be an ssl\.SSLContext, not bool"):
        await Session().starttls(context=True)  # pyright: ignore[reportArgumentType] (what is tested)


def test_a_password_given_as_text_becomes_a_secret_at_once():
    settings = TlsSettings(key_password="wonderland")  # pyright: ignore[reportArgumentType] (what is tested)
    assert settings.key_password == Secret("wonderland")
    assert "wonderland" not in repr(settings)


def test_a_path_may_be_a_path_object():
    assert TlsSettings(ca_file=Path("/x/ca.pem")).ca_file == "/x/ca.pem"  # pyright: ignore[reportArgumentType] (what is tested)


def test_a_secret_of_the_wrong_type_is_not_shown():
    with pytest.raises(TypeError) as error:
        Secret(["wonderland"])  # pyright: ignore[reportArgumentType] (what is tested)
    assert "wonderland" not in str(error.value)


async def test_a_result_that_is_not_there_is_raised():
    stepper = Stepper(Session("127.0.0.1", 1), "noop")
    with pytest.raises(RuntimeError, match="noop has no result: it has not begun"):
        _ = stepper.result
    await stepper.begin()
    with pytest.raises(RuntimeError, match="noop has no result: NOOP comes next"):
        _ = stepper.result
    with pytest.raises(RuntimeError, match="has already begun"):
        await stepper.begin()
    await stepper.send()
    assert stepper.over
    with pytest.raises(OSError, match="not connected"):
        _ = stepper.result
    other = Stepper(Session("127.0.0.1", 1), "noop")
    await other.begin()
    await other.abandon()
    with pytest.raises(RuntimeError, match="it was abandoned"):
        _ = other.result


async def test_a_wrong_breakpoint_is_refused():
    stepper = Stepper(Session(), "noop")
    with pytest.raises(TypeError, match=r"use parse_breakpoint\(\) for a string"):
        await stepper.run_to("on 5xx")  # pyright: ignore[reportArgumentType] (what is tested)


async def test_a_mistake_in_a_program_is_raised_by_the_step_that_meets_it():
    def mistaken(challenge: bytes | None = None) -> bytes:
        raise KeyError("a mistake")

    stepper = Stepper(Session(), "auth", "PLAIN", mistaken)
    with pytest.raises(KeyError, match="a mistake"):
        await stepper.begin()
    with pytest.raises(KeyError, match="a mistake"):
        _ = stepper.result
    await asyncio.sleep(0)


MESSAGE = EmailMessage()
MESSAGE["From"], MESSAGE["To"] = A, B[0]


@pytest.mark.parametrize(
    ("arguments", "keywords", "error", "words"),
    [
        ((MESSAGE, "h"), {}, TypeError, "host must be a string or a Target, not EmailMessage; the"),
        (("h", {"a": 1}), {}, TypeError, "message must be an email.message.Message, text"),
        (("h", MESSAGE), {"starttls": "required"}, TypeError, "starttls must be True, False"),
        (("h", MESSAGE), {"login": "alice:pw"}, TypeError, "login must be a pair (user, password)"),
        (("h", MESSAGE), {"login": ("alice", 3)}, TypeError, "password must be a string, bytes"),
        (("h", MESSAGE), {"login": (None, "pw")}, TypeError, "user must be a string, not NoneType"),
        (("h", MESSAGE), {"sender": []}, TypeError, "sender must be an address or None, not list"),
        (("h", MESSAGE), {"recipients": 5}, TypeError, "recipients must be an address, or a list"),
        (("h", MESSAGE), {"recipients": []}, ValueError, "no recipients given"),
        (("h", MESSAGE), {"mail_options": "SIZE=1"}, TypeError, "mail_options must be a list"),
        (("h:25", MESSAGE), {"port": 26}, TargetError, "The port is specified twice"),
    ],
)  # fmt: skip
async def test_send_refuses_what_is_wrong_before_it_connects(
    arguments: Any, keywords: Any, error: type[Exception], words: str, monkeypatch: Any
):
    monkeypatch.setattr(Session, "connect", None)  # it would be a TypeError of other words
    with pytest.raises(error) as raised:
        await send(*arguments, **keywords)
    assert words in str(raised.value)


def test_a_port_given_with_a_url_replaces_the_urls():
    assert Session("smtps://h", 10465).target == Target("h", 10465, implicit=True)
    assert Session("[::1]", 2525).target == Target("::1", 2525)
    assert Session("::1", 2525).target == Target("::1", 2525)


def test_a_session_says_what_it_is():
    assert repr(Session("smtps://h")) == "<Session: smtps://h:465, not connected>"
    assert repr(Session()) == "<Session: no host, not connected>"
