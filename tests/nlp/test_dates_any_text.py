"""Dates in any text whatever: spans in order, offsets kept, time in proportion."""

import re
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nlp import dates
from nlp.calendar_words import fold_dates
from nlp.dates import RULES, find_dates
from nlp.edtf import Period
from tests.nlp.written_dates import CHINESE, ENGLISH, PUBLISHED

_WORDS = sorted(
    {words for _, words, _ in CHINESE + ENGLISH}
    | {"一周后", "次日", "30年后", "，", "至", " to ", "\n", "2", "9999年", "两天前"}
)


@given(
    st.one_of(st.text(max_size=80), st.lists(st.sampled_from(_WORDS), max_size=12).map("".join)),
    st.one_of(st.none(), st.dates()),
    st.sampled_from([None, "zh", "en", "fr"]),
    st.lists(st.tuples(st.integers(-5, 90), st.integers(-5, 90)), max_size=3),
)
@example("0001年后 30年前", date.min, None, [])
@example("次日明天 next year next month", date.max, "zh", [])
def test_arbitrary_text_gives_ordered_spans(
    text: str, published: date | None, language: str | None, ignore: list[tuple[int, int]]
) -> None:
    found = find_dates(text, published=published, language=language, ignore=ignore)
    ends = [0, *(one.end for one in found)]
    assert all(before <= one.start < one.end <= len(text) for before, one in zip(ends, found, strict=False))
    assert all(Period.parse(one.period.edtf) == one.period for one in found)
    assert found == find_dates(text, published=published, language=language, ignore=ignore)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@given(data=st.data())
def test_whatever_a_rule_matches_can_be_read(rule: dates.Rule, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(rule.pattern))
    find_dates(text, published=PUBLISHED)
    find_dates(f"于{text}，", published=PUBLISHED, language="zh")


@given(st.text())
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold_dates(text)) == len(text)


def test_patterns_repeat_only_a_bounded_number_of_times() -> None:
    for rule in RULES:
        assert re.search(r"(?<!\\)[*+](?!\?)|\{\d*,\}", re.sub(r"\[[^\]]*\]|\\.", "", rule.pattern.pattern)) is None, (
            rule.name
        )


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece", ["1", "一", "November ", "2023-", "11月", "两天前", "1/", "http://", "a ", "的", "\n", "次日 "]
)
def test_long_text_is_scanned_in_linear_time(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = piece * (200_000 // len(piece))
    scanned: list[tuple[int, int]] = []

    class Counted:
        """A pattern that notes which stretch each of its searches went over."""

        def __init__(self, pattern: re.Pattern[str]) -> None:
            self.pattern = pattern

        def search(self, text: str, start: int = 0) -> re.Match[str] | None:
            match = self.pattern.search(text, start)
            scanned.append((start, match.end() if match else len(text)))
            return match

    class Row:
        def __init__(self, row: dates.Rule) -> None:
            self.pattern, self.read, self.language = Counted(row.pattern), row.read, row.language

    monkeypatch.setattr(dates, "RULES", tuple(Row(row) for row in RULES))
    find_dates(text, published=PUBLISHED)
    assert sum(end - start for start, end in scanned) <= 3 * len(RULES) * len(text)
