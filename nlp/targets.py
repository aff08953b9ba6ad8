"""Targets: whom and which models a statement is about, and in a charge who is accused and what the origin is.

A statement's words flow in with the statements before it; targets flow out. What the words leave out (某国产大模型,
"the model") is taken from the context and marked so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from nlp.annotation import GROUPS, Role, Statement, Target
from nlp.cues import Cue
from nlp.folding import is_han
from nlp.frames import is_free
from nlp.reading import NameSpan, Reading

AFFAIR = re.compile(
    r"[”\"」』]?(?:风波|争议|事件|丑闻|门|嫌疑|传闻|指控|质疑|之嫌| (?:scandal|controversy|allegations?|row|accusations?|claims?))"
)
PLATFORMS = frozenset(("org:hugging-face", "org:github", "org:reddit", "org:x", "org:twitter", "org:hacker-news"))


def find_targets(
    reading: Reading,
    words: tuple[int, int],
    *,
    kind: str,
    speakers: Collection[str | None],
    subject: tuple[int, int] | None,
    before: Sequence[Statement],
) -> tuple[Target, ...]:
    """Return the targets of a statement in order of mention, the speakers and what only describes them left out."""
    names = [
        name
        for name in reading.names_in(*words)
        if name.entity not in speakers
        and name.entity not in PLATFORMS
        and not is_source(reading, name)
        and not (subject and is_affiliation(reading, name, subject))
    ]
    roles = roles_of(reading, words, names) if GROUPS[kind] == "accusing" else {}
    found = {name.entity: Target(entity=name.entity, role=roles.get(name.entity, "about")) for name in names}
    if GROUPS[kind] == "accusing" and not any(target.role == "accused" for target in found.values()):
        accused = in_question(reading, words, before)
        if accused and accused not in found and accused not in speakers:
            found[accused] = Target(entity=accused, role="accused", basis="context")
    return tuple(found.values())


def is_affiliation(reading: Reading, name: NameSpan, subject: tuple[int, int]) -> bool:
    """Whether a name before the verb only says who the speaker is: 零一万物开源总监 Richard Lin, 阿里前科学家贾扬清."""
    return (
        name.kind == "organization" and subject[0] <= name.start and name.end <= subject[1] and is_free(reading, name)
    )


def is_source(reading: Reading, name: NameSpan) -> bool:
    """Whether a name only says where something was published: 据X报道, X 社区."""
    before, after = reading.folded[max(0, name.start - 2) : name.start], reading.folded[name.end : name.end + 3]
    return before.endswith("据") or after.strip().startswith(("报道", "社区", "论坛"))


def roles_of(reading: Reading, words: tuple[int, int], names: Sequence[NameSpan]) -> dict[str, Role]:
    """Tell the accused from the origin by the side of the copying verb on which they stand."""
    verb = copying_verb(reading, words)
    if verb is None or AFFAIR.match(reading.folded, verb.end):
        parties = [name for name in names if name.kind != "person"] or list(names)
        return {parties[0].entity: "accused"} if parties else {}
    turned = is_turned(reading, verb)
    roles: dict[str, Role] = {}
    for name in names:
        before = name.end <= verb.start
        roles.setdefault(name.entity, "accused" if before != turned else "origin")
    return roles


def copying_verb(reading: Reading, words: tuple[int, int]) -> Cue | None:
    """Return the cue of the copying relation: the weightiest, else the first."""
    cues = [cue for cue in reading.cues.between(*words) if cue.means("copy") and not reading.masked(cue.start, cue.end)]
    return max(cues, key=lambda cue: (max(weight for _, weight in cue.kinds()), -cue.start), default=None)


def is_turned(reading: Reading, verb: Cue) -> bool:
    """Whether the origin stands before the verb: 被……抄袭, was copied by."""
    if is_han(reading.text[verb.start : verb.start + 1]):
        before = reading.folded[max(0, verb.start - 12) : verb.start]
        return "被" in before and not any(word in before for word in ("被指", "被曝", "被控", "被质疑", "被爆", "被扒"))
    return reading.folded[verb.end : verb.end + 4].lstrip().startswith("by ")


def in_question(reading: Reading, words: tuple[int, int], before: Sequence[Statement]) -> str | None:
    """Return who is in question at this point: the last accused, else what was last released or named."""
    for statement in reversed(before):
        accused = [target.entity for target in statement.targets if target.role == "accused"]
        if accused and GROUPS[statement.kind] == "accusing":
            return accused[0]
        models = [target.entity for target in statement.targets if target.entity.startswith("model:")]
        if statement.kind == "announcement" and models:
            return models[0]
    if not any(cue.means("reference") for cue in reading.cues.between(*words)):
        return None
    models = [name.entity for name in reading.names_in(max(0, words[0] - 400), words[0]) if name.kind == "model"]
    return models[-1] if models else None
