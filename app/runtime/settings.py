"""What is kept between runs: the choices of the user, in a small file of the platform's."""

from __future__ import annotations

from pathlib import Path

import msgspec

from ...session import private_file
from ..connect.profile import Profile


class Settings(msgspec.Struct):
    """`theme` is a name of Textual's, "" for ours; `history` whether typed lines are kept, and
    `recent`: the ways that were taken last, which hold no password.
    """

    theme: str = ""
    history: bool = True
    recent: list[Profile] = []


def config_folder() -> Path:
    """Where settings lie on this platform."""
    from platformdirs import user_config_path

    return user_config_path("heloscope")


def state_folder() -> Path:
    """Where history and journals lie on this platform."""
    from platformdirs import user_state_path

    return user_state_path("heloscope")


def load(folder: Path | None = None) -> Settings:
    """The settings; the standard ones where there is no file, or none that can be read."""
    try:
        return msgspec.json.decode(_file(folder).read_bytes(), type=Settings)
    except (OSError, msgspec.DecodeError):
        return Settings()


def save(settings: Settings, folder: Path | None = None) -> None:
    """Keep them. Raises OSError."""
    file = _file(folder)
    private_file.make_folder(file.parent)
    private_file.replace(file, msgspec.json.encode(settings) + b"\n")


def _file(folder: Path | None) -> Path:
    return (folder or config_folder()) / "settings.json"
