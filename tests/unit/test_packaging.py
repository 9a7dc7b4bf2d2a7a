"""What is installed is named in setup.cfg; the wheel itself is tried by the integration tests."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAPPED = {"processor.migrations", "processor.templates"}  # folders of the top level


def test_every_package_of_the_checkout_is_named() -> None:
    settings = ConfigParser(interpolation=None)
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    there = {
        ".".join(file.parent.relative_to(ROOT).parts)
        for folder in ("ingest", "processor")
        for file in (ROOT / folder).rglob("__init__.py")
    }
    assert set(settings["options"]["packages"].split()) == there | MAPPED
