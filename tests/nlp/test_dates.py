"""Dates in running text: what is a date, which words it takes, which days it means. Published on Friday 17 November 2023 unless said."""

import re
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nlp import dates
from nlp.calendar_words import fold_dates
from nlp.dates import RULES, find_dates
from nlp.edtf import Period

PUBLISHED = date(2023, 11, 17)


def read(text: str, published: date | None = PUBLISHED, language: str | None = None) -> list[tuple[str, str]]:
    """List the words and the period of every date in the text."""
    found = find_dates(text, published=published, language=language)
    return [(text[one.start : one.end], one.period.edtf) for one in found]


def periods(text: str, published: date | None = PUBLISHED, language: str | None = None) -> list[str]:
    return [period for _, period in read(text, published, language)]


CHINESE = [
    # explicit
    ("公司于2023年11月6日发布新模型", "2023年11月6日", "2023-11-06"),
    ("2023年11月，团队扩招", "2023年11月", "2023-11"),
    ("更新于2023-11-06。", "2023-11-06", "2023-11-06"),
    ("日期：2023/11/6", "2023/11/6", "2023-11-06"),
    ("日期 2023.11.06 晚", "2023.11.06", "2023-11-06"),
    ("发帖时间 2023-11-06 10:30:05 回复", "2023-11-06 10:30:05", "2023-11-06"),
    ("11月6日，有人发帖", "11月6日", "2023-11-06"),
    ("我是11月6号看到的", "11月6号", "2023-11-06"),
    ("模型在11月份上线", "11月份", "2023-11"),
    ("11 月 6 日开源", "11 月 6 日", "2023-11-06"),
    ("2023 年 11 月 6 日开源", "2023 年 11 月 6 日", "2023-11-06"),
    ("２０２３年１１月６日开源", "２０２３年１１月６日", "2023-11-06"),
    ("二〇二三年十一月六日开源", "二〇二三年十一月六日", "2023-11-06"),
    ("二零二三年十月二十一日开源", "二零二三年十月二十一日", "2023-10-21"),
    ("十一月六日开源", "十一月六日", "2023-11-06"),
    ("十月三十一日开源", "十月三十一日", "2023-10-31"),
    ("三月，团队成立", "三月", "2023-03"),
    ("15日，公司回应", "15日", "2023-11-15"),
    ("20日，公司回应", "20日", "2023-10-20"),
    ("6日凌晨，帖子被删", "6日凌晨", "2023-11-06"),
    ("11月6日晚，他回应", "11月6日晚", "2023-11-06"),
    ("11月6日上午10时许发布", "11月6日上午10时许", "2023-11-06"),
    ("11月6日（周一）下午开会", "11月6日（周一）下午", "2023-11-06"),
    ("11月6日 14:30 更新", "11月6日 14:30", "2023-11-06"),
    ("昨日上午10时发布", "昨日上午10时", "2023-11-16"),
    ("6号晚上我看到了", "6号晚上", "2023-11-06"),
    ("23年11月6日开源", "23年11月6日", "2023-11-06"),
    ("12月3日开源", "12月3日", "2022-12-03"),
    ("11月18日开源", "11月18日", "2022-11-18"),
    ("2月29日开源", "2月29日", "2020-02-29"),
    ("将于2024年2月发布", "2024年2月", "2024-02"),
    ("新版将于12月发布", "12月", "2023-12"),
    ("他说将于11月8日开源", "11月8日", "2023-11-08"),
    ("他生于1958年", "1958年", "1958"),
    ("到2017年，团队已有百人", "2017年", "2017"),
    # year or month by a word, parts
    ("今年3月成立", "今年3月", "2023-03"),
    ("去年11月成立", "去年11月", "2022-11"),
    ("去年的12月5日成立", "去年的12月5日", "2022-12-05"),
    ("他前年离职", "前年", "2021"),
    ("他去年离职", "去年", "2022"),
    ("今年，他离职", "今年", "2023"),
    ("去年底立项", "去年底", "2022-11-01/2022-12-31"),
    ("今年年初立项", "今年年初", "2023-01-01/2023-02-28"),
    ("年初立项", "年初", "2023-01-01/2023-02-28"),
    ("2022年底立项", "2022年底", "2022-11-01/2022-12-31"),
    ("本月初上线", "本月初", "2023-11-01/2023-11-10"),
    ("上月底上线", "上月底", "2023-10-21/2023-10-31"),
    ("3月中旬上线", "3月中旬", "2023-03-11/2023-03-20"),
    ("2023年9月下旬上线", "2023年9月下旬", "2023-09-21/2023-09-30"),
    ("上半年亏损", "上半年", "2023-01-01/2023-06-30"),
    ("2022年下半年亏损", "2022年下半年", "2022-07-01/2022-12-31"),
    ("第三季度亏损", "第三季度", "2023-07-01/2023-09-30"),
    ("第四季度亏损", "第四季度", "2023-10-01/2023-12-31"),
    ("2023年第四季度亏损", "2023年第四季度", "2023-10-01/2023-12-31"),
    ("去年三季度亏损", "去年三季度", "2022-07-01/2022-09-30"),
    ("2022 Q3营收", "2022 Q3", "2022-07-01/2022-09-30"),
    ("今年夏天内测", "今年夏天", "2023-06-01/2023-08-31"),
    ("从年初到年末都在亏损", "年初到年末", "2023"),
    ("10月中下旬内测", "10月中下旬", "2023-10-11/2023-10-31"),
    ("今年前三季度亏损", "今年前三季度", "2023-01-01/2023-09-30"),
    ("2021-2023年间亏损", "2021-2023年", "2021-01-01/2023-12-31"),
    # relative to publication
    ("今天发布", "今天", "2023-11-17"),
    ("今日，公司发布", "今日", "2023-11-17"),
    ("昨天发布", "昨天", "2023-11-16"),
    ("前天发布", "前天", "2023-11-15"),
    ("昨晚，他发帖", "昨晚", "2023-11-16"),
    ("今晨，他发帖", "今晨", "2023-11-17"),
    ("今早他发帖", "今早", "2023-11-17"),
    ("本周发布", "本周", "2023-11-13/2023-11-19"),
    ("上周发布", "上周", "2023-11-06/2023-11-12"),
    ("上周五发布", "上周五", "2023-11-10"),
    ("上上周三发布", "上上周三", "2023-11-01"),
    ("周二，他回应", "周二", "2023-11-14"),
    ("周五，他回应", "周五", "2023-11-17"),
    ("周六，他回应", "周六", "2023-11-11"),
    ("本周二回应", "本周二", "2023-11-14"),
    ("星期三回应", "星期三", "2023-11-15"),
    ("上周末加班", "上周末", "2023-11-11/2023-11-12"),
    ("周末加班", "周末", "2023-11-11/2023-11-12"),
    ("两天前有人质疑", "两天前", "2023-11-15"),
    ("三周前有人质疑", "三周前", "2023-10-27"),
    ("一个月前有人质疑", "一个月前", "2023-10"),
    ("半年前有人质疑", "半年前", "2023-05"),
    ("两年前有人质疑", "两年前", "2021"),
    ("上个月立项", "上个月", "2023-10"),
    ("上月立项", "上月", "2023-10"),
    ("本月立项", "本月", "2023-11"),
    ("本月6日立项", "本月6日", "2023-11-06"),
    ("上月28日立项", "上月28日", "2023-10-28"),
    # ranges
    ("11月6日至12日举行", "11月6日至12日", "2023-11-06/2023-11-12"),
    ("6日-8日举行", "6日-8日", "2023-11-06/2023-11-08"),
    ("6至8日举行", "6至8日", "2023-11-06/2023-11-08"),
    ("11月6-8日举行", "11月6-8日", "2023-11-06/2023-11-08"),
    ("3-5月内测", "3-5月", "2023-03-01/2023-05-31"),
    ("2022年11月到12月内测", "2022年11月到12月", "2022-11-01/2022-12-31"),
    ("2022年12月20日至2023年1月5日", "2022年12月20日至2023年1月5日", "2022-12-20/2023-01-05"),
    ("12月28日至1月3日放假", "12月28日至1月3日", "2022-12-28/2023-01-03"),
    ("9月至2023年11月", "9月至2023年11月", "2023-09-01/2023-11-30"),
    # traditional characters
    ("１１月６號，有人發帖", "１１月６號", "2023-11-06"),
    ("兩週前有人質疑", "兩週前", "2023-11-03"),
    ("上個月立項", "上個月", "2023-10"),
]

