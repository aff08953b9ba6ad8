"""The prompt: what the language model is told, what it is shown of a piece, and the form of its answer.

A reading and a piece flow in, chat messages flow out to nlp.llm.client. The words are in nlp/data/llm_prompt.txt; their digest with
that of the answer's schema is the version under which replies are cached and annotations stored.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import Any, get_args

from nlp.annotation import LinkType, Role, StatementKind
from nlp.llm.pieces import Piece
from nlp.reading import Reading

FILE = "llm_prompt.txt"
SURROGATE = re.compile("[\ud800-\udfff]")
Message = dict[str, str]


def an_object(**properties: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return the schema of an object that has these properties and no others, as strict mode demands."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def a_list(items: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a list."""
    return {"type": "array", "items": items}


TEXT, NUMBER, TEXT_OR_NULL = {"type": "string"}, {"type": "integer"}, {"type": ["string", "null"]}
SCHEMA = an_object(
    statements=a_list(
        an_object(
            n=NUMBER,
            kind={"type": "string", "enum": list(get_args(StatementKind))},
            speaker=TEXT_OR_NULL,
            evidence=TEXT,
            date=TEXT_OR_NULL,
            targets=a_list(an_object(name=TEXT, role={"type": "string", "enum": list(get_args(Role))})),
        )
    ),
    links=a_list(
        an_object(
            **{"from": NUMBER, "to": NUMBER},
            type={"type": "string", "enum": list(get_args(LinkType))},
        )
    ),
)
BY_SCHEMA = {
    "type": "json_schema",
    "json_schema": {"name": "statements_and_links", "strict": True, "schema": SCHEMA},
}
BY_WORDS = {"type": "json_object"}  # for endpoints that know no schema; the prompt describes the object


@lru_cache(maxsize=1)
def system_prompt() -> str:
    """Return the words that every request begins with."""
    return (files("nlp") / "data" / FILE).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def prompt_version() -> str:
    """Return the version of prompt and schema: it changes whenever they do."""
    words = system_prompt() + json.dumps(SCHEMA, sort_keys=True)
    return hashlib.sha256(words.encode("utf-8")).hexdigest()[:12]


def messages_for(reading: Reading, piece: Piece) -> list[Message]:
    """Return the messages that ask for the statements of a piece."""
    return [{"role": "system", "content": system_prompt()}, {"role": "user", "content": material(reading, piece)}]


def material(reading: Reading, piece: Piece) -> str:
    """Return a piece with what is known of its document and its posts, as JSON, so that no text can pass for a header."""
    document = reading.document
    posts: list[dict[str, Any]] = []
    for number, start, end in parts(piece):
        row: dict[str, Any] = {"text": readable(reading.text[start:end])}
        if document.kind == "thread":
            post = document.posts[number]
            answered = None if post.reply_to is None else post.reply_to + 1
            row = {
                "post": number + 1,
                "author": post.author and readable(post.author),
                "published": post.published,
                "reply_to": answered,
            } | row
        posts.append(row)
    told = {
        "title": readable(document.title),
        "language": document.language,
        "published": document.published,
        "kind": document.kind,
        "posts": posts,
    }
    return json.dumps(told, ensure_ascii=False)


def parts(piece: Piece) -> list[tuple[int, int, int]]:
    """Return the posts of a piece with where each begins and ends within it."""
    found: dict[int, tuple[int, int]] = {}
    for unit in piece.units:
        start, _ = found.get(unit.post, (unit.start, 0))
        found[unit.post] = start, unit.end
    return [(post, start, end) for post, (start, end) in found.items()]


def readable(text: str) -> str:
    """Return a text that can be sent as UTF-8, of equal length: half a surrogate pair becomes a replacement character.

    >>> readable("源\\ud83d流") == "源\\ufffd流", readable("course")
    (True, 'course')
    """
    return SURROGATE.sub("\ufffd", text)
