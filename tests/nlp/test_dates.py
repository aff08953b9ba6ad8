"""Dates in running text: what is a date, which words it takes, which days it means."""

import pytest

from tests.nlp.written_dates import CHINESE, ENGLISH, read


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
