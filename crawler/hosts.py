"""The hosts of a run: who may be asked now, who asked to be left alone, and who is not asked any more today.

Requests flow in from the middlewares before they are sent, their answers after they came; a request goes on when its
turn has come. All spiders of a run share one `Hosts`, so that two sources on one host do not double its load.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from crawler.budget_table import BudgetTable

LONGEST_WAIT = 120  # seconds; a server that asks for more is asked again in the next run
SLOWEST = 60.0  # seconds between two requests, beyond which refusals do not slow a host down further


@dataclass(slots=True)
class Host:
    """What a run knows of one host; times are in seconds of the monotonic clock."""

    places: asyncio.Semaphore
    floor: float = 0.0  # seconds from one answer to the next request
    free_at: float = 0.0
    closed: str | None = None
    crawl_delay: float = 0.0


class Hosts:
    """The hosts of a run: `concurrency` requests to each at once, counted in `budget`."""

    def __init__(self, budget: BudgetTable, *, concurrency: int, delay: float) -> None:
        self.budget = budget
        self.concurrency = concurrency
        self.delay = delay
        self.hosts: dict[str, Host] = {}

    def host(self, name: str) -> Host:
        """Return what is known of a host."""
        if name not in self.hosts:
            self.hosts[name] = Host(places=asyncio.Semaphore(self.concurrency))
        return self.hosts[name]

    def why_closed(self, name: str) -> str | None:
        """Return why a host is not asked any more in this run, else None."""
        return self.host(name).closed

    def close(self, name: str, reason: str) -> None:
        """Ask a host nothing more in this run."""
        host = self.host(name)
        host.closed = host.closed or f"{name}: {reason}"

    async def take_turn(self, name: str) -> str | None:
        """Wait for the turn of a request to a host; return None when it has come, or why it will not come.

        Whoever was given a turn gives it back with `give_back`.
        """
        host = self.host(name)
        await host.places.acquire()
        while host.closed is None and (wait := host.free_at - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        if host.closed is None and not self.budget.take(name):
            self.close(name, f"its budget of {self.budget.limit} requests a day is used up")
        if host.closed is not None:
            host.places.release()
            return host.closed
        if host.floor:
            host.free_at = time.monotonic() + host.floor
        return None

    def give_back(self, name: str) -> None:
        """End a turn; the next one begins after the host's floor."""
        host = self.host(name)
        if host.floor:
            host.free_at = max(host.free_at, time.monotonic() + host.floor)
        host.places.release()

    def pause(self, name: str, seconds: float, *, refused: bool) -> None:
        """Leave a host alone for some seconds, as it asked; a refusal also slows the run down for this host."""
        host = self.host(name)
        if seconds > LONGEST_WAIT:
            self.close(name, f"it asks to wait {seconds:.0f} seconds, and a run waits {LONGEST_WAIT} at most")
            return
        host.free_at = max(host.free_at, time.monotonic() + seconds)
        if refused:
            host.floor = max(host.crawl_delay, min(SLOWEST, 2 * max(host.floor, self.delay)))

    async def keep_distance(self, name: str, seconds: float) -> None:
        """Obey the Crawl-delay of a host: one request at a time, so many seconds after the answer to the one before."""
        host = self.host(name)
        if seconds > LONGEST_WAIT:
            self.close(
                name, f"its robots.txt asks for {seconds:.0f} seconds between requests, which is too slow to crawl"
            )
        if seconds <= self.delay or host.crawl_delay:
            return
        host.crawl_delay = seconds
        host.floor = max(host.floor, seconds)
        host.free_at = max(host.free_at, time.monotonic() + host.floor)
        for _ in range(self.concurrency - 1):  # keep all places but one
            await host.places.acquire()
