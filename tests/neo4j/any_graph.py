"""A strategy of any graph that a store can hold."""

import hypothesis.strategies as st

from graph.model import EDGES, LABELS, Graph, Name

IDS = ["a", "b", "c-0", "c-1", "模型:一", "Ω", "z'\"\\", "emoji😀"]
VALUES = {
    "text": st.one_of(
        st.none(), st.sampled_from(["", "x", "套壳", "2023-11-06", "a\nb", "'; DROP", "😀", "accusing", "person"])
    ),
    "integer": st.one_of(st.none(), st.integers(-(2**31), 2**31)),
    "real": st.one_of(st.none(), st.integers(0, 3), st.floats(0, 1)),
}


@st.composite
def graphs(draw):
    """Any graph: nodes of every label, edges between those that exist, parallel ones told apart by their keys."""
    made = Graph()
    ids = {label: draw(st.lists(st.sampled_from(IDS), max_size=6, unique=True)) for label in LABELS}
    ids["Document"] = [f"u-{each}" for each in ids["Document"]]  # the index of words knows texts by their ids alone
    for label, columns in LABELS.items():
        for identifier in ids[label]:
            made.add_node(label, identifier, **{name: draw(VALUES[kind]) for name, kind in columns.items()})
    for kind, (start, end) in EDGES.items():
        if ids[start] and ids[end]:
            for _ in range(draw(st.integers(0, 5))):
                made.add_edge(
                    kind,
                    draw(st.sampled_from(ids[start])),
                    draw(st.sampled_from(ids[end])),
                    key=draw(st.sampled_from(["", "c-0", "键"])),
                    role=draw(VALUES["text"]),
                    count=draw(VALUES["integer"]),
                    basis=draw(st.sampled_from([None, "document", "across"])),
                )
    for entity in ids["Entity"]:
        made.names |= {
            Name(folded, entity, folded.upper())
            for folded in draw(st.sets(st.sampled_from(["x", "套壳", "é", "yi 34b"])))
        }
    return made
