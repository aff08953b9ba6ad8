"""Identity: are these two names one? A pure decision on a pair, that can say why.

Two names of a kind flow in, a `Decision` flows out; nothing but the names and the vocabulary is asked. The vocabulary decides
first (贾扬清 and Yangqing Jia are listed together, DeepSeek and DeepMind apart); names outside it are compared by how names vary:
nlp.personal_names, nlp.company_names and, for models, their parts (nlp.model_alone). nlp.clusters makes one entity of many names by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from nlp.annotation import EntityKind
from nlp.company_names import HAN, company_keys, romanised, same_company
from nlp.folding import fold
from nlp.gazetteer import Form, Gazetteer
from nlp.model_alone import read_alone
from nlp.model_names import ModelGrammar, ModelName
from nlp.personal_names import is_han_name, person_keys, same_person
from nlp.vocabulary import Vocabulary

REASONS: Mapping[str, str] = {
    "listed": "the vocabulary lists both as names of {entity}",
    "listed apart": "the vocabulary lists them as {entity}",
    "spelling": "they differ in nothing but spelling",
    "order": "the same words, surname first and last",
    "middle initial": "the same but for a middle initial",
    "short given name": "one given name is short for the other, the surname is the same",
    "account name": "the account name is made of the full name",
    "pinyin": "one is the other in pinyin",
    "pinyin with another given name": "one is the other in pinyin, with a further given name",
    "pinyin of the core": "the core of one is the other's in pinyin, but for a word that may be left out",
    "Wade-Giles": "one is the other in Wade-Giles romanisation",
    "Cantonese": "one is the other as spelt in Hong Kong",
    "transliteration": "one is the other by sound, in Chinese characters",
    "legal form": "the same but for legal form or city",
    "descriptor": "the same but for a word such as AI or Technology that may be left out",
    "former name": "one gives the other as a former name",
    "acronym": "one is made of the initials of the other",
    "parts": "the same family, version, size and tune",
    "different": "nothing makes them one",
}
STRICT = frozenset(("spelling", "order", "middle initial", "legal form", "parts"))  # no other name is needed to be sure
WEAK = frozenset(("pinyin of the core", "pinyin with another given name", "acronym", "account name"))  # asked last
CONFIDENCE = {
    "listed": 0.99,
    "listed apart": 0.99,
    "spelling": 0.97,
    "parts": 0.97,
    "order": 0.93,
    "legal form": 0.95,
    "different": 0.9,
}
USUAL = 0.85


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """Whether two names are one, why, and how sure that is; `entity` is what the vocabulary lists, if it decided."""

    same: bool
    reason: str
    confidence: float
    entity: str = ""

    @property
    def why(self) -> str:
        """The reason as a clause."""
        return REASONS[self.reason].format(entity=self.entity)


class Identity:
    """Decides with one vocabulary."""

    def __init__(
        self, vocabulary: Vocabulary, *, gazetteer: Gazetteer | None = None, grammar: ModelGrammar | None = None
    ) -> None:
        self.gazetteer = gazetteer or Gazetteer(vocabulary)
        self.grammar = grammar or ModelGrammar(vocabulary.families)

    def decide(self, one: str, other: str, kind: EntityKind) -> Decision:
        """Decide whether two names of a kind are one.

        >>> from nlp.vocabulary import load_vocabulary
        >>> identity = Identity(load_vocabulary())
        >>> identity.decide("贾扬清", "Jia Yangqing", "person").why
        'the vocabulary lists both as names of person:yangqing-jia'
        >>> identity.decide("百度", "百川智能", "organization").same, identity.decide("Llama 2", "LLaMA-2", "model").reason
        (False, 'parts')
        """
        if kind == "model":
            return decision(same_model(self.read_model(one), self.read_model(other)))
        mine, theirs = self.listed(one, kind), self.listed(other, kind)
        shared = mine.keys() & theirs.keys()
        if shared:
            return decision("listed", entity=min(shared))
        sure = [next(iter(found)) for found in (mine, theirs) if len(found) == 1 and not is_generated(*found.values())]
        if len(sure) == 2:
            return decision("listed apart", same=False, entity=" and ".join(sure))
        reason = same_name(one, other, kind)
        if sure and not (mine and theirs):  # one of them is listed and no name of it is the other
            reason = reason if reason in STRICT else None
        return decision(reason)

    def listed(self, name: str, kind: EntityKind) -> dict[str, Form]:
        """Return the listed entities that a name alone means, by id: it is written so, or as names vary without a doubt."""
        forms = [form for form in self.gazetteer.lookup(name) if form.entity.kind == kind]
        if forms:
            return {form.entity.id: form for form in forms}
        found: dict[str, Form] = {}
        keys = keys_of(name, kind)
        for form in dict.fromkeys(form for key in sorted(keys) for form in self.index[kind].get(key, ())):
            reason = (
                same_company(name, form.surface, acronyms=False)
                if kind == "organization"
                else same_person(name, form.surface)
            )
            if reason and form.entity.id not in found and not contradict(name, form.entity.name_zh or "", kind):
                found[form.entity.id] = form if reason in STRICT else replace(form, strength="generated")
        sure = {identifier: form for identifier, form in found.items() if not is_generated(form)}
        return sure or found

    @cached_property
    def index(self) -> Mapping[str, Mapping[str, list[Form]]]:
        """The listed forms by kind and key; weak ones and handles mean nothing alone unless written exactly so."""
        table: dict[str, dict[str, list[Form]]] = {"person": defaultdict(list), "organization": defaultdict(list)}
        for forms in self.gazetteer.forms.values():
            for form in forms:
                if form.strength == "strong":
                    for key in keys_of(form.surface, form.entity.kind):
                        table[form.entity.kind][key].append(form)
        return table

    def read_model(self, surface: str) -> ModelName:
        """Read a model's name."""
        return read_alone(self.grammar, surface)


