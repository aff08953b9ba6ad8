"""Listed pages that need no request: the modification time in the listing says that they are as they were.

What the archive knows of the listed pages flows in, those to ask for flow out to the spider; how the others count flows
into its tally when the run ends. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from crawler.archive import PageState
from crawler.document import parse_time

CACHED = timedelta(hours=1)  # for which the caches before a site may still serve the page as it was
ANYWHERE = timedelta(hours=12)  # after midnight in UTC a day ends in the last zone
MOST_RECHECKED = 1000  # a run: half the requests that a host gets a day, the rest is for what is new


@dataclass(kw_only=True, slots=True)
class VouchedPages:
    """The pages of a run that were not asked for; `judge` stands for its keywords.

    Some sites give times that stay when the page changes, so that after `recheck` a page is asked for all the same.
    """

    judge: str
    recheck: timedelta
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    pages: dict[str, PageState] = field(default_factory=dict)
    rechecked: set[str] = field(default_factory=set)

    def to_ask(self, pages: Sequence[PageState]) -> list[PageState]:
        """Return the pages to ask for, in their order, and keep the others: those longest not asked for are asked first."""
        vouched = {page.url: page for page in pages if is_vouched(page, judge=self.judge)}
        overdue = [page for page in vouched.values() if self.is_overdue(page) and page.url not in self.rechecked]
        overdue.sort(key=lambda page: page.fetched or "")
        self.rechecked |= {page.url for page in overdue[: MOST_RECHECKED - len(self.rechecked)]}
        kept = {url: page for url, page in vouched.items() if url not in self.rechecked}
        self.pages |= kept
        return [page for page in pages if page.url not in kept]

    def is_overdue(self, page: PageState) -> bool:
        """Tell whether a page was last asked for too long ago."""
        moment = parse_time(page.fetched or "")
        return not isinstance(moment, datetime) or self.now - moment > self.recheck

    def left(self, asked: Collection[str]) -> list[PageState]:
        """Return the pages that were kept and that no other listing of the run had asked for."""
        return [page for url, page in self.pages.items() if url not in asked]


def is_vouched(page: PageState, *, judge: str) -> bool:
    """Tell whether a listing gives a page the time that it gave when it was asked for last, some while after that time.

    A page that was skipped counts if the same keywords judged it.
    """
    if page.modified is None or page.modified != page.modified_when_fetched:
        return False
    if page.state != "done" and not (page.state == "skipped" and page.judge == judge):
        return False
    fetched, end = parse_time(page.fetched or ""), latest_moment(page.modified)
    return isinstance(fetched, datetime) and end is not None and fetched > end + CACHED


def latest_moment(text: str) -> datetime | None:
    """Return the last moment that a time of a listing can mean, the end of a day in the last zone; None for none.

    >>> latest_moment("2023-11-06"), latest_moment("2023-11-06T09:00:00"), latest_moment("2023-11-06T09:00:00Z")
    (datetime.datetime(2023, 11, 7, 12, 0, tzinfo=datetime.timezone.utc), None, datetime.datetime(2023, 11, 6, 9, 0, tzinfo=datetime.timezone.utc))
    """
    moment = parse_time(text)
    try:
        if isinstance(moment, datetime):
            return moment.astimezone(UTC) if moment.tzinfo else None
        midnight = datetime.combine(moment, time(), UTC) if isinstance(moment, date) else None
        return midnight + timedelta(days=1) + ANYWHERE if midnight else None
    except OverflowError:
        return None
