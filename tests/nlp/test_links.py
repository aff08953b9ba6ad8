"""What a statement is about: by the reply tree, by the words that two have in common, by where the words before it went."""

from dataclasses import replace

from crawler.document import Document, Post
from nlp.annotation import Statement, Target
from nlp.link_features import Linking
from nlp.pipeline import Annotator
from nlp.vocabulary import load_vocabulary


def read(text: str, **fields):
    document = Document.create(
        text, id="d", url="https://forum.example/1", source="forum.example", language="en", **fields
    )
    return Annotator(load_vocabulary()).read(document, until="yuanliu_frames")


def statement(reading, quote: str, *, kind: str, speaker: str | None = None, targets=(), post: int = 0) -> Statement:
    start = reading.text.index(quote)
    return Statement(
        id=quote[:8],
        kind=kind,
        speaker=speaker,
        speaker_from="words" if speaker else "nowhere",
        targets=tuple(Target(entity=target, role="accused") for target in targets),
        spans=(reading.span(start, start + len(quote)),),
        cue="",
        confidence=0.9,
        post=post,
    )


TEXT = (
    "The tokenizer of Hazel-7B is a copy of ours, wrote one user. The license file `NOTICE.md` was deleted, wrote another. "
    "We restored `NOTICE.md` and the license, the team answered."
)


def test_words_in_common_are_seen():
    reading = read(TEXT)
    first = statement(reading, "The tokenizer of Hazel-7B is a copy of ours", kind="accusation")
    second = statement(reading, "The license file `NOTICE.md` was deleted", kind="accusation")
    answer = statement(reading, "We restored `NOTICE.md` and the license", kind="remedy")
    linking = Linking(reading, [first, second, answer])
    near, far = linking.pair(2, 1), linking.pair(2, 0)
    assert "exact=1" in near and "exact=0" in far
    assert "words=0" in far and "words=0" not in near


def test_the_course_of_links_is_seen():
    reading = read(TEXT)
    first = statement(reading, "The tokenizer of Hazel-7B is a copy of ours", kind="accusation")
    answer = statement(reading, "We restored `NOTICE.md`", kind="remedy", speaker="org:x")
    again = replace(answer, id="again", kind="apology")
    linking = Linking(reading, [first, answer, again])
    linking.settle(0, None)
    before = linking.pair(2, 0)
    linking.settle(1, 0)
    after = linking.pair(2, 0)
    assert "followers=0" in before and "followers=1" in after
    assert "goes on=True|True" in after and "goes on=True|True" not in before
    assert "answered=True|answering>accusing" in after


def test_the_reply_tree_is_seen():
    parts = ("It is a plain copy. ", "The logs prove nothing ", "No, we trained it.")
    starts = (0, len(parts[0]), len(parts[0]) + len(parts[1]))
    posts = [
        Post(start=start, end=start + len(part), text=part, author=author, reply_to=parent)
        for part, start, author, parent in zip(parts, starts, ("ana", "bo", "cy"), (None, None, 0), strict=True)
    ]
    reading = read("".join(parts), kind="thread", posts=posts)
    told = [
        statement(reading, "It is a plain copy.", kind="accusation", post=0),
        statement(reading, "The logs prove nothing", kind="accusation", post=1),
        statement(reading, "No, we trained it.", kind="denial", post=2),
    ]
    linking = Linking(reading, told)
    assert "place=parent" in linking.pair(2, 0)
    assert "place=not the parent" in linking.pair(2, 1)


def test_no_candidate_is_further_than_the_window():
    reading = read(TEXT)
    one = statement(reading, "The tokenizer of Hazel-7B is a copy of ours", kind="accusation")
    linking = Linking(reading, [replace(one, id=str(number)) for number in range(40)])
    assert len(linking.features(39)) == 1 + len(linking.candidates(39)) == 13
