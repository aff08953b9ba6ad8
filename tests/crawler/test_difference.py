"""What changed between two texts, by paragraphs and within them by words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.difference import difference, paragraphs_of

MARKS = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}


def shown(before, after):
    return [
        (hunk.before, hunk.after, "".join(MARKS[piece.change].format(piece.text) for piece in hunk.pieces))
        for hunk in difference(before, after)
    ]


@pytest.mark.parametrize(
    ("before", "after", "hunks"),
    [
        ("一\n\n二", "一\n二\n", []),
        ("权重开源。", "权重并未开源。", [(1, 1, "权重{+并未+}开源。")]),
        (
            "11月15日，林睿说，命名是一个疏忽。",
            "11月14日，林睿说，张量的命名是团队的疏忽。",
            [(1, 1, "11月[-15-]{+14+}日，林睿说，{+张量的+}命名是[-一个-]{+团队的+}疏忽。")],
        ),
        (
            "The naming was an oversight.",
            "The naming of tensors was a mistake.",
            [(1, 1, "The naming [-was an oversight-]{+of tensors was a mistake+}.")],
        ),
        ("one\ntwo\nthree", "one\nthree", [(2, None, "[-two-]")]),
        ("one\nthree", "one\n\ntwo\n\nthree", [(None, 2, "{+two+}")]),
        (
            "公司否认抄袭。\n模型从零训练，没有用别人的权重。",
            "模型从零训练，没有用任何人的权重。",
            [(1, None, "[-公司否认抄袭。-]"), (2, 1, "模型从零训练，没有用[-别-]{+任何+}人的权重。")],
        ),
    ],
)
def test_hunks_name_paragraphs_and_words(before, after, hunks):
    assert shown(before, after) == hunks


def test_short_matches_between_changes_are_part_of_the_change():
    (hunk,) = difference("公司称，甲的说法是错的，将追究责任。", "公司称，乙和丙的话是对的，将追究责任。")
    assert [piece.change for piece in hunk.pieces] == ["same", "removed", "added", "same"]
    assert hunk.pieces[1].text.startswith("甲") and hunk.pieces[2].text.startswith("乙")


def test_long_paragraphs_are_compared_by_sentences():
    sentences = [f"第{n}句说的是模型的来源与权重，措辞各不相同。" for n in range(400)]
    changed = [*sentences[:200], "这一句是后来加的。", *sentences[200:]]
    (hunk,) = difference("".join(sentences), "".join(changed))
    assert [piece.text for piece in hunk.pieces if piece.change != "same"] == ["这一句是后来加的。"]


TEXTS = st.lists(st.text(st.sampled_from("权重来源开放 abc12，。"), min_size=1, max_size=20), max_size=8).map("\n".join)


@given(TEXTS, TEXTS)
def test_hunks_lead_from_one_text_to_the_other(before, after):
    hunks = difference(before, after)
    for side, change, text in (("before", "removed", before), ("after", "added", after)):
        lines = paragraphs_of(text)
        for hunk in hunks:
            said = "".join(piece.text for piece in hunk.pieces if piece.change in ("same", change))
            number = getattr(hunk, side)
            assert said == ("" if number is None else lines[number - 1])
    gone, come = {hunk.before for hunk in hunks}, {hunk.after for hunk in hunks}
    stayed = [
        [line for n, line in enumerate(paragraphs_of(text), 1) if n not in changed]
        for text, changed in ((before, gone), (after, come))
    ]
    assert stayed[0] == stayed[1]
