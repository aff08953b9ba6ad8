"""Lists of dated entries and dated notes: the date at the head dates what the entry tells, and the year runs on."""

from datetime import date

import pytest

from crawler.document import Document
from nlp.dated_entries import LONGEST, entries_of, entry_at
from nlp.dates import find_dates
from nlp.pipeline import Annotator
from nlp.vocabulary import load_vocabulary


@pytest.fixture(scope="module")
def annotator():
    return Annotator(load_vocabulary())


def edtf(text, published=None):
    return [each.period.edtf for each in find_dates(text, published=published, language="en")]


def test_the_year_runs_on_from_entry_to_entry():
    text = (
        "- **Dec 26, 2024** — The model came out.\n- **Jan 28** — A ministry asked about it.\n"
        "- **Jan 29** — A lab spoke of what it had seen in fall 2023.\n- **Jan 29** — The maker answered.\n- **Mar 3** — Peace."
    )
    assert edtf(text) == ["2024-12-26", "2025-01-28", "2025-01-29", "2023-09-01/2023-11-30", "2025-01-29", "2025-03-03"]


def test_entries_with_the_newest_first_are_completed_one_by_one():
    text = "- Feb 2: B answered.\n- Jan 20: A spoke.\n- Dec 30: The model came out."
    assert edtf(text, published=date(2025, 2, 10)) == ["2025-02-02", "2025-01-20", "2024-12-30"]


def test_no_entry_is_dated_after_publication():
    text = "- Nov 3: A spoke.\n- Oct 5: B had answered."
    assert edtf(text, published=date(2024, 11, 10)) == ["2024-11-03", "2024-10-05"]


def entries(text, language="en", published=date(2025, 6, 1)):
    heads = [(each.start, each.end) for each in find_dates(text, published=published, language=language) if each.heads]
    return [text[each.start : each.end].strip() for each in entries_of(text, heads)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- Jan 3: A spoke.\n- Jan 5: B answered.\n\nC wrote.", [": A spoke.", ": B answered."]),
        ("1. 3月5日：甲发文。\n2. 3月8日：乙回应。", ["：甲发文。", "：乙回应。"]),
        (
            "【2024-9-6】甲发布模型。\n\n乙质疑。\n【2024-9-8】甲道歉。",
            ["】甲发布模型。\n\n乙质疑。\n【", "】甲道歉。"],
        ),
        ("【2024-9-6】只有一条。", ["】只有一条。"]),
        ("March 3 — A spoke.\n\nMarch 5 — B answered.", ["— A spoke.", "— B answered."]),
        # an ordinary sentence, a dateline, a single item: no entries
        ("On January 3, A spoke. On January 5, B answered.", []),
        ("3月5日，甲发文。\n3月8日，乙回应。", []),
        ("2025-01-03\n\nA spoke.\n\n2025-01-05\n\nB answered.", []),
        ("- Jan 3: A spoke.\n- B answered.", []),
    ],
)
def test_what_heads_an_entry_and_how_far_it_goes(text, expected):
    assert entries(text, language="zh" if "甲" in text else "en") == expected


def test_an_entry_has_an_end():
    text = "【2024-9-6】" + "甲发布模型。" * LONGEST
    (entry,) = entries_of(text, [(1, 9)])
    assert entry.end - entry.head <= LONGEST + 20
    assert entry_at([entry], 100) == entry
    assert entry_at([entry], entry.end) is None
    assert entry_at([entry], 0) is None


def dated(annotator, text, language):
    document = Document.create(text, id="d", url="https://notes.example/1", source="notes.example", language=language)
    found = annotator.annotate(document).statements
    return {each.quote: each.happened.period if each.happened else None for each in found}


def test_statements_take_the_date_of_their_entry(annotator):
    text = (
        "What is known so far about Hazel-7B and the weights of Alder-7B.\n\n"
        "- **Dec 26, 2024** — Birchwood Labs released Hazel-7B.\n"
        "- **Jan 28** — Mira Osei accused Birchwood Labs of copying the weights of Alder-7B.\n"
        "- **Jan 29** — Birchwood Labs denied that it had copied Alder-7B in fall 2024.\n"
    )
    found = dated(annotator, text, "en")
    assert {day for quote, day in found.items() if "accused" in quote} == {"2025-01-28"}
    assert {day for quote, day in found.items() if "denied" in quote} == {"2025-01-29"}


def test_a_day_within_an_entry_counts_more(annotator):
    text = (
        "- **Jan 28, 2025** — Mira Osei accused Birchwood Labs of copying the weights of Alder-7B.\n"
        "- **Feb 3** — On February 1, 2025, Birchwood Labs denied that it had copied Alder-7B.\n"
    )
    assert {day for quote, day in dated(annotator, text, "en").items() if "denied" in quote} == {"2025-02-01"}


def test_a_dated_note_dates_what_it_tells(annotator):
    text = "【2024-9-6】\n桦木实验室的周予安表示，山桦-7B 的权重抄袭了青桤-7B。\n【2024-9-8】\n对此，青岚科技回应称，山桦-7B 从未使用青桤-7B 的权重。"
    found = dated(annotator, text, "zh")
    assert sorted(found.values()) == ["2024-09-06", "2024-09-08"]
