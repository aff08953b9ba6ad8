"""Failures: why a piece of a document could not be read by the language model.

Raised by nlp.llm.client and nlp.llm.reply; nlp.llm.extractor halves a piece, asks again, or leaves the document for another run.
"""


class PieceFailure(Exception):
    """The base of the failures that leave one document and let the run go on."""


class BadReply(PieceFailure):
    """A reply that cannot be used: no JSON, no choices, too long, of a wrong content type; worth a second try."""


class Truncated(PieceFailure):
    """A reply that was cut off, or a piece too long for the model: it is asked for in two halves."""


class Refused(PieceFailure):
    """A piece that the model or the endpoint will not read, however often it is asked."""


class Unanswered(PieceFailure):
    """No answer in time after all retries, or none asked for since the endpoint is away."""


class BudgetSpent(PieceFailure):
    """The tokens of the run are used up: what is not cached is left."""
