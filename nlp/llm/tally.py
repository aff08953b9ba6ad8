"""The tally of a run: what was asked, what it cost, what was kept, and what was thrown away and why.

nlp.llm.client, nlp.llm.extractor and nlp.llm.grounding count here; the command line prints `line` at the end of a run.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(kw_only=True, slots=True)
class Tally:
    """The counts of one run; `thrown` is by cause, `joined` are statements that two pieces told."""

    model: str = ""
    requests: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    kept: int = 0
    links: int = 0
    joined: int = 0
    left: int = 0
    thrown: Counter[str] = field(default_factory=Counter)

    @property
    def tokens(self) -> int:
        """The tokens of prompts and completions together."""
        return self.prompt_tokens + self.completion_tokens

    @property
    def used(self) -> bool:
        """Whether a document was given to the extractor at all."""
        return bool(self.requests or self.cached or self.left)

    def line(self) -> str:
        """Say everything in one line.

        >>> Tally(model="small", requests=2, prompt_tokens=900, completion_tokens=80, kept=3).line()
        'llm small: 2 requests, 0 pieces from the cache, 980 tokens (900 + 80); kept 3 statements and 0 links, joined 0 told twice; thrown away: nothing; left: 0 documents'
        """
        thrown = ", ".join(f"{number} {cause}" for cause, number in sorted(self.thrown.items())) or "nothing"
        return (
            f"llm {self.model}: {counted(self.requests, 'request')}, {counted(self.cached, 'piece')} from the cache, "
            f"{counted(self.tokens, 'token')} ({self.prompt_tokens} + {self.completion_tokens}); "
            f"kept {counted(self.kept, 'statement')} and {counted(self.links, 'link')}, joined {self.joined} told twice; "
            f"thrown away: {thrown}; left: {counted(self.left, 'document')}"
        )


def counted(number: int, thing: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "request"), counted(0, "request")
    ('1 request', '0 requests')
    """
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
