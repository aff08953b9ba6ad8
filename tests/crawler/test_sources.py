"""The catalogue is data, and a wrong line in it is named."""

import re
import subprocess
import sys
import tomllib
from datetime import date, timedelta

import pytest
from lxml.cssselect import CSSSelector

from crawler.backfill import archive_pages
from crawler.errors import SourceError
from crawler.sources import CATALOGUE, KINDS, load_sources, says_any

FEED = {"name": "a", "kind": "feed", "url": "https://example.org/feed"}


def test_the_built_in_sources_are_all_off_until_the_user_enables_one():
    sources = load_sources().values()
    assert len(sources) >= 45 and not any(source.enabled or source.verified for source in sources)
    for language in ("zh", "en"):
        assert 0.4 <= sum(source.language == language for source in sources) / len(sources) <= 0.6
    assert {source.kind for source in sources} == set(KINDS)


def test_no_two_built_in_sources_have_a_name_or_an_address_in_common():
    tables = tomllib.loads(CATALOGUE.read_text("utf-8"))["source"]
    for field in ("name", "url"):
        assert len({table[field].rstrip("/") for table in tables}) == len(tables)
    stated = {
        "name",
        "title",
        "kind",
        "url",
        "language",
        "every",
        "keywords",
        "minimum",
        "enabled",
        "documented",
        "verified",
    }
    assert all(stated <= table.keys() for table in tables)


@pytest.mark.parametrize("source", load_sources().values(), ids=lambda source: source.name)
def test_a_built_in_source_is_described_in_full(source):
    assert source.url.startswith("https://") and re.fullmatch(r"[a-z0-9][a-z0-9-]*", source.name)
    assert source.title and source.documented and source.keywords
    assert not any(word.startswith("@") for word in source.keywords)
    assert len({word.lower() for word in source.keywords}) == len(source.keywords)
    assert timedelta(hours=3) <= source.interval <= timedelta(days=1)
    for selector in filter(None, (source.items, source.next)):
        CSSSelector(selector)
    if source.archive:
        days = {"since": date(2023, 11, 6), "until": date(2023, 11, 6)}
        first = next(archive_pages(source, **days))
        assert first.startswith("https://") and first != source.archive and "{" not in first


def test_every_list_of_keywords_is_used_and_covers_what_it_is_for():
    catalogue = tomllib.loads(CATALOGUE.read_text("utf-8"))
    used = {word for table in catalogue["source"] for word in table["keywords"] if word.startswith("@")}
    assert used == {f"@{name}" for name in catalogue["keywords"]}
    told = {
        "origin-en": "The lab denies that it copied the weights",
        "models-en": "A row over DeepSeek",
        "origin-zh": "公司就抄袭一事致歉",
        "models-zh": "零一万物回应",
        "models-hant": "公司遭指控抄襲大型語言模型",
    }
    assert told.keys() == catalogue["keywords"].keys()
    assert all(says_any(text, catalogue["keywords"][name]) for name, text in told.items())
    assert not any(says_any("Weather and football / 天气与足球", words) for words in catalogue["keywords"].values())


def test_two_lines_enable_a_built_in_source():
    sources = load_sources(CATALOGUE, {"source": [{"name": "qbitai", "enabled": True}]})
    assert sources["qbitai"].enabled and sources["qbitai"].url == "https://www.qbitai.com/feed"


