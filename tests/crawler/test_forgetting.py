"""What is forgotten is in none of the files any more, and does not come back; others' posts stay where they were."""

import re
import sqlite3
import zlib

import pytest

from crawler.archive import Archive
from crawler.archive_tables import connect
from crawler.document import Document, Post, join_posts
from crawler.errors import ArchiveError
from crawler.forgetting import carry_out, files_of, plan_author, plan_documents, remove_raw, remove_rows, scrub
from crawler.frontier import TABLES as FRONTIER
from crawler.raw_bytes import Raw
from crawler.removed_author import REMOVED, without_authors
from crawler.run_table import RunTable
from crawler.runner import run_crawl
from crawler.settings import CrawlOptions
from crawler.sources import Source
from crawler.threads import split_posts

URL, OTHER = "https://courier.example/2024/marker-in-address", "https://courier.example/2024/another"
MARKER = "wolframite-marker 钨锰铁矿"
PAGE = f"<p>{MARKER}</p>{'<p>padding</p>' * 300}".encode()
FORUM = "https://forum.example/t/1"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.db"


def thread(*parts, url=FORUM, title="Is it a copy?", source="forum.example"):
    text, posts = join_posts([{"author": author, "reply_to": to, "text": text} for author, to, text in parts])
    return Document.create(text, posts, url=url, kind="thread", title=title, source=source)


def bytes_of(path):
    return b"\n".join(each.read_bytes() for each in path.parent.iterdir())


def forget(path, plan_for):
    with Archive(path) as archive:
        plan = plan_for(archive)
        carry_out(archive, plan, reason="asked for")
        remove_raw(archive, plan.raw)
    for file in files_of(path):
        scrub(file)
    return plan


def by_author(handle, **options):
    return lambda archive: plan_author(archive, handle, **options)


@pytest.fixture
def filled(path):
    """Two revisions of a page, another page, and whatever else may hold their words."""
    with Archive(path) as archive:
        archive.enqueue(URL, source="courier")
        archive.enqueue(f"{OTHER}/2", source="courier", referrer=URL)
        archive.settle(f"{OTHER}/2", state="failed", error=f"it leads to {URL}")
        for text, raw in ((f"{MARKER} one", PAGE), (f"{MARKER} two", PAGE + b"2")):
            document = Document.create(text, url=URL, title=f"Title {MARKER}", source="courier")
            archive.add(document, raw=Raw(raw, content_type="text/html"))
            digest = archive.keep_raw(raw)
            archive.settle(URL, state="done", document=document.id, raw=digest)
        archive.add(Document.create("Another page.", url=OTHER, source="courier"), raw=b"<p>Another page.</p>")
        for table in FRONTIER:
            archive.connection.execute(table)
        archive.connection.execute("insert into variant values (?, ?)", (URL, f"{URL}/amp"))
        archive.connection.execute("create table annotation (document text, content blob)")
        archive.connection.execute("insert into annotation values (?, ?)", (document.id, MARKER.encode()))
        runs = RunTable(archive.connection)
        source = Source(name="courier", title="Courier", kind="feed", url="https://courier.example/feed")
        runs.end(runs.begin(source), counts={}, error=f"nothing came from {URL}", newest=None)
    return document.id


def test_nothing_of_a_forgotten_document_is_in_the_files(path, filled):
    packed = {zlib.compress(page, 6)[20:60] for page in (PAGE, PAGE + b"2")}
    assert MARKER.encode() in bytes_of(path) and all(piece in bytes_of(path) for piece in packed)
    forget(path, lambda archive: plan_documents(archive, [filled]))
    assert forget(path, lambda archive: plan_documents(archive, archive.find(URL), urls=[URL])).is_empty
    left = bytes_of(path)
    for piece in (MARKER.encode(), b"marker-in-address", filled.encode(), *packed):
        assert piece not in left
    assert b"Another page." in left and b"asked for" in left
    with Archive(path) as archive:
        assert archive.find(OTHER) and archive.page(f"{OTHER}/2").error is None
        assert archive.current(archive.find(OTHER)[0]).raw is not None


def test_the_words_of_what_was_removed_before_are_gone_too(path):
    with sqlite3.connect(path) as plain:
        plain.execute("pragma secure_delete = off")
        plain.execute("create table old (words text)")
        plain.execute("insert into old values (?)", (MARKER * 50,))
        plain.commit()
        plain.execute("delete from old")
    plain.close()
    assert MARKER.encode() in bytes_of(path)
    scrub(path)
    assert MARKER.encode() not in bytes_of(path)


