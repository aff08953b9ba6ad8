"""XML files: what GraphML and GEXF have in common when they are written and read as streams.

networkx writes and reads both, but holds the whole graph while it does, has no form for a property without a value,
stops at a control character, and takes the places of posts for lifetimes. So rows of graph.export.attributes flow in
here and lines of XML flow out, and back: one element at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graph.export.errors import ExportError
from graph.export.escapes import pack, unescape, unpack, xml_number, xml_text
from graph.model import ColumnType

TYPE_NAMES: dict[ColumnType, str] = {"text": "string", "integer": "long", "real": "double"}
PACKED = ("names", "others")  # attributes that hold JSON


def xml_value(name: str, value: Any) -> str:  # noqa: ANN401 - any value of an attribute
    """Return the value of an attribute as it is written into XML.

    >>> xml_value("confidence", 0.5), xml_value("names", [["yi", "Yi"]]), xml_value("quote", "“套壳”")
    ('0.5', '[[&quot;yi&quot;, &quot;Yi&quot;]]', '“套壳”')
    """
    if isinstance(value, str):
        return xml_text(value)
    return xml_text(pack(value)) if name in PACKED else xml_number(value)


def read_value(name: str, text: str, kind: str) -> Any:  # noqa: ANN401 - any value of an attribute
    """Return the value of an attribute from its text and the type that the file gives it.

    >>> read_value("sources", "3", "long"), read_value("quote", "零一␛0007;", "string"), read_value("x", "INF", "double")
    (3, '零一\\x07', inf)

    Raises:
        ValueError: for a text that is not of the type.
    """
    if name in PACKED:
        return unpack(unescape(text))
    if kind in ("long", "int", "integer"):
        return int(text)
    return float(text) if kind in ("double", "float") else unescape(text)


def elements(path: Path, *tags: str) -> Iterator[Any]:
    """Yield the elements of some names (with their namespace) as the file is read; each is dropped after its turn.

    Raises:
        ExportError: for a file that is no XML, or that declares entities.
    """
    from lxml import etree  # noqa: PLC0415 - only reading needs it

    options = {"resolve_entities": False, "no_network": True, "huge_tree": True, "remove_comments": True}
    try:
        with path.open("rb") as file:
            for _, element in etree.iterparse(file, tag=tags, **options):
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise ExportError(f"{path} cannot be read as XML: {error}; export it once more") from error
