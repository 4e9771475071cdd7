"""Reads certificates as public authorities issue them, without `cryptography`.

`cryptography` takes longer to import than a whole conversation with a server takes. So what nearly
all certificates consist of is read here (X.509 version 3: RFC 5280; DER: X.690), and everything
else, well-formed or not, is left to it: `read` returns None for whatever is not exactly as
expected.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from ..facts.tls_failures import CURVES, SIGNATURES
from .certificate_fields import COMMON_NAME, ORGANISATION, UNIT, CertificateFields, Name

# Tags (X.690 section 8).
_BOOLEAN, _INTEGER, _BITS, _OCTETS, _OID = 0x01, 0x02, 0x03, 0x04, 0x06
_UTF8, _PRINTABLE, _IA5, _UTC_TIME, _LATER_TIME = 0x0C, 0x13, 0x16, 0x17, 0x18
_SEQUENCE, _SET, _VERSION, _EXTENSIONS = 0x30, 0x31, 0xA0, 0xA3
_DNS_NAME, _URI, _ADDRESS = 0x82, 0x86, 0x87  # of a GeneralName (RFC 5280 section 4.2.1.6)
_V3 = b"\x02\x01\x02"
_NULL = b"\x05\x00"
_TRUE = b"\xff"
_PRINTABLE_OCTETS = frozenset(  # X.680 section 41.4
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?"
)

_KEYWORDS = {  # RFC 4514 section 3
    COMMON_NAME: "CN", "2.5.4.7": "L", "2.5.4.8": "ST", ORGANISATION: "O", UNIT: "OU",
    "2.5.4.6": "C", "2.5.4.9": "STREET", "0.9.2342.19200300.100.1.25": "DC",
    "0.9.2342.19200300.100.1.1": "UID",
}  # fmt: skip
_ESCAPED = {ord(mark): f"\\{mark}" for mark in '\\"+,;<>'}  # RFC 4514 section 2.4
_RSA_KEY = "1.2.840.113549.1.1.1"
_RSA_SIGNATURES = _RSA_KEY[:-1]
_CURVE_KEY = "1.2.840.10045.2.1"
_BASIC_CONSTRAINTS, _ALTERNATIVE_NAME = "2.5.29.19", "2.5.29.17"
_INFORMATION_ACCESS, _CA_ISSUERS = "1.3.6.1.5.5.7.1.1", "1.3.6.1.5.5.7.48.2"

# The curves that certificates are made on: OpenSSL's name, bits, and p and b of the equation
# y^2 = x^3 - 3x + b modulo p (FIPS 186-4, D.1.2).
_CURVES = {
    "1.2.840.10045.3.1.7": (
        "secp256r1", 256, 2**256 - 2**224 + 2**192 + 2**96 - 1,
        0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    ),
    "1.3.132.0.34": (
        "secp384r1", 384, 2**384 - 2**128 - 2**96 + 2**32 - 1,
        0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
    ),
}  # fmt: skip


class _Unexpected(Exception):
    """This is not what `read` knows."""


def read(der: bytes) -> CertificateFields | None:
    """The fields of a certificate; None where another reader has to be asked. Never raises."""
    try:
        return _read(der)
    except (_Unexpected, ValueError, OverflowError):
        return None


def _read(der: bytes) -> CertificateFields:
    signed, outer, signature = _items(_only(der, _SEQUENCE), _SEQUENCE, _SEQUENCE, _BITS)
    fields = _items(
        signed, _VERSION, _INTEGER, _SEQUENCE, _SEQUENCE, _SEQUENCE, _SEQUENCE, _SEQUENCE,
        _EXTENSIONS,
    )  # fmt: skip
    version, serial, algorithm, issuer, validity, subject, public_key, extensions = fields
    _expect(version == _V3 and algorithm == outer and signature[:1] == b"\0")
    key, bits = _key(public_key)
    found = _extensions(extensions)
    hosts, addresses = _alternative_names(found.get(_ALTERNATIVE_NAME))
    not_before, not_after = _validity(validity)
    return CertificateFields(
        subject=_name(subject),
        issuer=_name(issuer),
        hosts=hosts,
        addresses=addresses,
        not_before=not_before,
        not_after=not_after,
        key=key,
        key_bits=bits,
        signature=_signature(algorithm),
        serial=f"{_positive(serial):x}",
        is_ca=_is_ca(found.get(_BASIC_CONSTRAINTS)),
        issuer_url=_issuer_url(found.get(_INFORMATION_ACCESS)),
    )


def _expect(holds: bool) -> None:
    if not holds:
        raise _Unexpected


# DER


def _each(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The tag and the contents of each element."""
    at, end = 0, len(data)
    while at < end:
        _expect(at + 2 <= end and data[at] & 0x1F != 0x1F)
        tag, length = data[at], data[at + 1]
        at += 2
        if length >= 0x80:
            octets = length - 0x80
            _expect(1 <= octets <= 3 and at + octets <= end)
            length = int.from_bytes(data[at : at + octets], "big")
            _expect(length >= (0x80 if octets == 1 else 1 << 8 * (octets - 1)))
            at += octets
        _expect(at + length <= end)
        yield tag, data[at : at + length]
        at += length


