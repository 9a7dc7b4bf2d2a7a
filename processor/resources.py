"""Finds what is shipped beside the code: templates/ and migrations/, in a wheel and in a checkout."""

from __future__ import annotations

from pathlib import Path

from ingest.errors import Configuration

_HERE = Path(__file__).resolve().parent


def templates_folder() -> Path:
    """The shipped templates: acknowledgement/, report/, policy/ and daydesk.toml."""
    return _folder("templates", _HERE)


def migrations_folder() -> Path:
    """Alembic's folder of migrations."""
    return _folder("migrations", _HERE)


def shipped_policy(name: str) -> Path:
    """The policy of ours that an operator includes by this name. Raises Configuration where there is none."""
    policies = {path.stem: path for path in sorted((templates_folder() / "policy").glob("*.toml"))}
    if found := policies.get(name):
        return found
    there = ", ".join(policies) or "none"
    raise Configuration(f"No policy named {name!r} is shipped; there are: {there}. Write a path that ends in .toml.")


def daydesk_toml() -> Path:
    """The commented policy file that `daydesk init` writes."""
    return templates_folder() / "daydesk.toml"


def _folder(name: str, package: Path) -> Path:
    """A wheel holds the folder inside the package; a checkout and an editable install hold it one level up."""
    for parent in (package, package.parent):
        if (parent / name).is_dir():
            return parent / name
    raise Configuration(f"There is no {name} folder in {package} or {package.parent}: install daydesk again.")
