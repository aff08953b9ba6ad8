"""The sample site answers as its outlets would, and its pages hold what the demo needs of them."""

import doctest
import http.client
import json
import re
import tomllib
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from importlib import resources
from urllib.parse import urljoin, urlsplit

import pytest

from cli.demo import server
from cli.demo.server import SampleSite

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = {
    "http://guancha.example/feed.xml": 5,
    "http://zhuanzai.example/rss.xml": 2,
    "http://tanjiu.example/rss.xml": 1,
    "http://courier.example/rss.xml": 7,
}
OUTLETS = [f"http://{urlsplit(feed).hostname}/" for feed in FEEDS]
EDITED = "http://courier.example/2023/11/01ai-statement-yi-architecture.html"
BROKEN = "http://courier.example/2024/06/llama3-v-timeline.html"
GB18030 = "http://guancha.example/2023/11/yi-llama-yizhou-shuli.html"
ORIGINAL = "http://guancha.example/2023/11/lingyi-wanwu-shuoming.html"
COPY = "http://zhuanzai.example/a/20231115/88213.html"
TOPICS = (41, 97, 103)


@pytest.fixture(scope="module")
def running():
    with SampleSite() as site:
        yield site


@pytest.fixture
def site(running):
    running.edition = 1
    running.requests.clear()
    return running


class Prose(HTMLParser):
    """Gather the paragraphs of a page, the text outside its head, and its links."""

    def __init__(self, page):
        super().__init__()
        self.inside, self.paragraphs, self.visible, self.links = [], [], [], []
        self.in_body = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.in_body = self.in_body or tag == "body"
        if tag == "p":
            self.paragraphs.append("")
        self.inside.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src") and value]

    def handle_endtag(self, tag):
        while tag in self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data):
        if self.in_body and data.strip():
            self.visible.append(data)
        if "p" in self.inside:
            self.paragraphs[-1] += data


def fetch(site, url, method="GET", **headers):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": site.proxy}))
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    with opener.open(urllib.request.Request(url, headers=names, method=method), timeout=10) as answer:
        return answer.headers, answer.read()


def status_of(site, url, **headers):
    try:
        fetch(site, url, **headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    return 200


def load(site, url):
    return json.loads(fetch(site, url)[1])


def feed_links(site, feed):
    root = ET.fromstring(fetch(site, feed)[1])
    if root.tag == ATOM + "feed":
        return [entry.find(ATOM + "link").get("href") for entry in root.iter(ATOM + "entry")]
    return [item.findtext("link") for item in root.iter("item")]


def article_urls(site):
    return [url for feed in FEEDS for url in feed_links(site, feed) if url != BROKEN]


def text_of(site, url):
    return fetch(site, url)[1].decode("gb18030" if url == GB18030 else "utf-8")


def linked_data(page):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])


def test_a_page_comes_through_the_proxy(site):
    headers, body = fetch(site, "http://guancha.example/feed.xml")
    assert headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert "模型观察" in body.decode()
    assert site.requests == {"http://guancha.example/feed.xml": 1}


def test_a_page_comes_by_the_host_header_without_a_proxy(site):
    request = urllib.request.Request(site.proxy + "/rss.xml", headers={"Host": "courier.example"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
        assert b"Model Courier" in answer.read()
    assert site.requests["http://courier.example/rss.xml"] == 1


def test_one_connection_serves_many_requests(site):
    connection = http.client.HTTPConnection(urlsplit(site.proxy).netloc, timeout=10)
    for host in ("guancha.example", "nowhere.example", "courier.example"):
        connection.request("GET", f"http://{host}/robots.txt")
        connection.getresponse().read()
    connection.close()
    assert site.requests.total() == 3


def test_requests_are_counted_across_threads(site):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: fetch(site, "http://forum.example/latest.json"), range(40)))
    assert site.requests["http://forum.example/latest.json"] == 40


def test_an_unchanged_page_is_not_sent_again(site):
    headers, _ = fetch(site, EDITED)
    assert status_of(site, EDITED, If_None_Match=headers["ETag"]) == 304
    assert status_of(site, EDITED, If_None_Match=f'"other", W/{headers["ETag"]}') == 304
    assert status_of(site, EDITED, If_None_Match='"other"') == 200
    assert status_of(site, EDITED, If_Modified_Since=headers["Last-Modified"]) == 304
    assert status_of(site, EDITED, If_Modified_Since="yesterday") == 200
    assert site.requests[EDITED] == 6


def test_head_sends_the_headers_of_a_page_and_nothing_else(site):
    headers, body = fetch(site, EDITED, method="HEAD")
    assert int(headers["Content-Length"]) > 1000
    assert body == b""