def _items(data: bytes, *tags: int) -> list[bytes]:
    """The contents of the elements, which have exactly these tags."""
    found = list(_each(data))
    _expect(tuple(tag for tag, _ in found) == tags)
    return [contents for _, contents in found]


def _only(data: bytes, tag: int) -> bytes:
    return _items(data, tag)[0]


def _oid(data: bytes) -> str:
    """An object identifier, dotted (X.690 section 8.19)."""
    _expect(bool(data) and data[-1] < 0x80)
    arcs: list[int] = []
    arc, begins = 0, True
    for octet in data:
        _expect(not (begins and octet == 0x80))
        arc = arc << 7 | octet & 0x7F
        begins = octet < 0x80
        if begins:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def _positive(data: bytes) -> int:
    """An integer greater than 0."""
    _expect(bool(data) and data[0] < 0x80 and not (data[0] == 0 and data[1:2] < b"\x80"))
    return int.from_bytes(data, "big")


# The parts of a certificate


def _name(data: bytes) -> Name:
    attributes: list[tuple[str, str]] = []
    for tag, relative in _each(data):
        _expect(tag == _SET)
        of, value = _pair(_only(relative, _SEQUENCE), _UTF8, _PRINTABLE, _IA5)
        _expect(of in _KEYWORDS and bool(value) and value.isprintable())
        _expect(value == value.strip(" ") and value[0] != "#")
        attributes.append((of, value))
    written = (f"{_KEYWORDS[of]}={value.translate(_ESCAPED)}" for of, value in attributes[::-1])
    return Name(",".join(written), tuple(attributes))


def _pair(data: bytes, *tags: int) -> tuple[str, str]:
    """An object identifier, and a text with one of these tags."""
    (first, oid), (tag, value) = _two(data)
    _expect(first == _OID and tag in tags)
    _expect(tag != _PRINTABLE or _PRINTABLE_OCTETS.issuperset(value))
    return _oid(oid), value.decode("utf-8" if tag == _UTF8 else "ascii")


def _two(data: bytes) -> list[tuple[int, bytes]]:
    found = list(_each(data))
    _expect(len(found) == 2)
    return found


def _validity(data: bytes) -> tuple[float, float]:
    (first, begins), (second, ends) = _two(data)
    return _time(first, begins), _time(second, ends)


def _time(tag: int, data: bytes) -> float:
    """A UTCTime until 2049, a GeneralizedTime from 2050 on (RFC 5280 section 4.1.2.5)."""
    digits = data.removesuffix(b"Z").decode("ascii")
    _expect(data.endswith(b"Z") and digits.isdigit())
    if tag == _UTC_TIME and len(digits) == 12:
        digits = ("19" if digits >= "5" else "20") + digits
    else:
        _expect(tag == _LATER_TIME and len(digits) == 14 and digits >= "2050")
    places = (digits[:4], *(digits[at : at + 2] for at in range(4, 14, 2)))
    year, month, day, hour, minute, second = map(int, places)
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp()


