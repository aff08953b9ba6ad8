"""Hard pages: each in tests/pages/hard has a JSON beside it that says what its article is, paragraph by paragraph.

A new page needs no new test: put NAME.html and NAME.json there.
"""

import json
from pathlib import Path

import pytest

from crawler.encoding import decode
from crawler.page import read_page

PAGES = Path(__file__).parents[1] / "pages" / "hard"
GOLDEN = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(PAGES.glob("*.json"))}


@pytest.fixture(scope="module", params=list(GOLDEN))
def read(request):
    """Return what a page reads as and what it should, by field."""
    golden = dict(GOLDEN[request.param])
    html = decode((PAGES / f"{request.param}.html").read_bytes())
    return read_page(html, url=golden.pop("given")["url"]), golden


def test_every_page_has_its_golden():
    assert {path.stem for path in PAGES.glob("*.html")} == set(GOLDEN) and len(GOLDEN) >= 8


def test_the_paragraphs_are_those_of_the_article(read):
    document, golden = read
    assert document.text.split("\n\n") == golden["paragraphs"]


def test_the_facts_are_those_of_the_page(read):
    document, golden = read
    shown = {name: getattr(document, name) for name in ("url", "title", "published", "modified", "language")}
    shown["author"] = document.posts[0].author
    assert shown == {name: golden[name] for name in shown}
