"""Crawling: our crawl and our extraction against Scrapy and trafilatura, on pages made for the purpose.

The pages are served on the loopback by this process; each crawl, ours and the peers', is timed as a whole, from starting
its process to its end. `python -m tests.bench.crawling FEED FILE [trafilatura]` is the peer: a bare Scrapy spider.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from tests.crawler.loopback import Loopback

PAGES = 1000
CONCURRENCY = 8  # requests at once, of both sides; there is no delay
CRAWLS = 3  # of each side
ROUNDS = 5  # of extraction
MODIFIED = "2023-12-01T09:30:00+08:00"  # when the pages were changed, as the feed says
SAVED = Path(__file__).parents[1] / "pages"

SUBJECTS = {
    "en": ("The company", "A developer", "The laboratory", "Its chief scientist", "One of the engineers"),
    "zh": ("这家公司", "一位开发者", "实验室", "首席科学家", "其中一名工程师"),
}
VERBS = {
    "en": ("said on Tuesday that", "wrote in a long post that", "denied again that", "told reporters that"),
    "zh": ("周二表示，", "在一篇长文中写道，", "再次否认，", "对记者说，"),
}
CLAIMS = {
    "en": (
        "the weights of model {n} were trained from scratch on its own cluster.",
        "two tensors had been renamed without a word in the documentation, and that the licence does not allow it.",
        "the architecture follows published work, while the data and the training code are its own.",
        "version {n} shares its tokenizer with an older model, which the report does not mention at all.",
    ),
    "zh": (
        "第{n}代模型的权重是在自己的集群上从头训练的。",
        "有两个张量被改了名字，文档里却没有任何说明，这违反了许可协议。",
        "架构参考了公开的研究成果，但数据和训练代码都是自己的。",
        "第{n}版与一个更早的模型共用分词器，而技术报告里完全没有提到这一点。",
    ),
}
PAGE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title} - Example News</title>
<meta property="og:title" content="{title}"><meta property="og:site_name" content="Example News">
<meta property="article:published_time" content="2023-11-{day:02}T09:30:00+08:00"><meta name="author" content="Lin Yue">
<script>var page = {{"id": {n}, "tags": ["a", "b"]}};</script><style>.a {{ color: red }}</style></head>
<body><header><nav><ul class="menu">{menu}</ul></nav></header>
<main><article><h1>{title}</h1><div class="meta"><span class="author">Lin Yue</span>
<time datetime="2023-11-{day:02}T09:30:00+08:00">2023-11-{day:02} 09:30</time></div>
<div class="article-body">{body}</div></article>
<div class="share"><a href="/s/1">Facebook</a> <a href="/s/2">Weibo</a></div>
<div class="related"><h3>Related</h3><ul>{related}</ul></div></main>
<aside><ul>{related}</ul></aside><footer><p>Copyright 2023 Example News. All rights reserved.</p></footer></body></html>"""


def make_page(n: int) -> bytes:
    """Return article n: ten paragraphs of four sentences, with a menu, related links and a footer as sites have them."""
    chance, language = random.Random(n), ("en", "zh")[n % 2]

    def sentence() -> str:
        parts = [chance.choice(table[language]) for table in (SUBJECTS, VERBS, CLAIMS)]
        return (" " if language == "en" else "").join(parts).format(n=chance.randrange(1000))

    title = f"Questions about the origin of model {n}" if language == "en" else f"关于第{n}号模型来源的疑问"
    body = "".join(
        f"<p>{' '.join(sentence() for _ in range(3))} <a href='/x/{place}'>{sentence()}</a></p>" for place in range(10)
    )
    links = [
        f'<li><a href="/c/{place}">{"Section" if language == "en" else "栏目"} {place}</a></li>' for place in range(20)
    ]
    menu, related = "".join(links), "".join(links[:8])
    day = n % 28 + 1
    return PAGE.format(language=language, title=title, n=n, day=day, menu=menu, body=body, related=related).encode()


