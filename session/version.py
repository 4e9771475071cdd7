"""The version of heloscope, in the one place from which pyproject.toml and `--version` read it."""

VERSION = "0.1.0"
