"""The grammar of model names in running Chinese and English text.

A text and the known families flow in; `ModelName` objects flow out, with exact offsets, their parts and an identity:
`key` is equal for the spellings of one model (LLaMA-2, Llama 2) and different for its relatives (Llama 3, Llama-2-7B).
Names that are also words or people come out uncertain; nlp.model_context decides about them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from nlp.families import Family
from nlp.model_context import supported
from nlp.model_stems import Stem, StemIndex, StemMatch, fold_names, squeeze
from nlp.model_tails import Frame, Learned, Tail, TailGrammar, normal_size, normal_version, normal_word
from nlp.model_unseen import UnseenNames
from nlp.model_words import ModelWords, load_model_words

__all__ = ["ModelGrammar", "ModelName", "supported"]

PREFIX = re.compile(r"(?<![a-z0-9@$.'-])[a-z][a-z0-9]*(?:[-_][a-z0-9]+){0,4}\Z")
OWNER = re.compile(r"[-\w]*/(?=[A-Za-z0-9])")
WINDOW = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelName:
    """One name in a text: `text[start:end] == surface`."""

    surface: str
    start: int
    end: int
    family: str | None  # the id of a known family
    stem: str  # the family's part of the surface, reduced to what its spellings share
    root: str  # what the identity begins with: the family's id, or the own name of a member or an unseen family
    version: str | None = None
    size: str | None = None
    words: tuple[str, ...] = ()  # series and tunes
    stamp: str | None = None
    packaging: tuple[str, ...] = ()  # quantisation and file formats: the same model
    certain: bool = True

    @property
    def key(self) -> str:
        """The identity: equal for spellings of one model, different for versions, sizes and tunes."""
        version = normal_version(self.version) if self.version else None
        words = sorted({part for word in self.words for part in normal_word(word).split()})
        size = normal_size(self.size) if self.size else None
        return " ".join(part for part in (self.root, version, size, *words, self.stamp) if part)

    @property
    def family_key(self) -> str:
        """The identity of the family."""
        return self.family or self.stem

    @property
    def quantisation(self) -> str | None:
        """How the weights are packed, no part of the identity."""
        return "-".join(self.packaging) or None

    @property
    def bare(self) -> bool:
        """Whether the name is a stem alone."""
        return not (self.version or self.size or self.words or self.stamp)


class ModelGrammar:
    """Finds model names: those of known families, with every tail, and unseen ones with a telling tail."""

    def __init__(self, families: Iterable[Family], words: ModelWords | None = None) -> None:
        self.words = words or load_model_words()
        self.families = {family.id: family for family in families}
        self.tails = TailGrammar(self.words)
        self.unseen = UnseenNames(self.words)
        self.learned: dict[str, Learned] = {}
        self.official: dict[str, dict[str, set[str]]] = {}  # family -> key -> official spellings
        makers = [name for family in self.families.values() if family.maker for name in self.maker_names(family)]
        self.maker_words = {fold_names(name) for name in makers} | {squeeze(name) for name in makers}
        stems = [(name, Stem(family, family.id)) for family in self.families.values() for name in family.names]
        self.index = StemIndex(stems)
        literals = [each for family in self.families.values() for each in self.learn(family)]
        blockers = [(name, Stem(None, "")) for name in self.words.not_models]
        self.index = StemIndex([*stems, *literals, *blockers])
        for family in self.families.values():
            for member in family.members:
                for name in self.find(member):
                    if name.surface == member:
                        self.official.setdefault(family.id, {}).setdefault(name.key, set()).add(member)

    def maker_names(self, family: Family) -> tuple[str, ...]:
        """Return every known name of a family's maker."""
        return (family.maker, *self.words.makers.get(family.maker, ())) if family.maker else ()

    def learn(self, family: Family) -> list[tuple[str, Stem]]:
        """Learn the tails of a family from its members; return the members with names of their own."""
        words: set[str] = set()
        small: set[str] = set()
        versions: set[str] = set()
        literals: list[tuple[str, Stem]] = []
        own = dict.fromkeys((form for form, stem in self.index.by_spelling.items() if stem.family is family), family.id)
        dotted = False
        for member in sorted(family.members, key=len):
            lower = fold_names(member)
            stem = max((form for form in own if lower.startswith(form)), key=len, default="") or inner_stem(lower, own)
            frame = Frame(lower=lower, text=member, stems=self.index.find(lower), learning=True)
            tail = self.tails.read(frame, len(stem)) if stem else None
            if tail is None or tail.end < len(lower):
                literals.append((member, Stem(family, squeeze(member))))
                own[lower] = squeeze(member)
                continue
            if stem not in own:
                literals.append((member[: len(stem)], Stem(family, squeeze(stem))))
                own[stem] = squeeze(stem)
            words.update(tail.words)
            small.update(word for word in tail.words if f" {word}" in member)
            if tail.version:
                versions |= {tail.version, *((f"{tail.version}v",) if "v" in tail.words else ())}
            dotted = dotted or "." in tail.joined
        self.learned[family.id] = Learned(
            words=frozenset(words), small=frozenset(small), versions=frozenset(versions), dotted=dotted
        )
        return literals

    def find(self, text: str, *, ignore: Iterable[tuple[int, int]] = ()) -> list[ModelName]:
        """Find every model name, in order, none overlapping another; none touches an ignored span.

        >>> from nlp.families import load_families
        >>> grammar = ModelGrammar(load_families())
        >>> [name.surface for name in grammar.find("零一万物的Yi-34B模型基于LLaMA架构，不是GPT4。")]
        ['Yi-34B', 'LLaMA', 'GPT4']
        >>> [(name.surface, name.key) for name in grammar.find("We compared Llama 2 70B Chat with Foo-13B-Chat.")]
        [('Llama 2 70B Chat', 'llama 2 70B chat'), ('Foo-13B-Chat', 'foo 13B chat')]
        """
        written = blank(text, ignore)
        lower = fold_names(written)
        stems = self.index.find(lower)
        frame = Frame(lower=lower, text=written, stems=stems)
        names: list[ModelName] = []
        position = 0
        for start in sorted(stems):
            if start < position:
                continue
            for match in stems[start]:
                if match.stem.family is None:
                    position = match.end
                    break
                name = self.known(frame, match, position)
                if name is not None:
                    names.append(name)
                    position = name.end
                    break
        blocked = [(name.start, name.end) for name in names]
        blocked += [(m.start, m.end) for found in stems.values() for m in found if m.stem.family is None]
        return sorted([*names, *self.never_seen(frame, blocked)], key=lambda name: name.start)

    def confirmed(self, text: str, *, ignore: Iterable[tuple[int, int]] = ()) -> list[ModelName]:
        """Find the names that are certain or that their context supports."""
        return self.supported(self.find(text, ignore=ignore), text)

    def supported(self, names: Sequence[ModelName], text: str) -> list[ModelName]:
        """Return those of the names found in a text that are certain or that their context supports."""
        return [
            name
            for name in names
            if supported(name, text, family=self.families.get(name.family or ""), others=names, words=self.words)
        ]

    def known(self, frame: Frame, match: StemMatch, position: int) -> ModelName | None:
        """Read a name that begins with the stem of a known family, if it is one."""
        family = match.stem.family
        if family is None:
            return None
        head, own = self.head(frame, match.start, position)
        repository = frame.lower[max(0, head - 1) : head] == "/"
        frame = replace(frame, learned=self.learned.get(family.id, Learned()), start=head, repository=repository)
        tail = self.tails.read(frame, match.end)
        if tail.bare and broken(frame.lower, match.end):
            return None
        name = compose(frame, match, tail)
        if not own:
            root = squeeze(frame.lower[head : match.end])
            return replace(name, family=None, stem=root, root=root, certain=not tail.bare or not family.ambiguous)
        if tail.bare and not match.stem.literal and (self.is_owner(frame, match) or unlike(family, name)):
            return None
        return replace(name, certain=self.is_certain(family, match.stem, name, tail))

    def head(self, frame: Frame, start: int, position: int) -> tuple[int, bool]:
        """Return where the name begins that a hyphen joins to the stem, and whether it is still the stem's family.

        Chinese-LLaMA is a family of its own, Meta-Llama is not; in non-Llama the name begins after the hyphen.
        """
        lower = frame.lower
        if start == 0 or lower[start - 1] not in "-_":
            return start, True
        match = PREFIX.search(lower, max(position, start - WINDOW), start - 1)
        if match is None or match.start() == start - WINDOW:
            return start, True
        prefix = match.group()
        if prefix in self.words.prefixes:
            return start, True
        return match.start(), prefix in self.maker_words or squeeze(prefix) in self.maker_words

    def is_certain(self, family: Family, stem: Stem, name: ModelName, tail: Tail) -> bool:
        """Tell whether a name of a family can only be a model's."""
        if not (family.ambiguous or family.org):
            return True
        official = self.official.get(family.id, {}).get(name.key, set())
        lone = not (tail.size or tail.words or tail.stamp)
        loose = name.surface.isascii() and (tail.joined[:1] == (" ",) or name.surface[0].islower())
        if family.ambiguous and lone and not tail.large_model and (loose or stem.literal):
            return name.surface in official
        odd = name.surface == family.name and any(map(str.isupper, name.surface[1:])) and not name.surface.isupper()
        if tail.size or tail.large_model or official or (odd and not family.org):  # PaLM is no palm
            return True
        if tail.version is None:
            return False
        return not lone or tail.joined[0] != " " or not tail.version.isdigit()

    def is_owner(self, frame: Frame, match: StemMatch) -> bool:
        """Tell whether a bare stem is the account in a repository's address: meta-llama/Llama-2-7b."""
        slash = OWNER.match(frame.text, match.end, match.end + WINDOW)
        if slash is None:
            return False
        hyphenated = "-" in slash.group() or frame.lower[max(0, match.start - 1) : match.start] == "-"
        stem = frame.lower[match.start : match.end]
        return hyphenated or frame.lower.startswith(stem, slash.end())

    def never_seen(self, frame: Frame, taken: Sequence[tuple[int, int]]) -> Iterator[ModelName]:
        """Read the names of unseen families outside of the spans that are taken."""
        free = Spans(taken)
        for head in self.unseen.find(frame.lower, frame.text):
            repository = frame.lower[max(0, head.start - 1) : head.start] == "/"
            own = replace(frame, start=head.start, repository=repository)
            tail = self.tails.read(own, head.end)
            if tail.end < head.least or not free.take(head.start, tail.end):
                continue
            stem = squeeze(frame.lower[head.start : head.end])
            match = StemMatch(head.start, head.end, Stem(None, stem))
            yield replace(compose(own, match, tail), certain=head.certain or bool(tail.size or tail.version))


