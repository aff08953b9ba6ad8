"""The errors of the graph package.

GraphError
├── StoreError     a store that cannot be opened, reached or written, or that a newer yuanliu wrote
└── UnknownName    a subject, claim or dispute that the store does not hold; names near ones
"""


class GraphError(Exception):
    """The base of everything that the graph package raises on purpose."""


class StoreError(GraphError):
    """Raised by graph.store and the stores when a store cannot be opened, reached or written."""


class UnknownName(GraphError):
    """Raised by graph.timeline and graph.subjects for a name that the store does not hold."""

    def __init__(self, name: str, near: list[str], *, see: str = "`yuanliu who` for what is known") -> None:
        hint = f"; did you mean {', '.join(near)}?" if near else f"; see {see}"
        super().__init__(f"nothing is known of {name!r}{hint}")
        self.near = near
