"""The errors of the nlp package.

NlpError
├── VocabularyError   a names or cues file that cannot be used: unknown field, wrong type, a name given twice
├── AnnotationError   a stored annotation that does not fit its document
├── ExtractorFailed   a language model that cannot be asked at all: no package, a refused key, a wrong address
└── DocumentLeft      a document that could not be read this time and is left for the next run
"""


class NlpError(Exception):
    """The base of everything that the nlp package raises on purpose."""


class VocabularyError(NlpError):
    """Raised by nlp.vocabulary, nlp.families and nlp.cues for a data file that cannot be used."""


class AnnotationError(NlpError):
    """Raised by nlp.annotation for an annotation that does not fit its document."""


class ExtractorFailed(NlpError):
    """Raised by nlp.llm when no document can be read: the run stops at once."""


class DocumentLeft(NlpError):
    """Raised by nlp.llm for a document that is not annotated in this run; the others are."""
