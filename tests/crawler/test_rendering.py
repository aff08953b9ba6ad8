"""Pages that only their scripts make are read as a reader sees them, and a browser gets no farther than the crawler may.

A real browser renders pages of a web server on the loopback. Where the browser or the extra is missing, this is skipped.
"""

import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from cli.config import load_config
from crawler import runner
from crawler.archive import Archive
from crawler.errors import SourceError
from crawler.rendering import NAMES
from crawler.settings import CrawlOptions
from crawler.sources import Source, load_sources

HAS_PACKAGE = importlib.util.find_spec("playwright") is not None
HAS_BROWSER = any(map(shutil.which, NAMES))
MISSING = [name for name, there in (("the extra browser", HAS_PACKAGE), ("chromium", HAS_BROWSER)) if not there]
rendered = pytest.mark.skipif(bool(MISSING), reason=f"nothing can be rendered without {' and '.join(MISSING)}")

LOCAL = {"delay": 0, "allow_private": True, "timeout": 20, "contact": "mailto:test@example.org"}
WRITE = "const write = html => document.querySelector('main').insertAdjacentHTML('beforeend', html);"
LOAD = "const load = () => fetch('/api/' + location.pathname.slice(3)).then(r => r.json()).then(a => write(a.html));"
APP = (WRITE + LOAD + "load()").encode()


def shell(script="", *, before="", after='<script src="/app.js"></script>'):
    """Return a page without text, whose scripts make it."""
    page = f"<title>Questions about a model</title>{before}</head><body><main></main><script>{script}</script>{after}"
    return f"<!doctype html><html lang=en><head><meta charset=utf-8>{page}</body></html>".encode()


def text_of(web, n, *, lead=""):
    """Return the article that a script makes, as HTML."""
    html = web.article(n, lead=lead).decode()
    return html[html.index("<article>") : html.index("</body>")]


def set_pages(web, numbers, **more):
    """Set pages whose text a script fetches, and the feed that names them."""
    web.pages["/app.js"] = (200, {"Content-Type": "text/javascript"}, APP)
    for n in numbers:
        web.pages[f"/a/{n}"] = shell(**more)
        web.set_json(f"/api/{n}", {"html": text_of(web, n)})
    web.set_feed([f"/a/{n}" for n in numbers])


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.db"


def feed(web, **changes):
    return Source(
        **{"name": "news", "title": "N", "kind": "feed", "url": f"{web.url}/feed.xml", "render": True} | changes
    )


def crawl(path, *sources, **options):
    return runner.run_crawl(path, sources, options=CrawlOptions(**LOCAL | options)).sources


@pytest.fixture
def one(web, path):
    return lambda source=None, **options: crawl(path, source or feed(web), **options)["news"]


def counts(report):
    names = ("fetched", "new", "changed", "unchanged", "skipped", "failed")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def texts(path):
    with Archive(path) as archive:
        return {revision.document.url.rpartition("/a/")[2]: revision.document.text for revision in archive.revisions()}


