"""Subjects: from a name that somebody types to the entity or dispute that it means, and what that covers.

A name flows in; an entity's row, a `Subject` and its `Scope` flow out to graph.timeline and the other answers. An unknown
name raises UnknownName with near ones.
"""

from __future__ import annotations

import difflib
import re
from typing import NamedTuple, Self, TypedDict

from graph.errors import UnknownName
from graph.store import Row, Store
from nlp.folding import fold


class EntityRef(TypedDict):
    """An entity as rows and JSON name it."""

    id: str
    name: str


class Subject(NamedTuple):
    """What a timeline can be about, an entity or a dispute, and its name in each language."""

    id: str
    name: str
    name_en: str | None
    name_zh: str | None

    def called(self, language: str | None) -> str:
        """Return its name in the reader's language where it has one."""
        return {"en": self.name_en, "zh": self.name_zh}.get(language or "") or self.name


class Scope(NamedTuple):
    """What a subject covers, by ids: itself and its members, what it makes, the disputes that it is or stands in, and those
    of which it or its maker is a party at all."""

    family: list[str]
    made: list[str]
    stood: list[str]
    party: list[str]

    @property
    def about(self) -> list[str]:
        """Whatever a claim may be about to be about the subject."""
        return list(dict.fromkeys((*self.family, *self.made)))

    def within(self, disputes: set[str]) -> Self:
        """Return the scope with no other disputes than these."""
        return self._replace(
            stood=[each for each in self.stood if each in disputes],
            party=[each for each in self.party if each in disputes],
        )


LEAST = 2  # characters of a name that is worth comparing
MARK = "dispute:"
MOST = 5_000  # names that are all compared with an unknown one
OPENING = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")
KINDS = {"model": 0, "organization": 1, "person": 2}


def find_topic(store: Store, name: str) -> Subject:
    """Return the entity or the dispute that a name means.

    A dispute goes by its slug, with or without "dispute:", also with any names of its parties in it, by its title, and by
    the beginning of a slug if that fits one dispute only. Without the marks of a slug ("dispute:", "--") an entity's exact name comes first.

    Raises:
        UnknownName: when nothing goes by the name; names near entities and disputes.
    """
    marked = name.strip().lower().startswith(MARK) or "--" in name
    if not marked and (exact := exact_entity(store, name)):
        return topic_of(exact)
    disputes = store.query("timeline_disputes")
    found, begun = disputes_called(disputes, name)
    found = found or disputes_between(store, disputes, name)
    near: list[str] = []
    if not found and not marked:
        try:
            return topic_of(entity_like(store, name))
        except UnknownName as unknown:
            near = unknown.near
    found = found or begun
    if len(found) == 1:
        return Subject(found[0]["id"], found[0]["title"] or found[0]["id"], found[0]["titleEn"], found[0]["titleZh"])
    raise UnknownName(name, [*near, *([row["slug"] for row in found[:5]] or near_disputes(disputes, name))])


def topic_of(entity: Row) -> Subject:
    """Return an entity as a subject."""
    return Subject(entity["id"], entity["name"], entity["nameEn"], entity["nameZh"])


def disputes_called(disputes: list[Row], name: str) -> tuple[list[Row], list[Row]]:
    """Return the disputes of a slug or title, and those whose slug begins so.

    >>> row = {"slug": "零一万物--meta", "title": "01.AI / Meta", "titleEn": None, "titleZh": "零一万物 / Meta"}
    >>> [list(map(len, disputes_called([row], name))) for name in ("零一万物--m", "01.AI/Meta", "dispute:零一万物--META")]
    [[0, 1], [1, 0], [1, 1]]
    """
    asked = joined_title(name).removeprefix(MARK)
    if len(asked) < LEAST:
        return [], []
    called = [
        row
        for row in disputes
        if asked in {joined_title(row[name]) for name in ("slug", "title", "titleEn", "titleZh") if row[name]}
    ]
    return called, [row for row in disputes if joined_title(row["slug"] or "").startswith(asked)]


def disputes_between(store: Store, disputes: list[Row], name: str) -> list[Row]:
    """Return the disputes of a slug that is written with other names of the accused and the origin, such as 零一万物--meta."""
    accused, dashes, origin = name.strip().removeprefix(MARK).partition("--")
    if not dashes or not accused or not origin:
        return []
    parties = [{row["id"] for row in entities_named(store, each)} for each in (accused, origin)]
    return [row for row in disputes if row["accused"] in parties[0] and row["origin"] in parties[1]]


def joined_title(text: str) -> str:
    """Return a folded title or slug without its spaces.

    >>> joined_title("01.AI / Meta"), joined_title("零一万物--Meta")
    ('01.ai/meta', '零一万物--meta')
    """
    return re.sub(r"\s+", "", fold(text.strip()))


def near_disputes(disputes: list[Row], name: str) -> list[str]:
    """Return the slugs of disputes that are written nearly as a name."""
    slugs = {joined_title(row["slug"]): row["slug"] for row in disputes if row["slug"]}
    asked = joined_title(name).removeprefix(MARK)
    return [slugs[each] for each in difflib.get_close_matches(asked, slugs, n=3, cutoff=0.6)]


