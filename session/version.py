"""The version of heloscope, in the one place that pyproject.toml and `--version` read."""

VERSION = "0.1.0"
