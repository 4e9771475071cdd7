"""A secret cannot be shown by accident."""

from __future__ import annotations

import pickle

import pytest
from heloscope.session.secret import Secret


def test_no_usual_form_of_display_reveals_a_secret():
    secret = Secret("wonderland")
    assert "wonderland" not in f"{secret} {secret!r} {secret:>20} {secret!s} {[secret]}"
    assert secret.reveal() == b"wonderland"


def test_a_secret_is_compared_by_value_and_not_pickled():
    assert Secret("a") == Secret(b"a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    with pytest.raises(TypeError):
        pickle.dumps(Secret("a"))


def test_the_error_does_not_show_a_secret_that_is_not_text():
    """The repr of a UnicodeEncodeError would show the text."""
    with pytest.raises(ValueError, match="unpaired surrogate") as error:
        Secret("wonder\udc0bland")
    assert "wonder" not in repr(error.value)
    assert error.value.__suppress_context__
