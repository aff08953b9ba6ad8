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
from nlp.frames import PLATFORMS, is_object
from nlp.reading import NameSpan, Reading
from nlp.references import stands_for_target

AFFAIR = re.compile(
    r"[”\"」』]?(?:风波|争议|事件|丑闻|门|嫌疑|传闻|指控|质疑|之嫌| (?:scandal|controversy|allegations?|row|accusations?|claims?))"
)
USED = re.compile(
    r"[”\"」』]?[*_`]*\s?(?:的)?(?:基本)?(?:架构|结构|权重|代码|底座|输出|数据|接口|API|api|技术"
    r"|['’]s (?:architecture|models?|outputs?|weights|technology|api|answers|data)|architecture|weights|outputs?|apis?\b|answers\b)"
)
USING = re.compile(
    r"(?:\b(?:us(?:e of|ing|es|ed)|use|call(?:s|ed|ing)?(?: on)?|train(?:ed|ing) (?:on|with)|built (?:on|with)|base[ds]? on"
    r"|rest(?:s|ed|ing)? on|distill?(?:ed|ing|s)?(?: from)?|outputs? of|answers of|weights of|copy of|wrapper (?:for|around)|shell of)(?: the)?"
    r"|使用了?|利用了?|调用了?|基于|用了|蒸馏(?:自|了)?|套壳|照搬了?)[\s“\"*_`]*$"
)
USING_REACH = 24  # characters before a name that are looked at for what is used
ITS = re.compile(
    r"\b(?:its|their|the model's|the project's) (?:code|weights|architecture|model)|其(?:代码|权重|架构|模型)|它的|该模型|这个模型|此模型|该项目"
)
IT = re.compile(r"了?\s?(?:it\b|them\b|它|该模型)")
COMPARED = re.compile(
    r"(?:\b(?:rival(?:s|l?ed|l?ing)?|compar(?:able|ably|es?|ed) (?:to|with)|on par with|compet(?:es?|ed|ing) with|outperform(?:s|ed|ing)?"
    r"|surpass(?:es|ed|ing)?|beat(?:s|ing)?|better than|as good as|as well as|performs like|stronger than|ahead of)(?: the| openai's)?"
    r"|媲美|比肩|对标|匹敌|超越|超过|赶超|追平|追赶|不输|不逊于|优于|胜过|击败|打败|强于)[\s“\"]*$"
)
COMPARED_REACH = 24  # characters before a name that are looked at for a comparison
MOST_BEFORE = 100  # statements that are looked through for who is in question
PASSIVE_REACH = 20  # characters between 被 and its verb
PLACE = re.compile(
    r"[”\"」』]?\s?(?:项目|仓库|页面|社区|论坛|的页面|的议题|的仓库|issues?\b|repo(?:sitory)?\b|page\b|discussion\b)"
)
OF = re.compile(r",? ?(?:[\w -]{0,40} )?(?:of|at|from|with)\b")


