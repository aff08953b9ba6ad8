"""Every named query with parameters that ask about everything in a graph: a Graph in, names and parameters out."""

from itertools import pairwise


def questions(made):
    """Every named query with parameters that ask about everything in a graph."""
    entities = [identifier for label, identifier in made.nodes if label == "Entity"]
    claims = [identifier for label, identifier in made.nodes if label == "Claim"]
    subjects = entities + [identifier for label, identifier in made.nodes if label == "Dispute"]
    yield from ((name, {}) for name in ("all_names", "counts"))
    for name in ("entity", "entity_names", "entity_numbers", "entity_relations"):
        yield from ((name, {"id": entity}) for entity in entities)
    for name in ("claims", "claim_parties", "claim_statements", "claim_links", "claim_disputes"):
        yield from ((name, {"ids": ids}) for ids in ([], claims, claims[:1], ["none"]))
    yield from (("claim_by_statement", {"prefix": prefix}) for prefix in ("s-", "s-0", "c", "a"))
    yield from (("entities_by_name", {"folded": folded}) for folded in ("x", "套壳", "yi", "none"))
    yield from (("entities_like", {"folded": folded, "limit": 3}) for folded in ("x", "壳", "i", "%"))
    yield ("timeline_disputes", {})
    yield from (("timeline_scope", {"subject": subject}) for subject in [*subjects, "none"])
    yield from timeline_questions(made)
    yield from whole_questions(made)
    yield from search_questions(made)


def whole_questions(made):
    """The queries about disputes, derivations and what stands next to what."""
    entities, claims, disputes, derivations = (
        [identifier for each, identifier in made.nodes if each == label]
        for label in ("Entity", "Claim", "Dispute", "Derivation")
    )
    none = dict.fromkeys(("status", "since", "about", "by", "limit"))
    narrowed = [{}, {"status": "x"}, {"since": "2023-11-06"}, {"since": "2023-11-07"}, {"limit": 1}]
    narrowed += [{name: entity} for name in ("about", "by") for entity in [*entities[:2], "none"]]
    yield from (("disputes", none | some) for some in narrowed)
    for name in ("family", "entity_claims", "entity_disputes"):
        yield from ((name, {"id": entity}) for entity in [*entities, "none"])
    lists = {
        "dispute_claims": disputes,
        "entities": entities,
        "entity_parties": entities,
        "entity_derivations": entities,
        "claim_derivations": claims,
        "derivation_claims": derivations,
    }
    yield from ((name, {"ids": ids}) for name, own in lists.items() for ids in ([], [*own, "none"]))
    for name, own in (("dispute_numbers", disputes), ("claim_tellings", claims)):
        yield from ((name, {"ids": ids, "as_of": day}) for ids in ([], own) for day in (None, "2024"))
    pairs = [*pairwise(entities), *((one, one) for one in entities[:1])]
    for name in ("claims_between", "shared_documents"):
        yield from ((name, {"id": one, "other": other, "limit": 3}) for one, other in pairs)
    nodes = list(dict.fromkeys([*entities, *claims, *disputes]))
    yield from (("neighbours", {"ids": nodes, "limit": limit}) for limit in (1, 2, 100))


def timeline_questions(made):
    """The queries of a timeline: everything about, by and in some subjects, narrowed in every way, and about two of them."""
    none = dict.fromkeys(("since", "until", "as_of", "kind", "by", "language", "confidence", "limit"))
    entities = [identifier for label, identifier in made.nodes if label == "Entity"]
    disputes = [identifier for label, identifier in made.nodes if label == "Dispute"]
    narrowed = [
        {},
        {"since": "2023-11-10"},
        {"until": "2023-11-14"},
        {"kind": "accusing"},
        {"language": "zh"},
        {"language": "x"},
        {"as_of": "2024"},
        {"as_of": "2025"},
        {"confidence": 0.9},
        {"limit": 1},
    ]
    narrowed += [{"by": entity} for entity in entities[:2]]
    covers = [(entities, entities[1:3], disputes[:1]), ([], [], disputes)]
    for about, speakers, within in covers:
        lists = {"about": about, "speakers": speakers, "disputes": within}
        asked = narrowed if about else narrowed[:1]
        yield from (("timeline", lists | none | some) for some in asked)
        yield from (("timeline_walk", lists | none | some | {"before": "2023-11-15"}) for some in asked[:6])
        yield from (("timeline_changed", lists | {"as_of": day}) for day in ("2024", "x"))
        yield from (("timeline_size", {"about": about, "speakers": speakers, "limit": most}) for most in (1, 100))
        for with_about, with_speakers, with_disputes in covers:
            other = {"with_about": with_about, "with_speakers": with_speakers, "with_disputes": with_disputes}
            yield ("timeline_pair", lists | other | none)
            yield ("timeline_pair", lists | other | none | {"kind": "accusing", "limit": 2})
    yield from (("timeline_day", {"since": day, "skip": skip}) for day in (None, "2023-11-10") for skip in (0, 2, 99))
    opened = (disputes, disputes[:1], ["none"])
    yield from (("timeline_opened", {"ids": ids, "as_of": day}) for ids in opened for day in ("2024", "2025"))


def search_questions(made):
    """The queries of a search; so many hits that none is cut off, since the stores cut differently."""
    statements, documents, entities = (
        [identifier for each, identifier in made.nodes if each == label]
        for label in ("Statement", "Document", "Entity")
    )
    for words in ("(x*)", '("yi 34" OR "抄袭")', '("llama") AND (抄*)', '("none")'):
        yield ("search_statement_hits", {"words": words, "limit": 1000})
        yield ("search_document_hits", {"words": words, "limit": 1000})
    days = {"since": None, "until": None}
    narrowed = [{}, {"since": "2023-11-10"}, {"until": "2023-11-14"}, {"language": "zh"}]
    more = [{"kind": "accusing"}, *({"by": entity} for entity in entities[:2])]
    none = days | {"language": None}
    asked = none | {"kind": None, "by": None}
    yield from (("search_statements", {"ids": statements} | asked | some) for some in [*narrowed, *more])
    yield from (("search_documents", {"ids": documents} | none | some) for some in narrowed)
    for some in (days, *narrowed[1:3]):
        yield from (("search_dated", days | some | {"limit": most}) for most in (2, 1000))
        yield from (("search_said", days | some | {"by": one, "limit": 2}) for one in entities)
    yield from (("search_names", {"ids": ids}) for ids in ([], ["x", "套壳", "none"], ["yi-34b", "贾扬清"]))
