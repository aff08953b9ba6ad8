"""Replies: what came back from the endpoint, read without trust.

The bytes of a response flow in from nlp.llm.client, its completion flows out; the words of a completion flow in from
nlp.llm.extractor, the rows of statements and links flow out to nlp.llm.grounding. Nothing here knows the document: the shape is checked, not
the truth.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from nlp.llm.failures import BadReply, Refused, Truncated

FENCE = re.compile(r"```[a-zA-Z]*\s*\n(.*?)\n?\s*```", re.DOTALL)
THOUGHT = re.compile(r"\s*<think>.*?</think>", re.DOTALL)
MOST_ROWS = 300  # statements, and as many links, that are read of one reply


@dataclass(frozen=True, kw_only=True, slots=True)
class Completion:
    """What a response holds; tokens are None where the endpoint does not count them."""

    content: str
    finish: str | None
    refusal: str | None
    prompt_tokens: int | None
    completion_tokens: int | None

    def words(self) -> str:
        """Return the content, or raise what is wrong with it."""
        if self.finish == "length":
            raise Truncated("the reply was cut off")
        if self.refusal or self.finish == "content_filter":
            raise Refused(f"the model refuses: {self.refusal or 'content filter'}")
        if not self.content.strip():
            raise BadReply("the reply is empty")
        return self.content


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """The statements and links of a reply as JSON values, at most MOST_ROWS of each, and how many there were beyond."""

    statements: list[Any]
    links: list[Any]
    beyond: int


def read_completion(body: bytes, *, content_type: str) -> Completion:
    """Read the body of a response.

    >>> read_completion(b'{"choices": [{"message": {"content": "{}"}}]}', content_type="application/json").content
    '{}'

    Raises:
        BadReply: when it is no JSON or holds no choice.
    """
    if "json" not in content_type.lower():
        raise BadReply(f"the reply is {content_type[:80] or 'of no content type'}, not application/json")
    value = parse(body, what="the response")
    choices = value.get("choices") if isinstance(value, dict) else None
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise BadReply("the response holds no choices")
    message, finish = choices[0].get("message"), choices[0].get("finish_reason")
    message = message if isinstance(message, dict) else {}
    usage = value.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    return Completion(
        content=text_of(message.get("content")),
        finish=finish if isinstance(finish, str) else None,
        refusal=text_of(message.get("refusal")) or None,
        prompt_tokens=count_of(usage.get("prompt_tokens")),
        completion_tokens=count_of(usage.get("completion_tokens")),
    )


def read_rows(content: str) -> Rows:
    """Read the words of a completion: a JSON object, alone or in a code fence.

    >>> read_rows('{"statements": [], "links": []}')
    Rows(statements=[], links=[], beyond=0)
    >>> fence = "`" * 3
    >>> read_rows(f'好的：\\n{fence}json\\n{{"statements": [1], "links": []}}\\n{fence}').statements
    [1]

    Raises:
        BadReply: when there is no such object, or it lacks the list of statements.
    """
    value = parse_object(content)
    statements, links = value.get("statements"), value.get("links", [])
    if not isinstance(statements, list) or not isinstance(links, list):
        raise BadReply("the reply holds no lists of statements and links")
    beyond = max(0, len(statements) - MOST_ROWS) + max(0, len(links) - MOST_ROWS)
    return Rows(statements=statements[:MOST_ROWS], links=links[:MOST_ROWS], beyond=beyond)


def parse_object(content: str) -> dict[str, Any]:
    """Return the JSON object of a completion, without what a model may put around it."""
    bare = THOUGHT.sub("", content, count=1).strip()
    fenced = FENCE.search(bare)
    value = parse(fenced.group(1) if fenced and not bare.startswith("{") else bare, what="the reply")
    if not isinstance(value, dict):
        raise BadReply(f"the reply is {type(value).__name__}, not an object")
    return value


def parse(text: str | bytes, *, what: str) -> Any:  # noqa: ANN401 - any JSON value
    """Parse JSON, however broken or deep."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadReply(f"{what} is no JSON: {type(error).__name__}") from None


def text_of(value: object) -> str:
    """Return a text, or an empty one for anything else."""
    return value if isinstance(value, str) else ""


def count_of(value: object) -> int | None:
    """Return a number of tokens, None for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
