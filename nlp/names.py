"""Names: who and what a document names, each place with the entity it stands for.

A reading flows in and gets its names, its entities and the entities of its post authors. Known people and
organisations come from the gazetteer, models from the grammar of model names, unknown people from nlp.people; where
two finds overlap the longer one stands, and one surface has one type within a document.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from nlp.accounts import find_accounts
from nlp.affiliations import find_affiliations
from nlp.annotation import Entity
from nlp.folding import fold, is_han
from nlp.gazetteer import Form, Gazetteer, Match
from nlp.model_alone import read_alone
from nlp.model_names import ModelGrammar, ModelName
from nlp.people import find_people, forum_entity, join_glosses, person_entity, surname_spans
from nlp.reading import NameSpan, Reading
from nlp.unlisted import Stems, find_unlisted, with_short_forms
from nlp.vocabulary import Vocabulary
from nlp.words import is_common_word

SHORT = 2  # characters of the shortest Chinese names
LETTERED = re.compile(r"(?<![A-Za-z0-9.$/-])[A-Z]\d{1,2}(?:\.\d)?(?![A-Za-z0-9]|[-./]\w|%)")
CONFIDENCE = {"strong": 0.95, "handle": 0.85, "generated": 0.8, "weak": 0.7}


class NameFinder:
    """Find the names of a document, with one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.gazetteer = Gazetteer(vocabulary)
        self.grammar = ModelGrammar(vocabulary.families)
        self.taggers = vocabulary.taggers
        self.traits = {f"org:{each.id}": (each.sort, each.region) for each in vocabulary.organizations}
        self.employers = {
            f"person:{person.id}": maker
            for person in vocabulary.people
            for maker in [self.organization(person.at[0]) if person.at else None]
            if maker
        }

    def __call__(self, reading: Reading) -> None:
        """Find the names of a reading."""
        reading.traits = self.traits
        self.find_authors(reading)
        known = [match for match in self.gazetteer.find(reading.text, reading.folded) if self.stands(reading, match)]
        known = without_chance(reading.folded, known)
        models = self.grammar.find(reading.text, ignore=reading.masks)
        confirmed = self.grammar.supported(models, reading.text)
        doubtful = {name.surface for name in models} - {name.surface for name in confirmed}
        spans = [*self.known_spans(known), *self.model_spans(reading, known, confirmed), *self.account_spans(reading)]
        spans += self.author_spans(reading)
        spans += find_people(reading, taken=[(span.start, span.end) for span, _ in spans])
        spans = choose(spans)
        spans += surname_spans(reading, [span for span, _ in spans])
        spans += self.unlisted_spans(reading, choose(spans), doubtful)
        spans = join_glosses(reading.text, choose(spans))
        spans += surname_spans(reading, [span for span, _ in spans])
        spans = with_short_forms(reading, choose(spans))
        chosen = one_type_a_surface(reading.text, choose(spans))
        reading.names = [span for span, _ in chosen]
        for _, entity in chosen:
            self.add_entity(reading, entity)
        for person, (employer, role) in find_affiliations(reading.text, reading.names).items():
            entity = reading.entities[person]
            if entity.developer in (None, employer):
                reading.entities[person] = replace(entity, developer=employer, role=role)

    def unlisted_spans(
        self, reading: Reading, spans: Sequence[tuple[NameSpan, Entity]], doubtful: set[str]
    ) -> Iterator[tuple[NameSpan, Entity]]:
        """Yield what the tagger finds besides; a model by the parts of its name.

        What the grammar of model names was in doubt about is a model where the tagger takes it for one or for a company.
        """
        stems = [entity.id.removeprefix("model:") for _, entity in spans if entity.kind == "model"]
        stems += [(entity.family or "").removeprefix("model:") for _, entity in spans if entity.kind == "model"]
        taken = [(span.start, span.end) for span, _ in spans]
        for span, entity in find_unlisted(reading, taken=taken, models=Stems(stems, doubtful), taggers=self.taggers):
            if entity.kind == "model":
                model = self.model_entity(read_alone(self.grammar, entity.id))
                yield replace(span, entity=model.id), model
            else:
                yield span, entity

    def organization(self, name: str) -> Entity | None:
        """Return the known organisation of a name."""
        return next((f.entity for f in self.gazetteer.lookup(name) if f.entity.kind == "organization"), None)

    def stands(self, reading: Reading, match: Match) -> bool:
        """Whether a match counts: not within a URL or code, a handle only where it looks like one."""
        if reading.masked(match.start, match.end):
            return False
        if all(form.strength == "handle" for form in match.forms):
            written = reading.text[match.start : match.end]
            before = reading.text[match.start - 1 : match.start]
            return before == "@" or any(c.isdigit() or c == "_" for c in written) or len(written) >= 6
        return True

    def known_spans(self, matches: Sequence[Match]) -> Iterator[tuple[NameSpan, Entity]]:
        """Yield the gazetteer's names; weak forms and namesakes are decided by what else the document names."""
        sure = {form.entity.id for match in matches for form in match.forms if form.strength != "weak"}
        named = {form.entity.id for match in matches for form in match.forms if form.entity.kind == "organization"}
        for match in matches:
            forms = [form for form in match.forms if form.strength != "weak" or form.entity.id in sure]
            if forms:
                form = min(forms, key=lambda form: self.distance(form, named))
                yield name_span(match.start, match.end, form.entity, CONFIDENCE[form.strength], "gazetteer")

    def distance(self, form: Form, named: set[str]) -> tuple[bool, str]:
        """Order namesakes: one whose employer the document names comes first."""
        employer = self.employers.get(form.entity.id)
        return (not (employer and employer.id in named), form.entity.id)

    def model_spans(
        self, reading: Reading, known: Sequence[Match], models: Sequence[ModelName]
    ) -> Iterator[tuple[NameSpan, Entity]]:
        """Yield the models; a bare name that is its maker's too means the maker."""
        makers = {(m.start, m.end) for m in known if any(f.entity.kind == "organization" for f in m.forms)}
        named = {form.entity.id for match in known for form in match.forms if form.entity.kind == "organization"}
        versions: dict[str, set[str]] = defaultdict(set)
        for name in models:
            family = self.grammar.families.get(name.family or "")
            if name.bare and family and family.org and (name.start, name.end) in makers:
                continue
            entity = self.model_entity(name)
            if name.version and name.certain:
                versions[name.version.upper()].add(name.family_key)
            yield name_span(name.start, name.end, entity, 0.95 if name.certain else 0.75, "model grammar")
        yield from self.version_spans(reading, versions, named)

    def version_spans(
        self, reading: Reading, versions: Mapping[str, set[str]], named: set[str]
    ) -> Iterator[tuple[NameSpan, Entity]]:
        """Yield lettered versions alone, R1 or V3, where one family can be meant: one named so, or one of a maker named here."""
        for match in LETTERED.finditer(reading.text):
            families = versions.get(match.group()) or {
                family for family, maker in self.lettered.get(match.group(), ()) if maker in named
            }
            if len(families) == 1 and not reading.masked(*match.span()):
                name = read_alone(self.grammar, f"{min(families)}-{match.group()}")
                yield name_span(*match.span(), self.model_entity(name), 0.7, "version alone")

    @cached_property
    def lettered(self) -> Mapping[str, list[tuple[str, str]]]:
        """The families, with their makers' ids, that have a lettered version: R1, V3."""
        table: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for family in self.grammar.families.values():
            maker = self.organization(family.maker) if family.maker else None
            for member in family.members if maker else ():
                for name in self.grammar.find(member):
                    if name.version and LETTERED.fullmatch(name.version.upper()) and maker:
                        table[name.version.upper()].append((family.id, maker.id))
        return table

    def model_entity(self, name: ModelName) -> Entity:
        """Return the entity of a model name: of the family where it is bare."""
        family = self.grammar.families.get(name.family or "")
        identifier = "model:" + slug(name.key)
        parent = "model:" + slug(name.family_key)
        maker = self.organization(family.maker) if family and family.maker else None
        if family and identifier == parent:
            return Entity(
                id=identifier,
                kind="model",
                name_en=family.name,
                name_zh=family.zh,
                developer=maker.id if maker else None,
            )
        official = self.grammar.official.get(family.id, {}).get(name.key, set()) if family else set()
        return Entity(
            id=identifier,
            kind="model",
            name_en=min(official, default=None),
            family=parent if family and parent != identifier else None,
            developer=maker.id if maker else None,
        )

    def find_authors(self, reading: Reading) -> None:
        """Give each post author an entity: a known person, or the name within its forum."""
        document = reading.document
        if document.kind != "thread":
            return
        for post in document.posts:
            if post.author and post.author not in reading.authors:
                known = [f.entity for f in self.gazetteer.lookup(post.author) if f.entity.kind == "person"]
                entity = known[0] if known else forum_entity(document.source, post.author)
                reading.authors[post.author] = entity.id
                self.add_entity(reading, entity)

    def author_spans(self, reading: Reading) -> Iterator[tuple[NameSpan, Entity]]:
        """Yield where the authors stand in the headers before their posts."""
        end = 0
        for post in reading.document.posts:
            if post.author in reading.authors:
                start = reading.text.rfind(post.author, end, post.start)
                if start >= 0:
                    entity = reading.entities[reading.authors[post.author]]
                    yield name_span(start, start + len(post.author), entity, 0.9, "post author")
            end = post.end

    def account_spans(self, reading: Reading) -> Iterator[tuple[NameSpan, Entity]]:
        """Yield the names of accounts: those of people who are known, of authors of posts, and others."""
        for start, end, name in find_accounts(reading):
            known = [form.entity for form in self.gazetteer.lookup(name)]
            author = reading.authors.get(name)
            entity = known[0] if known else reading.entities[author] if author else person_entity(f"@{name}")
            yield name_span(start, end, entity, 0.8, "handle")

    def add_entity(self, reading: Reading, entity: Entity) -> None:
        """Add an entity with its family, its maker or its employer to those of a document."""
        if entity.id in reading.entities:
            return
        employer = self.employers.get(entity.id)
        reading.entities[entity.id] = replace(entity, developer=employer.id) if employer else entity
        if employer:
            self.add_entity(reading, employer)
        if entity.kind != "model":
            return
        family = self.grammar.families.get((entity.family or entity.id).removeprefix("model:"))
        if entity.family and family:
            self.add_entity(
                reading,
                Entity(
                    id=entity.family, kind="model", name_en=family.name, name_zh=family.zh, developer=entity.developer
                ),
            )
        maker = self.organization(family.maker) if family and family.maker else None
        if maker:
            self.add_entity(reading, maker)


