"""pyproject.toml installs everything in the tree, and each folder's docstring describes it."""

from __future__ import annotations

import ast
import importlib
import tomllib
from pathlib import Path

import pytest
from support.rows import for_each

ROOT = Path(__file__).parents[1]
SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
FOLDERS = ("app", "widgets", "session")


def packages_of(folder: str) -> list[Path]:
    """Return the folder and those below it that contain Python files."""
    return sorted({file.parent for file in (ROOT / folder).rglob("*.py")})


def name_of(package: Path) -> str:
    """Return the package's name, such as heloscope.session.facts for session/facts."""
    return ".".join(("heloscope", *package.relative_to(ROOT).parts))


PACKAGES = [package for folder in FOLDERS for package in packages_of(folder)]


def test_the_packages_that_are_listed_are_those_of_the_tree() -> None:
    assert len(PACKAGES) > 30
    assert sorted(SETUPTOOLS["packages"]) == sorted(map(name_of, PACKAGES))
    assert SETUPTOOLS["package-dir"] == {f"heloscope.{folder}": folder for folder in FOLDERS}


@for_each(PACKAGES)
def test_a_package_says_what_lives_in_it(package: Path) -> None:
    docstring = ast.get_docstring(ast.parse((package / "__init__.py").read_text()))
    assert docstring and len(docstring.split()) >= 4


@pytest.mark.parametrize("folder", FOLDERS)
def test_all_its_files_are_installed(folder: str) -> None:
    """Tables, styles, lessons and `py.typed` must be listed in package-data."""
    module = importlib.import_module(f"heloscope.{folder}")
    installed = Path(str(module.__file__)).parent
    files = [
        file.relative_to(ROOT / folder)
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and file.suffix != ".pyc"
    ]
    assert Path("py.typed") in files
    assert [str(file) for file in files if not (installed / file).is_file()] == []
