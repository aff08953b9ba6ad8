"""The frontier of one source: what its listings named, what waits, and what this run has settled already.

Entries of listings flow in, the addresses to fetch next flow out to the spider. The pages themselves are in the archive's
page table; beside it lie which of them are listings, and the address as found where the canonical one of a page is
another: a mobile or AMP page goes by one name and is fetched where it was found.
"""

from __future__ import annotations

from collections.abc import Iterable

from crawler.archive import Archive, PageState
from crawler.feeds import Entry
from crawler.login_walls import WALL
from crawler.url import canonical_url, is_variant, without_tracking

TRIES = 3  # runs in which a page may fail before it is given up

TABLES = (
    "create table if not exists listing (url text primary key, source text not null) without rowid",
    "create table if not exists variant (url text primary key, address text not null) without rowid",
)


class Frontier:
    """The pages of a source in an open archive; what was fetched from `since` on belongs to this run."""

    def __init__(self, archive: Archive, *, source: str, since: str) -> None:
        self.archive = archive
        self.source = source
        self.since = since
        for table in TABLES:
            archive.connection.execute(table)

    def waiting(self) -> list[str]:
        """Return the pages that wait: those never fetched, the latest first, then those that failed before this run."""
        rows = self.archive.connection.execute(
            "select url from page where source = ? and (state = 'due' or state = 'failed' and failures < ? and "
            "fetched < ?) and url not in (select url from listing) order by state = 'failed', published desc, url",
            (self.source, TRIES, self.since),
        )
        return [row[0] for row in rows]

    def left(self) -> int:
        """Return how many pages were never fetched."""
        query = "select count(*) from page where source = ? and state = 'due' and url not in (select url from listing)"
        return int(self.archive.connection.execute(query, (self.source,)).fetchone()[0])

    def is_settled(self, page: PageState) -> bool:
        """Tell whether a page was fetched in this run, maybe before it was killed and begun again."""
        return page.state in ("done", "skipped") and (page.fetched or "") >= self.since

    def is_to_follow(self, page: PageState) -> bool:
        """Tell whether a listed page that was fetched in an earlier run is worth another look."""
        if self.is_settled(page) or (page.error or "").startswith(WALL):
            return False
        return page.state in ("done", "skipped") or page.document is not None

    def is_new(self, url: str) -> bool:
        """Tell whether a page was first asked for in this run, or waits to be."""
        page = self.archive.page(url)
        return page is not None and (page.fetched is None or page.fetched >= self.since)

    def add(self, entries: Iterable[Entry], *, listing: str) -> list[str]:
        """Put what a listing names into the frontier; return the addresses of the pages, each once, in its order.

        The caller holds the transaction in which the listing is settled too.
        """
        urls: dict[str, None] = {}
        for entry in entries:
            url = canonical_url(entry.url)
            if self.archive.enqueue(url, source=self.source, referrer=listing, published=entry.published):
                self.note_address(url, entry.url)
            self.archive.note_modified(url, entry.modified)
            urls[url] = None
        return list(urls)

    def note_address(self, url: str, address: str) -> None:
        """Remember where a page was found, if its canonical address is on another host or path."""
        if is_variant(address, of=url):
            found = without_tracking(address)
            self.archive.connection.execute("insert or replace into variant values (?, ?)", (url, found))

    def address_of(self, url: str) -> str:
        """Return the address that a page was found at."""
        row = self.archive.connection.execute("select address from variant where url = ?", (url,)).fetchone()
        return str(row[0]) if row else url

    def note_listing(self, url: str) -> None:
        """Note that an address is a listing, not a page, and put it among the addresses that were asked for."""
        with self.archive.transaction():
            self.archive.connection.execute("insert or replace into listing values (?, ?)", (url, self.source))
            self.archive.enqueue(url, source=self.source)
