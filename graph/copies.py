"""Copies: near-duplicate documents, which count as one source.

Sketches (nlp.sketch) come and go with documents; each document's near-original flows out: the earliest document that it is
a near copy of, itself if there is none. Only documents that share a band of their sketches are compared, and only those that such
bands tie to a change are looked at again. Method: MinHash with banding, Broder 1997 and Leskovec, Rajaraman, Ullman, chapter 3.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from graph.ledger import Ledger
from nlp.sketch import similarity

NEAR = 0.6  # the Jaccard similarity of near-duplicates
BAND = 4  # values of a sketch that are compared at once

Sketch = tuple[int, ...]


class Copies:
    """The near-originals of a graph's documents."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def forget(self, documents: Collection[str]) -> set[str]:
        """Take the sketches of documents away; return those that shared a band with one of them."""
        around: set[str] = set()
        for document, sketch in self.sketches(documents).items():
            keys = bands_of(sketch)
            around |= {
                row[0]
                for row in self.ledger.rows(
                    "select document from (select value from json_each(?)) wanted join band on key = wanted.value", keys
                )
            }
            self.ledger.connection.executemany(
                "delete from band where key = ? and document = ?", [(key, document) for key in keys]
            )
        return around - set(documents)

    def add(self, sketches: Mapping[str, Sketch]) -> None:
        """Keep the bands of sketches."""
        self.ledger.connection.executemany(
            "insert or ignore into band values (?, ?)",
            [(key, document) for document, sketch in sketches.items() for key in bands_of(sketch)],
        )

    def settle(self, documents: Collection[str]) -> dict[str, str]:
        """Find the near-originals of documents and of all that bands tie to them; return those that changed."""
        changed: dict[str, str] = {}
        for group in self.groups(documents):
            originals: dict[str, Sketch] = {}
            for document, sketch, old in group:
                near = [(similarity(sketch, other), each) for each, other in originals.items()]
                score, best = max(near, default=(0.0, ""))
                origin = best if score >= NEAR else document
                if origin == document:
                    originals[document] = sketch
                if origin != old:
                    changed[document] = origin
        self.ledger.connection.executemany(
            "update read_document set origin = ? where id = ?", [(origin, each) for each, origin in changed.items()]
        )
        return changed

    def groups(self, documents: Collection[str]) -> list[list[tuple[str, Sketch, str]]]:
        """Return what bands tie to these documents, group by group, in order of publication: ids, sketches, origins."""
        groups: list[list[tuple[str, Sketch, str]]] = []
        done: set[str] = set()
        for first in sorted(documents):
            if first in done:
                continue
            waiting, group = [first], {first}
            while waiting:
                query = "select distinct document from (select value from json_each(?)) wanted join band on key = wanted.value"
                keys = {key for sketch in self.sketches(waiting).values() for key in bands_of(sketch)}
                waiting = [row[0] for row in self.ledger.rows(query, keys) if row[0] not in group]
                group.update(waiting)
            done |= group
            query = "select id, sketch, origin from (select value from json_each(?)) wanted join read_document on id = wanted.value order by sort, id"
            rows = self.ledger.rows(query, group)
            groups.append([(row[0], tuple(json.loads(row[1])), row[2]) for row in rows])
        return groups

    def sketches(self, documents: Collection[str]) -> dict[str, Sketch]:
        """Return the sketches of documents."""
        query = "select id, sketch from (select value from json_each(?)) wanted join read_document on id = wanted.value"
        return {row[0]: tuple(json.loads(row[1])) for row in self.ledger.rows(query, documents)}


def bands_of(sketch: Sketch) -> list[str]:
    """Return the bands of a sketch, each as a key.

    >>> bands_of((1, 2, 3, 4, 5, 6, 7, 8))
    ['0:1,2,3,4', '4:5,6,7,8']
    """
    return [f"{start}:{','.join(map(str, sketch[start : start + BAND]))}" for start in range(0, len(sketch), BAND)]
