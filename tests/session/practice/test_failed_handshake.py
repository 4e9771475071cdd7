"""A failed TLS handshake: either the client must be fixed, or it is right to refuse."""

from __future__ import annotations

import asyncio
import smtplib
import ssl

import pytest
from heloscope.session.practice.diagnosis import Diagnosis
from heloscope.session.practice.failed_handshake import FAULTS, failed_handshake
from heloscope.session.practice.scenarios.model import CERTIFICATES
from heloscope.session.practice.server import PracticeServer

REFUSED = "TLSV1_ALERT_UNKNOWN_CA"


def test_each_faulty_certificate_has_its_words():
    assert {*FAULTS, "good"} == set(CERTIFICATES)


def test_a_good_certificate_is_one_to_trust():
    found = failed_handshake(REFUSED)
    assert found.rule == "certificate-refused"
    assert found.words.advice.startswith("Have the client trust the practice server's CA file")


@pytest.mark.parametrize("kind", FAULTS)
def test_a_faulty_certificate_is_never_one_to_trust_just_so(kind: str):
    for reason in (REFUSED, "the client closed the connection"):
        words = failed_handshake(reason, kind).words
        assert words.why.endswith("This is intended: a client is right to refuse it.")
        assert "hange nothing in " in words.advice
        assert ("have it trust" in words.advice) is (kind in ("expired", "other-name"))


def test_octets_that_are_not_tls_do_not_concern_the_certificate():
    assert failed_handshake("WRONG_VERSION_NUMBER", "expired").rule == "clear-on-tls-port"


async def refused(scenario: str, *, starttls: bool) -> Diagnosis:
    """Return the diagnosis of a client that trusts the CA but refuses a scenario's certificate."""
    server = PracticeServer(scenario=scenario)
    told: asyncio.Future[Diagnosis] = asyncio.get_running_loop().create_future()

    def connect(ca: str) -> None:
        context = ssl.create_default_context(cafile=ca)
        with pytest.raises(ssl.SSLCertVerificationError):
            if not starttls:
                smtplib.SMTP_SSL("127.0.0.1", server.tls_port, context=context)
            with smtplib.SMTP("127.0.0.1", server.port, local_hostname="c.example") as smtp:
                smtp.starttls(context=context)

    await server.start()
    try:
        server.clients.subscribe(told.set_result)
        await asyncio.to_thread(connect, await asyncio.to_thread(server.ca_file))
        return await asyncio.wait_for(told, 10)
    finally:
        await server.stop()


@pytest.mark.parametrize("starttls", [True, False], ids=["starttls", "smtps"])
@pytest.mark.parametrize(
    ("scenario", "wanted", "rfc"),
    [
        ("tls-expired", "has expired", "RFC 5280 4.1.2.5, 6.1.3"),
        ("tls-other-name", "is for a host other than", "RFC 9525 6, RFC 7817 3"),
        ("tls-self-signed", "is self-signed", "RFC 5280 6.1"),
        ("tls-no-intermediate", "is sent without the intermediate", "RFC 8446 4.4.2, RFC 5280 6.1"),
    ],
)
async def test_a_client_that_refuses_a_faulty_certificate_is_right(
    scenario: str, wanted: str, rfc: str, starttls: bool
):
    found = await refused(scenario, starttls=starttls)
    assert (found.rule, found.rfc) == ("certificate-refused", rfc)
    assert f"In this scenario, the certificate {wanted}" in found.why
    assert found.why.endswith("This is intended: a client is right to refuse it.")
    assert "change nothing in the client" in found.advice


async def test_in_a_puzzle_the_fault_of_the_certificate_is_not_revealed():
    found = await refused("broken-e", starttls=True)
    assert found.rule == "certificate-refused"
    said = f"{found.seen} {found.why} {found.advice}"
    assert "heloscope does not say whether the client is right" in said
    assert not [word for word in ("intermediate", "intended", "trust") if word in said]
