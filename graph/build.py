"""Building: from annotations to the graph, as a pure function of their set.

Readings (a revision and its annotation each) flow in, one Graph flows out to a store. Entities are joined by id and
their names collected, statements are clustered into claims, claims are linked and gathered into disputes.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.document import site_of
from graph.claim_dates import DateTold, dates_of
from graph.claims import cluster
from graph.disputes import Charge, find_disputes, status_of
from graph.entities import EntityCard, add_entities, collect_entities
from graph.evidence import Reading, Told, find_origins, in_order, tell
from graph.model import Graph
from nlp.annotation import GROUPS, Link, Span, Statement
from nlp.edtf import Period
from nlp.joining import join_names


@dataclass(frozen=True, slots=True)
class Claim:
    """A cluster of statements, the first told first; its id is its smallest statement's."""

    id: str
    told: tuple[Told, ...]

    @property
    def first(self) -> Told:
        """The statement by which the claim is shown: first published, then the surest."""
        return self.told[0]

    @property
    def kind(self) -> str:
        """The kind that most of the statements have; of equals the first told."""
        counts = Counter(one.statement.kind for one in self.told)
        return max(counts, key=lambda kind: counts[kind])


def build(readings: Iterable[Reading], source_titles: dict[str, str] | None = None) -> Graph:
    """Build the graph of a set of documents; the order in which they come does not matter."""
    ordered = in_order(readings)
    annotations = join_names(reading.annotation for reading in ordered)
    ordered = [Reading(reading.revision, own) for reading, own in zip(ordered, annotations, strict=True)]
    origins = find_origins(ordered)
    graph = Graph()
    for reading in ordered:
        add_document(graph, reading, origin=origins[reading.id], titles=source_titles or {})
    cards = collect_entities(ordered)
    add_entities(graph, cards)
    told = tell(ordered, origins)
    claims = [make_claim(together) for together in cluster(told, party_of(cards))]
    claim_of = {one.statement.id: claim.id for claim in claims for one in claim.told}
    for claim in claims:
        add_claim(graph, claim)
    links = [link for reading in ordered for link in reading.annotation.links]
    add_links(graph, links, claim_of)
    add_disputes(graph, claims, cards)
    return graph


def party_of(cards: dict[str, EntityCard]) -> Callable[[str], str]:
    """Return the function from an entity to its party: a model's or a person's company, else the entity itself."""

    def party(entity: str) -> str:
        card = cards.get(entity)
        return card.developer if card and card.developer else entity

    return party


def add_document(graph: Graph, reading: Reading, *, origin: str, titles: dict[str, str]) -> None:
    """Add a document with its source, posts and mentions."""
    revision, document = reading.revision, reading.revision.document
    source = f"source:{document.source}"
    graph.add_node(
        "Source",
        source,
        name=titles.get(document.source, document.source),
        domain=site_of(document.url),
        language=document.language if document.source not in titles else None,
        kind="forum" if document.kind == "thread" else "outlet",
    )
    graph.add_node(
        "Document",
        document.id,
        **{name: getattr(document, name) for name in ("url", "title", "kind", "language", "published", "fetched")},
        source=source,
        digest=document.digest,
        revision=revision.sequence,
        recorded=revision.recorded,
        origin=origin,
    )
    graph.add_edge("PUBLISHED_BY", document.id, source)
    if origin != document.id:
        graph.add_edge("NEAR_DUPLICATE_OF", document.id, origin)
    if document.kind == "thread":
        for number, post in enumerate(document.posts):
            identifier = post_id(document.id, number)
            graph.add_node(
                "Post", identifier, author=post.author, published=post.published, start=post.start, end=post.end
            )
            graph.add_edge("IN_THREAD", identifier, document.id)
            if post.reply_to is not None:
                graph.add_edge("REPLY_TO", identifier, post_id(document.id, post.reply_to))
    for entity, number in sorted(Counter(mention.entity for mention in reading.annotation.mentions).items()):
        graph.add_edge("MENTIONS", document.id, entity, count=number)


def post_id(document: str, number: int) -> str:
    """Return the id of a document's post."""
    return f"{document}#{number}"


def make_claim(told: Sequence[Told]) -> Claim:
    """Make a claim of a cluster: its first telling first."""
    smallest = min(one.statement.id for one in told)
    order = sorted(told, key=lambda one: (one.published, -one.statement.confidence, one.statement.id))
    return Claim("c-" + smallest.removeprefix("s-"), tuple(order))


def add_claim(graph: Graph, claim: Claim) -> None:
    """Add a claim with its statements, its makers and its targets."""
    first = claim.first.statement
    dates = dates_told(claim.told)
    best = dates[0] if dates else None
    graph.add_node(
        "Claim",
        claim.id,
        kind=claim.kind,
        group=GROUPS[claim.kind],
        quote=first.quote,
        language=claim.first.reading.revision.document.language,
        speaker=first.speaker,
        document=claim.first.reading.id,
        date=best["date"] if best else None,
        sortDate=Period.parse(best["date"]).earliest.isoformat() if best else None,
        datePrecision=Period.parse(best["date"]).precision if best else None,
        dateBasis=best["basis"] if best else None,
        dates=json.dumps(dates, ensure_ascii=False),
        sources=len({one.origin for one in claim.told}),
        confidence=max(one.statement.confidence for one in claim.told),
        recorded=min(one.reading.revision.recorded for one in claim.told),
    )
    for one in claim.told:
        add_statement(graph, one, claim.id)
    speakers = dict.fromkeys(s for one in claim.told for s in speakers_of(one.statement))
    for speaker in speakers:
        graph.add_edge("MADE", speaker, claim.id)
    for entity, (role, basis) in sorted(targets_of(claim.told).items()):
        if entity not in speakers:
            graph.add_edge("ABOUT", claim.id, entity, role=role, basis=basis)


