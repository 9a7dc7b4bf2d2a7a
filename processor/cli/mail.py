"""The commands about mail: parse and explain."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ingest.errors import DeskError
from processor.cli.options import CONFIG, EXAMPLE, Config, Json, now, show

SCHEMA_VERSION = 1


def parse(
    file: Annotated[Path, typer.Argument(help="A mail, as an .eml file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Accepted for symmetry: the result is JSON anyway.")] = False,  # noqa: ARG001
) -> None:
    """Prints what is read in a mail, as JSON (docs/reference/parse.md)."""
    from processor.cli.parsing import as_read
    from processor.reading.limits import Limits
    from processor.reading.reader import Reader

    with Reader(Limits()) as reader:
        message = reader.read_one(_octets(file), views=True)
    show({"schema_version": SCHEMA_VERSION, **as_read(message)}, True, lambda _out: None)


def explain(
    what: Annotated[
        str, typer.Argument(metavar="CASE|FILE", help=f"A case reference such as {EXAMPLE}, or a mail as an .eml file.")
    ],
    every: Annotated[bool, typer.Option("--all", help="With every rule that was tried.")] = False,
    config: Config = CONFIG,
    as_json: Json = False,
) -> None:
    """Explains why a mail went where it went, and why it was (not) acknowledged.

    A file is judged as if it came now; nothing is stored or sent.
    """
    from processor.cli.explained import Teller
    from processor.cli.explaining import explain_case, explain_file
    from processor.cli.opening import open_policy

    policy = open_policy(config)
    path = Path(what)
    told = explain_file(_octets(path), policy, now()) if _means_file(path) else explain_case(what, policy)
    show({"schema_version": SCHEMA_VERSION, **told}, as_json, lambda out: Teller(out, policy, every=every).tell(told))


def _octets(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise DeskError(f"{file} cannot be read ({error.strerror}): name an .eml file.") from None


def _means_file(path: Path) -> bool:
    """A name with a folder or an ending is a file's, so that a file that is not there is told as such."""
    return path.is_file() or bool(path.suffix) or len(path.parts) > 1