class Spans:
    """Spans that are taken; a new one is taken only where it overlaps none."""

    def __init__(self, taken: Iterable[tuple[int, int]]) -> None:
        self.spans = sorted(taken)

    def take(self, start: int, end: int) -> bool:
        """Take a span if it is free."""
        place = bisect_left(self.spans, (start, end))
        before = self.spans[place - 1][1] if place else 0
        after = self.spans[place][0] if place < len(self.spans) else end
        if before > start or after < end:
            return False
        self.spans.insert(place, (start, end))
        return True


def compose(frame: Frame, match: StemMatch, tail: Tail) -> ModelName:
    """Put a name together from its stem and its tail."""
    return ModelName(
        surface=frame.text[frame.start : tail.end],
        start=frame.start,
        end=tail.end,
        family=match.stem.family.id if match.stem.family else None,
        stem=squeeze(frame.lower[match.start : match.end]),
        root=match.stem.root,
        version=tail.version,
        size=tail.size,
        words=tail.words,
        stamp=tail.stamp,
        packaging=tail.packaging,
    )


def inner_stem(lower: str, own: Iterable[str]) -> str:
    """Return a member's name up to the end of its family's: llama-3-elyza of Llama-3-ELYZA-JP-8B."""
    ends = [place + 1 + len(form) for form in own for sep in "-_" if (place := lower.find(sep + form)) > 0]
    return lower[: max(ends, default=0)]


def broken(lower: str, end: int) -> bool:
    """Tell whether letters or digits go on where a Latin stem ends."""
    return end < len(lower) and lower[end - 1].isascii() and lower[end].isascii() and lower[end].isalnum()


def unlike(family: Family, name: ModelName) -> bool:
    """Tell whether a bare name that is also a word is written as the word: a solar panel."""
    return family.ambiguous and not family.name.islower() and name.surface.isascii() and name.surface.islower()


def blank(text: str, ignore: Iterable[tuple[int, int]]) -> str:
    """Blank out spans, keeping the length."""
    characters: list[str] | None = None
    for start, end in ignore:
        first, last = max(0, start), min(len(text), end)
        if first < last:
            characters = characters or list(text)
            characters[first:last] = "\0" * (last - first)
    return text if characters is None else "".join(characters)
