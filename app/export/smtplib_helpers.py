"""The functions and classes that a program with smtplib may need, as text, by name.

A program contains only those that it uses. `imports` are the modules that each needs.
"""

from __future__ import annotations

from typing import NamedTuple


class Helper(NamedTuple):
    """The text of a helper, and the modules that it uses."""

    text: str
    imports: tuple[str, ...] = ()


HELPERS: dict[str, Helper] = {
    "said": Helper(
        '''\
def said(reply, before):
    """Show a reply and return its text; end if its code is not the one of before."""
    code, text = reply
    shown = text.decode("utf-8", "replace")
    print(code, "".join(c if c.isprintable() or c == "\\n" else "?" for c in shown))
    if code != before:
        raise SystemExit(f"it was {before} before")
    return text
'''
    ),
    "accepted": Helper(
        '''\
def accepted(connection):
    """End unless the certificate of the server is the one that was accepted."""
    found = hashlib.sha256(connection.getpeercert(binary_form=True)).hexdigest()
    if found != ACCEPTED:
        connection.close()
        raise SystemExit(f"the server has another certificate, SHA-256 {found}")
''',
        ("hashlib",),
    ),
    "encoded": Helper(
        '''\
def encoded(*parts):
    """A response of AUTH in base64."""
    octets = [p if isinstance(p, bytes) else p.encode("utf-8", "surrogateescape") for p in parts]
    return base64.b64encode(b"".join(octets)).decode()
''',
        ("base64",),
    ),
    "cram_md5": Helper(
        '''\
def cram_md5(password, challenge):
    """The proof of CRAM-MD5 (RFC 2195)."""
    key = password.encode("utf-8", "surrogateescape")
    return hmac.new(key, base64.b64decode(challenge), "md5").hexdigest()
''',
        ("base64", "hmac"),
    ),
    "Scram": Helper(
        '''\
class Scram:
    """The messages of a SCRAM client (RFC 5802), without channel binding."""

    def __init__(self, user, password, digest, header="n,,"):
        name = user.replace("=", "=3D").replace(",", "=2C")
        self.bare = f"n={name},r={secrets.token_urlsafe(24)}"
        self.first = header + self.bare
        self.header, self.digest = header, digest
        self.password = unicodedata.normalize("NFKC", password).encode()

    def final(self, challenge):
        """The proof, from the challenge of the server."""
        first = base64.b64decode(challenge).decode()
        parts = dict(part.split("=", 1) for part in first.split(","))
        if not parts["r"].startswith(self.bare.rpartition(",r=")[2]):
            raise SystemExit("the nonce of the server does not begin with that of the client")
        bare = f"c={base64.b64encode(self.header.encode()).decode()},r={parts['r']}"
        salt, count = base64.b64decode(parts["s"]), int(parts["i"])
        salted = hashlib.pbkdf2_hmac(self.digest, self.password, salt, count)
        key = hmac.digest(salted, b"Client Key", self.digest)
        stored = hashlib.new(self.digest, key).digest()
        text = f"{self.bare},{first},{bare}".encode()
        self.signature = hmac.digest(
            hmac.digest(salted, b"Server Key", self.digest), text, self.digest
        )
        signed = hmac.digest(stored, text, self.digest)
        proof = bytes(a ^ b for a, b in zip(key, signed))
        return f"{bare},p={base64.b64encode(proof).decode()}"

    def check(self, challenge):
        """End unless the server, too, knows the password."""
        if base64.b64decode(challenge) != b"v=" + base64.b64encode(self.signature):
            raise SystemExit("the server does not know the password")
''',
        ("base64", "hashlib", "hmac", "secrets", "unicodedata"),
    ),
}
"""Name -> helper, in the order of the program."""
