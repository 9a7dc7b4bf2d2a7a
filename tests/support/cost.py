"""How much processor time a mail may cost in a test; more where every line is traced for coverage, which costs most."""

from __future__ import annotations

import sys

SECONDS = 5 if sys.gettrace() is None else 30
