"""A Discourse topic is a thread: who said what, when, to whom."""

import json

import pytest

from crawler.errors import ReadError
from crawler.forums.discourse import (
    base_of,
    listing_address,
    missing_posts,
    plain_text,
    posts_address,
    read_thread,
    read_topics,
    with_posts,
)

URL = "https://forum.example/t/7"


def post(number, cooked, **more):
    return {
        "id": 100 + number,
        "post_number": number,
        "username": f"user{number}",
        "created_at": f"2023-11-06T09:0{number}:00.000Z",
        "cooked": cooked,
        "post_type": 1,
    } | more


def topic(*posts, **more):
    stream = {"posts": list(posts), "stream": [p["id"] for p in posts]}
    return json.dumps(
        {"id": 7, "title": "Yi 是套壳吗", "created_at": "2023-11-06T09:00:00.000Z"} | more | {"post_stream": stream}
    )


def test_posts_keep_author_time_and_what_they_answer():
    thread = read_thread(
        topic(
            post(1, "<p>Yi 是套壳吗？</p>"),
            post(2, "<p>不是。</p>", reply_to_post_number=1),
            post(3, "<p>有证据吗？</p>", reply_to_post_number=2),
            post(4, "<p>我也想知道。</p>"),
        ).encode(),
        url=URL,
    )
    assert (thread.kind, thread.url, thread.title, thread.language) == ("thread", URL, "Yi 是套壳吗", "zh")
    assert thread.published == "2023-11-06T09:00:00.000Z"
    assert [(p.author, p.reply_to) for p in thread.posts] == [
        ("user1", None),
        ("user2", 0),
        ("user3", 1),
        ("user4", None),
    ]
    assert thread.posts[1].published == "2023-11-06T09:02:00.000Z"
    assert all(thread.text[p.start : p.end] == p.text for p in thread.posts)


def test_posts_that_do_not_stand_are_left_out_and_answers_to_them_answer_nothing():
    thread = read_thread(
        topic(
            post(1, "<p>one</p>"),
            post(2, "<p>two</p>", hidden=True),
            post(3, "<p>three</p>", deleted_at="2023-11-07T00:00:00Z"),
            post(4, "<p>(post deleted by author)</p>", user_deleted=True),
            post(5, "<p>closed</p>", post_type=3),
            post(6, "<p>six</p>", reply_to_post_number=2),
            post(7, "<p>seven</p>", reply_to_post_number=6),
        ).encode(),
        url=URL,
    )
    assert [(p.text, p.reply_to) for p in thread.posts] == [("one", None), ("six", None), ("seven", 1)]


def test_what_is_quoted_is_not_the_posters_own_word():
    cooked = (
        '<aside class="quote" data-username="a"><div class="title">a:</div><blockquote><p>It is Llama.</p></blockquote>'
        "</aside><p>It is not.</p><blockquote>said who?</blockquote><p>They <b>renamed</b><br>two tensors.</p>"
        '<aside class="onebox"><h3>Some page</h3></aside><ul><li>a</li><li>b</li></ul>'
        "<pre><code>x = 1\ny = 2</code></pre>"
        'tail <div class="lightbox-wrapper"><div class="meta">image 690x400</div></div>'
    )
    assert plain_text(cooked) == "It is not.\n\nThey renamed\ntwo tensors.\n\na\n\nb\n\nx = 1\ny = 2\n\ntail"


def test_a_post_of_quotes_only_says_nothing():
    thread = read_thread(topic(post(1, "<p>one</p>"), post(2, "<blockquote>one</blockquote>")).encode(), url=URL)
    assert [p.text for p in thread.posts] == ["one"]


def test_a_deeply_nested_post_does_no_harm():
    assert plain_text("<div>" * 5000 + "deep" + "</div>" * 5000) in ("deep", "")


def test_the_posts_that_a_topic_only_names_are_asked_for_and_put_in():
    posts = [post(n, f"<p>{n}</p>") for n in range(1, 4)]
    first = json.loads(topic(*posts))
    first["post_stream"]["posts"] = posts[:1]
    content = json.dumps(first).encode()
    assert missing_posts(content, url=URL) == [[102, 103]]
    assert posts_address(URL, [102, 103]) == URL + "/posts.json?post_ids%5B%5D=102&post_ids%5B%5D=103"
    rest = json.dumps({"post_stream": {"posts": posts[1:]}}).encode()
    whole = with_posts(content, [rest], url=URL)
    assert missing_posts(whole, url=URL) == []
    assert [p.text for p in read_thread(whole, url=URL).posts] == ["1", "2", "3"]


def test_a_long_topic_is_asked_for_in_portions():
    first = json.loads(topic(post(1, "x")))
    first["post_stream"]["stream"] = list(range(101, 231))
    assert [len(ids) for ids in missing_posts(json.dumps(first).encode(), url=URL)] == [50, 50, 29]


def test_the_latest_topics_have_their_canonical_addresses():
    latest = {"topic_list": {"topics": [{"id": 7, "title": "A", "created_at": "2023-11-06T09:00:00Z"}, {"title": "?"}]}}
    (entry,) = read_topics(json.dumps(latest).encode(), url="https://forum.example/latest.json?page=1")
    assert (entry.url, entry.title, entry.published) == (URL, "A", "2023-11-06T09:00:00Z")


def test_a_forum_may_lie_in_a_folder_and_a_category_may_be_the_listing():
    assert listing_address("https://e.org/talk/") == "https://e.org/talk/latest.json"
    assert base_of(listing_address("https://e.org/talk/c/ai/5.json")) == "https://e.org/talk"


@pytest.mark.parametrize(
    "content", [b"<html>", b"[]", b"{}", b'{"post_stream": {"posts": []}}', b"\xff", b"[" * 99_999]
)
def test_what_is_no_topic_is_an_error_that_names_the_address(content):
    with pytest.raises(ReadError, match=URL):
        read_thread(content, url=URL)
