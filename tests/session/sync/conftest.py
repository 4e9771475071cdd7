"""The server on which `SMTP` and smtplib's class are compared."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.smtplib_oracle import TableServer


@pytest.fixture(scope="module")
def server() -> Iterator[TableServer]:
    made = TableServer()
    yield made
    made.close()
