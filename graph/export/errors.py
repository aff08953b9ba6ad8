"""The error of exports."""

from graph.errors import GraphError


class ExportError(GraphError):
    """Raised by graph.export for a file that cannot be written or that is no export of ours."""