def without_chance(folded: str, matches: Sequence[Match]) -> list[Match]:
    """Drop people whose name of two characters stands only where two words meet: 高文 in 提高文本.

    Where the document names one of them clearly, all its places count.
    """
    doubtful = {index for index, match in enumerate(matches) if crosses_words(folded, match)}
    if not doubtful:
        return list(matches)
    clear = {form.entity.id for index, match in enumerate(matches) if index not in doubtful for form in match.forms}
    return [
        match
        for index, match in enumerate(matches)
        if index not in doubtful or any(form.entity.id in clear for form in match.forms)
    ]


def crosses_words(folded: str, match: Match) -> bool:
    """Whether a person's two characters may be the end of one word and the beginning of another."""
    if match.end - match.start != SHORT or match.forms[0].entity.kind != "person" or not is_han(folded[match.start]):
        return False
    before, after = folded[match.start - 1 : match.start + 1], folded[match.end - 1 : match.end + 1]
    return any(len(word) == SHORT and is_common_word(word) for word in (before, after))


def name_span(start: int, end: int, entity: Entity, confidence: float, by: str) -> tuple[NameSpan, Entity]:  # noqa: PLR0917
    """Return a find with its entity."""
    span = NameSpan(start=start, end=end, kind=entity.kind, entity=entity.id, confidence=confidence, by=by)
    return span, entity


