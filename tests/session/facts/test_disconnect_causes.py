"""Why there is no connection, in words, for every cause that there is."""

from __future__ import annotations

import pytest
from heloscope.session.events import Cause
from heloscope.session.facts.disconnect_causes import CAUSES


@pytest.mark.parametrize("cause", list(Cause))
def test_each_cause_says_what_it_means_and_what_to_try(cause: Cause):
    fact = CAUSES[cause]
    for text in fact:
        assert text.endswith(".")
        assert text[0].isupper() or text[0] == ":"
        assert "  " not in text
