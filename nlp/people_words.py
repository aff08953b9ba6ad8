"""The word lists by which people are recognised: nlp/data/people_words.toml, read once.

The file flows in; its lists flow out to whoever finds names by them: nlp.people, nlp.accounts, nlp.unlisted, nlp.features.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

FILE = "people_words.toml"


@cache
def word_lists() -> dict[str, tuple[str, ...]]:
    """Return the words of each list, in the order of the file.

    >>> word_lists()["posts_en"][:2]
    ('Twitter', 'tweet')
    """
    table: dict[str, str] = tomllib.loads((files("nlp") / "data" / FILE).read_text(encoding="utf-8"))
    return {name: tuple(words.split()) for name, words in table.items()}
