"""Discourse's search: topics from some day on, and those that say a word.

Addresses of searches flow out to the spider, their answers flow in and topics flow out. The fields are those of
/search.json in Discourse's openapi.json; the filters after: and order: are those of its search page. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from urllib.parse import urlencode

from crawler.errors import ReadError
from crawler.feeds import Entry
from crawler.forums.discourse import base_of, checked_time, listing_address, parse_answer
from crawler.listing_pages import ListingPage

MOST_PAGES = 10  # of one search; Discourse gives no more


def search_addresses(url: str, *, keywords: Sequence[str], since: date) -> Iterator[str]:
    """Yield the addresses of the searches of a forum, one for each keyword, or one for all topics.

    >>> list(search_addresses("https://forum.example", keywords=["Yi-34B"], since=date(2023, 11, 1)))
    ['https://forum.example/search.json?q=%22Yi-34B%22+after%3A2023-11-01+order%3Alatest']
    """
    base = base_of(listing_address(url))
    for word in keywords or ("",):
        quoted = f'"{word}" ' if word else ""
        yield f"{base}/search.json?" + urlencode({"q": f"{quoted}after:{since.isoformat()} order:latest"})


def read_search(content: bytes, *, url: str, page: int) -> ListingPage:
    """Read the topics of a page of search results, and the address of the page after it.

    Raises:
        ReadError: when the bytes are no search results.
    """
    answer = parse_answer(content, url=url)
    topics = answer.get("topics", [])  # missing where nothing was found
    results = answer.get("grouped_search_result")
    if not isinstance(topics, list) or not isinstance(results, dict):
        raise ReadError(f"{url} answered without search results; is it a Discourse forum?")
    base = base_of(url)
    entries = [
        Entry(
            url=f"{base}/t/{topic['id']}",
            title=str(topic.get("title") or ""),
            modified=checked_time(topic.get("last_posted_at")),
        )
        for topic in topics
        if isinstance(topic, dict) and isinstance(topic.get("id"), int)
    ]
    goes_on = bool(results.get("more_full_page_results")) and entries and page < MOST_PAGES
    following = f"{url.partition('&page=')[0]}&page={page + 1}" if goes_on else None
    return ListingPage(entries=tuple(entries), next=following)
