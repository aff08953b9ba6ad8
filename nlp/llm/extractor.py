"""The extractor: a reading in, its statements and links out, by way of a language model.

nlp.pipeline.Annotator gives it each reading in the place of the rules. A document is read piece by piece, from the cache where it can be, and
only as a whole: if one piece cannot be read, the document is left for another run, which finds the other pieces in the cache.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nlp.annotation import Link, Statement
from nlp.errors import DocumentLeft
from nlp.llm.cache import Cached, Key, ReplyCache
from nlp.llm.client import Client, Endpoint
from nlp.llm.failures import BadReply, PieceFailure, Refused, Truncated
from nlp.llm.grounding import Grounded, Grounder
from nlp.llm.merging import merge
from nlp.llm.pieces import Piece, cut_pieces, halve
from nlp.llm.prompt import Message, messages_for, prompt_version
from nlp.llm.reply import Rows, read_rows
from nlp.llm.surfaces import Surfaces
from nlp.llm.tally import Tally
from nlp.reading import Reading

ATTEMPTS = 2  # at a reply that can be used


@dataclass(frozen=True, kw_only=True, slots=True)
class Cutting:
    """How long a piece is, and how much of it the next one repeats, in characters."""

    piece: int = 6000
    overlap: int = 600


class LlmExtractor:
    """Reads documents with one model behind one endpoint, and keeps every reply in one cache."""

    def __init__(self, endpoint: Endpoint, *, cache: Path, cutting: Cutting | None = None) -> None:
        self.model = endpoint.model
        self.cutting = cutting or Cutting()
        self.tally = Tally(model=endpoint.model)
        self.client = Client(endpoint, self.tally)
        self.cache = ReplyCache(cache)

    @property
    def version(self) -> str:
        """What tells annotations made in this way from others: model, prompt, and how documents are cut."""
        parts = [self.model, prompt_version(), str(self.cutting.piece), str(self.cutting.overlap)]
        return "llm." + hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]

    def extract(self, reading: Reading) -> tuple[list[Statement], list[Link]]:
        """Return the statements and links of a reading.

        Raises:
            DocumentLeft: when a piece of it could not be read.
            ExtractorFailed: when the endpoint will not be asked at all.
        """
        try:
            replies = list(self.replies(reading))
        except PieceFailure as failure:
            self.tally.left += 1
            raise DocumentLeft(f"{reading.document.id} is left for another run: {failure}") from None
        surfaces = Surfaces(reading)
        grounded: list[tuple[int, Grounded]] = [
            (piece.start, Grounder(surfaces, piece, self.tally).ground(rows)) for piece, rows in replies
        ]
        statements, links, joined = merge(reading, grounded, cue=f"llm:{self.model}")
        self.tally.kept += len(statements)
        self.tally.links += len(links)
        self.tally.joined += joined
        return statements, links

    def replies(self, reading: Reading) -> Iterator[tuple[Piece, Rows]]:
        """Yield the pieces of a reading with the rows of their replies; a piece that is too long in its halves."""
        waiting = cut_pieces(reading.sentences, size=self.cutting.piece, overlap=self.cutting.overlap)[::-1]
        while waiting:
            piece = waiting.pop()
            rows = self.reply(reading, piece)
            if rows is not None:
                yield piece, rows
            elif halves := halve(piece):
                waiting += halves[::-1]
            else:
                size = piece.end - piece.start
                raise Refused(f"even for {size} characters the reply or the prompt is too long for {self.model}")

    def reply(self, reading: Reading, piece: Piece) -> Rows | None:
        """Return the rows of one piece, from the cache or from the endpoint; None for a piece that is too long."""
        messages = messages_for(reading, piece)
        shown = hashlib.sha256(messages[1]["content"].encode("utf-8")).hexdigest()
        key = Key(document=reading.document.digest, piece=shown, prompt=prompt_version(), model=self.model)
        cached = self.cache.get(key)
        rows = self.kept_rows(cached) if cached else None
        if cached and (rows or cached.content is None):
            self.tally.cached += 1
            return rows
        content: str | None = None
        try:
            content, rows = self.ask(messages)
        except Truncated:
            if halve(piece) is None:
                return None
        self.cache.add(key, content)
        return rows

    def kept_rows(self, cached: Cached) -> Rows | None:
        """Return the rows of a reply that was kept; None where they cannot be read, though only what can be is kept."""
        try:
            return None if cached.content is None else read_rows(cached.content)
        except BadReply:
            return None

    def ask(self, messages: list[Message]) -> tuple[str, Rows]:
        """Return the words and the rows of a reply; one that cannot be used is asked for once more."""
        for attempt in range(ATTEMPTS):
            try:
                content = self.client.ask(messages, attempt=attempt)
                return content, read_rows(content)
            except BadReply as failure:
                reason = str(failure)
        raise Refused(f"{ATTEMPTS} replies could not be used: {reason}")

    def close(self) -> None:
        """Close the connections and the cache."""
        self.client.close()
        self.cache.close()
