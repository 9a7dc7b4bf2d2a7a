"""Progress on a terminal: how much each stage has done so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from processor.cli.options import console


@contextmanager
def progress(shown: bool) -> Iterator[Callable[[str, int], None]]:
    """A function to tell (stage, count) to; nothing is drawn where no terminal looks on."""
    if not shown:
        yield lambda _stage, _count: None
        return
    from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:.0f}"),
        TimeElapsedColumn(),
    )
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:

        def tell(stage: str, count: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=None)
            bar.advance(tasks[stage], count)

        yield tell
