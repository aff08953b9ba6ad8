"""The text of a saved thread is split into its posts, each at its exact place."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.thread_headers import HEADERS
from crawler.threads import first_header, split_posts
from crawler.written_times import read_time

DISCUZ = """####  anna_K
##### 1#       楼主       发表于 2025-1-31 08:59

今天看到晨星模型的新闻。

第二段。

*****

####  老 王
##### 3#       发表于 2025-1-31 09:10

回复 1# 没有证据

####  小李
##### 4#       发表于 2025-1-31 09:12

> 老 王 发表于 2025-1-31 09:10
> 没有证据

同意
"""
HACKER_NEWS = """Northwind says it trained from scratch (example.org)
120 points by bob 5 hours ago | hide | past | 3 comments

alice 3 hours ago | parent | next [-]

It is a copy.

    carl_2 2 hours ago | parent | next [–]

    Is it?

reply

dora 1 hour ago | prev [-]

Yes.
"""
CASES = {
    "discuz archive": (
        DISCUZ,
        [
            ("anna_K", "2025-01-31T08:59", None, "今天看到晨星模型的新闻。\n\n第二段。"),
            ("老 王", "2025-01-31T09:10", 0, "回复 1# 没有证据"),
            ("小李", "2025-01-31T09:12", 1, "> 老 王 发表于 2025-1-31 09:10\n> 没有证据\n\n同意"),
        ],
    ),
    "discuz page": (
        "张三\n\n发表于 2023-11-14 10:00:00 | 显示全部楼层\n正文\n李四\n2# 发表于 2023-11-14 10:00:05 | 只看该作者\n第二",
        [("张三", "2023-11-14T10:00:00", None, "正文"), ("李四", "2023-11-14T10:00:05", None, "第二")],
    ),
    "hacker news": (
        HACKER_NEWS,
        [
            ("bob", "2025-02-01", None, ""),
            ("alice", "2025-02-01", None, "It is a copy."),
            ("carl_2", "2025-02-01", 1, "Is it?"),
            ("dora", "2025-02-01", None, "Yes."),
        ],
    ),
    "hacker news, dated": (
        "alice on Jan 28, 2025\n\nIt is.\n\nbob on Jan 29, 2025 | parent | context | favorite\n\nNo.",
        [("alice", "2025-01-28", None, "It is."), ("bob", "2025-01-29", None, "No.")],
    ),
    "reddit, new": (
        "u/alice · 3h ago\n\nLooks the same\n\nu/bob · 2h ago\n\nNo u/alice it does not\n\nReply Share",
        [("alice", "2025-02-01", None, "Looks the same"), ("bob", "2025-02-01", 0, "No u/alice it does not")],
    ),
    "reddit, in three lines": (
        "u/alice\n•\n3h ago\nhello\nu/bob\n•\n2h ago\nhi",
        [("alice", "2025-02-01", None, "hello"), ("bob", "2025-02-01", None, "hi")],
    ),
    "reddit, old": (
        "[–]alice 12 points 3 hours ago\n\nLooks\n\npermalink embed save\n\n    [–]bob_1 [score hidden] 2 hours ago\n\n    No",
        [("alice", "2025-02-01", None, "Looks"), ("bob_1", "2025-02-01", 0, "No")],
    ),
    "github": (
        "dora opened this issue on Nov 12, 2023 · 4 comments\n\nTensors are renamed.\n\neli commented on Nov 13, 2023\n\n"
        "> Tensors are renamed.\n\nWe will fix it\n\n**fred** commented:\n\nThanks @eli",
        [
            ("dora", "2023-11-12", None, "Tensors are renamed."),
            ("eli", "2023-11-13", 0, "> Tensors are renamed.\n\nWe will fix it"),
            ("fred", None, 1, "Thanks @eli"),
        ],
    ),
    "hugging face": (
        "alice\n\nNov 14, 2023\n\nThe names differ.\n\nbob\nExample org\nNov 15, 2023\n•\nedited Nov 15, 2023\n\nWe rename.",
        [("alice", "2023-11-14", None, "The names differ."), ("bob", "2023-11-15", None, "We rename.")],
    ),
    "v2ex": (
        "1   bob   2023-11-14 12:01:01 +08:00 via iPhone\n\n不错\n\n2   老陈   2023-11-14 12:03:01 +08:00   ❤️ 3\n\n@bob #1 对",
        [("bob", "2023-11-14T12:01:01+08:00", None, "不错"), ("老陈", "2023-11-14T12:03:01+08:00", 0, "@bob #1 对")],
    ),
    "name (time):": (
        "anna (2023-11-14 10:00): 很像\n还有\n小陈 (2023-11-14 10:05): @anna 不像",
        [("anna", "2023-11-14T10:00", None, "很像\n还有"), ("小陈", "2023-11-14T10:05", 0, "@anna 不像")],
    ),
    "[time] name:": (
        "[2023-11-14 10:00] anna: hello\n[2023-11-14 10:01] ben: hi",
        [("anna", "2023-11-14T10:00", None, "hello"), ("ben", "2023-11-14T10:01", None, "hi")],
    ),
    "labelled": (
        "作者：张三 时间：2023-11-14 10:00\n一\n\n作者：李四\n时间：2023-11-14 10:20\n二",
        [("张三", "2023-11-14T10:00", None, "一"), ("李四", "2023-11-14T10:20", None, "二")],
    ),
    "mail": (
        "From: Ann Lee <a@e.example>\nDate: Mon, 6 Nov 2023 10:20:00 +0800\nSubject: names\n\nhello\n\n"
        "From: Ben\nTo: all\nDate: Tue, 7 Nov 2023 10:20:00 GMT\n\nOn Monday, Ann Lee wrote:\n> hello\nhi",
        [
            ("Ann Lee", "2023-11-06T10:20:00+08:00", None, "hello"),
            ("Ben", "2023-11-07T10:20:00+00:00", 0, "On Monday, Ann Lee wrote:\n> hello\nhi"),
        ],
    ),
    "heading": (
        "### anna — 2023-11-14\n\nhello\n\n### ben — 2023-11-15\n\nhi",
        [("anna", "2023-11-14", None, "hello"), ("ben", "2023-11-15", None, "hi")],
    ),
}


def rows(posts):
    return [(post.author, post.published, post.reply_to, post.text) for post in posts]


@pytest.mark.parametrize("name", CASES)
def test_threads_are_split_into_their_posts(name):
    text, expected = CASES[name]
    assert rows(split_posts(text, published="2025-02-01T20:00:00+08:00")) == expected


@pytest.mark.parametrize("name", CASES)
def test_windows_line_ends_make_no_difference(name):
    text, expected = CASES[name]
    posts = split_posts(text.replace("\n", "\r\n"), published="2025-02-01")
    assert [(post.author, post.published, post.reply_to) for post in posts] == [row[:3] for row in expected]


def test_a_relative_time_without_an_anchor_is_no_time():
    assert {post.published for post in split_posts(HACKER_NEWS)} == {None}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "An article.\n\nHe replied:\n\nYes.",
        "A title\n\nPosted on Jan 28, 2025\n\nThe text of an article about a model, of some length.",
        "北辰智能在 2023-11-14 10:00 发布了声明。\n\n作者认为：这不是抄袭。",
        "In 2023 (2023-11-14) the company answered: no.\nSecond line.",
    ],
)
def test_what_is_no_thread_has_no_posts(text):
    assert split_posts(text) == ()
    assert first_header(text) is None


def test_one_header_is_a_thread_of_one_post():
    assert rows(split_posts("dora commented on Nov 12, 2023\n\nA body.")) == [("dora", "2023-11-12", None, "A body.")]


def test_a_title_above_the_first_header_is_no_post_but_running_text_is():
    title, prose = (
        "晨星模型来源之争",
        "有人在论坛上贴出了两款模型的对比，认为除了两个张量的名称以外，它们的结构完全一致。" * 3,
    )
    assert len(split_posts(f"{title}\n\n{DISCUZ}", title=title)) == 3
    posts = split_posts(f"{prose}\n\n{DISCUZ}", title=title)
    assert (posts[0].author, posts[0].text, posts[2].reply_to) == (None, prose, 1)


def test_a_header_quoted_inside_a_post_of_another_kind_does_not_split_it():
    text = DISCUZ + "\n群里的讨论：\n\n" + "anna (2025-1-31 10:00): 像\n" * 5
    assert len(split_posts(text)) == 3


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2025-1-31 08:59", "2025-01-31T08:59"),
        ("2023/11/06 10:20:30", "2023-11-06T10:20:30"),
        ("2023年11月6日10:20", "2023-11-06T10:20"),
        ("2023-11-06T10:20:00.123Z", "2023-11-06T10:20:00+00:00"),
        ("2023-11-06 10:20:00 +0800", "2023-11-06T10:20:00+08:00"),
        ("Mon, 06 Nov 2023 10:20:00 GMT", "2023-11-06T10:20:00+00:00"),
        ("Nov 6, 2023, 1:05 PM", "2023-11-06T13:05"),
        ("November 6th, 2023", "2023-11-06"),
        ("6 Nov 2023", "2023-11-06"),
        ("Nov 20", "2023-11-20"),
        ("Jan 3", "2024-01-03"),
        ("昨天", "2023-11-14"),
        ("2023-02-30", None),
        ("2023-11-06 25:00", None),
        ("0001-01-01T00:00:00", None),
        ("soon", None),
    ],
)
def test_times_as_pages_write_them(written, iso):
    assert read_time(written, published="2023-11-14T23:30:00-05:00") == iso


SCRAPS = st.sampled_from(
    [row.name for row in HEADERS] + [line for text, _ in CASES.values() for line in text.splitlines()]
)


@settings(deadline=None)
@given(st.lists(SCRAPS | st.text(max_size=20), max_size=25).map("\n".join), st.sampled_from([None, "2023-11-14", "?"]))
def test_any_text_gives_posts_at_their_exact_places(text, published):
    posts = split_posts(text, published=published)
    for post in posts:
        assert post.text == text[post.start : post.end] == post.text.strip()
        assert post.reply_to is None or 0 <= post.reply_to < posts.index(post)
    assert all(first.end <= second.start for first, second in pairwise(posts))


@pytest.mark.parametrize(
    "line",
    [
        "#",
        "a ",
        " ",
        "> ",
        "\n",
        "1\n",
        "From: a\nTo: b\n",
        "**a ",
        "a" * 50 + " 2023-11-1 ",
        "u/",
        "(",
        "回复 @a 发表于 ",
        "[–]",
    ],
)
def test_no_text_takes_long(line):
    started = time.perf_counter()
    split_posts(line * (300_000 // len(line)))
    assert time.perf_counter() - started < 5


def test_ten_thousand_posts_take_linear_time():
    post = "####  anna_{0}\n##### {0}#       发表于 2025-1-31 08:59\n\n回复 {1}# 没有证据\n\n> 一行引用的文字 {1}\n\n"
    text = "".join(post.format(n, n - 1) for n in range(1, 10_001))
    started = time.perf_counter()
    posts = split_posts(text)
    assert time.perf_counter() - started < 10
    assert len(posts) == 10_000 and posts[-1].reply_to == 9_998
