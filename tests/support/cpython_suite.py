"""Runs CPython's own test_smtplib with heloscope's classes instead of smtplib's.

    python tests/support/cpython_suite.py

The suite is that of the running interpreter. LEFT_OUT lists the omitted tests with the reasons. The
program prints a line for each test that fails, and a last line of JSON with the counts.
"""

from __future__ import annotations

import json
import smtplib
import sys
import types
import unittest
from typing import Any

from heloscope.session.net import hostname
from heloscope.session.sync import connection as blocking
from heloscope.session.sync import lmtp, smtp, smtp_ssl

# Names as unittest gives them, without the module -> why it cannot hold for our classes.
LEFT_OUT: dict[str, str] = {}


class InPlace(types.ModuleType):
    """smtplib as seen by the suite: its own names, but our classes and their `socket`."""

    def __getattr__(self, name: str) -> Any:
        return getattr(smtplib, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "socket":
            for module in (blocking, smtp, lmtp, hostname):
                vars(module)["socket"] = value
        super().__setattr__(name, value)


def tests_of(suite: unittest.TestSuite) -> list[unittest.TestCase]:
    found: list[unittest.TestCase] = []
    for test in suite:
        found += tests_of(test) if isinstance(test, unittest.TestSuite) else [test]
    return found


def main() -> int:
    shim = InPlace("smtplib")
    shim.SMTP, shim.SMTP_SSL, shim.LMTP = smtp.SMTP, smtp_ssl.SMTP_SSL, lmtp.LMTP
    sys.modules["smtplib"] = shim
    try:
        from test import test_smtplib
    except ImportError as error:
        print(json.dumps({"suite": None, "why": str(error)}))
        return 0
    loaded = tests_of(unittest.defaultTestLoader.loadTestsFromModule(test_smtplib))
    kept = [test for test in loaded if test.id().removeprefix("test.test_smtplib.") not in LEFT_OUT]
    result = unittest.TestResult()
    unittest.TestSuite(kept).run(result)
    bad = result.failures + result.errors
    for test, why in bad:
        print(f"{test.id()}\n{why}")
    counts = {"ran": result.testsRun, "bad": len(bad), "skipped": len(result.skipped)}
    print(json.dumps({"suite": test_smtplib.__file__, **counts, "left_out": len(LEFT_OUT)}))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
