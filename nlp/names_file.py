"""Names files: a user's own people, organisations and model families, in TOML.

A name with what is known of it flows in, an entry at the end of a file flows out; nlp.vocabulary merges it over the built-in
names. The file is checked before it takes the old one's place, so that a bad entry never spoils it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from nlp.errors import VocabularyError
from nlp.folding import fold
from nlp.vocabulary import load_vocabulary

Table = Literal["person", "organization", "family"]
HEAD = "# Your own names: merged over the built-in vocabulary wherever `names` in yuanliu.toml lists this file.\n"
HAN = re.compile(r"[\u3400-\u9fff]")
Value = str | list[str]


def make_entry(
    table: Table, name: str, *, aliases: Iterable[str] = (), handles: Iterable[str] = (), at: Iterable[str] = ()
) -> dict[str, Value]:
    """Return the fields of an entry: the name, the first alias of the other script as its name in the other language, the rest.

    >>> make_entry("person", "Tamsin Oduya", aliases=["塔姆辛·奥杜雅", "T. Oduya"])
    {'id': 'tamsin-oduya', 'en': 'Tamsin Oduya', 'zh': '塔姆辛·奥杜雅', 'aliases': ['T. Oduya']}
    """
    names = list(dict.fromkeys(each.strip() for each in (name, *aliases) if each.strip()))
    if not names:
        raise VocabularyError(f"the name is {name!r}; write one with letters or characters")
    latin = next((each for each in names if not HAN.search(each)), None)
    chinese = next((each for each in names if HAN.search(each)), None)
    own = {
        "id": identifier(latin or names[0]),
        "name" if table == "family" else "en": latin or (chinese if table == "family" else None),
    }
    own["zh"] = chinese if chinese != own.get("name") else None
    entry: dict[str, Value] = {key: value for key, value in own.items() if value}
    lists = {
        "aliases": [each for each in names if each not in (latin, chinese)],
        "handles": [h.removeprefix("@") for h in handles],
    }
    makers = list(at)
    if table == "family" and makers:
        entry["developer"] = makers[0]
    elif table == "organization" and makers:
        entry["parent"] = makers[0]
    else:
        lists["at"] = makers
    return entry | {key: value for key, value in lists.items() if value}


def identifier(name: str) -> str:
    """Return an id made of a name: letters and digits, hyphens between.

    >>> identifier("Lumen Labs, Inc."), identifier("云岫")
    ('lumen-labs-inc', 'yunxiu')
    """
    folded = fold(name)
    if HAN.search(folded):
        from nlp.variants import pinyin  # noqa: PLC0415 - large tables that Latin names never need

        folded = "".join(
            " ".join(pinyin(part)) if HAN.match(part) else part for part in re.split(r"([\u3400-\u9fff])", folded)
        )
        folded = folded.replace(" ", "")
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-") or "name"


def add_entry(path: Path, table: Table, entry: dict[str, Value]) -> None:
    """Write an entry to the end of a names file, making the file if there is none.

    Raises:
        VocabularyError: when the file holds the id already, cannot be written, or would break the schema.
    """
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else HEAD
    except (OSError, UnicodeDecodeError) as error:
        raise VocabularyError(f"cannot read the names file {path}: {error}") from error
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in entry.items()]
    draft = path.with_name(path.name + ".new")
    try:
        draft.write_text(before.rstrip("\n") + f"\n\n[[{table}]]\n" + "\n".join(lines) + "\n", encoding="utf-8")
        added = load_vocabulary([draft], built_in=False)
        entries = {"person": added.people, "organization": added.organizations, "family": added.families}[table]
        if len(entries) != before.count(f"[[{table}]]") + 1:
            raise VocabularyError(f"{path} has an entry {entry['id']!r} already; change it there")
        draft.replace(path)
    except OSError as error:
        raise VocabularyError(f"cannot write the names file {path}: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