def set_site(web: Loopback, *, modified: str | None = None) -> None:
    """Set the pages and the feed that names them, with a time of modification or without; the server answers to ETags."""
    for n in range(PAGES):
        web.pages[f"/a/{n}"] = make_page(n)
    web.set_feed([f"/a/{n}" for n in range(PAGES)], modified=modified)
    web.pages["/feed.xml"] = (200, {"Content-Type": "application/rss+xml"}, web.pages["/feed.xml"])


def seconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def medians(sides: dict[str, Callable[[int], object]], *, rounds: int) -> list[float]:
    """Return the median time of each side, rounds alternating; a side is told the number of its round."""
    times: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds):
        for name, side in sides.items():
            times[name].append(seconds(lambda side=side, number=number: side(number)))  # type: ignore[misc]
    return [statistics.median(each) for each in times.values()]


def crawl() -> str:
    """Crawling 1,000 articles into the archive, as `yuanliu crawl` does, against bare Scrapy spiders that write JSON Lines."""
    with Loopback() as web, tempfile.TemporaryDirectory() as name:
        set_site(web)
        folder = Path(name)
        ours, css, trafilatura = medians(
            {
                "ours": lambda number: crawl_ours(web, folder / f"{number}.db"),
                "css": lambda _: crawl_bare(web, folder / "items.jsonl", "css"),
                "trafilatura": lambda _: crawl_bare(web, folder / "items.jsonl", "trafilatura"),
            },
            rounds=CRAWLS,
        )
    return (
        f"{PAGES / ours:.0f} pages/s, starting included; {trafilatura / ours:.2f} times bare Scrapy with trafilatura "
        f"({PAGES / trafilatura:.0f}), {css / ours:.2f} times bare Scrapy that takes CSS alone ({PAGES / css:.0f})"
    )


def crawl_again() -> str:
    """A crawl in which no page has changed against the first one, where the feed gives times of modification and where not."""
    modes = {"vouched for": MODIFIED, "asked for conditionally": None}
    return f"\n{'':18}".join(f"{name}: {compare_again(modified)}" for name, modified in modes.items())


def compare_again(modified: str | None) -> str:
    """Compare a first crawl, those after it and those of a feed that names nothing."""
    with Loopback() as web, tempfile.TemporaryDirectory() as name:
        set_site(web, modified=modified)
        path = Path(name) / "a.db"
        first = seconds(lambda: crawl_ours(web, path))
        web.seen.clear()
        again = statistics.median(seconds(lambda: crawl_ours(web, path, is_new=False)) for _ in range(CRAWLS))
        asked = len(web.paths()) // CRAWLS
        web.set_feed([])
        other = Path(name) / "b.db"
        empty = statistics.median(seconds(lambda: counts_of_crawl(web, other)) for _ in range(CRAWLS))
    return (
        f"{again:.1f} s with {asked} requests after {first:.1f} s, {again / first:.3f} times the first; without what "
        f"starting takes ({empty:.1f} s) {(again - empty) / (first - empty):.3f} times"
    )


def extraction() -> str:
    """Extraction alone: pages to documents with title, author and time, against trafilatura on the same pages."""
    from crawler.encoding import decode

    made = [make_page(n) for n in range(200)]
    saved = [path.read_bytes() for path in sorted([*SAVED.glob("*.html"), *SAVED.glob("hard/*.html")])] * 10
    parts = []
    for name, contents in (("made", made), ("saved", saved)):
        texts = [decode(content) for content in contents]
        ours, facts, bare = compare_extraction(contents, texts)
        parts.append(
            f"{name}: {len(texts) / ours:.0f} pages/s, {bare / ours:.2f} times trafilatura's bare_extraction "
            f"({len(texts) / bare:.0f}), {facts / ours:.2f} times with its metadata ({len(texts) / facts:.0f})"
        )
    return "; ".join(parts)


