"""Link features: what tells that a statement is about an earlier one, and about which.

The statements of a document flow in, in reading order, with the links found so far; the features of each candidate, and of a link to none of
them, flow out to nlp.links. They are weighed by small models of our own, trained on our own annotated texts by
`python -m nlp.training.statements`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.annotation import Statement
from nlp.clause_features import MOST, content, opening, sense_features
from nlp.folding import is_han
from nlp.reading import Reading

FILE = "links.tsv"  # which earlier statement
TYPES_FILE = "link_types.crfsuite"  # how the two are related
WINDOW = 12  # statements to look back
FAR = 6
ANSWER_CUE = re.compile(
    r"对此|针对|回应|回复|答复|就此|随后|之后|in response|respond|replied|reply|answering|addressing|counter|rebut",
    re.IGNORECASE,
)
EXACT = re.compile(r"`[^`\n]{2,60}`|\d[\d.,]*\d|\d|\"[^\"\n]{2,40}\"|“[^”\n]{2,40}”|「[^」\n]{2,40}」")
COMMON = frozenset(
    "the a an of to in and that is was for on it by with as at from his her its their they he she has had have be are were been "
    "but not this which who said all any or if so than then there what when will would".split()
) | frozenset("的了是在也和与有就都而及对被把将从其这那我他她们说一个上中为不之等向并还又但")


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What of a statement is compared: its place, sentence, words, senses, figures and quoted words, and who is named in it and around it."""

    start: int
    end: int
    sentence: int
    words: frozenset[str]
    senses: frozenset[str]
    exact: frozenset[str]
    named: frozenset[str]
    around: frozenset[str]
    opening: str


