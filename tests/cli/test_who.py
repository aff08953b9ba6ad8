"""who: cards by any spelling, why two names are one, and names that a user adds."""

import json
import tomllib

import pytest


@pytest.mark.parametrize("spelling", ["Quell, Mara", "Dr. Mara Quell", "@maraquell"])
def test_a_name_is_found_as_names_vary(run_program, library, spelling):
    (card,) = json.loads(run_program(library, "who", spelling, "-f", "json").out)
    assert card["id"] == "person:mara-quell"


def test_two_names_are_decided_with_the_reason(yuanliu):
    told = yuanliu("who", "贾扬清", "--same-as", "Jia Yangqing", "-f", "json")
    assert json.loads(told.out) == [
        {
            "kind": "person",
            "same": True,
            "why": "the vocabulary lists both as names of person:yangqing-jia",
            "confidence": 0.99,
            "reason": "listed",
        }
    ]
    table = yuanliu("who", "Llama 2", "--same-as", "Llama 3", "--kind", "model").out
    assert "no" in table and "nothing makes them one" in table


def test_an_added_name_is_known_from_then_on(yuanliu, tmp_path):
    added = yuanliu(
        "who", "Tamsin Oduya", "--add", "--kind", "person", "--alias", "塔姆辛·奥杜雅", "--at", "Lumen Labs"
    )
    assert (added.code, added.out) == (0, "")
    assert "wrote person tamsin-oduya" in added.err
    assert tomllib.loads((tmp_path / "yuanliu.toml").read_text(encoding="utf-8")) == {"names": ["yuanliu-names.toml"]}
    line = json.dumps({"id": "a", "lang": "zh", "kind": "article", "title": "", "text": "塔姆辛·奥杜雅来了。"})
    (row,) = map(json.loads, yuanliu("annotate", "-", given=line).out.splitlines())
    assert [entity["canonical"] for entity in row["entities"]] == ["person:tamsin-oduya"]
    again = yuanliu("who", "Tamsin Oduya", "--add", "--kind", "person")
    assert again.code == 1 and "known already, as person:tamsin-oduya" in again.err


def test_an_alias_is_added_to_a_known_person_in_the_file_that_is_configured(yuanliu, tmp_path):
    (tmp_path / "yuanliu.toml").write_text('names = ["mine.toml"]\n[crawl]\ndelay = 2.0\n', encoding="utf-8")
    (tmp_path / "mine.toml").write_text("# mine\n", encoding="utf-8")
    assert yuanliu("who", "李开复", "--add", "--kind", "person", "--alias", "开复老师").code == 0
    text = (tmp_path / "mine.toml").read_text(encoding="utf-8")
    assert text.startswith("# mine\n") and tomllib.loads(text)["person"][0]["id"] == "kai-fu-lee"
    told = json.loads(yuanliu("who", "开复老师", "--same-as", "Kai-Fu Lee", "-f", "json").out)
    assert [row["same"] for row in told] == [True]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["X Y", "--add"], "--add needs to know what 'X Y' is"),
        (["X Y", "--add", "--kind", "robot"], "--kind 'robot' is not one of"),
        (["X Y", "--add", "--same-as", "Y"], "do not go together"),
        (["X Y", "--alias", "Z"], "write --add"),
        (["X Y", "--same-as", " "], "a name is ' '"),
        ([" ", "--add", "--kind", "person"], "the name is ' '"),
    ],
)
def test_wrong_usage_names_the_value_and_writes_nothing(yuanliu, tmp_path, arguments, said):
    told = yuanliu("who", *arguments)
    assert told.code == 2 and said in told.err and told.out == ""
    assert list(tmp_path.iterdir()) == []
