"""The trusted authority, and the ways to perform a handshake."""

from __future__ import annotations

import pytest
from support import made_certificates as made
from support.tls_servers import WAYS


@pytest.fixture(scope="session")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    made.authority().cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture(params=WAYS, ids=lambda way: way.__name__)
def meet(request: pytest.FixtureRequest):
    """Return each way to perform a handshake: blocking, TLS from the start, and start_tls."""
    return request.param
