#!/usr/bin/env python3
"""Writes the labelled mails as files: python tests/messages/acknowledgement/write.py DIR."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.labelled import labelled  # noqa: E402 - the path is made above


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number, one in enumerate(labelled(), 1):
        (folder / f"{number:03}-{'-'.join(sorted(one.codes)) or 'ANSWERED'}.eml").write_bytes(one.raw)
    sys.stdout.write(f"{len(labelled())} mails in {folder}\n")


if __name__ == "__main__":
    main()
