"""The errors of the crawler package.

CrawlerError
├── DocumentError    a document that cannot be: no text, a malformed date, posts outside the text
├── ReadError        a file, page or line that cannot be read as a document
├── ArchiveError     the archive cannot be opened or is of a newer version
├── SourceError      an unknown or wrongly described source
├── CrawlError       a crawl that broke off; what it had archived stays
└── RenderError      a page that could not be rendered, or nothing to render it with
"""


class CrawlerError(Exception):
    """The base of everything that the crawler package raises on purpose."""


class DocumentError(CrawlerError):
    """Raised by crawler.document for a document that cannot be."""


class ReadError(CrawlerError):
    """Raised by crawler.intake and crawler.page for what cannot be read as a document."""


class ArchiveError(CrawlerError):
    """Raised by crawler.archive when the archive cannot be opened or is of a newer version."""


class SourceError(CrawlerError):
    """Raised by crawler.sources for an unknown or wrongly described source."""


class CrawlError(CrawlerError):
    """Raised by crawler.runner when the child process that crawls broke off."""


class RenderError(CrawlerError):
    """Raised by crawler.rendering for a page that does not end, and where the browser is missing."""


class ReaderDied(CrawlerError):
    """Raised by crawler.extraction_pool for a page that ended the process that read it."""
