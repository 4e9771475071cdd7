"""The types of results name each procedure once."""

from __future__ import annotations

from typing import get_args

from heloscope.session.procedures import results
from heloscope.session.procedures.registry import PROCEDURES


def test_each_procedure_has_a_type_of_its_result_but_the_one_that_is_given_another():
    kinds = (results.Replied, results.Sent, results.Checked, results.Offered, results.Counted,
             results.Helped, results.Greeted)  # fmt: skip
    named = [name for kind in kinds for name in get_args(kind)]
    assert len(named) == len(set(named))
    assert set(PROCEDURES) - set(named) == {"from_the_start"}
    assert set(named) - {"vrfy"} <= set(PROCEDURES)