def add_statement(graph: Graph, one: Told, claim: str) -> None:
    """Add one statement as its document tells it."""
    statement, document = one.statement, one.reading.revision.document
    happened = statement.happened
    graph.add_node(
        "Statement",
        statement.id,
        **{
            name: getattr(statement, name)
            for name in ("quote", "kind", "group", "confidence", "cue", "speaker", "post")
        },
        speakerFrom=statement.speaker_from,
        coSpeakers=json.dumps(statement.co_speakers) if statement.co_speakers else None,
        url=document.url,
        language=document.language,
        date=happened.period if happened else None,
        datePrecision=Period.parse(happened.period).precision if happened else None,
        dateBasis=happened.basis if happened else None,
        dateQuote=happened.span.quote if happened and happened.span else None,
        recorded=one.reading.revision.recorded,
        document=document.id,
        digest=document.digest,
        spans=json.dumps([[span.part, span.start, span.end] for span in statement.spans]),
        grounds=json.dumps(grounds_of(statement), ensure_ascii=False, sort_keys=True),
    )
    graph.add_edge("STATED_IN", statement.id, document.id)
    graph.add_edge("REPORTS", statement.id, claim)


def grounds_of(statement: Statement) -> dict[str, Any]:
    """Return what the reading of a statement rests on: how sure its kind is, and the words for speaker, targets and date."""
    happened = statement.happened
    return {
        "kind": statement.kind_confidence,
        "speaker": words_at(statement.speaker_span),
        "targets": [[t.entity, t.role, t.basis, words_at(t.span)] for t in statement.targets],
        "date": words_at(happened.span if happened else None),
    }


def words_at(span: Span | None) -> list[Any] | None:
    """Return a span as its words with their offsets."""
    return [span.quote, span.start, span.end] if span else None


def speakers_of(statement: Statement) -> list[str]:
    """Return all speakers of a statement, the first one first."""
    return [speaker for speaker in (statement.speaker, *statement.co_speakers) if speaker]


def targets_of(told: Iterable[Told]) -> dict[str, tuple[str, str]]:
    """Return each target's role and basis: named in the words before taken from the context, a party before neither."""
    ranks = {"accused": 0, "origin": 1, "about": 2}
    found: dict[str, list[tuple[int, int, str, str]]] = defaultdict(list)
    for one in told:
        for t in one.statement.targets:
            found[t.entity].append((t.basis != "words", ranks[t.role], t.role, t.basis))
    return {entity: min(rows)[2:] for entity, rows in found.items()}


def dates_told(told: Iterable[Told]) -> list[DateTold]:
    """Return the dates that the sources of a claim give, the most credible first."""
    return dates_of(
        (one.statement.happened.period, one.statement.happened.basis, one.origin)
        for one in told
        if one.statement.happened
    )


def add_links(graph: Graph, links: Iterable[Link], claim_of: dict[str, str]) -> None:
    """Add the links between claims that their statements' links give."""
    strongest: dict[tuple[str, str], tuple[float, str, str]] = {}
    for link in links:
        ends = claim_of[link.source], claim_of[link.target]
        if ends[0] != ends[1] and (ends[1], ends[0]) not in strongest:
            strongest[ends] = max(strongest.get(ends, (0.0, "", "")), (link.confidence, link.type, link.cue))
    for (start, end), (confidence, kind, cue) in strongest.items():
        graph.add_edge(kind.upper(), start, end, confidence=confidence, cue=cue)


def add_disputes(graph: Graph, claims: Sequence[Claim], cards: dict[str, EntityCard]) -> None:
    """Add the disputes with their claims and parties."""
    answers: defaultdict[str, list[str]] = defaultdict(list)
    for edge in graph.edges.values():
        if edge.type in ("RESPONDS_TO", "SUPPORTS", "DISPUTES", "REPEATS"):
            answers[edge.start].append(edge.end)
    charges = [charge_of(claim, tuple(sorted(answers[claim.id]))) for claim in claims]
    by_id = {charge.id: charge for charge in charges}
    for case in find_disputes(charges, party_of(cards)):
        members = sorted(case.claims, key=lambda member: (by_id[member].date, member))
        dates = [by_id[member].date for member in members if by_id[member].date]
        names = [cards[party].name if party in cards else party for party in (case.accused, case.origin) if party]
        graph.add_node(
            "Dispute",
            case.key,
            slug=case.key.removeprefix("dispute:"),
            title=" / ".join(names),
            accused=case.accused,
            origin=case.origin,
            status=status_of([by_id[member].kind for member in members]),
            opened=min(dates, default=None),
            lastActivity=max(dates, default=None),
        )
        for member in members:
            graph.add_edge("PART_OF", member, case.key)


def charge_of(claim: Claim, answers: tuple[str, ...]) -> Charge:
    """Return what the dispute rules need to know of a claim."""
    targets = targets_of(claim.told)
    order = list(dict.fromkeys(t.entity for one in claim.told for t in one.statement.targets))
    dates = dates_told(claim.told)
    return Charge(
        id=claim.id,
        kind=claim.kind,
        speaker=claim.first.statement.speaker,
        accused=tuple(entity for entity in order if targets[entity][0] == "accused"),
        origins=tuple(entity for entity in order if targets[entity][0] == "origin"),
        targets=frozenset(targets),
        answers=answers,
        date=dates[0]["date"] if dates else "",
    )
