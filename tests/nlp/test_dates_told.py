"""Dates that count from what was told before or from publication: a text is read as a narrative."""

from datetime import date

import pytest

from nlp.dates import find_dates
from tests.nlp.written_dates import PUBLISHED, periods


def test_counts_later_from_the_date_told_before() -> None:
    assert periods("11月6日，甲公司发布模型。一周后，有开发者质疑。次日，公司回应。") == [
        "2023-11-06",
        "2023-11-13",
        "2023-11-14",
    ]
    text = "On November 6 it shipped. A week later a user complained. The next day they answered."
    assert periods(text) == ["2023-11-06", "2023-11-13", "2023-11-14"]


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("一周后", "2023-10-13"),
        ("次日", "2023-10-07"),
        ("翌日", "2023-10-07"),
        ("第二天", "2023-10-07"),
        ("两天后", "2023-10-08"),
        ("三天之后", "2023-10-09"),
        ("十天后", "2023-10-16"),
        ("四个月后", "2024-02"),
        ("一年后", "2024"),
        ("半年后", "2024-04"),
        ("半个月后", "2023-10-21"),
        ("同日", "2023-10-06"),
        ("当天", "2023-10-06"),
        ("当日", "2023-10-06"),
        ("当晚", "2023-10-06"),
        ("同一天", "2023-10-06"),
        ("前一天", "2023-10-05"),
        ("一个月前", "2023-09"),
        ("两天前", "2023-10-04"),
        ("同年9月", "2023-09"),
        ("次年3月", "2024-03"),
        ("同月15日", "2023-10-15"),
        ("当月15日", "2023-10-15"),
        ("8日", "2023-10-08"),
        ("次周", "2023-10-09/2023-10-15"),
        ("兩週後", "2023-10-20"),
    ],
)
def test_counts_from_the_story_in_chinese(words: str, period: str) -> None:
    assert periods(f"10月6日，模型发布。{words}，有人发帖。") == ["2023-10-06", period]


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("a week later", "2023-10-13"),
        ("the next day", "2023-10-07"),
        ("the following day", "2023-10-07"),
        ("two days later", "2023-10-08"),
        ("10 days after", "2023-10-16"),
        ("the same day", "2023-10-06"),
        ("that day", "2023-10-06"),
        ("the following week", "2023-10-09/2023-10-15"),
        ("the following month", "2023-11"),
        ("a month earlier", "2023-09"),
        ("two days before", "2023-10-04"),
        ("the previous day", "2023-10-05"),
        ("three months later", "2024-01"),
        ("half a year later", "2024-04"),
        ("the following Monday", "2023-10-09"),
        ("on the 8th", "2023-10-08"),
        ("in March of that year", "2023-03"),
        ("two days ago", "2023-11-15"),
    ],
)
def test_counts_from_the_story_in_english(words: str, period: str) -> None:
    assert periods(f"It shipped on October 6. Then, {words}, a user wrote.") == ["2023-10-06", period]


def test_ago_counts_from_publication_once_the_story_is_about_yesterday() -> None:
    assert periods("昨天，公司道歉。两天前，有人质疑。") == ["2023-11-16", "2023-11-15"]


def test_ago_counts_from_publication_in_a_new_paragraph() -> None:
    assert periods("10月6日，模型发布。\n两天前，有人质疑。") == ["2023-10-06", "2023-11-15"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今年4月，项目启动。三个月后，产品才于9月份内测。两周后，有人质疑。", ["2023-04", "2023-09", "2023-09"]),
        (
            "10月6日，模型发布。两天后，即10月9日，公司回应。次日，有人发帖。",
            ["2023-10-06", "2023-10-09", "2023-10-10"],
        ),
        ("10月6日，模型发布。两天后（10月9日），公司回应。", ["2023-10-06", "2023-10-09"]),
        ("10月6日，模型发布。10月9日，即两天后，公司回应。", ["2023-10-06", "2023-10-09"]),
        ("It shipped October 6. Two days later, on October 9, they answered.", ["2023-10-06", "2023-10-09"]),
        ("It shipped October 6. On October 9, two days later, they answered.", ["2023-10-06", "2023-10-09"]),
    ],
)
def test_an_explicit_date_beats_the_anchor_of_its_clause(text: str, expected: list[str]) -> None:
    assert periods(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10月6日，模型发布，两天后公司否认，10月15日又承认。", ["2023-10-06", "2023-10-08", "2023-10-15"]),
        ("It shipped October 6 and two days later was pulled.", ["2023-10-06", "2023-10-08"]),
        ("10月6日发布。两天后 · 2023-11-08", ["2023-10-06", "2023-10-08", "2023-11-08"]),
        ("10月6日发布。两天后，公司成为2023年最大的公司。", ["2023-10-06", "2023-10-08", "2023"]),
    ],
)
def test_an_explicit_date_of_another_clause_does_not(text: str, expected: list[str]) -> None:
    assert periods(text) == expected


