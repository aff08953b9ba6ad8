"""The tokenizer: a Han character is a token, a run of Latin letters and digits is a token, so are other marks.

Word segmentation is no help for names (jieba cuts 贾扬清谈 after 贾扬); with these tokens every name of either script
begins and ends on a token boundary, and the text comes back as it was.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+|\S|\s")


class ScriptTokenizer:
    """A spaCy tokenizer that cuts by script; `Doc.text` equals the text."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Cut a text into a Doc."""
        from spacy.tokens import Doc  # noqa: PLC0415 - a slow import

        words, spaces = cut(text)
        return Doc(self.vocab, words=words, spaces=spaces)


def cut(text: str) -> tuple[list[str], list[bool]]:
    """Return the tokens of a text and whether a single space follows each.

    >>> cut("零一万物 Yi-34B")[0], cut("01.AI said")[1]
    (['零', '一', '万', '物', 'Yi', '-', '34B'], [False, False, True, False])
    """
    words: list[str] = []
    spaces: list[bool] = []
    for match in TOKEN.finditer(text):
        piece = match.group()
        if piece == " " and words and not spaces[-1]:
            spaces[-1] = True
        else:
            words.append(piece)
            spaces.append(False)
    return words, spaces
