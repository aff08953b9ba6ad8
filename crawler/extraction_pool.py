"""A process beside the crawl in which pages are read, so that a second core does half of the work.

The bytes of pages and the functions that read them flow in from crawler.pipelines, documents flow out to it, or why there
is none. Nothing is stored here: a page whose document has not come back is fetched again by the next run.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from crawler.document import Document
from crawler.errors import CrawlerError, ReaderDied, ReadError

MOST_WAITING = 8  # pages that wait to be read before no more are asked for
Reader = Callable[[bytes], Document]  # a function of a module, or a partial of one: it goes to another process


class ExtractionPool:
    """One process that reads pages in the order in which they come; it is started with the first."""

    def __init__(self) -> None:
        self.executor: ProcessPoolExecutor | None = None
        self.waiting = 0
        self.has_room = asyncio.Event()
        self.has_room.set()

    def close(self) -> None:
        """End the process; what waits is not read."""
        if self.executor is not None:
            self.executor.shutdown(wait=True, cancel_futures=True)
            self.executor = None

    async def read(self, content: bytes, read: Reader) -> Document:
        """Return the document in the bytes of a page.

        Raises:
            ReadError: when there is none.
            ReaderDied: for a page that ends the process; those that waited behind it are read by a new one.
        """
        self.count(1)
        try:
            while True:
                executor = self.opened()
                try:
                    future = executor.submit(read_or_say_why, content, read)
                except BrokenProcessPool:  # and the page that was being read is told in a moment
                    await asyncio.sleep(0.01)
                    continue
                try:
                    outcome = await asyncio.wrap_future(future)
                except BrokenProcessPool:
                    if executor is self.executor:  # the first to hear of it was the one that was being read
                        self.close()
                        raise ReaderDied("cannot be read: it ended the process that read it") from None
                    continue
                if isinstance(outcome, str):
                    raise ReadError(outcome)
                return outcome
        finally:
            self.count(-1)

    def count(self, change: int) -> None:
        """Count a page that waits or does not any more."""
        self.waiting += change
        if self.waiting < MOST_WAITING:
            self.has_room.set()
        else:
            self.has_room.clear()

    def opened(self) -> ProcessPoolExecutor:
        """Return the process, started anew: a fork of this one would take its reactor and its threads along."""
        if self.executor is None:
            context = multiprocessing.get_context("spawn")
            self.executor = ProcessPoolExecutor(max_workers=1, mp_context=context, initializer=begin)
        return self.executor


def begin() -> None:
    """Prepare the process: it is quiet, ends with the crawl however that ends, and leaves interrupts to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    threading.Thread(target=end_with_crawl, daemon=True).start()


def end_with_crawl() -> None:
    """End this process when the one that started it is gone."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def read_or_say_why(content: bytes, read: Reader) -> Document | str:
    """Read a page in the process beside the crawl; not every error could go from one to the other."""
    try:
        return read(content)
    except CrawlerError as error:
        return str(error)
    except Exception as error:  # a fault of ours in reading one page must not end the crawl
        return f"cannot be read: {type(error).__name__}: {error}"