ENGLISH = [
    # explicit
    ("It shipped on November 6, 2023.", "November 6, 2023", "2023-11-06"),
    ("It shipped on November 6,2023.", "November 6,2023", "2023-11-06"),
    ("It shipped Nov. 6.", "Nov. 6", "2023-11-06"),
    ("It shipped Nov 6th, they say", "Nov 6th", "2023-11-06"),
    ("It shipped 6 November 2023", "6 November 2023", "2023-11-06"),
    ("It shipped on the 6th of November", "the 6th of November", "2023-11-06"),
    ("in November 2023 it shipped", "November 2023", "2023-11"),
    ("Founded in November, it grew", "November", "2023-11"),
    ("Founded in May, it grew", "May", "2023-05"),
    ("Founded in March.", "March", "2023-03"),
    ("Posted 2023-11-06", "2023-11-06", "2023-11-06"),
    ("Posted 2023-11-06T10:30:00Z by", "2023-11-06T10:30:00Z", "2023-11-06"),
    ("Posted 11/6/2023.", "11/6/2023", "2023-11-06"),
    ("Posted 17/10/2023.", "17/10/2023", "2023-10-17"),
    ("Posted 20231106 by", "20231106", "2023-11-06"),
    ("Posted Monday, November 6, 2023 at 10:30 a.m. EST", "Monday, November 6, 2023 at 10:30 a.m. EST", "2023-11-06"),
    ("Mon, 6 Nov 2023 09:00 GMT", "Mon, 6 Nov 2023 09:00 GMT", "2023-11-06"),
    ("It shipped on May 4.", "May 4", "2023-05-04"),
    ("It shipped on December 3", "December 3", "2022-12-03"),
    ("It shipped on NOVEMBER 6", "NOVEMBER 6", "2023-11-06"),
    ("released nov 6 2023", "nov 6 2023", "2023-11-06"),
    ("It released Llama 2 July 18, 2023.", "July 18, 2023", "2023-07-18"),
    ("a paper from early November", "early November", "2023-11-01/2023-11-10"),
    ("a paper from mid-October", "mid-October", "2023-10-11/2023-10-20"),
    ("a paper from late October 2022", "late October 2022", "2022-10-21/2022-10-31"),
    ("by the end of October", "end of October", "2023-10-21/2023-10-31"),
    ("at the end of last year", "end of last year", "2022-11-01/2022-12-31"),
    ("It began late last month.", "late last month", "2023-10-21/2023-10-31"),
    ("It began in late 2022.", "late 2022", "2022-09-01/2022-12-31"),
    ("It began in mid-2022.", "mid-2022", "2022-05-01/2022-08-31"),
    ("sales of Q3 2022", "Q3 2022", "2022-07-01/2022-09-30"),
    ("in the third quarter of 2022", "third quarter of 2022", "2022-07-01/2022-09-30"),
    ("in the first half of 2022", "first half of 2022", "2022-01-01/2022-06-30"),
    ("in the third quarter it lost", "third quarter", "2023-07-01/2023-09-30"),
    ("Founded in 2019, it grew", "2019", "2019"),
    ("on the 15th, it answered", "the 15th", "2023-11-15"),
    ("on the 15th of October", "the 15th of October", "2023-10-15"),
    ("November of last year was busy", "November of last year", "2022-11"),
    ("It is due in February 2024", "February 2024", "2024-02"),
    ("It is expected in December", "December", "2023-12"),
    # ranges
    ("held November 6-12", "November 6-12", "2023-11-06/2023-11-12"),
    ("held Nov. 6–12, 2022", "Nov. 6–12, 2022", "2022-11-06/2022-11-12"),
    ("between 6 and 8 November", "6 and 8 November", "2023-11-06/2023-11-08"),
    ("between November 6 and November 8", "November 6 and November 8", "2023-11-06/2023-11-08"),
    ("held 6-8 November 2022", "6-8 November 2022", "2022-11-06/2022-11-08"),
    ("from September to November 2022", "September to November 2022", "2022-09-01/2022-11-30"),
    ("from December 20 to January 5, 2022", "December 20 to January 5, 2022", "2021-12-20/2022-01-05"),
    ("in the summer of 2022", "summer of 2022", "2022-06-01/2022-08-31"),
    ("It began last fall.", "last fall", "2023-09-01/2023-11-30"),
    ("from 2021 to 2022 it lost", "2021 to 2022", "2021-01-01/2022-12-31"),
    # relative to publication
    ("It shipped today.", "today", "2023-11-17"),
    ("Yesterday it shipped", "Yesterday", "2023-11-16"),
    ("It shipped yesterday morning", "yesterday morning", "2023-11-16"),
    ("It shipped two days ago", "two days ago", "2023-11-15"),
    ("It shipped 3 weeks ago", "3 weeks ago", "2023-10-27"),
    ("It shipped a month ago", "a month ago", "2023-10"),
    ("It shipped two years ago", "two years ago", "2021"),
    ("It shipped last week", "last week", "2023-11-06/2023-11-12"),
    ("It shipped this week", "this week", "2023-11-13/2023-11-19"),
    ("It shipped last Friday", "last Friday", "2023-11-10"),
    ("It shipped on Tuesday.", "Tuesday", "2023-11-14"),
    ("It shipped on Friday.", "Friday", "2023-11-17"),
    ("It shipped on Monday morning", "Monday morning", "2023-11-13"),
    ("It shipped last month", "last month", "2023-10"),
    ("It shipped earlier this month", "this month", "2023-11"),
    ("It shipped over the weekend", "the weekend", "2023-11-11/2023-11-12"),
    ("It shipped this morning", "this morning", "2023-11-17"),
    ("It shipped last night", "last night", "2023-11-16"),
    ("It shipped last year", "last year", "2022"),
    ("Earlier this year it shipped", "this year", "2023"),
    ("It shipped last March", "last March", "2023-03"),
    ("It shipped last November", "last November", "2022-11"),
    ("It shipped the day before yesterday", "the day before yesterday", "2023-11-15"),
]


