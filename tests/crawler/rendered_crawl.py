"""Crawls that render: pages that only their scripts make, the source that names them, the crawl, and what came of it.

Tests that need a browser are marked `rendered`: where the browser or the extra is missing, they are skipped.
"""

import importlib.util
import json
import shutil
import subprocess

import pytest

from crawler import runner
from crawler.archive import Archive
from crawler.rendering import NAMES
from crawler.settings import CrawlOptions
from crawler.sources import Source

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


def feed(web, **changes):
    return Source(
        **{"name": "news", "title": "N", "kind": "feed", "url": f"{web.url}/feed.xml", "render": True} | changes
    )


def crawl(path, *sources, **options):
    return runner.run_crawl(path, sources, options=CrawlOptions(**LOCAL | options)).sources


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
