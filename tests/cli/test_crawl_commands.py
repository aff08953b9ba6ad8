"""The commands crawl and update: what is due, what is refused, what is locked, what is only planned."""

import json
import os
import pty
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cli.config import load_config
from cli.crawl import choose_sources
from cli.errors import CliError, UsageFault
from cli.job_lock import hold_lock, lock_path
from crawler.archive import Archive
from crawler.run_table import RunTable
from crawler.sources import load_sources
from tests.crawler.loopback import Loopback

YUANLIU = Path(sys.executable).with_name("yuanliu")
SETTINGS = "catalogue = false\n[crawl]\ndelay = 0\nallow_private = true\n"


@pytest.fixture
def web():
    with Loopback() as server:
        yield server


def own(web, **fields):
    table = {"name": "gazette", "kind": "feed", "url": f"{web.url}/feed.xml"} | fields
    return "[[source]]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in table.items())


def start(folder, *arguments, **options):
    return subprocess.Popen(
        [YUANLIU, *arguments], cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.PIPE, **options
    )


def test_a_crawl_ends_with_a_table_and_fails_below_the_minimum(yuanliu, write, web):
    web.set_articles([1, 2])
    web.pages["/a/2"] = (404, {}, b"")
    write("yuanliu.toml", SETTINGS + own(web, minimum=2))
    told = yuanliu("crawl")
    assert told.code == 1 and "fewer documents than expected from gazette" in told.err
    heading, _, row = told.out.splitlines()
    assert heading.split() == ["source", "fetched", "new", "changed", "unchanged", "skipped", "failed"]
    assert row.split() == ["gazette", "1", "1", "0", "0", "0", "1"]
    assert f"gazette: {web.url}/a/2: HTTP 404" in told.err


def test_only_what_is_due_is_crawled(yuanliu, write, web):
    web.set_articles([1])
    write("yuanliu.toml", SETTINGS + own(web, every="1d"))
    assert yuanliu("crawl", "--due").code == 0
    web.seen.clear()
    told = yuanliu("crawl", "--due")
    assert (told.code, told.err, web.seen) == (0, "no source is due\n", [])
    assert yuanliu("update", "--due").err == "no source is due\n" and web.seen == []
    assert yuanliu("crawl").code == 0 and web.seen


def test_a_dry_run_fetches_nothing(yuanliu, write, web, tmp_path):
    write("yuanliu.toml", SETTINGS + own(web))
    told = yuanliu("crawl", "--dry-run")
    assert told.code == 0 and "gazette" in told.out and "nothing was fetched" in told.err
    assert web.seen == [] and [each.name for each in tmp_path.iterdir()] == ["yuanliu.toml"]


def test_a_source_of_the_catalogue_is_refused_until_it_was_tested(yuanliu, write, web):
    write("yuanliu.toml", '[[source]]\nname = "qbitai"\nenabled = true\n')
    for arguments in (["crawl"], ["crawl", "qbitai"], ["update", "--due"]):
        told = yuanliu(*arguments)
        assert told.code == 1 and "`yuanliu sources test qbitai`" in told.err and "never tested" in told.err
    web.set_articles([1])
    write("yuanliu.toml", SETTINGS.replace("catalogue = false\n", "") + own(web, name="qbitai", keywords=[], minimum=0))
    assert yuanliu("crawl", "qbitai").code == 0  # the user's own now


def test_a_tested_source_of_the_catalogue_is_crawled_as_long_as_it_is_the_same(tmp_path, write):
    config = load_config(write("yuanliu.toml", '[[source]]\nname = "qbitai"\nenabled = true\n'), environment={})
    with Archive(tmp_path / "yuanliu.db") as archive:
        RunTable(archive.connection).note_tested(load_sources()["qbitai"])
    found, refused = choose_sources(config, [])
    assert [source.name for source in found] == ["qbitai"] and refused == []
    with Archive(tmp_path / "yuanliu.db") as archive:
        archive.connection.execute("update tested_source set url = 'https://old.example/feed'")
    assert choose_sources(config, [])[1] == ["qbitai"]


