"""Words: the content of a quote as a set of terms, for comparing retellings.

A quote flows in, a set of folded words and numbers flows out to graph.claims. Chinese is cut by jieba in its search
mode, so that 大模型 and 国产大模型 share a term; words that every sentence has do not count.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import Any

from nlp.folding import fold

LATIN = re.compile(r"[a-z0-9]+(?:[.'-][a-z0-9]+)*")
COMMON_COUNT = 100  # in the text that jieba's dictionary was counted on
HAN = re.compile(r"[\u4e00-\u9fff]+")
COMMON = frozenset(
    "的 了 是 在 和 与 也 都 就 而 及 其 该 此 对 将 被 把 从 为 以 但 并 等 上 下 中 有 "
    "这 那 他 她 它 我们 他们 一个 称 说 表示 指出 认为 "
    "the a an of to in on for and or but is are was were be been it its that this these those with as by at from has "
    "have had he she they we you i his her their not said says say".split()
)


def content_words(text: str) -> frozenset[str]:
    """Return the content words of a text, folded.

    >>> sorted(content_words("零一万物称模型是自研的")), sorted(content_words("The model was copied."))
    (['一', '万物', '模型', '研', '自', '零'], ['copied', 'model'])
    """
    folded = fold(text)
    words = set(LATIN.findall(folded))
    for run in HAN.findall(folded):
        words.update(segmenter().cut_for_search(run, HMM=False))
    return frozenset(words - COMMON)


@lru_cache(maxsize=1)
def segmenter() -> Any:  # noqa: ANN401 - jieba has no types
    """Return jieba's segmenter, loaded without its log lines."""
    import jieba  # noqa: PLC0415 - loads a dictionary

    jieba.setLogLevel(logging.WARNING)
    return jieba.Tokenizer()


def is_word(text: str) -> bool:
    """Whether jieba's dictionary has a word, names apart.

    >>> is_word("高度"), is_word("贾扬清")
    (True, False)
    """
    tokenizer = segmenter()
    tokenizer.initialize()
    return bool(tokenizer.FREQ.get(text))


@lru_cache(maxsize=65536)
def is_common_word(text: str) -> bool:
    """Whether jieba's dictionary has a word of Han characters that texts use often.

    >>> is_common_word("提高"), is_common_word("高文")
    (True, False)
    """
    tokenizer = segmenter()
    tokenizer.initialize()
    return HAN.fullmatch(text) is not None and (tokenizer.FREQ.get(text) or 0) >= COMMON_COUNT
