"""`python -m processor.cli` is `daydesk`."""

from processor.cli import main

main()
