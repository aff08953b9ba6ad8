"""The errors of the nlp package.

NlpError
├── VocabularyError   a names or cues file that cannot be used: unknown field, wrong type, a name given twice
└── AnnotationError   a stored annotation that does not fit its document
"""


class NlpError(Exception):
    """The base of everything that the nlp package raises on purpose."""


class VocabularyError(NlpError):
    """Raised by nlp.vocabulary, nlp.families and nlp.cues for a data file that cannot be used."""


class AnnotationError(NlpError):
    """Raised by nlp.annotation for an annotation that does not fit its document."""
