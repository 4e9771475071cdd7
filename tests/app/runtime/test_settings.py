"""Settings from a file that anyone may have written are read, or refused in a sentence."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest
from heloscope.app.config.reader import load as load_configuration
from heloscope.app.connect.profile import Profile
from heloscope.app.runtime.settings import Settings, SettingsKeeper, load, save
from hypothesis import given
from hypothesis import strategies as st

DEFAULTS = Settings()


def loaded(folder: Path) -> tuple[Settings, list[str]]:
    told: list[str] = []
    return load(folder, told.append), told


def test_no_file_is_no_trouble(tmp_path: Path):
    assert loaded(tmp_path / "not there") == (DEFAULTS, [])


def test_what_is_saved_is_loaded_and_is_the_users_alone(tmp_path: Path):
    settings = Settings(recent=[Profile("mx.example.org", "required")])
    save(settings, tmp_path)
    assert loaded(tmp_path) == (settings, [])
    assert (tmp_path / "settings.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"theme": 1}',
        b'{"theme": "\\ud800"}',
        b'{"recent": [{"target": "a"',
        b'{"x":' + b"[" * 500_000,
        b'{"recent":' + b'[{"x":' * 100_000,
        b'{"theme": 1' + b"0" * 100_000 + b"}",
        b"\0" * 1_000_000,
    ],
    ids=lambda content: repr(content[:24]),
)
def test_a_damaged_file_is_told_and_the_defaults_are_used(tmp_path: Path, content: bytes):
    (tmp_path / "settings.json").write_bytes(content)
    settings, told = loaded(tmp_path)
    assert settings == DEFAULTS
    assert told == [
        f"The settings were reset to their defaults, because {tmp_path}/settings.json is damaged."
    ]


def test_an_endless_file_is_not_read(tmp_path: Path):
    file = tmp_path / "settings.json"
    with file.open("wb") as out:
        out.truncate(1 << 40)
    assert loaded(tmp_path) == (
        DEFAULTS,
        [f"Cannot read the settings: it is larger than 1,048,576 bytes; remove it ({file})."],
    )


def test_a_pipe_in_its_place_is_told_at_once(tmp_path: Path):
    file = tmp_path / "settings.json"
    os.mkfifo(file)
    assert loaded(tmp_path) == (
        DEFAULTS,
        [
            (
                "Cannot read the settings: it is a named pipe, not a regular file; remove it "
                f"({file})."
            )
        ],
    )
    with pytest.raises(OSError, match="it is a named pipe, not a regular file"):
        save(Settings(), tmp_path)


def test_settings_that_others_may_have_planted_are_not_used(tmp_path: Path):
    save(Settings(recent=[Profile("mx.example.org")]), tmp_path)
    tmp_path.chmod(0o777)
    settings, told = loaded(tmp_path)
    assert settings == DEFAULTS
    assert "other users can write to the folder" in told[0]
    with pytest.raises(OSError, match="other users can write to the folder"):
        save(Settings(), tmp_path)


@pytest.mark.parametrize(
    "profile",
    [
        {"target": "mx\x1b[2J"},
        {"target": "mx\u202e"},
        {"target": "x" * 5000},
        {"policy": "of another version"},
        {"hello": "a\r\nRCPT TO:<z>"},
    ],
    ids=lambda profile: repr(profile)[:30],
)
def test_a_profile_that_heloscope_cannot_have_written_is_left_out(
    tmp_path: Path, profile: dict[str, str]
):
    good = {"target": "mx.example.org"}
    (tmp_path / "settings.json").write_bytes(msgspec.json.encode({"recent": [profile, good]}))
    assert loaded(tmp_path)[0].recent == [Profile("mx.example.org")]


def test_a_list_of_recent_servers_is_as_long_as_heloscope_makes_it(tmp_path: Path):
    (tmp_path / "settings.json").write_bytes(b'{"recent": [' + b"{}," * 100_000 + b"{}]}")
    assert len(loaded(tmp_path)[0].recent) == 12


def nested(depth: int) -> bytes:
    return b'{"recent": [{"target": ' + b"[" * depth + b"]" * depth + b"}]}"


@given(piece=st.binary(max_size=300), times=st.integers(1, 9000), depth=st.integers(0, 250_000))
def test_nothing_in_the_file_raises(
    tmp_path_factory: pytest.TempPathFactory, piece: bytes, times: int, depth: int
):
    content = piece * times if depth % 2 else nested(depth)
    folder = tmp_path_factory.mktemp("settings")
    (folder / "settings.json").write_bytes(content)
    settings, told = loaded(folder)
    assert isinstance(settings, Settings)
    assert all(words.isprintable() for words in told)


def test_a_recent_server_with_a_password_is_dropped_from_the_file(tmp_path: Path):
    recent = [Profile("mail.example.org:587"), Profile("smtp://alice:wonderland@host")]
    save(Settings(recent=recent), tmp_path)
    assert load(tmp_path).recent == [Profile("mail.example.org:587")]
    assert "wonderland" not in (tmp_path / "settings.json").read_text()


# Theme and history are settings of the user, in the configuration


def keeper(folder: Path, text: str = "") -> SettingsKeeper:
    file = folder / "config.toml"
    if text:
        file.write_text(text)
        file.chmod(0o600)
    return SettingsKeeper(load_configuration(file), folder)


def test_a_theme_that_was_chosen_is_written_into_the_configuration(tmp_path: Path):
    kept = keeper(tmp_path, "# mine\ntheme = 'nord'  # dark\n\n[connect]\ntimeout = 3\n")
    settings = kept.load()
    assert (settings.theme, settings.history) == ("nord", True)
    settings.theme = "dracula"
    kept.save(settings)
    text = (tmp_path / "config.toml").read_text()
    assert text == '# mine\ntheme = "dracula"  # dark\n\n[connect]\ntimeout = 3\n'
    assert not (tmp_path / "settings.json").exists()


def test_a_recent_server_is_no_setting_and_leaves_the_configuration_alone(tmp_path: Path):
    kept = keeper(tmp_path)
    settings = kept.load()
    settings.recent = [Profile("mx.example.org")]
    kept.save(settings)
    assert not (tmp_path / "config.toml").exists()
    assert keeper(tmp_path).load().recent == [Profile("mx.example.org")]


def test_mistakes_of_the_configuration_are_told_and_the_rest_counts(tmp_path: Path):
    told: list[str] = []
    kept = keeper(tmp_path, "theme = 'nord'\nhistory = 1\nx = 1\ny = 2\nz = 3\n")
    settings = kept.load(told.append)
    assert settings.theme == "nord"
    assert told == [
        (f"Ignored in the configuration: {tmp_path}/config.toml:2: "
         "history: must be true or false, not 1."),
        *(f"Ignored in the configuration: {tmp_path}/config.toml:{line}: the file has "
          f"no key {key}. The keys are theme, history, record, panel, ladder, connect, servers, "
          "keys."
          for line, key in ((3, "x"), (4, "y"))),
        "1 more error: see heloscope config check.",
    ]  # fmt: skip


def test_a_theme_cannot_be_kept_in_a_file_that_is_no_toml(tmp_path: Path):
    kept = keeper(tmp_path, "theme = ")
    settings = kept.load()
    settings.theme = "dracula"
    with pytest.raises(OSError, match="it contains an error: Invalid value") as caught:
        kept.save(settings)
    assert "correct that first" in str(caught.value)
    assert (tmp_path / "config.toml").read_text() == "theme = "


def test_a_history_that_was_off_in_an_earlier_version_stays_off_until_it_is_turned_on(
    tmp_path: Path,
):
    save(Settings(), tmp_path)
    old = tmp_path / "settings.json"
    old.write_bytes(b'{"theme": "nord", "history": false, "recent": []}')
    kept = keeper(tmp_path)
    settings = kept.load()
    assert (settings.theme, settings.history) == ("nord", False)
    kept.save(settings)
    assert load_configuration(tmp_path / "config.toml").history is False
    assert (load(tmp_path).theme, load(tmp_path).history) == ("", True)
    settings.history = True
    kept.save(settings)
    again = keeper(tmp_path)
    assert again.load().history is True