@pytest.mark.parametrize(("text", "words", "period"), CHINESE, ids=[row[1] for row in CHINESE])
def test_reads_chinese(text: str, words: str, period: str) -> None:
    assert read(text, language="zh") == [(words, period)]


@pytest.mark.parametrize(("text", "words", "period"), ENGLISH, ids=[row[1] for row in ENGLISH])
def test_reads_english(text: str, words: str, period: str) -> None:
    assert read(text, language="en") == [(words, period)]


@pytest.mark.parametrize(
    "text",
    [
        "GPT-4与Llama 3.1、Yi-6B、v2.10",
        "gpt-4-2023-11-06已下线",
        "Qwen-20231106.tar",
        "#20231106号工单",
        "20231106123456",
        "20231399 次",
        "得分3.5，比去同类高7/24",
        "全年24/7运行，9-11人",
        "历时100日",
        "15日游只要2.5万元",
        "花了三天时间，两周内完成",
        "7日内回应，30日无理由退货",
        "共15日，每月15日发薪",
        "100年前后",
        "十几天后，几天后，数月后",
        "近日、日前、近期、此前、随后几天",
        "今年以来，今年来",
        "2023年以来，2020年之后",
        "今日头条与明日方舟",
        "目前年化收益，提前天数",
        "版本月活过亿，晚上月亮很圆",
        "一周五天，每周一例会，本期一共三个周期",
        "上午10时，3点半，12:30，一月之内",
        "11月31日",
        "2023-13-05",
        "2023年13月5日",
        "13月",
        "他18岁，6号楼，6号线",
        "80年后的一代",
        "见 https://example.org/2023/11/06/post?d=2023-11-05 。",
        "见 www.example.org/2023-11-06",
        "example.com/2023/11/06/post",
        "15日元，24日本队",
        "大会第二天",
        "She may march on, and they may not",
        "May we ask? March on!",
        "Sun and Mon said so; Sat down",
        "It has 7/24 support, 24/7, 9-11",
        "It took two weeks; for two weeks; within three days",
        "a few days later, some weeks ago",
        "30,000 yuan, 3.5 and 2.10",
        "in 2048 tokens, in 2000 cases",
        "the 15th century, on the 6th floor",
        "February 30, 2023",
        "a 100-day plan, a 2-week sprint",
        "every Monday, Black Friday, monday.com",
        "today's models, USA Today",
        "at 10:30 a.m.",
        "version 2023.11.6b, v2023.11.06",
        "the other day",
        "two days later it shipped, the next day too",
        "一周后，公司道歉。次日又道歉。当天也是。",
        "",
    ],
)
def test_is_no_date(text: str) -> None:
    assert read(text) == []


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


@pytest.mark.parametrize(
    "edtf", ["2023", "2023-02", "2024-02-29", "2023-11-06/2023-11-12", "2022-12-20/2023-01-05", "0001"]
)
def test_edtf_is_read_back(edtf: str) -> None:
    assert Period.parse(edtf).edtf == edtf


@pytest.mark.parametrize(
    "edtf", ["", "/", "2023-13", "2023-02-30", "2023-1-2", "2024/2023", "2021/2022/2023", "２０２３", "2023-11-06\n"]
)
def test_what_is_not_edtf_is_refused(edtf: str) -> None:
    with pytest.raises(ValueError):
        Period.parse(edtf)


@given(st.dates(), st.dates())
def test_a_period_survives_edtf(one: date, other: date) -> None:
    period = Period(earliest=min(one, other), latest=max(one, other))
    assert Period.parse(period.edtf) == period
    assert Period.parse(Period.of(one.year, one.month).edtf) == Period.of(one.year, one.month)
    assert period.distance_days(Period.of(one.year)) == 0


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