def decision(reason: str | None, *, same: bool = True, entity: str = "") -> Decision:
    """Return a decision for a reason; None is no reason to call the names one."""
    if reason is None:
        return Decision(same=False, reason="different", confidence=CONFIDENCE["different"])
    return Decision(same=same, reason=reason, confidence=CONFIDENCE.get(reason, USUAL), entity=entity)


def is_generated(*forms: Form) -> bool:
    """Whether none of the forms is listed as it stands."""
    return all(form.strength == "generated" for form in forms)


def same_name(one: str, other: str, kind: EntityKind) -> str | None:
    """Return why two names of people or organisations are one, by the names alone, or None."""
    return same_company(one, other) if kind == "organization" else same_person(one, other)


def same_model(one: ModelName, other: ModelName) -> str | None:
    """Return why two names are one model's: equal parts, or the stem of an unlisted one in pinyin."""
    if one.key == other.key:
        return "parts"
    if one.family or other.family or one.root.isascii() == other.root.isascii():
        return None
    han, latin = (other, one) if one.root.isascii() else (one, other)
    if not romanised(han.root, latin.root):
        return None
    return "pinyin" if replace(han, root=latin.root).key == latin.key else None


def keys_of(name: str, kind: EntityKind) -> frozenset[str]:
    """Return keys of a person's or an organisation's name: names that are one share a key, Cantonese spellings apart."""
    return (company_keys if kind == "organization" else person_keys)(name) | {fold(name.strip())}


def contradict(one: str, other: str, kind: EntityKind) -> bool:
    """Whether two names are both Chinese and differ: no third name can make them one.

    >>> contradict("张若溪", "张若曦", "person"), contradict("张若溪", "Ruoxi Zhang", "person")
    (True, False)
    """
    both = is_han_name(one, other) if kind == "person" else bool(HAN.search(one) and HAN.search(other))
    return both and same_name(one, other, kind) is None


def pairs_sharing(keys: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of names that share a key, each once, in order."""
    buckets: dict[str, list[str]] = defaultdict(list)
    for name in sorted(keys):
        for key in keys[name]:
            buckets[key].append(name)
    seen: set[tuple[str, str]] = set()
    for bucket in buckets.values():
        for place, one in enumerate(bucket):
            for other in bucket[place + 1 :]:
                if (one, other) not in seen:
                    seen.add((one, other))
                    yield one, other