class Linking:
    """The links of one document as far as they are found, and what speaks for the next one."""

    def __init__(self, reading: Reading, statements: Sequence[Statement]) -> None:
        self.reading = reading
        self.statements = statements
        starts = [sentence.start for sentence in reading.sentences]
        self.seen = [see(reading, statement, starts) for statement in statements]
        self.charges = [n for n, statement in enumerate(statements) if statement.group == "accusing"]
        self.target_of: dict[int, int] = {}
        self.followers: Counter[int] = Counter()
        self.answered: set[int] = set()
        self.followed_by: set[tuple[int, str | None]] = set()
        self.speakers: set[str] = set()
        self.targets: set[str] = set()

    def settle(self, later: int, earlier: int | None) -> None:
        """Note what a statement is about, before the next one is looked at."""
        statement = self.statements[later]
        if earlier is not None:
            self.target_of[later] = earlier
            self.followers[earlier] += 1
            self.followed_by.add((earlier, statement.speaker))
            if statement.group == "answering":
                self.answered.add(earlier)
        if statement.speaker:
            self.speakers.add(statement.speaker)
        self.targets |= {target.entity for target in statement.targets}

    def candidates(self, later: int) -> range:
        """Return the places of the earlier statements that are looked at."""
        return range(max(0, later - WINDOW), later)

    def features(self, later: int) -> list[list[str]]:
        """Return the features of a link from a statement to nothing, and to each candidate."""
        return [self.unlinked(later), *(["link", *self.pair(later, each)] for each in self.candidates(later))]

    def unlinked(self, later: int) -> list[str]:
        """Return what speaks for a statement being about none of those before it."""
        one, before = self.statements[later], self.statements[later - 1]
        parent = self.reading.document.posts[one.post].reply_to
        mine = {target.entity for target in one.targets}
        found = ["none", f"none: {one.kind}", f"none: place {min(later, 4)}", f"none: {before.kind}>{one.kind}"]
        found += [
            f"none: speaker {one.speaker is not None}|{one.group}",
            f"none: targets {min(2, len(mine))}|{one.group}",
        ]
        found.append(f"none: charged {self.charged_before(later)}|{one.kind}")
        found.append(f"none: same speaker {before.speaker == one.speaker}|{later - 1 in self.target_of}|{one.group}")
        found += [
            f"none: spoke {one.speaker in self.speakers}|{one.group}",
            f"none: shares {bool(mine & self.targets)}|{one.group}",
        ]
        found.append(f"none: spoken of {one.speaker in self.targets if one.speaker else None}|{one.group}")
        found.append(f"none: reply {parent is not None}|{one.group}")
        found.append(f"none: thread {self.reading.document.kind == 'thread'}|{one.group}")
        found.append(f"none: opens {self.seen[later].opening}")
        return found + [f"none: cue|{one.group}"] * bool(ANSWER_CUE.search(one.quote))

    def pair(self, later: int, earlier: int) -> list[str]:
        """Return the features of a link from one statement to an earlier one."""
        return [
            *self.relation(later, earlier),
            *self.likeness(later, earlier),
            *self.place(later, earlier),
            *self.course(later, earlier),
        ]

    def relation(self, later: int, earlier: int) -> list[str]:
        """Return how kinds, speakers and targets of two statements stand to each other."""
        one, other = self.statements[later], self.statements[earlier]
        between = self.statements[earlier + 1 : later]
        groups = f"{one.group}>{other.group}"
        mine, theirs = {t.entity for t in one.targets}, {t.entity for t in other.targets}
        found = [groups, f"{one.kind}>{other.kind}", f"k={one.kind}", f"o={other.kind}"]
        speaker = speaker_relation(one, other)
        found += [f"sp={speaker}", f"sp={speaker}|{groups}"]
        found += [f"shared={min(len(mine & theirs), 3)}", f"shared={bool(mine & theirs)}|{groups}"]
        if one.speaker and (one.speaker in theirs or maker_in(self.reading, one.speaker, theirs)):
            found += ["accused answers", f"accused answers|{groups}"]
        if other.speaker and other.speaker in mine:
            found += ["names its speaker", f"names its speaker|{groups}"]
        if other.speaker != one.speaker:
            found += ["near its speaker", f"near its speaker|{groups}"] * (other.speaker in self.seen[later].around)
            found += ["near who answers", f"near who answers|{groups}"] * (one.speaker in self.seen[earlier].around)
        found.append(f"nearest of group={not any(each.group == other.group for each in between)}|{groups}")
        found.append(f"nearest sharing={not any(mine & {t.entity for t in each.targets} for each in between)}|{groups}")
        found.append(f"nearest elsewhere={not any(each.speaker != one.speaker for each in between)}|{groups}")
        if cue := ANSWER_CUE.search(one.quote):
            found += ["cue", f"cue|{groups}", f"cue={cue.group().lower()}"]
        return found

    def likeness(self, later: int, earlier: int) -> list[str]:
        """Return what the words of two statements have in common."""
        one, other = self.seen[later], self.seen[earlier]
        groups = f"{self.statements[later].group}>{self.statements[earlier].group}"
        words = sum(len(one.words & other.words) >= least for least in (1, 2, 3, 5))
        found = [f"words={words}", f"words={words}|{groups}", f"senses={min(len(one.senses & other.senses), 4)}"]
        found += [f"exact={min(2, len(one.exact & other.exact))}", f"named={min(3, len(one.named & other.named))}"]
        return found

    def place(self, later: int, earlier: int) -> list[str]:
        """Return how the places of two statements lie to each other: statements, sentences, paragraphs and posts between them."""
        one, other = self.statements[later], self.statements[earlier]
        groups = f"{one.group}>{other.group}"
        parent = self.reading.document.posts[one.post].reply_to
        steps = min(later - earlier, FAR)
        sentences = self.seen[later].sentence - self.seen[earlier].sentence
        near = sum(sentences >= least for least in (1, 2, 3, 5))
        gap = (self.seen[earlier].end, self.seen[later].start)
        broken = self.reading.text.find("\n", *gap) >= 0
        posts = min(one.post - other.post, 4)
        found = [f"d={steps}", f"d={steps}|{groups}", f"posts={posts}", f"posts={posts}|{groups}"]
        found += [f"sentences={sum(sentences >= least for least in (1, 2, 3, 5, 8, 13))}", f"sentences={near}|{groups}"]
        found += [f"broken={broken}", f"broken={broken}|{groups}", f"threaded={self.reading.document.kind == 'thread'}"]
        found += [
            f"place={place_of(one, other, parent)}",
            f"opens={self.seen[later].opening}|{min(later - earlier, 3)}",
        ]
        return [*found, f"first={earlier == 0}|{groups}"]

    def course(self, later: int, earlier: int) -> list[str]:
        """Return how a link would go on from those before it: where one's last words went, what the other is about, who followed it."""
        one, other = self.statements[later], self.statements[earlier]
        groups = f"{one.group}>{other.group}"
        found = [f"first charge={self.charges[:1] == [earlier]}|{one.kind}"]
        found.append(f"earlier charge={self.charged_before(earlier)}|{groups}")
        same = (
            each for each in range(later - 1, max(-1, later - 4), -1) if self.statements[each].speaker == one.speaker
        )
        before = next(same, None)
        if before in self.target_of:
            goes_on = self.target_of[before] == earlier
            found.append(f"goes on={goes_on}|{self.statements[before].post == one.post}")
            found.append(f"goes on={goes_on}|{groups}|{self.statements[before].group}")
        elif before is not None:
            found.append(f"went nowhere|{self.statements[before].group}")
        if later - 1 in self.target_of:
            found.append(f"as the one before={self.target_of[later - 1] == earlier}|{groups}")
        followers = min(self.followers[earlier], 3)
        found += [
            f"followers={followers}",
            f"followers={followers}|{groups}",
            f"answered={earlier in self.answered}|{groups}",
        ]
        found.append(f"followed by me={(earlier, one.speaker) in self.followed_by}|{groups}")
        found.append(f"about another={earlier in self.target_of}|{groups}")
        if earlier in self.target_of:
            root = self.statements[self.target_of[earlier]]
            found.append(f"{root.group}>{other.group}>{one.group}")
            found.append(f"about mine={one.speaker is not None and root.speaker == one.speaker}|{groups}")
        return found

    def charged_before(self, place: int) -> bool:
        """Whether anybody is accused before a statement."""
        return bisect_left(self.charges, place) > 0


