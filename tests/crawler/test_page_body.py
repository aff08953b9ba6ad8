"""How a body is chosen among readings, and where it ends."""

import crawler.page_body
from crawler.page import read_page
from crawler.page_body import kept_paragraphs, most_agreed, repeated_lines

WORDS = "北辰智能在声明中说，晨星模型的权重是从零开始训练的，团队没有使用别人的权重，也欢迎第三方核对训练的记录。"
ARTICLE = [f"第{n}段。{WORDS}" for n in range(1, 6)]
MENU = "本站提供各类资讯与服务，欢迎来电咨询，客服全天在线，随时为您解答。"


def lines(*texts):
    return [(text, 0) for text in texts]


def test_the_reading_that_agrees_most_with_the_others_is_taken():
    assert most_agreed([["a b", "menu"], ["a b"], ["a b"]]) == ["a b"]
    assert most_agreed([["one"], ["two"], ["three"]]) == ["one"]


def test_a_chinese_body_is_outvoted_by_the_two_others(monkeypatch):
    monkeypatch.setattr(crawler.page_body, "extracted", lambda tree: lines(*ARTICLE[:3], MENU))
    paragraphs = "".join(f"<p>{line}</p>" for line in ARTICLE)
    html = f"<html><body><div>{MENU}</div><div><h1>晨星模型之争</h1>{paragraphs}</div></body></html>"
    assert read_page(html, url=None).text.split("\n\n") == ARTICLE


def test_an_article_ends_where_comments_begin():
    for head in ("全部评论(12)", "网友评论", "Comments (48)", "12 Responses", "Leave a comment", "3条评论"):
        assert kept_paragraphs(lines(*ARTICLE, head, MENU), title="") == ARTICLE
    assert kept_paragraphs(lines("评论(12)", *ARTICLE), title="")[-5:] == ARTICLE
    assert kept_paragraphs(lines(*ARTICLE, "评论区里的意见也分成了两派。", MENU), title="")[-1] == MENU


def test_lines_that_repeat_are_left_out_and_answers_that_repeat_stay():
    answers = ["问：", "答：不是。"] * 3
    assert repeated_lines(lines(*answers, *["晨星办公室一角"] * 3, *["更多"] * 5)) == {"晨星办公室一角"}
