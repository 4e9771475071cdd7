"""Event loops, and certificates that are made once per file.

Tests marked `every_loop` run on asyncio's event loop, and on uvloop if it is installed.
"""

from __future__ import annotations

import pytest
from support.loops import pytest_asyncio_loop_factories
from support.made_certificates import Made, authority, by

__all__ = ["pytest_asyncio_loop_factories"]


@pytest.fixture(scope="module")
def good() -> Made:
    """Return a certificate for 127.0.0.1, issued by the authority of `ca_file`."""
    return by(authority(), "127.0.0.1")


@pytest.fixture(scope="module")
def ca_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority().cert_pem.write_to_path(str(path))
    return str(path)
