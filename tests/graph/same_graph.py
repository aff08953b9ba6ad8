"""Whether two graphs are the same, to the types of their values and the hash of their records."""

from graph.contents import edges, names, nodes
from graph.model import content_hash, edge_record, name_record, node_record


def hash_of(graph):
    lines = [node_record(node.label, node.id, node.properties) for node in nodes(graph)]
    return content_hash([*lines, *map(edge_record, edges(graph)), *map(name_record, names(graph))])


def typed(records):
    """Return what Python calls equal, 1 and 1.0, as different."""
    return {key: (record, {name: type(value) for name, value in record.properties.items()}) for key, record in records}


def assert_equal(one, other):
    assert typed(one.nodes.items()) == typed(other.nodes.items())
    assert typed(one.edges.items()) == typed(other.edges.items())
    assert one.names == other.names
    assert hash_of(one) == hash_of(other)
