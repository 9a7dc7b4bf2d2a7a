"""The wheel elsewhere, with what it asks for and no more: templates, migrations, sample mail and all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterable
from importlib.metadata import Distribution, PathDistribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

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


def test_the_demo_ends_well_from_the_wheel_in_an_environment_with_nothing_else_elsewhere(
    wheel: Path, tmp_path: Path
) -> None:
    venv.create(tmp_path / "empty")
    pip("--python", tmp_path / "empty" / "bin" / "python", "install", "--no-deps", "--no-compile", wheel)
    (site,) = (tmp_path / "empty" / "lib").glob("python*/site-packages")
    (metadata,) = site.glob("daydesk-*.dist-info")
    for needed in asked_for(PathDistribution(metadata), {}).values():
        link(needed, site)
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


def asked_for(by: Distribution, found: dict[str, Distribution], extras: Iterable[str] = ()) -> dict[str, Distribution]:
    """What this distribution needs, and what that needs in turn, as it is installed here: as pip would find it."""
    for line in by.requires or ():
        needed = Requirement(line)
        wanted = needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in ("", *extras))
        if wanted and canonicalize_name(needed.name) not in found:
            found[canonicalize_name(needed.name)] = distribution(needed.name)
            asked_for(distribution(needed.name), found, needed.extras)
    return found


def link(needed: Distribution, site: Path) -> None:
    """Its packages and modules, which need not be unpacked once more."""
    for top in {file.parts[0] for file in needed.files or () if file.parts[0] not in ("..", "__pycache__")}:
        if not (site / top).exists():
            (site / top).symlink_to(Path(str(needed.locate_file(top))).resolve())


def pip(*arguments: object) -> None:
    words = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