def _algorithm(data: bytes) -> tuple[str, bytes]:
    """The object identifier of an algorithm, and its parameters."""
    tag, oid = next(_each(data), (0, b""))
    _expect(tag == _OID)
    return _oid(oid), data[2 + len(oid) :]


def _signature(data: bytes) -> str:
    oid, parameters = _algorithm(data)
    _expect(oid in SIGNATURES)
    _expect(parameters == (_NULL if oid.startswith(_RSA_SIGNATURES) else b""))
    return oid


def _key(data: bytes) -> tuple[str, int]:
    """The type of the public key in words, and its bits."""
    about, key = _items(data, _SEQUENCE, _BITS)
    oid, parameters = _algorithm(about)
    _expect(key[:1] == b"\0")
    if oid == _RSA_KEY:
        _expect(parameters == _NULL)
        modulus, exponent = map(_positive, _items(_only(key[1:], _SEQUENCE), _INTEGER, _INTEGER))
        _expect(modulus % 2 == 1 and exponent == 65537)
        return f"RSA {modulus.bit_length()}", modulus.bit_length()
    curve = _CURVES.get(_oid(_only(parameters, _OID))) if oid == _CURVE_KEY else None
    if curve is None:
        raise _Unexpected
    name, bits, p, b = curve
    size = bits // 8
    _expect(len(key) == 2 + 2 * size and key[1] == 4)  # a point that is not compressed
    x, y = (int.from_bytes(each, "big") for each in (key[2 : 2 + size], key[2 + size :]))
    _expect(x < p and y < p and (y * y - x * x * x + 3 * x - b) % p == 0)
    return f"ECDSA {CURVES[name]}", bits


def _extensions(data: bytes) -> dict[str, bytes]:
    """The value of each extension."""
    found: dict[str, bytes] = {}
    for tag, extension in _each(_only(data, _SEQUENCE)):
        _expect(tag == _SEQUENCE)
        parts = list(_each(extension))
        if len(parts) == 3:
            _expect(parts.pop(1) == (_BOOLEAN, _TRUE))  # it is critical
        _expect([tag for tag, _ in parts] == [_OID, _OCTETS])
        oid = _oid(parts[0][1])
        _expect(oid not in found)
        found[oid] = parts[1][1]
    return found


def _alternative_names(data: bytes | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    hosts: list[str] = []
    addresses: list[str] = []
    for tag, value in _each(_only(data, _SEQUENCE)) if data is not None else ():
        if tag == _DNS_NAME:
            hosts.append(_ascii(value))
        else:
            _expect(tag == _ADDRESS)
            addresses.append(_address(value))
    return tuple(hosts), tuple(addresses)


def _ascii(data: bytes) -> str:
    text = data.decode("ascii")
    _expect(text.isprintable() and bool(text))
    return text


def _address(data: bytes) -> str:
    if len(data) == 4:
        return ".".join(map(str, data))
    from ipaddress import IPv6Address

    _expect(len(data) == 16)
    return str(IPv6Address(data))


def _is_ca(data: bytes | None) -> bool:
    parts = list(_each(_only(data, _SEQUENCE))) if data is not None else []
    if not parts:
        return False
    _expect(parts[0] == (_BOOLEAN, _TRUE))
    if len(parts) == 2:
        _expect(parts[1][0] == _INTEGER and len(parts[1][1]) == 1 and parts[1][1] < b"\x80")
    else:
        _expect(len(parts) == 1)
    return True


def _issuer_url(data: bytes | None) -> str:
    """Where the certificate of the issuer is available (RFC 5280 section 4.2.2.1)."""
    for tag, access in _each(_only(data, _SEQUENCE)) if data is not None else ():
        _expect(tag == _SEQUENCE)
        method, place = _pair(access, _URI)
        _expect(place.isprintable())
        if method == _CA_ISSUERS:
            return place
    return ""
