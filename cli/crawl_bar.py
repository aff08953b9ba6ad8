"""The bar of a crawl: what came of each source until now, a line a source, on a terminal only.

Counts flow in while a crawl goes on. Standard error alone is written to, and the bar is gone when the crawl has ended.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from cli.output import clean

SHOWN = ("new", "changed", "unchanged", "skipped", "failed")
MOST = 20  # lines; more would not fit a terminal


@contextmanager
def crawl_bar(names: Sequence[str], *, limit: int | None) -> Iterator[Callable[[str, Mapping[str, int]], None] | None]:
    """Show a line for each source; give a function that is told its counts, or None where there is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[counts]}", markup=False),
    )
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        tasks = {name: bar.add_task(clean(name), total=limit, counts="waiting") for name in names[:MOST]}

        def tell(name: str, counts: Mapping[str, int]) -> None:
            if name in tasks:
                bar.update(tasks[name], completed=sum(counts.get(each, 0) for each in SHOWN), counts=in_words(counts))

        yield tell


def in_words(counts: Mapping[str, int]) -> str:
    """Return counts in words, without the outcomes that there are none of.

    >>> in_words({"new": 3, "changed": 0, "failed": 1})
    '3 new, 1 failed'
    """
    return ", ".join(f"{counts[name]} {name}" for name in SHOWN if counts.get(name)) or "nothing yet"
