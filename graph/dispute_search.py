"""Dispute search: from what somebody types to the one dispute that it means.

A slug, the beginning of one, a title or the names of both parties flow in; a row of the store flows out; anything else
raises UnknownName with near ones. Titles are compared one by one: there are far fewer disputes than claims.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence

from graph.errors import UnknownName
from graph.store import Row, Store
from graph.subjects import disputes_called, joined_title
from nlp.folding import fold

PREFIX = "dispute:"
SEE = "`yuanliu disputes` for all of them"
BETWEEN = re.compile(
    r"\s*(?:/|,|，|、|\bvs\.?(?=\s)|\bv\.?(?=\s)|\bagainst\b|\band\b|&|和|与|與|对|對|诉|訴)\s*|\s+", re.IGNORECASE
)
MOST = 5  # near ones that are named


def find_dispute(store: Store, text: str) -> Row:
    """Return the dispute that a text means.

    Raises:
        UnknownName: when there is none or there are several; names near ones.
    """
    wanted = text.strip().removeprefix(PREFIX)
    every = store.query("disputes", status=None, since=None, about=None, by=None, limit=None)
    called, begun = disputes_called(every, wanted)
    for found in (called, begun, between(store, every, wanted) if wanted else []):
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownName(text, [row["slug"] for row in found[:MOST]], see=SEE)
    raise UnknownName(text, near_slugs(every, wanted), see=SEE)


def between(store: Store, disputes: Sequence[Row], text: str) -> list[Row]:
    """Return the disputes between two named parties, whichever is the accused; of one named party all that it stands in."""
    for one, other in pairs_of(text):
        left, right = parties_named(store, one), parties_named(store, other)
        found = [
            row
            for row in disputes
            if (row["accused"] in left and row["origin"] in right)
            or (row["accused"] in right and row["origin"] in left)
        ]
        if found:
            return found
    alone = parties_named(store, text)
    return [row for row in disputes if alone & {row["accused"], row["origin"]}]


def pairs_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield the ways in which a text may be two names.

    >>> list(pairs_of("Alder Labs vs 白桦")), list(pairs_of("桤木和白桦")), list(pairs_of("Alder"))
    ([('Alder', 'Labs vs 白桦'), ('Alder Labs', '白桦')], [('桤木', '白桦')], [])
    """
    for match in BETWEEN.finditer(text):
        one, other = text[: match.start()], text[match.end() :]
        if one and other:
            yield one, other


def parties_named(store: Store, name: str) -> set[str]:
    """Return the ids that go by a name, and those of the makers and employers of them."""
    ids = {row["id"] for row in store.query("entities_by_name", folded=fold(name.strip()))}
    return ids | {row["party"] for row in store.query("entity_parties", ids=sorted(ids))}


def near_slugs(disputes: Sequence[Row], text: str) -> list[str]:
    """Return the slugs of disputes whose slug or title holds the text or is written nearly alike.

    >>> row = {"slug": "alder--birch", "title": "Alder / Birch", "titleEn": None, "titleZh": "桤木 / 白桦"}
    >>> near_slugs([row], "alder--brich"), near_slugs([row], "白桦"), near_slugs([row], "?")
    (['alder--birch'], ['alder--birch'], [])
    """
    asked = joined_title(text)
    titles = ("slug", "title", "titleEn", "titleZh")
    forms = {joined_title(row[name]): row["slug"] for row in disputes for name in titles if row[name]}
    holding = [slug for form, slug in forms.items() if asked and asked in form]
    alike = [forms[form] for form in difflib.get_close_matches(asked, forms, n=MOST, cutoff=0.5)]
    return list(dict.fromkeys([*holding, *alike]))[:MOST]