def choose(spans: Iterable[tuple[NameSpan, Entity]]) -> list[tuple[NameSpan, Entity]]:
    """Keep the longest of overlapping finds, of equals the surest, in reading order."""
    order = sorted(spans, key=lambda item: (item[0].start - item[0].end, -item[0].confidence, item[0].start))
    taken: dict[int, int] = {}
    kept = []
    for span, entity in order:
        if any(position in taken for position in range(span.start, span.end)):
            continue
        taken.update(dict.fromkeys(range(span.start, span.end), 1))
        kept.append((span, entity))
    return sorted(kept, key=lambda item: item[0].start)


def one_type_a_surface(text: str, spans: Sequence[tuple[NameSpan, Entity]]) -> list[tuple[NameSpan, Entity]]:
    """Drop finds whose surface has another type where it was found more surely."""
    best: dict[str, tuple[float, str]] = {}
    for span, _ in spans:
        surface = text[span.start : span.end]
        best[surface] = max(best.get(surface, (0.0, "")), (span.confidence, span.kind))
    return [(s, e) for s, e in spans if best[text[s.start : s.end]][1] == s.kind]


def slug(name: str) -> str:
    """Return a readable id part of a name.

    >>> slug("llama 2 70B chat"), slug("小熊 13B")
    ('llama-2-70b-chat', '小熊-13b')
    """
    return "-".join(re.findall(r"[\w.+]+", fold(name)))
