"""The built-in vocabulary keeps its schema and its size; a user's files are laid over it."""

from collections import Counter, defaultdict

import pytest

from nlp.errors import VocabularyError
from nlp.folding import fold
from nlp.gazetteer import Gazetteer
from nlp.names_file import add_entry, make_entry
from nlp.vocabulary import load_vocabulary

SORTS = {"company", "lab", "university", "outlet", "forum", "government", "community", "fund"}


@pytest.fixture(scope="module")
def vocabulary():
    return load_vocabulary()


def test_it_is_large_and_spread_over_regions_and_sorts(vocabulary):
    assert len(vocabulary.people) >= 600
    assert len(vocabulary.organizations) >= 600
    assert len(vocabulary.families) >= 250
    regions = Counter(entry.region for entry in (*vocabulary.people, *vocabulary.organizations))
    assert all(regions[region] >= 20 for region in ("cn", "us", "uk", "fr", "de", "kr", "jp", "ae"))
    assert {organization.sort for organization in vocabulary.organizations} == SORTS
    years = Counter(family.since for family in vocabulary.families)
    assert all(years[year] for year in range(2018, 2027))
    assert sum(map(len, (family.members for family in vocabulary.families))) >= 1_000


def test_ids_are_slugs_and_unique(vocabulary):
    for entries in (vocabulary.people, vocabulary.organizations, vocabulary.families):
        ids = [entry.id for entry in entries]
        assert len(set(ids)) == len(ids)
        assert [
            each for each in ids if not each.replace("-", "").replace(".", "").isascii() or each != each.lower()
        ] == []


def test_no_name_belongs_to_two_organisations(vocabulary):
    owners = defaultdict(set)
    for entry in vocabulary.organizations:
        for name in (entry.en, entry.zh, *entry.aliases):
            if name:
                owners[fold(name)].add(entry.id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_people_who_share_a_name_are_marked(vocabulary):
    owners = defaultdict(set)
    marked = {entry.id for entry in vocabulary.people if entry.namesake}
    for entry in vocabulary.people:
        for name in (entry.en, entry.zh, *entry.aliases):
            if name:
                owners[fold(name)].add(entry.id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1 and not ids <= marked} == {}


def test_no_handle_has_two_owners(vocabulary):
    owners = Counter(fold(handle) for entry in vocabulary.people for handle in entry.handles)
    assert [handle for handle, number in owners.items() if number > 1] == []


def test_what_is_generated_is_not_typed(vocabulary):
    gazetteer = Gazetteer(vocabulary)
    for spelled in ("李開復", "Kai Fu Lee", "Lee Kai-Fu", "Li Kaifu", "零一萬物", "ＯｐｅｎＡＩ"):
        assert gazetteer.lookup(spelled), spelled
    listed = {fold(name) for entry in vocabulary.people for name in (entry.en, entry.zh, *entry.aliases) if name}
    assert fold("Kai Fu Lee") not in listed


def test_a_users_entry_adds_to_a_built_in_one(tmp_path):
    file = tmp_path / "names.toml"
    file.write_text('[[person]]\nid = "kai-fu-lee"\nen = "Kai-Fu Lee"\naliases = ["开复老师"]\n', encoding="utf-8")
    (entry,) = [person for person in load_vocabulary([file]).people if person.id == "kai-fu-lee"]
    assert entry.zh == "李开复"
    assert "开复老师" in entry.aliases
    assert load_vocabulary([file]).digest != load_vocabulary().digest


def test_an_added_entry_is_read_back_and_not_added_twice(tmp_path):
    file = tmp_path / "names.toml"
    entry = make_entry("person", "Tamsin Oduya", aliases=["塔姆辛·奥杜雅"], handles=["@t_oduya"], at=["Lumen Labs"])
    add_entry(file, "person", entry)
    add_entry(file, "family", make_entry("family", "云岫", at=["Lumen Labs"]))
    before = file.read_text(encoding="utf-8")
    read = load_vocabulary([file], built_in=False)
    (person,), (family,) = read.people, read.families
    assert (person.en, person.zh, person.handles, person.at) == (
        "Tamsin Oduya",
        "塔姆辛·奥杜雅",
        ("t_oduya",),
        ("Lumen Labs",),
    )
    assert (family.name, family.developer) == ("云岫", "Lumen Labs")
    with pytest.raises(VocabularyError, match="has an entry 'tamsin-oduya' already"):
        add_entry(file, "person", entry)
    assert file.read_text(encoding="utf-8") == before
    assert [path.name for path in tmp_path.iterdir()] == ["names.toml"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[[person]]\nid = "a"\nen = "A"\nnick = "b"\n', "unknown field 'nick'"),
        ('[[person]]\nid = "a"\n', "needs a name"),
        ('[[organization]]\nen = "A"\n', "needs an id"),
        ('[[people]]\nid = "a"\n', "unknown table 'people'"),
        ('[person]\nid = "a"\n', "two brackets"),
        ('[[person]]\nid = "a"\nen = "A"\naliases = "b"\n', "write a list"),
        ("[[person]\n", "not valid TOML"),
    ],
)
def test_a_bad_file_is_refused_with_its_place_and_what_to_do(tmp_path, content, said):
    file = tmp_path / "names.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(VocabularyError, match=said) as refused:
        load_vocabulary([file])
    assert "names.toml" in str(refused.value)
