"""The wheel in an empty environment, elsewhere: templates, migrations, sample mail and all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_BUILT = shutil.ignore_patterns(
    ".git", ".venv", "build", "dist", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis"
)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that nothing is left in the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, folder / "checkout", ignore=NOT_BUILT)
    pip("wheel", "--no-deps", "--wheel-dir", folder, folder / "checkout")
    return next(folder.glob("daydesk-*.whl"))


def test_the_wheel_holds_every_python_file_template_revision_and_sample_mail_of_the_checkout(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    folders = {
        "ingest": "ingest",
        "processor": "processor",
        "templates": "processor/templates",
        "migrations": "processor/migrations",
    }
    expected = {
        f"{inside}/{file.relative_to(ROOT / folder).as_posix()}"
        for folder, inside in folders.items()
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert expected - packed == set()


@pytest.mark.timeout(400)
def test_the_demo_ends_well_from_the_wheel_in_an_empty_environment_elsewhere(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "empty", with_pip=True)
    python = tmp_path / "empty" / "bin" / "python"
    pip("install", "--no-compile", wheel, python=python)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV", "DAYDESK"))}
    done = subprocess.run(
        [tmp_path / "empty" / "bin" / "daydesk", "demo", "--keep", tmp_path / "desk"],
        cwd=tmp_path,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "mails came in" in done.stdout
    assert (tmp_path / "desk" / "queues.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def pip(*arguments: object, python: object = sys.executable) -> None:
    words = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
