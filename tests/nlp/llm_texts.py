"""A text in each language for language models to read, the pieces and ids of what it names, and what is compared of an annotation."""

EN = (
    "On March 4, 2024, Larkwood Labs accused Polestar Intelligence of copying the weights of Larkwing-6B for its model "
    "Morningstar-7B. The next day, Mara Quell denied it. The company said that it had trained the model from scratch. "
    "Several engineers did not believe a word of that. They went home."
)
CHARGE, DENIAL, TRAINED, DOUBT, HOME = (
    EN[: EN.index(" The next")],
    "The next day, Mara Quell denied it.",
    "The company said that it had trained the model from scratch.",
    "Several engineers did not believe a word of that.",
    "They went home.",
)
ZH = (
    "2024年3月4日，云雀实验室指控北辰智能的晨星-7B抄袭了云翼-6B的权重。次日，马乐珂否认抄袭。"
    "该公司表示，权重是从零开始训练的。几位网友不信。"
)
LARKWOOD, POLESTAR, QUELL = "org:larkwood-labs", "org:polestar-intelligence", "person:mara-quell"
MORNINGSTAR, LARKWING = "model:morningstar-7b", "model:larkwing-6b"


def told(annotation):
    return [(each.kind, each.speaker, each.speaker_from, each.quote) for each in annotation.statements]


def targets(statement):
    return [(target.entity, target.role, target.basis) for target in statement.targets]


def thrown(tally):
    return dict(tally.thrown)
