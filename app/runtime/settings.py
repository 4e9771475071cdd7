"""The user's settings, kept between runs in a file in the platform's configuration folder."""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec

from ...session import private_file
from ...session.target import password_spans
from ..connect.profile import Profile


class Settings(msgspec.Struct):
    """The user's settings.

    `theme` is the name of a Textual theme, "" for heloscope's own. `history` says whether typed
    lines are kept. `recent` are the last connection profiles, which contain no password.
    """

    theme: str = ""
    history: bool = True
    recent: list[Profile] = []


def config_folder() -> Path:
    """The folder for settings on this platform."""
    from platformdirs import user_config_path

    return user_config_path("heloscope")


def state_folder() -> Path:
    """The folder for history and journals on this platform."""
    from platformdirs import user_state_path

    return user_state_path("heloscope")


def load(folder: Path | None = None) -> Settings:
    """The saved settings; the defaults if there is no readable file.

    A recent server whose TARGET holds a password, from an older version, is dropped from the file.
    """
    try:
        settings = msgspec.json.decode(_file(folder).read_bytes(), type=Settings)
    except (OSError, msgspec.DecodeError):
        return Settings()
    recent = [profile for profile in settings.recent if not password_spans(profile.target)]
    if len(recent) < len(settings.recent):
        settings.recent = recent
        with contextlib.suppress(OSError):
            save(settings, folder)
    return settings


def save(settings: Settings, folder: Path | None = None) -> None:
    """Save the settings. Raises OSError."""
    file = _file(folder)
    private_file.make_folder(file.parent)
    private_file.replace(file, msgspec.json.encode(settings) + b"\n")


def _file(folder: Path | None) -> Path:
    return (folder or config_folder()) / "settings.json"
