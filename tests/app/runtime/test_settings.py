"""What the settings file holds: no password, also none that an older version wrote."""

from __future__ import annotations

from pathlib import Path

from heloscope.app.connect.profile import Profile
from heloscope.app.runtime.settings import Settings, load, save


def test_a_recent_server_with_a_password_is_dropped_from_the_file(tmp_path: Path):
    recent = [Profile("mail.example.org:587"), Profile("smtp://alice:wonderland@host")]
    save(Settings(theme="nord", recent=recent), tmp_path)
    loaded = load(tmp_path)
    assert (loaded.theme, loaded.recent) == ("nord", [Profile("mail.example.org:587")])
    assert "wonderland" not in (tmp_path / "settings.json").read_text()