def test_a_forgotten_document_is_neither_stored_nor_fetched_again(path, filled):
    forget(path, lambda archive: plan_documents(archive, [filled]))
    with Archive(path) as archive:
        again = Document.create(f"{MARKER} three", url=URL, source="courier")
        assert archive.add(again, raw=PAGE) == "forgotten"
        assert archive.add(Document.create(MARKER, url=URL, id="mine"), raw=PAGE) == "forgotten"
        assert not archive.enqueue(URL, source="courier") and archive.page(URL) is None
        assert archive.state_of(filled) is None and archive.counts()["documents"] == 1
        assert archive.tombstones.find("document", filled).reason == "asked for"
        assert archive.add(Document.create("New.", url=f"{OTHER}/3"), raw=b"New.") == "new"
    assert MARKER.encode() not in bytes_of(path)


def test_another_address_of_a_forgotten_document_is_forgotten_with_it(path, filled):
    forget(path, lambda archive: plan_documents(archive, [filled]))
    with Archive(path) as archive:
        archive.enqueue(f"{OTHER}/moved", source="courier")
        raw = archive.keep_raw(PAGE)
        document = Document.create(MARKER, url=URL, source="courier")
        assert archive.add(document, raw=raw) == "forgotten"
        archive.settle(f"{OTHER}/moved", state="done", document=document.id, raw=raw)
        assert archive.page(f"{OTHER}/moved") is None
        assert not archive.enqueue(f"{OTHER}/moved", source="courier")
    with Archive(path) as archive:
        assert archive.raw(raw) is None


def test_raw_bytes_that_another_document_came_from_stay(path):
    with Archive(path) as archive:
        archive.add(Document.create("one", url=URL), raw=b"shared")
        archive.add(Document.create("two", url=OTHER), raw=b"shared")
        (first,) = archive.find(URL)
    forget(path, lambda archive: plan_documents(archive, [first]))
    with Archive(path) as archive:
        assert archive.raw(archive.current(archive.find(OTHER)[0]).raw) == b"shared"


def test_a_page_that_gave_no_document_is_forgotten_by_its_address(path):
    with Archive(path) as archive:
        archive.enqueue(URL, source="courier")
        archive.settle(URL, state="skipped", raw=archive.keep_raw(PAGE), error="says none of the keywords")
    forget(path, lambda archive: plan_documents(archive, [], urls=[f"{URL}?utm_source=x"]))
    with Archive(path) as archive:
        assert archive.page(URL) is None and not archive.enqueue(URL, source="courier")
    assert zlib.compress(PAGE, 6)[20:60] not in bytes_of(path)


def test_a_file_that_another_process_reads_is_named(path, filled):
    reader = connect(path)
    reader.execute("begin")
    reader.execute("select count(*) from revision").fetchone()
    writer = connect(path)
    writer.execute("create table more (x)")
    try:
        with pytest.raises(ArchiveError, match=r"a\.db.*run this again"):
            scrub_soon(path)
    finally:
        reader.close()
        writer.close()


def scrub_soon(path, patience="pragma busy_timeout = 200"):
    """Scrub without waiting half a minute for the other process."""
    import crawler.forgetting as module  # noqa: PLC0415

    def connect_soon(file):
        connection = connect(file)
        connection.execute(patience)
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "connect", connect_soon)
        scrub(path)


def test_rows_of_files_beside_the_archive_are_removed(tmp_path):
    file = tmp_path / "a.llm.db"
    assert remove_rows(file, "reply", "document", ["d"]) == 0 and not file.exists()
    with sqlite3.connect(file) as replies:
        replies.execute("create table reply (document text)")
        replies.executemany("insert into reply values (?)", [("d",), ("d",), ("e",)])
    replies.close()
    assert remove_rows(file, "reply", "document", ["d", "f"]) == 2


