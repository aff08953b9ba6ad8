"""Escapes: every text in a form that a file format can hold, and back.

Texts of the graph flow in, text for XML, JSON or Cypher flows out to the modules of the formats. XML 1.0 has no place
for most control characters and no format in UTF-8 has one for half of a surrogate pair; such a character is written as
␛ with its number, as in ␛0007; and ␛ itself as ␛241b;. What a terminal would obey is written as the format's own
escape, so that a file may be shown on one.
"""

from __future__ import annotations

import json
import re
from math import isnan
from typing import Any

SIGN = "␛"
ESCAPED = re.compile(f"{SIGN}([0-9a-f]{{4}});")
NOT_IN_XML = re.compile(f"[^\\t\\n\\r\\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|{SIGN}")
NOT_IN_UTF8 = re.compile("[\ud800-\udfff]")  # half a surrogate pair; Neo4j cannot hold one, it stays escaped there
NOT_IN_JSON = re.compile(f"[\ud800-\udfff{SIGN}]")
OBEYED = "\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
MARKUP = re.compile(f'[&<>"{OBEYED}]')
UNSEEN = re.compile(f"[{OBEYED}]")
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
NOT_IN_TOKEN = re.compile("[^-.0-9:A-Z_a-z\u4e00-\u9fa5]")
ESCAPED_IN_TOKEN = re.compile("·([0-9a-f]+)·")
NUMBERS = {float("inf"): "INF", float("-inf"): "-INF"}  # as XML Schema writes them
IN_CYPHER = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
NOT_IN_CYPHER = re.compile(f"[\\\\'{OBEYED}\ufffe\uffff]")


def sign(match: re.Match[str]) -> str:
    """Return a character as ␛ with its number."""
    return f"{SIGN}{ord(match[0]):04x};"


def escape_for_xml(text: str) -> str:
    """Return a text in characters that XML 1.0 can hold.

    >>> escape_for_xml("零一\\x07万物"), escape_for_xml("a plain & simple text")
    ('零一␛0007;万物', 'a plain & simple text')
    """
    return NOT_IN_XML.sub(sign, text)


def unescape(text: str) -> str:
    """Return the text that was escaped.

    >>> unescape("零一␛0007;万物"), unescape(escape_for_xml("␛0007;"))
    ('零一\\x07万物', '␛0007;')
    """
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if SIGN in text else text


def xml_text(text: str) -> str:
    """Return a text as it is written into XML, in an element or between double quotes.

    >>> xml_text('套壳 "LLaMA"\\n'), xml_text("Q&A\\x9b")
    ('套壳 &quot;LLaMA&quot;&#10;', 'Q&amp;A&#155;')
    """
    return MARKUP.sub(lambda match: ENTITIES.get(match[0]) or f"&#{ord(match[0])};", escape_for_xml(text))


def xml_token(text: str) -> str:
    """Return a text as a name token, which is all that GraphML allows in an id.

    >>> xml_token("Post:u-1#0"), xml_token("Entity:organization:零一万物"), xml_token("· 😀")
    ('Post:u-1·23·0', 'Entity:organization:零一万物', '·b7··20··1f600·')
    """
    return NOT_IN_TOKEN.sub(lambda match: f"·{ord(match[0]):x}·", text)


def read_token(text: str) -> str:
    """Return the text of a name token.

    >>> read_token(xml_token("Post:u-1#0")), read_token(xml_token("·名 😀"))
    ('Post:u-1#0', '·名 😀')
    """
    return ESCAPED_IN_TOKEN.sub(lambda match: chr(int(match[1], 16)), text)


def xml_number(value: float) -> str:
    """Return a number as XML Schema writes it, with every digit that counts.

    >>> xml_number(0.1), xml_number(float("-inf")), xml_number(3)
    ('0.1', '-INF', '3')
    """
    return "NaN" if isnan(value) else NUMBERS.get(value) or repr(value)


def pack(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a value as JSON on one line that UTF-8 can hold and no terminal obeys.

    >>> pack({"名": "源流\\x9b"}), pack("half \\ud83d")
    ('{"名": "源流\\\\u009b"}', '"half ␛d83d;"')
    """
    text = NOT_IN_JSON.sub(sign, json.dumps(value, ensure_ascii=False))
    return UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def unpack(text: str | bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value of which `pack` wrote the JSON.

    >>> unpack(pack({"名": ["源流\\x9b", 1, 1.0, None]})), unpack(pack("half \\ud83d"))
    ({'名': ['源流\\x9b', 1, 1.0, None]}, 'half \\ud83d')

    Raises:
        ValueError: for text that is no JSON.
    """
    return unescape_all(json.loads(text))


def unescape_all(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value with all its texts, keys too, as they were before they were escaped."""
    if isinstance(value, str):
        return unescape(value)
    if isinstance(value, list):
        return [unescape_all(each) for each in value]
    return {unescape(name): unescape_all(each) for name, each in value.items()} if isinstance(value, dict) else value


def cypher(value: object) -> str:
    """Return a value as a literal of Cypher: a text, a number, or a list or map of them.

    >>> cypher({"id": "模型:一", "`x": [1, 2.5]}), cypher("it's \\\\ here")
    ("{`id`: '模型:一', ```x`: [1, 2.5]}", "'it\\\\'s \\\\\\\\ here'")
    """
    if isinstance(value, str):
        return f"'{NOT_IN_CYPHER.sub(in_cypher, NOT_IN_UTF8.sub(sign, value))}'"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return xml_number(value)
    if isinstance(value, list):
        return f"[{', '.join(map(cypher, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{cypher_name(name)}: {cypher(each)}' for name, each in value.items())}}}"
    return "null"


def in_cypher(match: re.Match[str]) -> str:
    """Return a character as a literal of Cypher writes it."""
    return IN_CYPHER.get(match[0]) or f"\\u{ord(match[0]):04x}"


def cypher_name(name: str) -> str:
    """Return the name of a property between backticks.

    >>> cypher_name("role"), cypher_name("角色`")
    ('`role`', '`角色```')
    """
    return "`" + NOT_IN_UTF8.sub(sign, name).replace("`", "``") + "`"