def test_a_later_file_overrides_an_earlier_one_by_name(tmp_path):
    first, second = tmp_path / "1.toml", tmp_path / "2.toml"
    first.write_text('[[source]]\nname = "a"\nkind = "feed"\nurl = "https://example.org/feed"\nevery = "1d"\n')
    second.write_text('[[source]]\nname = "a"\nkeywords = ["Yi-34B", "零一万物"]\n', "utf-8")
    source = load_sources(first, second)["a"]
    assert (source.every, source.keywords, source.title) == ("1d", ("Yi-34B", "零一万物"), "a")
    assert source.interval == timedelta(days=1)


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [
        ("kind", "gopher", "feed, sitemap, list, discourse"),
        ("url", "ftp://example.org/feed", "http"),
        ("url", "https:///feed", "http"),
        ("every", "6 hours", "6h"),
        ("every", "0h", "6h"),
        ("every", 6, "6h"),
        ("language", "fr", "zh, en"),
        ("keywords", "Yi", "list of texts"),
        ("keywords", ["Yi", 34], "list of texts"),
        ("minimum", True, "whole number"),
        ("minimum", -1, "whole number"),
        ("enabled", "yes", "true or false"),
        ("verified", 1, "true or false"),
        ("documented", " ", "says where"),
        ("documented", True, "says where"),
        ("archive", "https://example.org/archive", "{year}"),
        ("archive", "https://example.org/{week}", "{page}"),
        ("archive", "https://example.org/{month}/{day}", "{year}"),
        ("archive", "https://example.org/{year}/{page}", "{page}"),
        ("archive", "https://example.org/{page", "{page}"),
        ("archive", "{page}", "address"),
        ("archive", 7, "{page}"),
        ("items", "a[", "CSS selector"),
        ("items", "a::text", "CSS selector"),
        ("items", "", "CSS selector"),
        ("next", ["a"], "CSS selector"),
        ("tilte", "A", "title"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(field, value, allowed):
    with pytest.raises(SourceError) as caught:
        load_sources([FEED | {field: value}])
    for part in ("the configuration", "'a'", field, repr(value), allowed):
        assert part in str(caught.value)


def test_a_list_page_has_selectors_and_another_kind_has_none():
    page = FEED | {"kind": "list", "items": "h2 a", "next": "a.next", "archive": "https://example.org/{year}/{month}"}
    source = load_sources([page])["a"]
    assert (source.items, source.next, source.archive) == ("h2 a", "a.next", page["archive"])
    for field in ("items", "next"):
        with pytest.raises(SourceError, match=f"'a': {field} = 'h2 a' is for kind list, and this is feed"):
            load_sources([FEED | {field: "h2 a"}])
    laid_over = load_sources([page], [{"name": "a", "kind": "sitemap"}])["a"]
    assert (laid_over.kind, laid_over.items, laid_over.next, laid_over.archive) == (
        "sitemap",
        None,
        None,
        page["archive"],
    )


def test_keywords_that_several_sources_share_stand_once(tmp_path):
    (tmp_path / "x.toml").write_text('[keywords]\nours = ["套壳", "Yi-34B"]\n', "utf-8")
    table = FEED | {"keywords": ["copied", "@ours", "Yi-34B"]}
    assert load_sources(tmp_path / "x.toml", [table])["a"].keywords == ("copied", "套壳", "Yi-34B")
    with pytest.raises(
        SourceError, match=r"the configuration, source 'a': keywords holds '@theirs'.*the lists are @ours"
    ):
        load_sources(tmp_path / "x.toml", [FEED | {"keywords": ["@theirs"]}])
    with pytest.raises(SourceError, match=r"'@ours'.*the lists are none"):
        load_sources([table])
    for wrong in ({"ours": "套壳"}, {"ours": ["@others"]}, {"ours": [""]}):
        with pytest.raises(SourceError, match=r"the configuration, \[keywords\]: ours = .* is not allowed"):
            load_sources({"keywords": wrong})
    with pytest.raises(SourceError, match=r"write a table \[keywords\]"):
        load_sources({"keywords": ["套壳"]})


def test_a_missing_field_and_an_unreadable_file_are_named(tmp_path):
    with pytest.raises(SourceError, match="'a': url is missing"):
        load_sources([{"name": "a", "kind": "feed"}])
    with pytest.raises(SourceError, match="name None"):
        load_sources([{"kind": "feed"}])
    (tmp_path / "x.toml").write_text("[[source]\n")
    for name in ("x.toml", "none.toml"):
        with pytest.raises(SourceError, match=name):
            load_sources(tmp_path / name)
    for wrong in ({"source": {"name": "a"}}, {"source": ["a"]}):
        with pytest.raises(SourceError, match=r"\[\[source\]\]"):
            load_sources(wrong)


def test_a_latin_keyword_stands_for_itself_and_a_chinese_one_anywhere():
    assert says_any("It is yi, they say.", ["Yi"]) and not any(says_any(word, ["Yi"]) for word in ("Yield", "Dayi"))
    assert says_any("Yi-34B涉嫌套壳", ["套壳"]) and says_any("发布Yi-34B模型", ["yi-34b"])
    assert says_any("anything", []) and not says_any("anything", ["套壳"])


def test_the_parent_process_loads_neither_scrapy_nor_twisted():
    code = (
        "import sys, crawler.sources, crawler.runner;"
        "sys.exit(any(name.partition('.')[0] in ('scrapy', 'twisted') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