def find_targets(
    reading: Reading,
    words: tuple[int, int],
    *,
    kind: str,
    speakers: Collection[str | None],
    subject: tuple[int, int, int] | None,
    before: Sequence[Statement],
) -> tuple[Target, ...]:
    """Return the targets of a statement in order of mention, the speakers and what only describes them left out."""
    standing = reading.names_in(*words)
    if subject:
        first = min((name.start for name in standing if name.entity in speakers), default=subject[0])
        subject = (min(first, subject[0]), *subject[1:])
    names = [
        name
        for name in standing
        if name.entity not in speakers
        and name.entity not in PLATFORMS
        and not is_source(reading, name)
        and not (subject and is_affiliation(reading, name, subject))
        and not PLACE.match(reading.folded, name.end)
    ]
    named = {name.kind for name in names}
    for reference in reading.references_in(*words):
        inside = not (subject and subject[0] <= reference.start < subject[1])
        if (
            inside
            and reference.entity not in speakers
            and reference.kind not in named
            and stands_for_target(reading, reference)
        ):
            names.append(reference)
    names.sort(key=lambda name: name.start)
    accusing = GROUPS[kind] == "accusing"
    accused = in_question(reading, words, before) if accusing else None
    if accused and stands_for(reading, words, names) and accused not in {name.entity for name in names}:
        roles: dict[str, Role] = dict.fromkeys((name.entity for name in names), "origin")
    else:
        parties = [name for name in names if not is_compared(reading, name)]
        roles = roles_of(reading, words, parties) if accusing else {}
    if kind == "announcement":
        names.sort(key=lambda name: release_distance(reading, words, name))
    found = {
        name.entity: Target(
            entity=name.entity,
            role=roles.get(name.entity, "about"),
            basis="context" if name.by == "reference" else "words",
            span=reading.span(name.start, name.end),
        )
        for name in reversed(names)
    }
    found = dict(reversed(found.items()))
    released = released_it(reading, words) if kind == "announcement" else None
    if released:
        found = {released: Target(entity=released, basis="context")} | found
    has_accused = any(target.role == "accused" for target in found.values())
    if accused and not has_accused and accused not in found and accused not in speakers:
        found[accused] = Target(entity=accused, role="accused", basis="context")
    return tuple(found.values())


def release_distance(reading: Reading, words: tuple[int, int], name: NameSpan) -> int:
    """Return how far a name stands from a verb of release: what is released stands next to it, models before parties."""
    verbs = [cue for cue in reading.cues.between(*words) if "announcement" in dict(cue.kinds())]
    gaps = [abs(name.start - verb.end) if name.start >= verb.end else 2 * (verb.start - name.end) for verb in verbs]
    return min(gaps, default=0) + 1000 * (name.kind != "model")


def released_it(reading: Reading, words: tuple[int, int]) -> str | None:
    """Return the model that "released it" means: the last one named before."""
    verbs = [cue for cue in reading.cues.between(*words) if "announcement" in dict(cue.kinds())]
    if not any(IT.match(reading.folded, verb.end) for verb in verbs):
        return None
    earlier = [name for name in reading.names_in(max(0, words[0] - 400), words[0]) if name.kind == "model"]
    return next((name.entity for name in reversed(earlier) if not is_compared(reading, name)), None)


def stands_for(reading: Reading, words: tuple[int, int], names: Sequence[NameSpan]) -> bool:
    """Whether a word before the first name stands for what is in question: its code is that of X."""
    first = names[0].start if names else words[1]
    return bool(ITS.search(reading.folded, words[0], first))


def is_affiliation(reading: Reading, name: NameSpan, subject: tuple[int, int, int]) -> bool:
    """Whether an organisation beside the speaker only says who that is: 零一万物开源总监 Richard Lin, Lin of 01.AI.

    `subject` is where the speaker begins and ends, and where the verb begins.
    """
    if name.kind != "organization":
        return False
    if name.end <= subject[0]:
        gap = reading.folded[name.end : subject[0]]
        return len(gap) <= 20 and not re.search(r"[，,。；;：:]", gap) and not is_object(reading, name)
    gap = reading.folded[subject[1] : name.start]
    return not gap or (name.end <= subject[2] and bool(OF.match(gap)))


def is_source(reading: Reading, name: NameSpan) -> bool:
    """Whether a name only says where something was published: 据X报道, X 社区."""
    before, after = reading.folded[max(0, name.start - 2) : name.start], reading.folded[name.end : name.end + 3]
    return before.endswith("据") or after.strip().startswith(("报道", "社区", "论坛"))


def is_compared(reading: Reading, name: NameSpan) -> bool:
    """Whether a name only says how good something is: 性能媲美 X, rivals X."""
    return bool(COMPARED.search(reading.folded[max(0, name.start - COMPARED_REACH) : name.start]))