def test_an_author_is_taken_out_and_the_tree_of_replies_stays(path):
    before = thread(
        ("Mossy_Kettle", None, f"It is {MARKER}."),
        ("ren", 0, "@mossy_kettle no.\n> It is " + MARKER + ".\nMossy_Kettle is wrong, mossy_kettles are not."),
        ("mossy_kettle", 1, f"Still {MARKER}"),
        ("宋岚", 2, "回复 mossy_kettle：我不同意。"),
    )
    with Archive(path) as archive:
        archive.add(before, raw=MARKER.encode() + b" raw")
        archive.add(thread(("ren", None, "Nothing of it."), url=f"{FORUM}1"), raw=b"ren raw")
    plan = forget(path, by_author("@Mossy_Kettle"))
    assert (plan.documents, plan.rewritten, plan.posts) == ((), (before.id,), 2)
    with Archive(path) as archive:
        (revision,) = archive.revisions_of(before.id)
        after = revision.document
        assert archive.current(before.id).document == after and revision.raw is None
        assert archive.find(f"{FORUM}1") and archive.current(archive.find(f"{FORUM}1")[0]).raw
    assert [(post.author, post.reply_to) for post in after.posts] == [
        (REMOVED, None), ("ren", 0), (REMOVED, 1), ("宋岚", 2)
    ]  # fmt: skip
    assert after.posts[0].text == after.posts[2].text == after.title == REMOVED
    assert after.posts[1].text == f"@{REMOVED} no.\n> {REMOVED}\n{REMOVED} is wrong, mossy_kettles are not."
    assert after.posts[3].text == f"回复 {REMOVED}：我不同意。"
    assert after.text == "\n\n".join(post.text for post in after.posts)
    left = bytes_of(path)
    assert MARKER.encode() not in left and not re.search(rb"mossy_kettle(?!s)", left, re.I)


def test_later_revisions_are_redacted_alike_and_their_raw_bytes_are_not_kept(path):
    first = (("moss", None, "It is."), ("ren", 0, "@moss no"))
    with Archive(path) as archive:
        archive.add(thread(*first), raw=b"raw")
    forget(path, by_author("moss", source="forum.example"))
    longer = thread(*first, ("lin", 1, "moss wrote: It is. And a moss grows."), title="Moss")
    with Archive(path) as archive:
        archive.enqueue(FORUM, source="forum.example")
        assert archive.add(thread(*first)) == "unchanged"
        raw = archive.keep_raw(b"raw of moss")
        assert archive.add(longer, raw=raw) == "changed"
        archive.settle(FORUM, state="done", document=longer.id, raw=raw)
        assert archive.page(FORUM).raw is None
        last = archive.current(longer.id)
        elsewhere = thread(*first, url="https://elsewhere.example/t/1", source="elsewhere.example")
        assert archive.add(elsewhere, raw=b"elsewhere") == "new"
        assert archive.current(elsewhere.id).document == elsewhere
    assert [post.text for post in last.document.posts][1:] == [
        f"@{REMOVED} no", f"{REMOVED} wrote: It is. And a moss grows."
    ]  # fmt: skip
    with Archive(path) as archive:
        assert archive.raw(raw) is None and last.sequence == 2


def test_revisions_that_become_equal_become_one(path):
    with Archive(path) as archive:
        for words in ("one", "two", "three"):
            other = "ren" if words == "three" else "lin"
            archive.add(thread(("moss", None, words), (other, 0, "no")), recorded=f"2024-0{len(words)}-01")
        archive.add(thread(("moss", None, "one"), ("lin", 0, "no")))
    forget(path, by_author("moss"))
    with Archive(path) as archive:
        (identifier,) = archive.document_ids()
        revisions = archive.revisions_of(identifier)
        assert [(each.sequence, each.document.posts[1].author) for each in revisions] == [(1, "lin"), (2, "ren")]
        assert archive.current(identifier).sequence == 1


def test_an_article_by_the_author_goes_whole_and_one_that_comes_later_is_refused(path):
    def article(url):
        whole = Document.create(MARKER, url=url, source="zhihu.example")
        text, posts = join_posts([{"author": "山中客", "text": MARKER}])
        return Document.create(text, posts, url=whole.url, source=whole.source)

    with Archive(path) as archive:
        archive.add(article(URL), raw=PAGE)
    plan = forget(path, by_author("山中客"))
    assert plan.documents and not plan.rewritten
    with Archive(path) as archive:
        archive.enqueue(OTHER, source="zhihu.example")
        raw = archive.keep_raw(PAGE)
        assert archive.add(article(OTHER), raw=raw) == "forgotten"
        archive.settle(OTHER, state="done", document=article(OTHER).id, raw=raw)
        assert archive.page(OTHER) is None and archive.counts()["documents"] == 0
    scrub(path)
    assert MARKER.encode() not in bytes_of(path)