def scope_of(store: Store, subject: str) -> Scope:
    """Return what a subject, an entity's or dispute's id, covers."""
    rows = store.query("timeline_scope", subject=subject)
    return Scope(*([row["id"] for row in rows if row["part"] == part] for part in Scope._fields))


def find_subject(store: Store, name: str) -> Row:
    """Return the entity that a name means: an id, an exact name in any spelling, else the only one that holds it or is one with it.

    Raises:
        UnknownName: when nothing goes by the name.
    """
    return exact_entity(store, name) or entity_like(store, name)


def exact_entity(store: Store, name: str) -> Row | None:
    """Return the entity of an id or of an exact name, the best known if several have it."""
    by_id = store.query("entity", id=name)
    if by_id:
        return by_id[0]
    exact = entities_named(store, name)
    return min(exact, key=lambda row: (weight(store, row), KINDS[row["kind"]], row["id"])) if exact else None


def entity_like(store: Store, name: str) -> Row:
    """Return the only entity of which a name holds this one or is one with it.

    Raises:
        UnknownName: when there is none or there are several.
    """
    like = store.query("entities_like", folded=fold(name.strip()), limit=6) if len(name.strip()) > 1 else []
    found = like or entities_alike(store, name)
    if len(found) == 1:
        return found[0]
    raise UnknownName(name, [row["name"] for row in like] or near_names(store, name))


def entities_named(store: Store, name: str) -> list[Row]:
    """Return the entities of a name; where there is none, of those written alike but for spaces and hyphens."""
    folded = fold(name.strip())
    if rows := store.query("entities_by_name", folded=folded):
        return rows
    alike = {row["folded"] for row in store.query("all_names") if joined(row["folded"]) == joined(folded) != ""}
    found = [row for other in sorted(alike) for row in store.query("entities_by_name", folded=other)]
    return list({row["id"]: row for row in found}.values())


def entities_alike(store: Store, name: str) -> list[Row]:
    """Return the people and organisations of which some name is one with it as names vary: another romanisation, a legal form.

    Among more than MOST names only those that begin alike in some word, or share a Chinese character, are compared.
    """
    from nlp.identity import contradict, keys_of, same_name  # noqa: PLC0415 - tables that a known name never needs

    if len(name.strip()) < LEAST:
        return []
    found: dict[str, Row] = {}
    surfaces = [row["surface"] for row in store.query("all_names")]
    if len(surfaces) > MOST:
        own = openings(name)
        surfaces = [surface for surface in surfaces if not own.isdisjoint(openings(surface))]
    for kind in ("person", "organization"):
        keys = keys_of(name, kind)
        alike = [surface for surface in surfaces if keys & keys_of(surface, kind) and same_name(name, surface, kind)]
        for surface in alike:
            rows = store.query("entities_by_name", folded=fold(surface))
            found |= {
                row["id"]: row
                for row in rows
                if row["kind"] == kind and not (row["nameZh"] and contradict(name, row["nameZh"], kind))
            }
    return list(found.values())


def openings(name: str) -> set[str]:
    """Return the first letters of a name's words, and each Chinese character.

    >>> sorted(openings("Kai-Fu Lee")), sorted(openings("云雀 Labs"))
    (['f', 'k', 'l'], ['l', '云', '雀'])
    """
    return {piece[0] for piece in OPENING.findall(fold(name))}


def joined(folded: str) -> str:
    """Return a folded name without its spaces and hyphens.

    >>> joined("yi 34b"), joined("云雀 实验室"), joined("gpt-4")
    ('yi34b', '云雀实验室', 'gpt4')
    """
    return re.sub(r"[\s_-]+", "", folded)


def weight(store: Store, row: Row) -> int:
    """Return minus how often an entity occurs: of several with one name the best known is meant."""
    numbers = store.query("entity_numbers", id=row["id"])[0]
    return -int(numbers["documents"] + numbers["made"] + numbers["about"])


def near_names(store: Store, name: str) -> list[str]:
    """Return known names that are written nearly alike."""
    known = {row["folded"]: row["surface"] for row in store.query("all_names")}
    asked = fold(name.strip())
    letters = set(asked)  # of what is nearly alike a third at least is shared: cheap to see, and few names are left
    likely = [folded for folded in known if 3 * len(letters.intersection(folded)) >= len(letters)]
    return [known[folded] for folded in difflib.get_close_matches(asked, likely, n=3, cutoff=0.6)]


def display_name(row: Row, language: str | None) -> str:
    """Return an entity's name in the reader's language where it has one.

    >>> row = {"name": "Kai-Fu Lee", "nameEn": "Kai-Fu Lee", "nameZh": "李开复"}
    >>> display_name(row, "zh"), display_name(row, None)
    ('李开复', 'Kai-Fu Lee')
    """
    if language == "zh" and row.get("nameZh"):
        return str(row["nameZh"])
    if language == "en" and row.get("nameEn"):
        return str(row["nameEn"])
    return str(row["name"])
