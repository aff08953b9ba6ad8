"""Bytes to text: the right one, also when a page names the wrong encoding.

The bytes of a page or a file flow in, text flows out to crawler.page and crawler.intake. UTF-8 is believed whenever
it fits, since no other text fits it by chance; then Chinese encodings, told apart by how common the characters are
that they give; then what the page declares; then a guess.
"""

from __future__ import annotations

import codecs
import re
from functools import cache

from crawler.errors import ReadError

SIGNATURES = (
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive (also docx, xlsx, epub)"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"BZh91AY&SY", "bzip2-compressed data"),
    (b"\xfd7zXZ\x00", "xz-compressed data"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (doc, xls, ppt)"),
    (b"\x7fELF", "a program"),
    (b"ID3\x02", "an MP3"),
    (b"ID3\x03", "an MP3"),
    (b"ID3\x04", "an MP3"),
    (b"OggS\x00", "an Ogg recording"),
    (b"{\\rtf1", "an RTF file"),
)
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs"} | dict.fromkeys(
    ("ascii", "iso8859-1"), "cp1252"
)
CHINESE = ("gb18030", "big5hkscs")
OTHERS = frozenset("shift_jis cp932 euc_jp iso2022_jp euc_kr cp949 koi8-r koi8-u".split())
OTHER_FAMILIES = ("cp125", "iso8859")
META = re.compile(rb"<meta\b[^>]{0,400}?charset\s{0,3}=\s{0,3}[\"']?\s{0,3}([\w.:-]{2,40})", re.I)
XML = re.compile(rb"^\s{0,20}<\?xml[^>]{0,100}?encoding\s{0,3}=\s{0,3}[\"']([\w.:-]{2,40})", re.I)

# The characters that running text cannot do without, in both scripts: they make up about half of it.
FREQUENT = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去"
    "法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将"
    "两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比"
    "這個們來為國說時會對過發後裡種經麼學現當沒動還進樣開從實軍無與長機關業將兩間問並應戰頭體見產話內兒東聲點於"
    "模型数据权重公司回应团队，。、：；？！“”「」《》（）"
)
SAMPLE = 20_000  # characters are enough to tell two encodings apart
TOLERATED = 0.02  # share of broken characters: a page cut off, an advertisement in another encoding


def decode(content: bytes, *, declared: str | None = None) -> str:
    """Return the text of a page or file; `declared` is the encoding that the HTTP header named.

    Raises:
        ReadError: when the bytes are not text, or text in an encoding that cannot be told.

    >>> decode("源流".encode("gbk"), declared="iso-8859-1"), decode(b"caf\\xe9", declared="iso-8859-1")
    ('源流', 'café')
    """
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    if declared and declared.lower().startswith("utf-16"):
        return content.decode("utf-16-be" if "be" in declared.lower() else "utf-16-le", "replace")
    check_text(content)
    text = decode_utf8(content)
    if text is None:
        text = decode_as(content, believable(declared), believable(declared_in(content)))
    return decode_by_guess(content) if text is None else text


def check_text(content: bytes) -> None:
    """Raise ReadError, saying what the bytes look like, when they cannot be text."""
    for signature, name in SIGNATURES:
        if content.startswith(signature):
            raise ReadError(f"this looks like {name}, not text; give the text itself, saved as UTF-8")
    if content[4:8] == b"ftyp" or content[:4] == b"RIFF":
        raise ReadError("this looks like an image, sound or film, not text; give the text itself, saved as UTF-8")
    if (at := content.find(b"\0")) >= 0:
        pairs = content[:2000]
        wide = max(pairs[0::2].count(0), pairs[1::2].count(0)) > len(pairs) // 8
        name = "UTF-16 without a byte order mark" if wide else "binary data"
        raise ReadError(f"this looks like {name} (a NUL at byte {at}), not text; save it as UTF-8")


