"""Made-up readings with everything that ties documents together: names of one person in two scripts, near-copies, retellings, answers.

A corpus has pools of parties, models and days, from which documents are drawn by a seed: small pools make documents that bear on each other all
the time, as tests need them; large ones with Zipf popularity make what a benchmark needs.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate

from crawler.archive import Revision
from crawler.document import Document
from graph.evidence import Reading
from nlp.annotation import Annotation, Entity, Happened, Link, Mention, Span, Statement, Target, statement_ids

KINDS = ("accusation", "question", "denial", "admission", "explanation", "apology", "remedy", "announcement", "other")
FAMILY = dict(
    zip("张陈林周吴郑冯褚卫蒋沈韩", "Zhang Chen Lin Zhou Wu Zheng Feng Chu Wei Jiang Shen Han".split(), strict=True)
)
GIVEN = dict(
    zip(
        "若溪知行望舒明远书宁安然子墨雨桐嘉禾清越",
        "ruo xi zhi xing wang shu ming yuan shu ning an ran zi mo yu tong jia he qing yue".split(),
        strict=True,
    )
)
WORDS = {
    "en": "copied weights tensor architecture trained scratch license renamed layers tokenizer data proof logs release".split(),
    "zh": "抄袭 权重 张量 架构 从头训练 许可证 改名 分词器 数据 证据 日志 发布 道歉 开源".split(),
}


@dataclass(frozen=True)
class Corpus:
    """Pools to draw documents from: so many models and their makers, days and words; the first ones are drawn the most if `zipf`."""

    models: int = 4
    days: int = 6
    extra_words: int = 0
    statements: int = 3
    zipf: bool = False
    documents: int = (
        0  # where given, documents are published in the order of their numbers, and so many in all the days
    )
    start: date = date(2024, 3, 1)
    weights: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.weights.extend(accumulate(1 / rank if self.zipf else 1 for rank in range(1, self.models + 1)))

    def pick(self, chance: random.Random) -> int:
        """Draw the number of a model or maker."""
        return chance.choices(range(self.models), cum_weights=self.weights)[0]

    def reading(self, number: int, version: int = 1) -> Reading:
        """Return the reading of one document, a function of number and version."""
        chance = random.Random(f"{number}/{version}")
        # of every other document the words stay when it is read anew, and what is found in them changes
        words = random.Random(number) if number % 2 else chance
        language = words.choice(("en", "zh"))
        day = number * self.days // self.documents if self.documents else chance.randrange(self.days)
        published = self.start + timedelta(days=day)
        quotes = [self.quote(words, language) for _ in range(words.randint(0, self.statements * 2))]
        text = "\n".join(quotes) or "…"
        document = Document.create(
            text,
            id=f"d{number}",
            url=f"https://site{number % 5}.example/{number}",
            source=f"site{number % 5}.example",
            language=language,
            title=f"报道 {number}",
            published=published.isoformat() if chance.random() < 0.9 else None,
        )
        entities: dict[str, Entity] = {}
        statements = []
        offset = 0
        for identifier, quote in zip(statement_ids(document.id, quotes), quotes, strict=True):
            span = Span(start=offset, end=offset + len(quote), quote=quote)
            offset += len(quote) + 1
            statements.append(self.statement(chance, identifier, span, entities=entities, published=published))
        annotation = Annotation(
            document=document.id,
            digest=document.digest,
            vocabulary="made up",
            version="1",
            entities=tuple(entities[each] for each in sorted(entities)),
            mentions=tuple(
                Mention(
                    span=Span(start=0, end=1, quote=text[0]), kind=e.kind, entity=e.id, confidence=0.9, by="made up"
                )
                for e in entities.values()
            ),
            statements=tuple(statements),
            links=tuple(self.links(chance, statements)),
            sketch=self.sketch(chance),
        )
        return Reading(
            Revision(document=document, sequence=version, recorded=f"2024-04-0{version}", raw=None), annotation
        )

    def quote(self, chance: random.Random, language: str) -> str:
        """Return words of a statement."""
        words = chance.sample(WORDS[language], chance.randint(2, 5))
        words += [f"w{chance.randrange(self.extra_words)}" for _ in range(4 if self.extra_words else 0)]
        return (" " if language == "en" else "，").join(words)

    def statement(
        self, chance: random.Random, identifier: str, span: Span, *, entities: dict[str, Entity], published: date
    ) -> Statement:
        """Return a statement, and note the entities that it names."""
        speaker = chance.choice((None, self.person(chance, entities), self.company(self.pick(chance), entities)))
        targets = {}
        for role in chance.sample(("accused", "origin", "about"), chance.randint(0, 3)):
            number = self.pick(chance)
            entity = self.model(number, entities) if chance.random() < 0.7 else self.company(number, entities)
            targets[entity] = Target(entity=entity, role=role, basis=chance.choice(("words", "context")))
        basis = chance.choice((None, "stated", "relative", "published"))
        day = published - timedelta(days=chance.randrange(4))
        period = day.isoformat() if chance.random() < 0.8 else day.isoformat()[:7]
        return Statement(
            id=identifier,
            kind=chance.choice(KINDS),
            speaker=speaker,
            speaker_from="words" if speaker else "nowhere",
            targets=tuple(targets.values()),
            happened=Happened(period=period, basis=basis) if basis else None,
            spans=(span,),
            cue="",
            confidence=round(chance.random(), 2),
        )

    def person(self, chance: random.Random, entities: dict[str, Entity]) -> str:
        """Name a person in Chinese, in Latin letters, or in both."""
        number = self.pick(chance)
        given = list(GIVEN)
        surname, one, two = (
            list(FAMILY)[number % 12],
            given[number // 12 % 20],
            given[(number // 240 + 7 * number) % 20],
        )
        zh_name, en_name = surname + one + two, f"{(GIVEN[one] + GIVEN[two]).title()} {FAMILY[surname]}"
        listed = number % 3 == 2
        name_zh, name_en = (
            (zh_name, en_name) if listed else chance.choice(((zh_name, None), (None, en_name), (zh_name, en_name)))
        )
        identifier = f"person:{(name_zh or name_en or '').lower().replace(' ', '-')}"
        company = self.company(number, entities) if chance.random() < 0.5 else None
        entities[identifier] = Entity(
            id=identifier, kind="person", name_zh=name_zh, name_en=name_en, developer=company, listed=listed
        )
        return identifier

    def company(self, number: int, entities: dict[str, Entity]) -> str:
        """Name a company."""
        identifier = f"organization:lab-{number}"
        entities[identifier] = Entity(
            id=identifier, kind="organization", name_en=f"Lab Number{number}", listed=number % 2 == 0
        )
        return identifier

    def model(self, number: int, entities: dict[str, Entity]) -> str:
        """Name a model of a family, and its maker."""
        identifier, family, maker = f"model:m{number}-7b", f"model:m{number}", self.company(number, entities)
        entities[family] = Entity(id=family, kind="model", name_en=f"M{number}", developer=maker)
        entities[identifier] = Entity(
            id=identifier, kind="model", name_en=f"M{number}-7B", family=family, developer=maker
        )
        return identifier

    def links(self, chance: random.Random, statements: list[Statement]) -> list[Link]:
        """Link some statements to earlier ones."""
        found = []
        for place, statement in enumerate(statements[1:], 1):
            if chance.random() < 0.4:
                kind = chance.choice(("responds_to", "supports", "disputes", "repeats"))
                target = statements[chance.randrange(place)].id
                found.append(Link(source=statement.id, target=target, type=kind, cue="", confidence=0.7))
        return found

    def sketch(self, chance: random.Random) -> tuple[int, ...]:
        """Return a sketch; a third of all documents are near-copies of one of few texts, on and off."""
        if chance.random() < 0.66:
            return tuple(chance.randrange(10**6) for _ in range(16))
        seed = random.Random(chance.randrange(max(3, self.models // 2)))
        sketch = [seed.randrange(10**6) for _ in range(16)]
        for _ in range(chance.randint(0, 9)):
            sketch[chance.randrange(16)] = chance.randrange(10**6)
        return tuple(sketch)


def stamp_of(reading: Reading) -> str:
    """Return a stamp that tells one version of a reading from another."""
    return hashlib.sha256(repr(reading).encode()).hexdigest()[:16]