def test_the_second_edition_of_a_page_says_what_was_corrected(site):
    headers, first = fetch(site, EDITED)
    site.edition = 2
    later, second = fetch(site, EDITED, If_None_Match=headers["ETag"], If_Modified_Since=headers["Last-Modified"])
    assert later["ETag"] != headers["ETag"]
    assert parsedate_to_datetime(later["Last-Modified"]) > parsedate_to_datetime(headers["Last-Modified"])
    assert b"On November 15, Richard Lin" in first
    assert b"Correction, " not in first
    assert b"On November 14, Richard Lin" in second
    assert b"Correction, November 16, 2023" in second
    assert linked_data(second.decode())["dateModified"] == "2023-11-16T08:30:00-08:00"


def test_a_page_that_was_not_edited_is_the_same_in_both_editions(site):
    headers, _ = fetch(site, ORIGINAL)
    site.edition = 2
    assert status_of(site, ORIGINAL, If_None_Match=headers["ETag"]) == 304


@pytest.mark.parametrize(
    "url",
    [
        "http://nowhere.example/",
        "http://guancha.example/2023/11/none.html",
        "http://guancha.example/2023/11",
        "http://guancha.example/../courier.example/rss.xml",
        "http://guancha.example/%2e%2e/courier.example/rss.xml",
        "http://guancha.example/..%2fcourier.example%2frss.xml",
        "http://guancha.example/a%00b",
        "http://guancha.example//feed.xml",
        "http://../server.py",
        "http://%2e%2e/server.py",
        EDITED + ".edition2",
        "http://forum.example/latest.json.beyond",
    ],
)
def test_what_is_not_a_page_of_a_host_is_not_found(site, url):
    connection = http.client.HTTPConnection(urlsplit(site.proxy).netloc, timeout=10)
    connection.putrequest("GET", url, skip_host=True)
    connection.endheaders()
    assert connection.getresponse().status == 404
    connection.close()


def test_the_port_is_known_only_while_the_site_runs():
    site = SampleSite()
    with pytest.raises(RuntimeError, match="with statement"):
        _ = site.proxy
    with site:
        assert site.proxy.startswith("http://127.0.0.1:")
    with pytest.raises(RuntimeError):
        _ = site.proxy


def test_the_server_writes_nothing_to_standard_error(site, capfd):
    status_of(site, "http://nowhere.example/")
    fetch(site, "http://courier.example/")
    assert capfd.readouterr().err == ""


def test_the_examples_of_the_server_hold():
    assert doctest.testmod(server).failed == 0


@pytest.mark.parametrize("feed", FEEDS)
def test_every_link_of_a_feed_resolves(site, feed):
    links = feed_links(site, feed)
    assert len(set(links)) == len(links) == FEEDS[feed]
    assert [status_of(site, link) for link in links] == [200] * len(links)


@pytest.mark.parametrize("outlet", [*OUTLETS, "http://forum.example/"])
def test_every_host_allows_crawling_and_lists_its_pages(site, outlet):
    assert b"Allow: /\n" in fetch(site, outlet + "robots.txt")[1]
    links = [urljoin(outlet, link) for link in Prose(text_of(site, outlet)).links]
    listed = {link for feed in FEEDS if feed.startswith(outlet) for link in feed_links(site, feed)}
    assert listed <= set(links)
    assert [link for link in links if status_of(site, link) != 200] == []


def test_every_local_link_of_an_article_resolves(site):
    links = {urljoin(url, link) for url in article_urls(site) for link in Prose(text_of(site, url)).links}
    assert [link for link in links if link.startswith("http:") and status_of(site, link) != 200] == []


def test_every_article_says_who_wrote_it_and_when_in_every_way_alike(site):
    dates = {}
    for feed in FEEDS:
        root = ET.fromstring(fetch(site, feed)[1])
        for entry in root.iter(ATOM + "entry"):
            dates[entry.find(ATOM + "link").get("href")] = datetime.fromisoformat(entry.findtext(ATOM + "published"))
        for item in root.iter("item"):
            dates[item.findtext("link")] = parsedate_to_datetime(item.findtext("pubDate"))
    for url in article_urls(site):
        page = text_of(site, url)
        meta = re.search(r'"article:published_time" content="([^"]+)"', page)[1]
        data = linked_data(page)
        assert datetime.fromisoformat(meta).utcoffset() is not None
        assert data["datePublished"] == meta
        assert datetime.fromisoformat(meta) == dates[url]
        assert data["author"][0]["name"] in page.split("<body", 1)[1]
        assert f'<link rel="canonical" href="{url}">' in page


