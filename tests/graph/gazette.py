"""An invented newspaper: the number of a report in, its page out, a function of the number."""

import random

FIRST, ALL = 16, 240  # documents that are there before the job, and at its end
SAID = (
    "Larkwood Labs accused Polestar Intelligence of copying Larkwing-{n}B",
    "Mara Quell denied that Morningstar-7B was copied from Larkwing-{n}B",
    "Larkwood Labs said that Morningstar-7B was copied from Larkwing-6B",
    "Polestar Intelligence apologised for Morningstar-7B",
    "Polestar Intelligence released Morningstar-{n}B",
)
WORDS = (
    "rain market tram bridge garden harbour evening bakery school river window letter lamp street orchard hill".split()
)


def page(number):
    """Return a short report with a statement or two of an invented dispute, and words that no other report has."""
    chance = random.Random(number)
    told = chance.sample(SAID, chance.randint(1, 2))
    day = 1 + number // FIRST  # the order in which a load takes them
    sentences = [f"On March {chance.randint(1, day)}, 2024, {each.format(n=number % 9 + 1)}." for each in told]
    filler = [" ".join(chance.choices(WORDS, k=9)).capitalize() + "." for _ in range(6)]
    paragraphs = [" ".join(filler[:3]), *sentences, " ".join(filler[3:])]
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>Report {number}</title>"
        f'<meta property="article:published_time" content="2024-03-{day:02}T09:00:00+08:00"></head><body><article>'
        f"<h1>Report {number}</h1>{''.join(f'<p>{each}</p>' for each in paragraphs)}</article></body></html>"
    ).encode()
