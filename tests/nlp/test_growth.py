"""Twice the text is about twice the work, whatever it looks like: calls are counted, so that no busy machine decides."""

import sys

import pytest

from crawler.document import Document, join_posts

UNITS = {
    "one sentence of many clauses": "零一万物称Yi-34B没有抄袭LLaMA，",
    "no marks at all": "零一万物否认抄袭模型",
    "sentences": "11月6日，零一万物称Yi-34B没有抄袭LLaMA。贾扬清否认。",
    "one English sentence": "01.AI said that Yi-34B copied Llama on November 6, ",
    "quotes": "“抄袭”，",
    "paragraphs": "贾扬清指称Yi-34B抄袭LLaMA。11月6日，零一万物否认抄袭。\n\n",
    "invisible marks": "\u200b贾扬清\u202e指称\u2066Yi-34B抄袭😀LLaMA。",
}


def calls(work):
    count = 0

    def see(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(see)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_twice_the_text_is_twice_the_work(annotator, unit):
    texts = [unit * (2500 * times // len(unit)) for times in (1, 2)]
    annotator.annotate(Document.create(texts[0]))
    once, twice = (calls(lambda t=t: annotator.annotate(Document.create(t, published="2023-11-17"))) for t in texts)
    assert twice < 2.4 * once


def test_twice_the_posts_are_twice_the_work(annotator):
    def thread(count):
        parts = [{"author": f"user{n}", "text": f"第{n}楼：Yi-34B就是抄袭LLaMA。"} for n in range(count)]
        text, posts = join_posts(parts)
        return Document.create(text, posts, kind="thread", url="https://forum.example/t/1")

    annotator.annotate(thread(20))
    once, twice = (calls(lambda n=n: annotator.annotate(thread(n))) for n in (150, 300))
    assert twice < 2.4 * once
