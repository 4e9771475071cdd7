"""The fields of a certificate, before they are put into words."""

from __future__ import annotations

import msgspec

# The attributes of a name that are shown by themselves (RFC 4519).
COMMON_NAME, ORGANISATION, UNIT = "2.5.4.3", "2.5.4.10", "2.5.4.11"

Attributes = tuple[tuple[str, str], ...]
"""The attributes of a name, in order: the dotted OID and the value of each."""


class Name(msgspec.Struct, frozen=True):
    """A subject or an issuer; `text` is the whole name in the form of RFC 4514."""

    text: str = ""
    attributes: Attributes = ()

    def first_of(self, *oids: str) -> str:
        """Return the value of the first of these attributes that the name contains, or "".

        If the name contains the attribute several times, its last value is returned.
        """
        for oid in oids:
            values = [value for of, value in self.attributes if of == oid and value]
            if values:
                return values[-1]
        return ""


class CertificateFields(msgspec.Struct, frozen=True):
    """The fields of a certificate that are shown. A field that cannot be parsed is empty.

    Times are in seconds since 1970. `hosts` and `addresses` are those of the subjectAltName;
    `hosts` is None if the extensions cannot be parsed. `signature` is the OID of the signature
    algorithm.
    """

    subject: Name
    issuer: Name
    hosts: tuple[str, ...] | None
    addresses: tuple[str, ...]
    not_before: float
    not_after: float
    key: str
    key_bits: int
    signature: str
    serial: str
    is_ca: bool
    issuer_url: str