def see(reading: Reading, statement: Statement, starts: Sequence[int]) -> Seen:
    """Return what of a statement is compared; of a very long one the beginning counts."""
    start = statement.spans[0].start
    end = min(statement.spans[-1].end, start + MOST)
    names = reading.names_in(start, end)
    number = max(0, bisect_right(starts, start) - 1)
    sentence = reading.sentences[number] if reading.sentences else None
    around = (
        reading.names_in(max(sentence.start, start - MOST), max(min(sentence.end, end + MOST), end))
        if sentence
        else names
    )
    words = {word for word in content(reading, start, end, names) if len(word) > 1 or is_han(word)}
    return Seen(
        start=start,
        end=statement.spans[-1].end,
        sentence=number,
        words=frozenset(words - COMMON),
        senses=frozenset(each for each in sense_features(reading, start, end) if each.startswith("s=")),
        exact=frozenset(EXACT.findall(reading.folded[start:end])),
        named=frozenset(name.entity for name in names),
        around=frozenset(name.entity for name in around),
        opening=opening(reading.folded[start : start + 40]),
    )


def place_of(one: Statement, other: Statement, parent: int | None) -> str:
    """Return how the posts of two statements lie to each other."""
    if one.post == other.post:
        return "same"
    return "parent" if other.post == parent else "elsewhere" if parent is None else "not the parent"


def speaker_relation(one: Statement, other: Statement) -> str:
    """Return whether two statements have one speaker, two, or nobody named."""
    if one.speaker is None or other.speaker is None:
        return f"{one.speaker is not None}>{other.speaker is not None}"
    return "same" if one.speaker == other.speaker else "different"


def maker_in(reading: Reading, speaker: str, targets: set[str]) -> bool:
    """Whether a speaker's company, or a model of the speaker's, is among some targets."""
    own = reading.entities.get(speaker)
    party = {speaker, own.developer} - {None} if own else {speaker}
    makers = {reading.entities[target].developer for target in targets if target in reading.entities}
    return bool(party & (makers | targets))
