"""The catalogue is data, and a wrong line in it is named."""

import subprocess
import sys
from datetime import timedelta

import pytest

from crawler.errors import SourceError
from crawler.sources import CATALOGUE, load_sources, says_any

FEED = {"name": "a", "kind": "feed", "url": "https://example.org/feed"}


def test_the_built_in_sources_are_all_off_until_the_user_enables_one():
    sources = load_sources()
    assert len(sources) >= 10 and not any(source.enabled for source in sources.values())
    assert {source.language for source in sources.values()} == {"zh", "en"}
    assert all(source.keywords and source.title and source.url.startswith("https://") for source in sources.values())


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
        ("kind", "gopher", "feed, discourse"),
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
        ("tilte", "A", "title"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(field, value, allowed):
    with pytest.raises(SourceError) as caught:
        load_sources([FEED | {field: value}])
    for part in ("the configuration", "'a'", field, repr(value), allowed):
        assert part in str(caught.value)


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
