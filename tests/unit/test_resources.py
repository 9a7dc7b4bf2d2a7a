"""The shipped files are found, and what is not shipped is said."""

from pathlib import Path

import pytest

from ingest.errors import Configuration
from processor import resources


def test_templates_and_migrations_are_found_in_this_installation() -> None:
    assert (resources.templates_folder() / "acknowledgement" / "en" / "body.txt").is_file()
    assert resources.migrations_folder().is_dir()


def test_the_policy_file_for_init_lies_among_the_templates() -> None:
    assert resources.daydesk_toml() == resources.templates_folder() / "daydesk.toml"


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package `processor`, empty as yet."""
    package = tmp_path / "processor"
    package.mkdir()
    monkeypatch.setattr(resources, "_HERE", package)
    return package


def test_a_wheel_holds_the_folders_inside_the_package(installation: Path) -> None:
    (installation / "templates").mkdir()
    (installation.parent / "templates").mkdir()
    assert resources.templates_folder() == installation / "templates"


def test_a_checkout_holds_the_folders_beside_the_package(installation: Path) -> None:
    (installation.parent / "migrations").mkdir()
    assert resources.migrations_folder() == installation.parent / "migrations"


def test_an_installation_without_its_files_says_what_to_do(installation: Path) -> None:
    with pytest.raises(Configuration, match=r"no templates folder in .*: install daydesk again"):
        resources.templates_folder()


def test_a_shipped_policy_is_found_by_its_name(installation: Path) -> None:
    policies = installation / "templates" / "policy"
    policies.mkdir(parents=True)
    (policies / "default.toml").touch()
    assert resources.shipped_policy("default") == policies / "default.toml"


@pytest.mark.parametrize("name", ["defualt", "../daydesk", "", "default.toml"])
def test_an_unknown_policy_is_refused_with_the_names_there_are(installation: Path, name: str) -> None:
    policies = installation / "templates" / "policy"
    policies.mkdir(parents=True)
    (policies / "default.toml").touch()
    (policies / "small.toml").touch()
    (policies.parent / "daydesk.toml").touch()
    with pytest.raises(Configuration, match="there are: default, small"):
        resources.shipped_policy(name)


def test_an_unknown_policy_where_none_is_shipped_is_refused_too(installation: Path) -> None:
    (installation / "templates").mkdir()
    with pytest.raises(Configuration, match="there are: none"):
        resources.shipped_policy("default")