def child_of(job, *, setup=""):
    """Start a child that crawls, in which some lines were run before."""
    return subprocess.Popen(
        [*runner.child_command()[:2], "-c", f"import sys, crawler.runner as r\n{setup}\nr.main()\n"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=runner.child_environment(),
        encoding="utf-8",
    )


def crawl_in(path, source, *, setup, **options):
    """Crawl in such a child."""
    job = runner.job_for(path, [source], options=CrawlOptions(**LOCAL | options))
    with child_of(job, setup=setup) as child:
        child.stdin.write(job + "\n")
        child.stdin.flush()
        answer = json.loads(child.stdout.read())
    return runner.report_of(source, answer["tallies"][source.name])


@rendered
def test_text_that_scripts_make_is_archived_as_it_was_rendered(web, path, one):
    set_pages(web, [1, 2], before='<link rel=stylesheet href="/x.css"><link rel=icon href="/i.png">')
    web.pages["/a/2"] = shell(after='<img src="/i.png"><iframe src="/frame"></iframe><script src="/app.js"></script>')
    assert counts(one()) == {"fetched": 2, "new": 2}
    assert "names of two tensors" in texts(path)["1"] and "model 2" in texts(path)["2"]
    assert sorted(web.paths()) == ["/a/1", "/a/2", "/api/1", "/api/2", "/app.js", "/feed.xml"]
    assert {headers["User-Agent"] for _, _, headers in web.seen} == {"yuanliu (+mailto:test@example.org)"}
    with Archive(path) as archive:
        kept = archive.raw(archive.page(f"{web.url}/a/1").raw)
    assert b"names of two tensors" in kept and kept.startswith(b"<!DOCTYPE html>")


@rendered
def test_a_rendered_page_is_asked_for_whole_and_compared(web, path, one):
    """Also one whose answer was kept with its ETag before the source was rendered."""
    set_pages(web, [1, 2])
    assert counts(one(feed(web, render=False))) == {"fetched": 2, "skipped": 2}
    assert counts(one()) == {"fetched": 2, "new": 2}
    web.set_json("/api/2", {"html": text_of(web, 2, lead="The company has corrected this statement since then.")})
    assert counts(one()) == {"fetched": 2, "changed": 1, "unchanged": 1}
    assert web.paths(304) == [] and "has corrected" in texts(path)["2"]


@rendered
def test_a_list_that_a_script_makes_is_read(web, one):
    set_pages(web, [1])
    link = "<ul class=news><li><a href='/a/1'>Questions about the origin of a model, and answers</a></li></ul>"
    web.pages["/list"] = shell(f'{WRITE} write("{link}")', after="")
    source = feed(web, kind="list", url=f"{web.url}/list", items=".news a")
    assert counts(one(source)) == {"fetched": 1, "new": 1}


@rendered
def test_only_the_sources_that_want_it_are_rendered(web, path):
    set_pages(web, [1])
    web.pages["/b/1"] = web.pages["/a/1"]
    web.set_feed(["/b/1"], path="/other.xml")
    other = feed(web, name="other", url=f"{web.url}/other.xml", render=False)
    reports = crawl(path, feed(web), other)
    assert counts(reports["news"]) == {"fetched": 1, "new": 1}
    assert counts(reports["other"]) == {"fetched": 1, "skipped": 1}
    assert web.paths().count("/app.js") == 1


@rendered
def test_robots_txt_holds_for_what_scripts_ask_for(web, one):
    set_pages(web, [1])
    web.pages["/robots.txt"] = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /api/\n")
    report = one()
    assert counts(report) == {"fetched": 1, "skipped": 1}
    assert "/api/1" not in web.paths()
    assert any("Forbidden by robots.txt" in reason for _, reason in report.reasons)


@rendered
def test_what_scripts_ask_for_keeps_its_distance(web, one):
    set_pages(web, [1])
    assert counts(one(delay=0.4)) == {"fetched": 1, "new": 1}
    assert len(web.times) == 5  # robots.txt, the feed, the page, its script and its text
    assert min(later - earlier for earlier, later in pairwise(web.times)) > 0.15


@rendered
def test_what_scripts_ask_for_is_counted_and_a_page_waits_for_the_rest(web, one):
    set_pages(web, [1])
    report = one(budget=4)
    assert counts(report) == {} and report.left == 1 and len(web.times) == 4
    assert "budget of 4 requests" in report.reasons[0][1]


@rendered
def test_a_page_whose_text_does_not_come_is_tried_again(web, one):
    set_pages(web, [1])
    text = web.pages["/api/1"]
    web.pages["/api/1"] = (503, {}, b"")
    report = one()
    assert counts(report) == {"fetched": 0, "failed": 1} or counts(report) == {"failed": 1}
    assert "/api/1: HTTP 503" in report.reasons[0][1]
    web.pages["/api/1"] = text
    assert counts(one()) == {"fetched": 1, "new": 1}


@rendered
def test_everything_goes_through_the_proxy(web, one):
    set_pages(web, [1])
    web.set_feed(["http://news.example/a/1"])
    web.pages = {f"http://news.example{name}": page for name, page in web.pages.items()}
    source = feed(web, url="http://news.example/feed.xml")
    assert counts(one(source, proxy=web.url, allow_private=False)) == {"fetched": 1, "new": 1}
    assert "http://news.example/api/1" in [name for name, _, _ in web.seen]


PUBLIC = (
    "import crawler.middlewares as m\npublic = m.is_public\nm.is_public = lambda a: a == '127.0.0.1' or public(a)\n"
)


@rendered
def test_no_page_reaches_a_private_address(web, path):
    """127.0.0.1 counts as public, 127.0.0.2 does not; what listens there must hear of nobody."""
    with (
        closing(socket.create_server(("127.0.0.2", 0))) as tcp,
        closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as udp,
    ):
        udp.bind(("127.0.0.2", 0))
        inside, stun = f"127.0.0.2:{tcp.getsockname()[1]}", f"127.0.0.2:{udp.getsockname()[1]}"
        tries = f"""
            fetch('http://{inside}/a').catch(() => 0); fetch('/away').catch(() => 0);
            fetch('http://{inside}/b', {{method: 'POST', body: 'x', mode: 'no-cors'}}).catch(() => 0);
            new Image().src = 'http://{inside}/c'; navigator.sendBeacon('http://{inside}/d', 'x');
            new WebSocket('ws://{inside}/e'); new EventSource('http://{inside}/f');
            const code = URL.createObjectURL(new Blob(["fetch('http://{inside}/g'); new WebSocket('ws://{inside}/h')"]));
            new Worker(code); new SharedWorker(code);
            document.head.insertAdjacentHTML('beforeend', `<link rel=preconnect href="http://{inside}">
                <link rel=prefetch href="http://{inside}/i"><link rel=modulepreload href="http://{inside}/j">`);
            document.body.insertAdjacentHTML('beforeend', `<iframe src="http://{inside}/k"></iframe>
                <form id=f method=post action="http://{inside}/l"></form><iframe id=blank></iframe>`);
            for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection'])
                for (const there of [window, document.querySelector('#blank').contentWindow])
                    if (there[name]) {{
                        const pc = new there[name]({{iceServers: [{{urls: 'stun:{stun}'}}]}});
                        pc.createDataChannel('x'); pc.createOffer().then(offer => pc.setLocalDescription(offer));
                    }}
            open('http://{inside}/m');
            onload = () => setTimeout(() => {{
                document.querySelector('#f').submit(); setTimeout(() => location = 'http://{inside}/n', 50);
            }}, 50);
        """
        set_pages(web, [1], script=tries)
        web.pages["/away"] = (302, {"Location": f"http://{inside}/secret"}, b"")
        report = crawl_in(path, feed(web), setup=PUBLIC, allow_private=False)
        assert counts(report) == {"fetched": 1, "new": 1}
        assert any("127.0.0.2 is not a public address" in reason for _, reason in report.reasons)
        for listener, listen in ((tcp, tcp.accept), (udp, lambda: udp.recv(1))):
            listener.settimeout(0.1)
            with pytest.raises(TimeoutError):
                listen()


WEBRTC = "import crawler.rendering as x; x.WITHOUT_WEBRTC = '0'\n"


@rendered
def test_webrtc_reaches_nobody_even_where_a_page_has_it(web, path):
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as udp:
        udp.bind(("127.0.0.1", 0))
        script = (
            f"const pc = new RTCPeerConnection({{iceServers: [{{urls: 'stun:127.0.0.1:{udp.getsockname()[1]}'}}]}});"
            "pc.createDataChannel('x'); pc.createOffer().then(offer => pc.setLocalDescription(offer));"
        )
        set_pages(web, [1], script=script + WRITE + "write('<p>The page has WebRTC.</p>')", after="")
        web.pages["/a/1"] = shell(script + "document.title = 'has it';" + WRITE + LOAD + "load()", after="")
        report = crawl_in(path, feed(web), setup=WEBRTC)
        assert counts(report) == {"fetched": 1, "new": 1}
        with Archive(path) as archive:
            assert b"<title>has it" in archive.raw(archive.page(f"{web.url}/a/1").raw)
        udp.settimeout(0.5)
        with pytest.raises(TimeoutError):
            udp.recv(1)


@rendered
def test_scripts_without_end_are_ended(web, path, one):
    set_pages(web, [1, 2, 3])
    web.pages["/a/1"] = shell("while (true) {}")
    web.pages["/a/2"] = shell("setTimeout(() => { while (true) {} }, 0)")
    report = one(timeout=3)
    assert counts(report) == {"fetched": 1, "new": 1, "failed": 2}
    assert {reason for _, reason in report.reasons} == {"the page's scripts did not end in 3 seconds"}
    assert list(texts(path)) == ["3"]


@rendered
def test_a_page_that_asks_without_end_is_ended(web, one):
    set_pages(web, [1], script="let n = 0; const more = () => fetch(`/more?${n++}`).finally(more); more()", after="")
    web.pages["/a/1"] = shell("let n = 0; const more = () => fetch(`/more?${n++}`).finally(more); more()", after="")
    assert counts(one(timeout=3)) in ({"fetched": 1, "skipped": 1}, {"failed": 1})
    assert len(web.paths()) <= 2 + 100


@rendered
def test_dialogs_downloads_and_other_pages_are_refused(web, one):
    asks = "alert('Read this'); if (confirm('Yes?') || prompt('Who?')) document.body.remove();"
    saves = (
        "const a = document.createElement('a'); a.download = 'file.txt';"
        "a.href = URL.createObjectURL(new Blob(['x'])); a.click(); a.href = '/file.zip'; a.click();"
        "open('/popup'); onload = () => setTimeout(() => location = '/elsewhere', 50);"
    )
    set_pages(web, [1, 2], script=asks + saves + "onbeforeunload = () => 'Stay?';")
    web.pages["/a/2"] = (200, {"Content-Type": "application/zip", "Content-Disposition": "attachment"}, b"PK\3\4")
    report = one()
    assert counts(report) == {"fetched": 2, "new": 1, "skipped": 1}
    assert "application/zip" in report.reasons[0][1]
    assert {"/file.zip", "/popup", "/elsewhere"}.isdisjoint(web.paths())


@rendered
def test_a_page_that_leads_elsewhere_by_a_script_is_named(web, one):
    set_pages(web, [1, 2], script="location = '/elsewhere'")
    web.pages["/a/2"] = shell()
    report = one()
    assert counts(report) == {"fetched": 1, "new": 1, "failed": 1}
    assert f"lead to {web.url}/elsewhere" in report.reasons[0][1] and "/elsewhere" not in web.paths()


@rendered
def test_nothing_is_kept_from_one_page_to_the_next(web, path, one):
    remembers = (
        "const kept = () => document.cookie + localStorage.kept + sessionStorage.kept;"
        "document.title = 'kept: ' + kept(); document.cookie = 'id=4711'; localStorage.kept = sessionStorage.kept = 4711;"
    )
    set_pages(web, [1, 2], script=remembers)
    for n in (1, 2):
        web.pages[f"/api/{n}"] = (
            200,
            {"Set-Cookie": "id=4712", "Content-Type": "application/json"},
            web.pages[f"/api/{n}"][2],
        )
        web.pages[f"/a/{n}"] = (200, {"Set-Cookie": "id=4713"}, web.pages[f"/a/{n}"])
    web.pages["/app.js"][1]["Set-Cookie"] = "id=4714"
    assert counts(one()) == {"fetched": 2, "new": 2}
    with Archive(path) as archive:
        pages = [archive.raw(archive.page(f"{web.url}/a/{n}").raw) for n in (1, 2)]
    assert all(b"<title>kept: undefinedundefined<" in page for page in pages)
    assert not any("Cookie" in headers for _, _, headers in web.seen)


@rendered
def test_what_scripts_make_too_large_is_refused(web, one):
    set_pages(web, [1, 2])
    web.pages["/a/1"] = shell("document.body.dataset.x = 'x'.repeat(17 * 1024 * 1024)")
    report = one()
    assert counts(report) == {"fetched": 1, "new": 1, "skipped": 1}
    assert report.reasons == [(f"{web.url}/a/1", "is larger than 16 MB when rendered")]


def descendants(pid):
    """Return the processes that a process started, and those that they did."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = place.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            parents[int(place.parent.name)] = int(parent)
    found = {pid}
    while more := {each for each, parent in parents.items() if parent in found} - found:
        found |= more
    return found & parents.keys() - {pid}


@rendered
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are only listed under /proc")
@pytest.mark.parametrize("script", ["", "while (true) {}"])
def test_the_browser_ends_with_the_process_that_crawls(web, path, script):
    set_pages(web, [1], script=script)
    reached = web.hold("/a/1" if script else "/api/1")
    job = runner.job_for(path, [feed(web)], options=CrawlOptions(**LOCAL))
    with child_of(job) as child:
        child.stdin.write(job + "\n")
        child.stdin.flush()
        assert reached.wait(60)
        if script:
            web.release()
            time.sleep(1)
        started = descendants(child.pid)
        assert len(started) > 3
        os.kill(child.pid, signal.SIGKILL)
    web.release()
    until = time.monotonic() + 20
    alive = started
    while alive and time.monotonic() < until:
        time.sleep(0.05)
        alive = {pid for pid in started if is_alive(pid)}
    assert not alive


@rendered
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are only listed under /proc")
def test_a_browser_that_dies_costs_the_pages_it_had(web, path):
    set_pages(web, [1, 2])
    reached = [web.hold("/api/1"), web.hold("/a/2")]
    job = runner.job_for(path, [feed(web)], options=CrawlOptions(**LOCAL))
    with child_of(job) as child:
        child.stdin.write(job + "\n")
        child.stdin.flush()
        assert all(event.wait(60) for event in reached)
        browsers = [pid for pid in descendants(child.pid) if is_browser(pid)]
        assert len(browsers) == 1
        os.kill(browsers[0], signal.SIGKILL)
        web.release()
        answer = json.loads(child.stdout.read())
    report = runner.report_of(feed(web), answer["tallies"]["news"])
    assert counts(report) == {"fetched": 1, "new": 1, "failed": 1}
    assert report.reasons[0][0] == f"{web.url}/a/1" and "broke" in report.reasons[0][1]


def is_browser(pid):
    command = Path(f"/proc/{pid}/cmdline").read_bytes()
    return b"--host-resolver-rules" in command and b"--type=" not in command


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_without_a_browser_a_source_is_refused_and_the_others_go_on(web, path):
    if not HAS_PACKAGE:
        pytest.skip("the package is missing too, which is another test")
    web.set_articles([1])
    plain = feed(web, name="plain", render=False)
    reports = crawl(path, feed(web), plain, browser="/no/such/browser")
    assert counts(reports["news"]) == {"failed": 1} and counts(reports["plain"]) == {"fetched": 1, "new": 1}
    ((_, reason),) = reports["news"].reasons
    assert "/no/such/browser is no program" in reason and "YUANLIU_BROWSER" in reason


@pytest.mark.parametrize(
    ("setup", "told"),
    [
        ("sys.modules['playwright'] = None", "pip install 'yuanliu[browser]'"),
        ("import shutil; shutil.which = lambda _: None", "install chromium"),
        ("import shutil; shutil.which = lambda _: '/bin/false'", "/bin/false does not start"),
    ],
)
def test_what_is_missing_is_named(web, path, setup, told):
    if not HAS_PACKAGE and "playwright" not in setup:
        pytest.skip("the extra browser is missing, which is told first")
    web.set_articles([1])
    report = crawl_in(path, feed(web), setup=setup)
    assert counts(report) == {"failed": 1} and told in report.reasons[0][1]
    assert web.paths() == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [({"render": "yes"}, "true or false"), ({"render": True, "kind": "discourse"}, "kind discourse")],
)
def test_render_is_checked(fields, told):
    table = {"name": "a", "kind": "feed", "url": "https://example.org/feed"} | fields
    with pytest.raises(SourceError, match=told):
        load_sources([table])
    assert load_sources([table | {"render": True, "kind": "list"}])["a"].render


def test_the_browser_is_named_in_the_configuration_or_the_environment(tmp_path):
    file = tmp_path / "yuanliu.toml"
    file.write_text('[crawl]\nbrowser = "/opt/chromium"\n', "utf-8")
    assert load_config(file, environment={}).crawl.browser == "/opt/chromium"
    assert load_config(file, environment={"YUANLIU_BROWSER": "chromium"}).crawl.browser == "chromium"