SAVED = "moss (2024-03-01 10:00): It is.\nren (2024-03-01 10:05): no\nFrom moss grows nothing.\nmoss (2024-03-02 09:00): So?"


def test_headers_between_posts_lose_the_name_and_words_of_the_language_stay():
    posts = split_posts(SAVED)
    before = Document.create(SAVED, posts, kind="thread", title="Thread")
    after = without_authors(before, {"moss"})
    assert [post.author for post in after.posts] == [REMOVED, "ren", REMOVED]
    assert after.text.count(REMOVED) == 4 and "From moss grows nothing." in after.posts[1].text
    assert not re.search("moss(?! grows)", after.text)
    assert without_authors(after, {"moss"}) is after and without_authors(before, {"lin"}) is before


def test_posts_that_lie_in_one_another_keep_their_places():
    text = "ren: moss said: a secret. And ren goes on."
    start = text.index("a secret.")
    outer = Post(author="ren", text=text, start=0, end=len(text))
    inner = Post(author="moss", text="a secret.", start=start, end=start + 9)
    after = without_authors(Document.create(text, (outer, inner), kind="thread"), {"moss"})
    assert after.text == f"ren: {REMOVED} said: {REMOVED} And ren goes on."
    assert [post.text for post in after.posts] == [after.text, REMOVED]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("u/moss and /u/Moss, @moss.", f"u/{REMOVED} and /u/{REMOVED}, @{REMOVED}."),
        ("@moss-green and @moss.fan stay", "@moss-green and @moss.fan stay"),
        ("@moss你好", f"@{REMOVED}你好"),
        ("回复 moss：对", f"回复 {REMOVED}：对"),
        ("[quote=moss]It is[/quote]", f"[quote={REMOVED}]It is[/quote]"),
        ("**moss** wrote:", f"**{REMOVED}** wrote:"),
        ("moss grows here", "moss grows here"),
    ],
)
def test_a_handle_that_is_also_a_word_goes_where_it_is_meant(text, expected):
    before = thread(("ren", None, text))
    assert without_authors(before, {"moss"}).posts[0].text == expected


LOCAL = CrawlOptions(delay=0, allow_private=True, timeout=20, contact="mailto:test@example.org")


def test_a_crawl_stores_a_forgotten_thread_no_more_and_redacts_an_author_before_storing(web, path):
    web.set_json("/latest.json", {"topic_list": {"topics": [{"id": 7}, {"id": 8}]}})
    web.set_json(
        "/t/7.json", web.topic(7, [web.post(1, f"Is it {MARKER}?"), web.post(2, "@user1 It is not.", answers=1)])
    )
    web.set_json("/t/8.json", web.topic(8, [web.post(1, "Another topic of somebody.", username="lin")]))
    forum = Source(name="forum", title="Forum", kind="discourse", url=web.url)
    run_crawl(path, [forum], options=LOCAL)
    forget(path, by_author("user1"))
    forget(path, lambda archive: plan_documents(archive, archive.find(f"{web.url}/t/8")))
    longer = [
        web.post(1, f"Is it {MARKER}?"),
        web.post(2, "@user1 It is not.", answers=1),
        web.post(3, "Still.", answers=2),
    ]
    web.set_json("/t/7.json", web.topic(7, longer))
    web.seen.clear()
    report = run_crawl(path, [forum], options=LOCAL).sources["forum"]
    assert (report.changed, report.new, report.failed) == (1, 0, 0) and "/t/8.json" not in web.paths()
    with Archive(path) as archive:
        (last,) = archive.revisions()
    assert [(post.author, post.text) for post in last.document.posts] == [
        (REMOVED, REMOVED), ("user2", f"@{REMOVED} It is not."), ("user3", "Still.")
    ]  # fmt: skip
    assert last.raw is None
    raw = path.with_name("a.raw.db")
    with sqlite3.connect(raw) as connection:
        kept = [zlib.decompress(row[0]) for row in connection.execute("select content from raw")]
    assert not any(MARKER.encode() in content or b"user1" in content for content in kept)
    assert MARKER.encode() not in bytes_of(path)
