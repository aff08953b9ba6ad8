"""A page in the browser gets no farther than the crawler may, asks for no more, ends in time and leaves nothing behind.

A real browser renders pages of a web server on the loopback. Where the browser or the extra is missing, this is skipped.
"""

import socket
from contextlib import closing

import pytest

from crawler.archive import Archive
from tests.crawler.rendered_crawl import LOAD, WRITE, counts, crawl_in, feed, rendered, set_pages, shell, texts


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
    """Each waits half a second at least; one that comes late, on a busy machine, is nearer to the next, but not to the one after."""
    set_pages(web, [1])
    assert counts(one(delay=1.0)) == {"fetched": 1, "new": 1}
    robots, _feed, page, _script, text = web.times
    assert text - page > 0.8 and page - robots > 0.8


@rendered
def test_what_scripts_ask_for_is_counted_and_a_page_waits_for_the_rest(web, one):
    set_pages(web, [1])
    report = one(budget=4)
    assert counts(report) == {} and report.left == 1 and len(web.times) == 4
    assert "budget of 4 requests" in report.reasons[0][1]


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