def test_a_year_of_a_biography_is_no_anchor() -> None:
    text = "他1958年出生，2006年创业。11月6日，公司发布模型。到2017年，团队已有百人。一周后，有人质疑。"
    assert periods(text) == ["1958", "2006", "2023-11-06", "2017", "2023-11-13"]
    text = "Born in 1958, he founded it in 2006. It shipped on November 6. By 2017, he had left. A week later, a user wrote."
    assert periods(text) == ["1958", "2006", "2023-11-06", "2017", "2023-11-13"]


def test_a_bare_day_takes_the_month_told_before() -> None:
    assert periods("2022年9月6日发布，15日开源。20日，有人质疑。") == ["2022-09-06", "2022-09-15", "2022-09-20"]
    assert periods("11月6日发布。28日开会。") == ["2023-11-06", "2023-10-28"]


def test_a_list_of_months_shares_its_year() -> None:
    assert periods("2022年3月、5月和11月三次融资") == ["2022-03", "2022-05", "2022-11"]
    assert periods("in May 2021, November and March 2023") == ["2021-05", "2021-11", "2023-03"]


def test_completes_to_the_past_at_the_turn_of_the_year() -> None:
    assert periods("12月3日发布，1月2日开源", date(2024, 1, 5)) == ["2023-12-03", "2024-01-02"]
    assert periods("On December 3 and on January 2", date(2024, 1, 5)) == ["2023-12-03", "2024-01-02"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11月6日发布，昨天开源，周二回应，15日道歉，两天前", []),
        ("on November 6, yesterday, on Tuesday, last week, two days ago", []),
        ("2022年9月6日发布，10月7日开源，两天后道歉", ["2022-09-06", "2022-10-07", "2022-10-09"]),
        ("2022年，公司成立；3月，模型发布", ["2022", "2022-03"]),
        ("In May 2022 it began; on June 7 it shipped", ["2022-05", "2022-06-07"]),
    ],
)
def test_without_publication_only_the_text_settles_a_date(text: str, expected: list[str]) -> None:
    assert periods(text, None) == expected


def test_tells_what_a_date_was_completed_or_counted_from() -> None:
    text = "2023年9月6日、11月6日、次日、昨天、今年3月、去年底、on the 8th; a week later"
    found = find_dates(text, published=PUBLISHED)
    assert [(text[one.start : one.end], one.basis, one.anchor) for one in found] == [
        ("2023年9月6日", "stated", "self"),
        ("11月6日", "stated", "previous"),
        ("次日", "relative", "previous"),
        ("昨天", "relative", "published"),
        ("今年3月", "stated", "published"),
        ("去年底", "relative", "published"),
        ("the 8th", "stated", "previous"),
        ("a week later", "relative", "previous"),
    ]


def test_words_of_the_other_language_are_a_quotation() -> None:
    text = "官方写道：“Today we release it, as of November 6.”"
    assert periods(text, language="zh-CN") == ["2023-11-06"]
    assert periods(text) == ["2023-11-17", "2023-11-06"]


def test_ignores_the_spans_it_is_told_to() -> None:
    text = "模型2023-11-06与11月8日"
    assert [
        one.start for one in find_dates(text, published=PUBLISHED, ignore=[(0, 12), (-5, 3), (2, 4), (50, 60)])
    ] == [13]