def roles_of(reading: Reading, words: tuple[int, int], names: Sequence[NameSpan]) -> dict[str, Role]:
    """Tell the accused from the origin by the side of the copying verb on which they stand."""
    parties = [name for name in names if name.kind != "person"] or list(names)
    roles: dict[str, Role] = {}
    used = {name.entity for name in parties[len(parties) > 1 :] if is_used(reading, name)}
    verb = copying_verb(reading, words)
    if verb is None or AFFAIR.match(reading.folded, verb.end):
        others = [name.entity for name in parties if name.entity not in used]
        if others or verb is None:
            roles |= dict.fromkeys(used, "origin")
        if others or (parties and verb):
            roles[others[0] if others else parties[0].entity] = "accused"
        if verb is None and len(others) > 1 and changed(reading, words):
            roles[others[-1]] = "origin"
        return roles
    models = [name for name in parties if name.kind == "model" and name.entity != parties[0].entity]
    if models and all(name.end <= verb.start for name in parties) and not is_turned(reading, verb):
        return {parties[0].entity: "accused", models[-1].entity: "origin"}
    turned = is_turned(reading, verb)
    for name in names:
        before = name.end <= (by_whom(reading, verb) if turned else verb.start)
        roles.setdefault(name.entity, "accused" if before != turned else "origin")
    if "origin" not in roles.values():
        roles |= dict.fromkeys(used, "origin")
    return roles


def is_used(reading: Reading, name: NameSpan) -> bool:
    """Whether the words say of a name that something of its own is used: X's outputs, 使用了 X, trained on X."""
    before = reading.folded[max(0, name.start - USING_REACH) : name.start]
    return bool(USED.match(reading.folded, name.end) or USING.search(before))


def changed(reading: Reading, words: tuple[int, int]) -> bool:
    """Whether the words tell of a changed copy: of two models the second is then the origin."""
    return any(cue.means("change") for cue in reading.cues.between(*words))


def copying_verb(reading: Reading, words: tuple[int, int]) -> Cue | None:
    """Return the cue of the copying relation: the weightiest, else the first."""
    cues = [cue for cue in reading.cues.between(*words) if cue.means("copy") and not reading.masked(cue.start, cue.end)]
    return max(cues, key=lambda cue: (max(weight for _, weight in cue.kinds()), -cue.start), default=None)


def is_turned(reading: Reading, verb: Cue) -> bool:
    """Whether the origin stands before the verb: 被……抄袭, was copied by."""
    if is_han(reading.text[verb.start : verb.start + 1]):
        before = reading.folded[max(0, verb.start - PASSIVE_REACH) : verb.start]
        return "被" in before and not any(word in before for word in ("被指", "被曝", "被控", "被质疑", "被爆", "被扒"))
    return reading.folded[verb.end : verb.end + 4].lstrip().startswith("by ")


def by_whom(reading: Reading, verb: Cue) -> int:
    """Return where the agent of a passive begins: behind 被, or behind the verb (by)."""
    start = max(0, verb.start - PASSIVE_REACH)
    marker = reading.folded.rfind("被", start, verb.start)
    return marker if marker >= 0 else verb.start


def in_question(reading: Reading, words: tuple[int, int], before: Sequence[Statement]) -> str | None:
    """Return who is in question at this point: the last accused, else what was last released or named."""
    for statement in reversed(before[-MOST_BEFORE:]):
        accused = [target.entity for target in statement.targets if target.role == "accused"]
        if accused and GROUPS[statement.kind] == "accusing":
            return accused[0]
        models = [target.entity for target in statement.targets if target.entity.startswith("model:")]
        if statement.kind == "announcement" and models:
            return models[0]
    if not any(cue.means("reference") for cue in reading.cues.between(*words)):
        return None
    earlier = [name for name in reading.names_in(max(0, words[0] - 400), words[0]) if name.kind == "model"]
    return next((name.entity for name in reversed(earlier) if not is_compared(reading, name)), None)
