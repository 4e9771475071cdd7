"""Event loops, and certificates that are made once for each file.

What is marked `every_loop` runs on asyncio's event loop, and on uvloop where it is there.
"""

from __future__ import annotations

import pytest
from support.loops import pytest_asyncio_loop_factories
from support.made_certificates import Made, authority, by

__all__ = ["pytest_asyncio_loop_factories"]


@pytest.fixture(scope="module")
def good() -> Made:
    """A certificate for 127.0.0.1, by the authority of `ca_file`."""
    return by(authority(), "127.0.0.1")


@pytest.fixture(scope="module")
def ca_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority().cert_pem.write_to_path(str(path))
    return str(path)
