"""Names of models that no vocabulary knows: Foo-13B-Chat, FooBar-7B, Zorblax 2.5-72B-Instruct, BloombergGPT.

A folded text flows in; places where a never-seen name gives itself away by its tail flow out to nlp.model_names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.model_words import ModelWords

WORD = r"a-z0-9\u00e0-\u024f"
ANCHOR = re.compile(
    rf"(?<=[-_ ])(?:(?P<size>(?:\d{{1,3}}x)?\d{{1,4}}(?:\.\d{{1,3}})?(?P<unit>[bm]))"
    rf"|(?P<tune>instruct|chat|gguf|awq|gptq|sft|dpo|coder))(?![{WORD}])"
)
HEAD = re.compile(
    rf"(?<![{WORD}@$.'-])(?P<name>[a-z][a-z0-9]*(?:[-_][a-z0-9]+){{0,6}}?)"
    r"(?P<version>[-_ ]?v?\d{1,2}(?:\.\d{1,2})?)?[-_ ]\Z"
)
HAN_RUN = re.compile(r"[\u4e00-\u9fff]+\Z")
HAN_STOP = re.compile(r".*(?:模型|版本?|参数量?|规模|大小|型号|级别?|约|达到?|至|到|为)\Z")
ENDINGS = re.compile(
    r"(?<![A-Za-z0-9_@$.'-])[A-Z][A-Za-z]{1,30}?[a-z](?:GPT|LLM|LM|GLM|LLaMA|Llama|BERT)(?=[^A-Za-z]|\Z)"
)
CAMEL = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]|[A-Z]{3}")
WINDOW = 64
HAN_WINDOW = 12


@dataclass(frozen=True, slots=True)
class Head:
    """The name of an unseen family at start:end; its tail has to reach `least` for the name to count."""

    start: int
    end: int
    least: int
    certain: bool


class UnseenNames:
    """Finds heads by what follows them, looking back a bounded way from each telling tail."""

    def __init__(self, words: ModelWords) -> None:
        self.words = words
        self.lead = re.compile("|".join(map(re.escape, sorted(words.lead, key=len, reverse=True))))

    def find(self, lower: str, text: str) -> Iterator[Head]:
        """Yield heads, in the order of what gave them away."""
        for anchor in ANCHOR.finditer(lower):
            head = self.latin(lower, text, anchor) or self.han(lower, anchor)
            if head:
                yield head
        for match in ENDINGS.finditer(text):
            if match.group().lower() not in self.words.stop_names:
                yield Head(match.start(), match.end(), match.end(), certain=False)

    def latin(self, lower: str, text: str, anchor: re.Match[str]) -> Head | None:
        """Look back for a Latin name."""
        base = max(0, anchor.start() - WINDOW)
        match = HEAD.search(lower, base, anchor.start())
        if match is None or (base and match.start() == base):
            return None
        name, spaced = match["name"], lower[anchor.start() - 1] == " "
        written = text[match.start("name") : match.end("name")]
        version = match["version"] or ""
        parts = set(re.split(r"[-_]", name))
        if name in self.words.stop_names or parts & self.words.stop_names or sum(map(str.isalpha, name)) < 3:
            return None
        capital = any(map(str.isupper, written))
        if anchor["tune"]:
            good = capital and not spaced and bool(version) and version[0] != " "
        elif spaced or anchor["unit"] == "m":
            good = bool(CAMEL.search(written)) and (not spaced or bool(self.tuned(lower, anchor.end())))
        else:
            good = capital or (len(name) > 3 and not version.startswith(" "))
        return Head(match.start("name"), match.end("name"), anchor.end(), certain=True) if good else None

    def tuned(self, lower: str, end: int) -> re.Match[str] | None:
        """Tell whether a tune or the word model follows a size: only then may a space stand before it."""
        return re.compile(r"[- ](?:instruct|chat|base|model|llm)(?![a-z])|[ ]?(?:大?模型|参数)").match(lower, end)

    def han(self, lower: str, anchor: re.Match[str]) -> Head | None:
        """Look back for a Chinese name, which has to begin after something that ends a word."""
        if not anchor["size"] or lower[anchor.start() - 1] != "-":
            return None
        end = anchor.start() - 1
        run = HAN_RUN.search(lower, max(0, end - HAN_WINDOW), end)
        if run is None:
            return None
        starts = [run.start(), *(match.end() for match in self.lead.finditer(lower, run.start(), end))]
        start = next((start for start in reversed(starts) if 2 <= end - start <= 4), None)
        if start is None or HAN_STOP.match(lower[start:end]) or lower[start:end] in self.words.lead:
            return None
        return Head(start, end, anchor.end(), certain=True)