def test_the_gb18030_page_names_its_charset_only_in_the_page(site):
    headers, body = fetch(site, GB18030)
    assert headers["Content-Type"] == "text/html"
    assert b'<meta charset="gb18030">' in body
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    with pytest.raises(UnicodeDecodeError):
        body.decode("gbk")  # the author's name has a character that only GB18030 holds
    assert "零一万物" in body.decode("gb18030")


def test_the_broken_page_has_no_text(site):
    headers, body = fetch(site, BROKEN)
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    assert b"</head>" not in body
    assert Prose(body.decode("utf-8", "replace")).visible == []


def test_the_republished_article_differs_from_its_original_in_one_sentence(site):
    sentences = [
        {s for p in Prose(text_of(site, url)).paragraphs for s in re.split(r"(?<=。)", p.strip()) if s.endswith("。")}
        for url in (ORIGINAL, COPY)
    ]
    shared = sentences[0] & sentences[1]
    changed = [s for s in sentences[1] - shared if "李开复" in s]
    assert len(shared) >= 8
    assert len(changed) == 1
    assert "来源：<a href=" in text_of(site, COPY)


def test_the_weekly_is_written_in_traditional_characters(site):
    (url,) = feed_links(site, "http://tanjiu.example/rss.xml")
    page = text_of(site, url)
    assert "面壁智能" in page
    assert re.search("[们发时国书学这说从业开]", page) is None


def test_the_forum_lists_its_threads_and_ends_after_one_page(site):
    listing = load(site, "http://forum.example/latest.json")
    assert {topic["id"] for topic in listing["topic_list"]["topics"]} == set(TOPICS)
    assert "more_topics_url" not in listing["topic_list"]
    assert load(site, "http://forum.example/latest.json?page=1")["topic_list"]["topics"] == []
    people = {user["id"] for user in listing["users"]}
    assert {poster["user_id"] for topic in listing["topic_list"]["topics"] for poster in topic["posters"]} <= people


@pytest.mark.parametrize("number", TOPICS)
def test_a_thread_agrees_with_its_listing_and_with_itself(site, number):
    listing = load(site, "http://forum.example/latest.json")["topic_list"]["topics"]
    listed = next(topic for topic in listing if topic["id"] == number)
    thread = load(site, f"http://forum.example/t/{number}.json")
    posts = thread["post_stream"]["posts"]
    shared = ("title", "slug", "posts_count", "reply_count", "like_count", "created_at", "last_posted_at", "closed")
    assert {key: thread[key] for key in shared} == {key: listed[key] for key in shared}
    assert thread["post_stream"]["stream"] == [post["id"] for post in posts]
    assert thread["posts_count"] == len(posts)
    assert thread["highest_post_number"] == posts[-1]["post_number"]
    assert [post["created_at"] for post in posts] == sorted(post["created_at"] for post in posts)


@pytest.mark.parametrize("number", TOPICS)
def test_a_reply_and_a_quote_name_an_earlier_post(site, number):
    earlier = {}
    for post in load(site, f"http://forum.example/t/{number}.json")["post_stream"]["posts"]:
        answered = post["reply_to_post_number"]
        if answered is not None:
            assert post["reply_to_user"]["username"] == earlier[answered]["username"]
        for who, at, words in re.findall(
            r'data-username="(\w+)" data-post="(\d+)".*?<blockquote>\s*<p>(.*?)</p>', post["cooked"], re.DOTALL
        ):
            assert who == earlier[int(at)]["username"]
            assert words in earlier[int(at)]["cooked"]
        earlier[post["post_number"]] = post
    assert number == 103 or len(earlier) >= 7


def test_the_links_of_the_forum_resolve(site):
    links = {
        link
        for number in TOPICS
        for post in load(site, f"http://forum.example/t/{number}.json")["post_stream"]["posts"]
        for link in Prose(post["cooked"]).links
        if link.startswith("http")
    }
    assert links
    assert [link for link in links if status_of(site, link) != 200] == []


def test_the_catalogue_names_listings_that_are_long_enough(site):
    catalogue = tomllib.loads(resources.files("cli.demo").joinpath("sources.toml").read_text(encoding="utf-8"))
    for source in catalogue["source"]:
        if source["kind"] == "feed":
            entries = feed_links(site, source["url"])
        else:
            entries = load(site, source["url"] + "/latest.json")["topic_list"]["topics"]
        assert len(entries) >= source["minimum"], source["name"]
    assert {source["url"] for source in catalogue["source"] if source["kind"] == "feed"} == set(FEEDS)
