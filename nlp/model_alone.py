"""A model's name read alone, without a text around it: whatever it holds belongs to it.

A surface that is known to name a model flows in, a `ModelName` with its parts flows out to nlp.identity and nlp.resolve. The
account of a repository (org/Name) is put aside, sizes in words are written in digits, the stem of a family never seen
before ends where version, size or a known series begins, and what follows is read by the grammar of tails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.model_names import ModelGrammar, ModelName
from nlp.model_stems import fold_names, squeeze
from nlp.model_tails import Frame, Tail

OWNER = re.compile(r"(?:https?://)?(?:[\w.-]+/)+(?=[\w\u4e00-\u9fff])")
CAMEL = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d[BbMK])(?=[A-Za-z])|(?<=\d)(?=[A-Z][a-z])|(?<=[A-Z])(?=[A-Z][a-z]{2})"
)
MARKS = " \t\n`*\"'“”‘’「」『』《》<>()（）[]"
WORDED = re.compile(r"(?<=\d) ?(?P<unit>billion|bn|million|trillion)(?:[- ]parameters?)?(?![a-z])")
PARAMETERS = re.compile(r"(?<=\d[bmt])[- ]?(?:parameters?|params?|参数)(?:量)?(?![a-z])|(?<=亿)(?!参数)(?=$|[ -])")
HAN_SIZE = re.compile(r"(?P<number>[一二两三四五六七八九十百千零]+)(?P<unit>万亿|亿)(?:参数)?")
QUANTISED = re.compile(r"[ -]?(?:(?:int|fp)?\d{1,2}[- ]?(?:bits?|比特|位)?[- ]?)?(?:量化版|量化|版)(?=$|[ (（-])")
TRAILING_V = re.compile(r"(?<=[a-z]{3})V(?=\d)")
ROMAN = re.compile(r"(?<=[a-z]{2}[ -])(ii|iii|iv)(?=$|[ -])")
SIGNS = str.maketrans({"²": "2", "³": "3", "¹": "1", "(": " ", ")": " ", "（": " ", "）": " ", "[": " ", "]": " "})
ROMAN_DIGITS = {"ii": "2", "iii": "3", "iv": "4"}
MODEL_WORD = re.compile(
    r"[ -]?(?:(?:认知|语言|基座|开源)?大模型|(?:large )?(?:language )?models?|模型|llm(?=$|[ -]\d))(?=$|[ \d(v-])"
)
NAMED = re.compile(r"[a-z\u00e0-\u024f]+[0-9]*[a-z]*(?=[-_ ./]|$)|[a-z\u00e0-\u024f]+|[\u4e00-\u9fff]+")
SEPARATOR = re.compile(r"[ _·-]+")
DIGITS = dict(zip("零一二两三四五六七八九", (0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
UNITS = {"十": 10, "百": 100, "千": 1000}
LETTERS = {"billion": "b", "bn": "b", "million": "m", "trillion": "t"}


def read_alone(grammar: ModelGrammar, surface: str) -> ModelName:
    """Read a model's name.

    >>> from nlp.families import load_families
    >>> grammar = ModelGrammar(load_families())
    >>> [read_alone(grammar, name).key for name in ("TheBloke/Corvane-13B-Chat-GGUF", "corvane 13 billion chat", "Corvane-13B")]
    ['corvane 13B chat', 'corvane 13B chat', 'corvane 13B']
    >>> read_alone(grammar, "Llama 2").key, read_alone(grammar, "meta-llama/Llama-2-7b-hf").key
    ('llama 2', 'llama 2 7B')
    """
    text = plain(surface)
    for written in candidates(surface, text):
        for name in grammar.find(written):
            if name.family and name.start == 0 and name.end == len(written):
                return name
    end = stem_end(grammar, text)
    frame = Frame(lower=text, text=text, learning=True)
    tail = grammar.tails.read(frame, end)
    if tail.end < len(text):  # what no tail has makes the stem longer
        tail = Tail(len(text))
        end = len(text)
    stem = squeeze(text[:end])
    return ModelName(
        surface=surface,
        start=0,
        end=len(surface),
        family=None,
        stem=stem,
        root=stem,
        version=tail.version,
        size=tail.size,
        words=tail.words,
        stamp=tail.stamp,
        packaging=tail.packaging,
    )


def candidates(surface: str, text: str) -> Iterator[str]:
    """Yield the ways to write a name in which a known family's grammar may read it whole.

    >>> list(dict.fromkeys(candidates("Falcon40BInstruct", "falcon40binstruct")))
    ['Falcon40BInstruct', 'falcon40binstruct', 'Falcon-40B-Instruct']
    """
    own = surface.strip(MARKS)
    bare = OWNER.sub("", own)
    yield bare
    yield text
    yield re.sub(r"[ _]+", "-", bare)
    yield re.sub(r"[ _]+", "-", text)
    yield CAMEL.sub("-", bare)
    yield re.sub(r"[ _]+", "-", CAMEL.sub("-", bare))


def plain(surface: str) -> str:
    """Fold a name, without account, quotes and the word model, its size in digits.

    >>> plain("nordholm/Marlowen-7B-Chat"), plain("织月 十三亿参数"), plain("Brontide 12 billion parameters")
    ('marlowen-7b-chat', '织月 1.3b', 'brontide 12b')
    """
    text = fold_names(TRAILING_V.sub(" v", surface)).translate(SIGNS).strip(MARKS)
    text = re.sub(r"\s*-\s*", "-", OWNER.sub("", text))
    text = re.sub(r"(?<=\d) (?=b(?:$|[ -]))", "", re.sub(r"(?<=[a-z])\.(?=\d+(?:\.\d+)?b(?![a-z]))", "-", text))
    text = ROMAN.sub(lambda match: ROMAN_DIGITS[match[1]], QUANTISED.sub("", text))
    text = re.sub(r"(?<!\d)万亿(?=参数)", "1万亿", text)
    text = WORDED.sub(lambda match: LETTERS[match["unit"]], text)
    text = HAN_SIZE.sub(lambda match: billions(match["number"], match["unit"]), text)
    text = re.sub(
        r"(?P<n>\d+(?:\.\d+)?)(?P<u>万亿|千亿|百亿|十亿|亿)(?:参数)?", lambda m: counted(float(m["n"]), m["u"]), text
    )
    text = PARAMETERS.sub("", text)
    without = MODEL_WORD.sub("", text, count=1)
    return re.sub(r"\s+", " ", without or text).strip(" -_")


def billions(number: str, unit: str) -> str:
    """Write a Chinese number of parameters.

    >>> billions("七十", "亿"), billions("一百三十", "亿")
    ('7b', '13b')
    """
    total = current = 0
    for character in number:
        if character in UNITS:
            total += (current or 1) * UNITS[character]
            current = 0
        else:
            current = DIGITS[character]
    return counted(total + current, unit)


def counted(number: float, unit: str) -> str:
    """Write a number of parameters in billions."""
    factor = {"万亿": 1000.0, "千亿": 100.0, "百亿": 10.0, "十亿": 1.0, "亿": 0.1}[unit]
    return f"{number * factor:g}b"


def stem_end(grammar: ModelGrammar, text: str) -> int:
    """Return where the family's name ends: before the first word that is a series, or the first number."""
    end = 0
    while match := NAMED.match(text, end):
        word = re.sub(r"\d.*", "", match.group())
        known = end > 0 and (word in grammar.words.series or word in grammar.words.packaging or word in ("v", "r", "x"))
        if known or not word:
            break
        end += len(word)
        if len(word) < len(match.group()):
            break
        separator = SEPARATOR.match(text, end)
        if separator is None or not NAMED.match(text, separator.end()):
            break
        following = re.match(r"[a-z]+", text[separator.end() :])
        if following and following.group() in grammar.words.series | grammar.words.packaging | {"v"}:
            break
        end = separator.end()
    return len(text[:end].rstrip(" -_·")) or len(text)