def test_the_others_are_crawled_when_one_is_refused(yuanliu, write, web):
    web.set_articles([1])
    both = SETTINGS.replace("catalogue = false\n", "") + own(web) + '[[source]]\nname = "qbitai"\nenabled = true\n'
    write("yuanliu.toml", both)
    told = yuanliu("crawl")
    assert told.code == 1 and "gazette" in told.out and "qbitai of the catalogue was never tested" in told.err


def test_a_second_job_says_who_holds_the_lock_and_a_killed_one_leaves_none(write, web, tmp_path):
    web.set_articles([1])
    write("yuanliu.toml", SETTINGS + own(web))
    reached = web.hold("/a/1")
    first = start(tmp_path, "update", "--due")
    assert reached.wait(60)
    second = subprocess.run([YUANLIU, "update", "--due"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert second.returncode == 1 and f"`yuanliu update` (process {first.pid}, since 2" in second.stderr
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    web.release()
    third = subprocess.run([YUANLIU, "crawl"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert third.returncode == 0, third.stderr


def test_a_lock_file_of_a_dead_process_is_taken_over(tmp_path):
    archive = tmp_path / "a.db"
    lock_path(archive).write_text('{"pid": 1, "job": "update", "since": "2023-11-06T09:00:00+08:00"}')
    with (
        hold_lock(archive, job="crawl"),
        pytest.raises(CliError, match=rf"`yuanliu crawl` \(process {os.getpid()}"),
        hold_lock(archive, job="update"),
    ):
        pass
    with pytest.raises(CliError, match="--archive"), hold_lock(tmp_path / "none" / "a.db", job="crawl"):
        pass


def test_followed_names_join_the_keywords(yuanliu, write, web):
    web.set_articles([1, 2])
    web.pages["/a/2"] = web.article(
        2, lead="Tamsin Oduya said on Tuesday that the model of her company is its own work."
    )
    write("yuanliu.toml", SETTINGS + '[follow]\npeople = ["Tamsin Oduya"]\n' + own(web, keywords=["harbour"]))
    told = yuanliu("crawl")
    assert told.out.splitlines()[-1].split()[:3] == ["gazette", "2", "1"]


def test_archived_pages_are_read_again_without_fetching(yuanliu, write, web):
    web.set_articles([1, 2])
    write("yuanliu.toml", SETTINGS + own(web))
    assert yuanliu("crawl").code == 0
    web.seen.clear()
    told = yuanliu("crawl", "gazette", "--re-extract")
    assert told.code == 0 and told.out.splitlines()[-1].split()[:3] == ["gazette", "0", "2"] and web.seen == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[crawl]\nbudget = -1", "budget is -1"),
        ("[crawl]\ndelay = -1", "delay is -1"),
        ('[crawl]\nproxy = "http://me:hush@/"', "is no address"),
        ('[follow]\nmodel = ["Yi"]', "unknown key 'model'; the keys are models, people, organizations"),
        ('[follow]\nmodels = "Yi"', "write a list of names"),
        ('follow = ["Yi"]', "write [follow] once"),
    ],
)
def test_settings_that_cannot_be(write, text, words):
    with pytest.raises(UsageFault) as caught:
        load_config(write("yuanliu.toml", text), environment={})
    assert words in str(caught.value) and "hush" not in str(caught.value)


@pytest.mark.parametrize("since", ["yesterday", "2023-11", "2999-01-01", "20231101"])
def test_a_day_that_is_none_is_refused(yuanliu, since):
    told = yuanliu("crawl", "--since", since)
    assert told.code == 2 and repr(since) in told.err


def test_the_bar_is_for_terminals_only(write, web, tmp_path):
    web.set_articles([1])
    write("yuanliu.toml", SETTINGS + own(web))
    reached = web.hold("/a/1")
    ours, theirs = pty.openpty()
    job = subprocess.Popen([YUANLIU, "crawl"], cwd=tmp_path, stderr=theirs, stdout=subprocess.DEVNULL)
    os.close(theirs)
    shown = bytearray()

    def read():
        try:
            while chunk := os.read(ours, 1000):
                shown.extend(chunk)
        except OSError:  # the other end is closed
            pass

    reader = threading.Thread(target=read)
    reader.start()
    assert reached.wait(60)
    web.release()
    assert job.wait(60) == 0
    reader.join()
    os.close(ours)
    assert b"gazette" in shown and b"\x1b[" in shown