def compare_extraction(contents: list[bytes], texts: list[str]) -> list[float]:
    """Return the times of our extraction, of trafilatura's with metadata and of trafilatura's without."""
    from trafilatura import bare_extraction

    from crawler.errors import ReadError
    from crawler.extraction import read_document
    from crawler.raw_bytes import Raw

    def ours(_: int) -> None:
        for content in contents:
            with suppress(ReadError):
                read_document(Raw(content, content_type="text/html"), header={"url": "https://news.example/a/1"})

    def bare(**options: bool) -> None:
        for text in texts:
            bare_extraction(text, **options)

    sides: dict[str, Callable[[int], object]] = {
        "ours": ours,
        "facts": lambda _: bare(with_metadata=True),
        "bare": lambda _: bare(),
    }
    medians(sides, rounds=1)
    return medians(sides, rounds=ROUNDS)


def crawl_ours(web: Loopback, path: Path, *, is_new: bool = True) -> None:
    """Crawl the site into an archive."""
    expected = (PAGES, 0) if is_new else (0, PAGES)
    if (found := counts_of_crawl(web, path)) != expected:
        sys.exit(f"the crawl gave {found} new and unchanged pages, not {expected}")


def counts_of_crawl(web: Loopback, path: Path) -> tuple[int, int]:
    """Crawl in the child process that `run_crawl` starts; return how many pages were new and how many unchanged."""
    from crawler.runner import run_crawl
    from crawler.settings import CrawlOptions
    from crawler.sources import Source

    source = Source(name="bench", title="Bench", kind="feed", url=f"{web.url}/feed.xml")
    options = CrawlOptions(delay=0, allow_private=True, budget=0)
    report = run_crawl(path, [source], options=options).sources["bench"]
    return report.new, report.unchanged


def crawl_bare(web: Loopback, path: Path, kind: str) -> None:
    """Crawl the site with the peer."""
    command = [sys.executable, "-m", "tests.bench.crawling", f"{web.url}/feed.xml", str(path), kind]
    subprocess.run(command, check=True, cwd=Path(__file__).parents[2])
    with path.open(encoding="utf-8") as lines:
        if (count := sum(1 for _ in lines)) != PAGES:
            sys.exit(f"bare Scrapy gave {count} items, not {PAGES}")
    path.unlink()


def run_bare(feed: str, path: str, kind: str) -> None:
    """Crawl a feed with a bare spider: the peer's part, in a process of its own."""
    import scrapy
    from scrapy.crawler import CrawlerProcess
    from scrapy.http import Response

    class BareSpider(scrapy.Spider):
        name = "bare"
        start_urls = (feed,)

        def parse(self, response: Response) -> Iterator[scrapy.Request]:
            for url in response.xpath("//item/link/text()").getall():
                yield scrapy.Request(url, callback=self.parse_page)

        def parse_page(self, response: Response) -> Iterator[dict[str, object]]:
            if kind == "trafilatura":
                from trafilatura import bare_extraction

                found = bare_extraction(response.text, with_metadata=True)
                yield {name: getattr(found, name) for name in ("title", "author", "date", "text")} | {
                    "url": response.url
                }
                return
            yield {
                "url": response.url,
                "title": response.css("h1::text").get(),
                "author": response.css("meta[name=author]::attr(content)").get(),
                "published": response.css("meta[property='article:published_time']::attr(content)").get(),
                "text": "\n\n".join("".join(p.css("::text").getall()) for p in response.css(".article-body p")),
            }

    process = CrawlerProcess(
        {
            "LOG_LEVEL": "ERROR",
            "TELNETCONSOLE_ENABLED": False,
            "DOWNLOAD_DELAY": 0,
            "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
            "FEEDS": {path: {"format": "jsonlines", "overwrite": True}},
        }
    )
    process.crawl(BareSpider)
    process.start()


if __name__ == "__main__":
    run_bare(*sys.argv[1:])
