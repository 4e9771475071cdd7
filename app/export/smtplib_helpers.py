"""The source code of the functions and classes that an smtplib program may need, keyed by name.

A program contains only the helpers that it uses, and imports the modules in their `imports`.
"""

from __future__ import annotations

from typing import NamedTuple


class Helper(NamedTuple):
    """The source code of a helper, and the modules that the code imports."""

    text: str
    imports: tuple[str, ...] = ()


HELPERS: dict[str, Helper] = {
    "expect": Helper(
        '''\
def expect(reply, expected):
    """Print a reply and return its text. Exit if its code is not the expected one."""
    code, text = reply
    shown = text.decode("utf-8", "replace")
    print(code, "".join(c if c.isprintable() or c == "\\n" else "?" for c in shown))
    if code != expected:
        raise SystemExit(f"expected {expected}")
    return text
'''
    ),
    "accepted": Helper(
        '''\
def accepted(connection):
    """Exit unless the server's certificate is the one that was accepted."""
    found = hashlib.sha256(connection.getpeercert(binary_form=True)).hexdigest()
    if found != ACCEPTED:
        connection.close()
        raise SystemExit(f"the server has a different certificate, SHA-256 {found}")
''',
        ("hashlib",),
    ),
    "encoded": Helper(
        '''\
def encoded(*parts):
    """Return an AUTH response in base64."""
    octets = [p if isinstance(p, bytes) else p.encode("utf-8", "surrogateescape") for p in parts]
    return base64.b64encode(b"".join(octets)).decode()
''',
        ("base64",),
    ),
    "cram_md5": Helper(
        '''\
def cram_md5(password, challenge):
    """Return the CRAM-MD5 proof (RFC 2195)."""
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
        """Return the proof that answers the server's challenge."""
        first = base64.b64decode(challenge).decode()
        parts = dict(part.split("=", 1) for part in first.split(","))
        if not parts["r"].startswith(self.bare.rpartition(",r=")[2]):
            raise SystemExit("the server's nonce does not begin with the client's")
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
        """Exit unless the server proves that it knows the password, too."""
        if base64.b64decode(challenge) != b"v=" + base64.b64encode(self.signature):
            raise SystemExit("the server did not prove that it knows the password")
''',
        ("base64", "hashlib", "hmac", "secrets", "unicodedata"),
    ),
}
"""The helpers, keyed by name, in the order in which a program contains them."""
