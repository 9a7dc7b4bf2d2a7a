"""A secret by where it is kept: environment, file or command, never the policy file itself."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
import tempfile
from pathlib import Path
from typing import Self

from pydantic import model_validator

from ingest.errors import Configuration, in_words
from processor.policy.base import Table

COMMAND_SECONDS = 30


class Secret(Table):
    """`{ env = "NAME" }`, `{ file = "path" }` or `{ command = "program argument" }`; the value is read when needed."""

    env: str | None = None
    file: Path | None = None
    command: str | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if sum(place is not None for place in (self.env, self.file, self.command)) != 1:
            raise ValueError('needs exactly one of env, file, command, such as { env = "DAYDESK_IMAP_PASSWORD" }')
        return self

    def reveal(self, folder: Path) -> str:
        """The secret, without the line end. A relative file is looked for in `folder`. Raises Configuration."""
        if self.env is not None:
            value = os.environ.get(self.env)
            if not value:
                raise Configuration(
                    f"The environment has no {self.env}: set it to the secret before you start daydesk."
                )
            return value
        value = self._from_file(folder / self.file) if self.file is not None else _output_of(self.command or "")
        if not value:
            raise Configuration(f"The secret from {self.file or self.command} is empty: put the secret there.")
        return value

    def replace(self, folder: Path, value: str) -> bool:
        """Write a new value where the old one was found; False where that is no file. Raises Configuration."""
        if self.file is None:
            return False
        path = (folder / self.file).resolve()  # what a link leads to, so that the link stays one
        try:
            _renamed_over(path, value + "\n")
        except OSError as error:
            raise Configuration(
                f"The secret file {path} cannot be written ({in_words(error)}): let this user write it and its folder."
            ) from None
        return True

    @staticmethod
    def _from_file(path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8").strip("\r\n")
        except OSError as error:
            raise Configuration(
                f"The secret file {path} cannot be read ({in_words(error)}): create it, readable by this user."
            ) from None
        except UnicodeDecodeError:
            raise Configuration(f"The secret file {path} is not text in UTF-8: write the secret into it.") from None


def _renamed_over(path: Path, text: str) -> None:
    """All of it or none, durable, readable by whom it was before; a new file by this user alone."""
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o600
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), mode)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _output_of(command: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own command, no shell
            shlex.split(command), capture_output=True, text=True, timeout=COMMAND_SECONDS, check=True
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        reason = type(error).__name__
        raise Configuration(f"The secret command {command!r} failed ({reason}): run it by hand to see why.") from None
    return done.stdout.strip("\r\n")
