"""A web server on the loopback, whose pages a test sets and whose requests it sees."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PARAGRAPHS = (
    "On Tuesday the company answered the questions that developers had raised about the origin of its model {n}. "
    "It said that the architecture follows published work, and that the weights were trained from scratch.",
    "Several engineers replied that the names of two tensors had been changed without a word in the documentation. "
    "They asked the company to rename them, and to say plainly in the licence file which code it had used.",
    "The company promised to do both within a week, and thanked the community for reading its code so closely.",
)


def article(n, *, lead="", date=True):
    """Return an article's page."""
    meta = f'<meta property="article:published_time" content="2023-11-{n:02}T09:00:00+08:00">' if date else ""
    body = "".join(f"<p>{p}</p>" for p in ([lead] if lead else []) + [p.format(n=n) for p in PARAGRAPHS])
    title = f"Questions about model {n}"
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title>{meta}</head>"
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    ).encode()


def post(number, text, *, answers=None, **more):
    """Return a post as Discourse's API gives it."""
    return {
        "id": 100 + number,
        "post_number": number,
        "reply_to_post_number": answers,
        "username": f"user{number}",
        "created_at": f"2023-11-06T09:{number:02}:00.000Z",
        "cooked": f"<p>{text}</p>",
        "post_type": 1,
        **more,
    }


def topic(number, posts, *, stream=None):
    """Return a topic as Discourse's API gives it."""
    ids = stream or [p["id"] for p in posts]
    return {
        "id": number,
        "title": f"Topic {number}",
        "created_at": "2023-11-06T09:00:00.000Z",
        "post_stream": {"posts": posts, "stream": ids},
    }


@dataclass
class Loopback:
    """Pages by path: bytes, a tuple of status, headers and bytes, or a list of such answers to give one by one.

    A function answers by itself: it is given the request's handler. `seen` holds (path, status, headers).
    """

    pages: dict = field(default_factory=dict)
    seen: list = field(default_factory=list)
    times: list = field(default_factory=list)  # when each request came
    held: dict = field(default_factory=dict)  # path -> (reached, go on)

    def __enter__(self):
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self):
                owner.answer(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()
        return self

    def __exit__(self, *_):
        for _reached, go_on in self.held.values():
            go_on.set()
        self.server.shutdown()  # kept connections end with the crawler that made them
        self.server.server_close()
        self.thread.join()

    def answer(self, request):
        self.times.append(time.monotonic())
        path = request.path.removeprefix(self.url)
        if path in self.held:
            reached, go_on = self.held[path]
            reached.set()
            go_on.wait(60)
        page = self.pages.get(path, (404, {}, b"not here"))
        if isinstance(page, list):
            page = page.pop(0)
        if callable(page):
            self.seen.append((path, 0, dict(request.headers)))
            request.close_connection = True
            with suppress(OSError):  # the crawler hung up
                page(request)
            return
        status, headers, body = page if isinstance(page, tuple) else (200, {}, page)
        headers = {"Content-Type": "text/html; charset=utf-8"} | headers
        if status == 200:
            headers["ETag"] = f'"{hashlib.md5(body).hexdigest()}"'
            if request.headers.get("If-None-Match") == headers["ETag"]:
                status, body = 304, b""
        self.seen.append((path, status, dict(request.headers)))
        try:
            request.send_response(status)
            for name, value in headers.items():
                request.send_header(name, value)
            if status != 304:
                request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)
        except OSError:  # the crawler was killed
            pass

    def hold(self, path):
        """Let a request wait; return the event that tells it has come."""
        reached, go_on = threading.Event(), threading.Event()
        self.held[path] = (reached, go_on)
        return reached

    def release(self):
        """Let the requests go on that wait."""
        for _reached, go_on in self.held.values():
            go_on.set()
        self.held.clear()

    def paths(self, status=None):
        """Return the paths asked for, robots.txt aside."""
        return [p for p, s, _ in self.seen if p != "/robots.txt" and status in (None, s)]

    def set_feed(self, paths, *, path="/feed.xml", modified=None):
        """Set a feed that names paths (or whole addresses), and when each was modified: a time, or times by path."""
        times = modified if isinstance(modified, dict) else dict.fromkeys(paths, modified)
        items = "".join(
            f"<item><title>x</title><link>{p if '//' in p else self.url + p}</link>"
            "<pubDate>Mon, 06 Nov 2023 09:30:00 +0800</pubDate>"
            f"{f'<atom:updated>{times[p]}</atom:updated>' if times.get(p) else ''}</item>"
            for p in paths
        )
        space = "xmlns:atom='http://www.w3.org/2005/Atom'"
        self.pages[path] = f"<rss version='2.0' {space}><channel>{items}</channel></rss>".encode()

    def set_sitemap(self, entries, *, path="/sitemap.xml", index=False, news=False):
        """Set a sitemap, an index or a news sitemap of (path, time) or (path, time, title)."""
        tag = "sitemap" if index else "url"
        rows = []
        for where, time_, *title in entries:
            told = f"<lastmod>{time_}</lastmod>" if time_ and not news else ""
            if news:
                told = (
                    f"<news:news><news:publication_date>{time_}</news:publication_date>"
                    f"<news:title>{title[0]}</news:title></news:news>"
                )
            rows.append(f"<{tag}><loc>{where if '//' in where else self.url + where}</loc>{told}</{tag}>")
        root = "sitemapindex" if index else "urlset"
        spaces = (
            'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
        )
        content = f'<?xml version="1.0"?><{root} {spaces}>{"".join(rows)}</{root}>'.encode()
        self.pages[path] = gzip.compress(content, mtime=0) if path.endswith(".gz") else content

    def set_list(self, paths, *, path="/list", following=None):
        """Set a list page that links to paths, and to the page that goes on."""
        items = "".join(f'<li><a href="{p}">Questions about the origin of a model, {p}</a></li>' for p in paths)
        more = f'<a rel="next" href="{following}">next</a>' if following else ""
        self.pages[path] = (
            f"<!doctype html><html lang=en><body><ul class=news>{items}</ul>{more}</body></html>".encode()
        )

    def set_articles(self, numbers):
        """Set articles and the feed that names them."""
        for n in numbers:
            self.pages[f"/a/{n}"] = article(n)
        self.set_feed([f"/a/{n}" for n in numbers])

    def posts_path(self, number, posts):
        """Return the path that further posts of a topic are asked for by."""
        return f"/t/{number}/posts.json?" + "&".join(f"post_ids%5B%5D={p['id']}" for p in posts)

    def set_json(self, path, value):
        """Set a page of JSON."""
        self.pages[path] = (200, {"Content-Type": "application/json"}, json.dumps(value).encode())

    article = staticmethod(article)
    post = staticmethod(post)
    topic = staticmethod(topic)