def decode_utf8(content: bytes) -> str | None:
    """Decode UTF-8, forgiving a few broken characters in much good text; None where it is something else."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        text = content.decode(errors="replace")
    broken = text.count("\ufffd")
    wide = len(re.findall(r"[^\x00-\x7f\ufffd]", text))
    cut_off = broken == 1 and text.endswith("\ufffd") and wide > 1
    return text if cut_off or broken <= wide * TOLERATED else None


def declared_in(content: bytes) -> str | None:
    """Return the encoding that the head of an HTML or XML page names."""
    head = content[:4096]
    found = XML.search(head) or META.search(head)
    return found[1].decode("ascii", "replace") if found else None


def believable(label: str | None) -> str | None:
    """Return the Python codec for a label, widened as browsers do; None for unknown and unfit ones."""
    try:
        name = codecs.lookup(label or "").name
    except LookupError:
        return None
    name = SUPERSETS.get(name, name)
    return name if name in CHINESE or name in OTHERS or name.startswith(OTHER_FAMILIES) else None


def decode_as(content: bytes, *labels: str | None) -> str | None:
    """Decode by the better Chinese encoding, or else by a declared one that fits; None where neither does.

    Western encodings fit any bytes, so that text that reads as Chinese is Chinese whatever the label says; a
    declared Chinese encoding decides where both read alike, as in a text of a few characters.
    """
    declared = [label for label in labels if label]
    if foreign := next((label for label in declared if label in OTHERS), None):
        return decode_strictly(content, foreign)
    texts = {encoding: text for encoding in CHINESE if (text := decode_mostly(content, encoding)) is not None}
    preferred = next((label for label in declared if label in texts), None)
    scores = {name: fluency(text) + (0.1 if name == preferred else 0) for name, text in texts.items()}
    if scores:
        best = max(scores, key=lambda name: scores[name])
        if scores[best] > 0.35 or (best == preferred and not mostly_ascii_pairs(texts[best])):
            return texts[best]
    western = next((label for label in declared if label not in CHINESE), None)
    return decode_strictly(content, western) if western else None


def decode_strictly(content: bytes, encoding: str) -> str | None:
    """Decode, or return None."""
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def decode_mostly(content: bytes, encoding: str) -> str | None:
    """Decode with a few broken characters at most, or return None."""
    text = content.decode(encoding, "replace")
    wide = sum(c > "\x7f" for c in text)
    return text if text.count("\ufffd") <= max(wide * TOLERATED, wide > 4) else None


def fluency(text: str) -> float:
    """Return between 0 and 2 how much the wide characters of a text look like running Chinese."""
    wide = [c for c in text[: SAMPLE * 10] if c > "\x7f"][:SAMPLE]
    if not wide:
        return 0.0
    frequent, taught = sum(c in FREQUENT for c in wide), sum(c in taught_characters() for c in wide)
    return (frequent + taught) / len(wide) - (0 if len(wide) > 1 else 0.2)


def mostly_ascii_pairs(text: str) -> bool:
    """Tell whether wide characters stand alone within Latin words: é and ü misread, not Chinese."""
    alone = len(re.findall(r"(?<=[a-zA-Z])[^\x00-\x7f](?=[\x00-\x7f]|$)", text))
    return alone * 2 > sum(c > "\x7f" for c in text)


@cache
def taught_characters() -> frozenset[str]:
    """Return the first level of GB 2312 and of Big5 (the characters that schools teach) and FREQUENT."""
    first_gb = {bytes((a, b)).decode("gb2312", "ignore") for a in range(0xB0, 0xD8) for b in range(0xA1, 0xFF)}
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    first_big5 = {bytes((a, b)).decode("big5", "ignore") for a in range(0xA4, 0xC7) for b in trails}
    return frozenset(first_gb | first_big5) - {""} | FREQUENT


def decode_by_guess(content: bytes) -> str:
    """Decode by the most likely of the encodings that pages in our languages and their neighbours use."""
    from charset_normalizer import from_bytes  # noqa: PLC0415  (heavy, and seldom needed)

    candidates = ["gb18030", "big5", "cp1252", "shift_jis", "euc_kr"]
    best = from_bytes(content[:200_000], cp_isolation=candidates).best()
    for encoding in (best.encoding if best else "cp1252", "cp1252"):
        if (text := decode_strictly(content, encoding)) is not None and readable(text):
            return text
    raise ReadError(
        f"the encoding of this text cannot be told ({len(content)} bytes beginning {content[:12]!r}); save it as UTF-8"
    )


def readable(text: str) -> bool:
    """Tell whether a text is free of control characters but for line ends, tabs and a few strays."""
    controls = sum((c < " " and c not in "\t\r\n\f\x1b") or "\x7f" <= c < "\xa0" for c in text[:SAMPLE])
    return controls <= len(text[:SAMPLE]) * 0.01
