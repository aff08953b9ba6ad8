"""URLs: one address for the variants of a page, the site it belongs to, and the date it tells.

Addresses as found flow in, the canonical ones flow out: a document's id is a hash of its canonical URL.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit, urlunsplit

if TYPE_CHECKING:
    from tldextract import TLDExtract

TRACKING = re.compile(
    r"(?:utm_|share|wx_|guce_|mtm_|pk_|hmsr|hmpl|spm|at_)\w*|[fgdy]clid|gclsrc|msclkid|bd_vid|mc_[ce]id|_ga|_gl|igshid|"
    r"from|from_\w+|isappinstalled|nsukey|tdsourcetag|vd_source|seid|scm|ref|ref_src|ref_url|referer|referrer|cmpid|ncid|"
    r"smid|smtyp|guccounter|__twitter_impression|wfr|chksm|scene|mpshare|srcid|sharer_\w+|amp|outputtype=amp|output=amp|for=pc",
    re.I,
)
MOBILE = ("m", "mobile", "wap", "3g", "amp")
ONLY_MOBILE = frozenset({"m.weibo.cn"})  # the host without m. serves other addresses
AMP_CACHE = re.compile(r"^/(?:[civ]/)(s/)?(?=[^/]+\.)")
GOOGLE_AMP = re.compile(r"^/amp/(s/)?(?=[^/]+\.)")
AMP_PATH = re.compile(r"/amp/?$|\.amp(?=\.s?html?$)|\.amp$", re.I)
HOME = re.compile(r"/?(?:index\.\w{3,5}|home|zh|cn|en|zh-cn|en-us)?/?", re.I)
DATED = (
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[-/_](?P<m>\d{1,2})[-/_](?P<d>\d{1,2})(?![0-9A-Za-z])"),
    re.compile(r"(?<!\d)(?P<y>20\d\d)[-/_]?(?P<m>[01]\d)[-/_]?(?P<d>[0-3]\d)(?![0-9A-Za-z])"),
    re.compile(r"(?<!\d)(?P<y>20\d\d)/(?P<m>[01]\d)(?P<d>[0-3]\d)(?![0-9A-Za-z])"),
)


def canonical_url(url: str) -> str:
    """Fold the variants of an address: tracking parameters, fragments, default ports, mobile and AMP pages.

    An address that is not http(s) is returned as it is, without the spaces around it.

    >>> canonical_url("HTTP://m.example.com:80/a/amp/?utm_source=x&id=3#top")
    'http://www.example.com/a?id=3'
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return url
    if inner := inside_amp_cache(parts):
        return canonical_url(inner)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else folded_host(parts.hostname)
    if port and port != (443 if parts.scheme == "https" else 80):
        host = f"{host}:{port}"
    path = AMP_PATH.sub("", parts.path) or "/"
    route = parts.fragment if parts.fragment.startswith(("!", "/")) else ""  # pages that a script draws
    return urlunsplit((parts.scheme.lower(), host, path, kept_query(parts.query), route))


def is_variant(address: str, *, of: str) -> bool:
    """Tell whether an address is a mobile or AMP page of a canonical one, not just the same with more parameters.

    >>> is_variant("http://m.example.com/a/1", of="http://www.example.com/a/1"), is_variant("http://e.org/a?x=1", of="http://e.org/a")
    (True, False)
    """
    try:
        found, canonical = urlsplit(address.strip()), urlsplit(of)
        return (found.hostname, found.path or "/") != (canonical.hostname, canonical.path)
    except ValueError:
        return False


def without_tracking(url: str) -> str:
    """Return an address without tracking parameters and fragment, on the host and path where it was found.

    >>> without_tracking("https://m.example.com/a/1?utm_source=x&id=3#top")
    'https://m.example.com/a/1?id=3'
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, kept_query(parts.query), ""))


def inside_amp_cache(parts: SplitResult) -> str | None:
    """Return the publisher's address from one of Google's AMP viewer or cache."""
    host = parts.hostname or ""
    pattern = AMP_CACHE if host.endswith(".cdn.ampproject.org") else GOOGLE_AMP if "google." in host else None
    found = pattern.match(parts.path) if pattern else None
    if not found:
        return None
    return f"{'https' if found[1] else 'http'}://{parts.path[found.end() :]}" + (parts.query and f"?{parts.query}")


def folded_host(host: str) -> str:
    """Return a host without its mobile or AMP label: m.example.com is www.example.com, en.m.wiki.org en.wiki.org."""
    labels = host.rstrip(".").split(".")
    if host in ONLY_MOBILE or len(labels) < 3:
        return host.rstrip(".")
    if labels[0] in MOBILE:
        rest = ".".join(labels[1:])
        return f"www.{rest}" if registrable(rest) == rest else rest if registrable(rest) else host
    if labels[1] == "m" and len(labels) > 3:
        return ".".join([labels[0], *labels[2:]])
    return host.rstrip(".")


def kept_query(query: str) -> str:
    """Return a query without the parameters that only say who sent the reader."""
    return "&".join(
        pair
        for pair in query.split("&")
        if pair and not TRACKING.fullmatch(pair) and not TRACKING.fullmatch(pair.split("=", 1)[0])
    )


def host_of(url: str) -> str:
    """Return the host of an address, in lower case; an empty text where it has none.

    >>> host_of("https://News.example:8080/a"), host_of("/a")
    ('news.example', '')
    """
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def same_site(first: str, second: str) -> bool:
    """Tell whether two addresses belong to one registrable site (two pages of github.io do not)."""
    try:
        hosts = [urlsplit(url).hostname or "" for url in (first, second)]
    except ValueError:
        return False
    return hosts[0] == hosts[1] or "" != registrable(hosts[0]) == registrable(hosts[1])


def is_home(url: str) -> bool:
    """Tell whether an address is the front page of a site."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    return not parts.query and not parts.fragment and bool(HOME.fullmatch(parts.path))


def date_in_url(url: str) -> date | None:
    """Return the day that an address tells, as /2023/11/06/, /20231106/ or /2023-11/06/ do.

    >>> date_in_url("https://example.com/tech/2023-11/06/c_1129.htm"), date_in_url("https://example.com/p/88")
    (datetime.date(2023, 11, 6), None)
    """
    for pattern in DATED:
        for found in pattern.finditer(url):
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                continue
    return None


def registrable(host: str) -> str:
    """Return the part of a host that somebody registered: example.com.cn of news.example.com.cn; "" for none."""
    return str(suffixes()(host).top_domain_under_public_suffix)


@cache
def suffixes() -> TLDExtract:
    """Return the splitter of hosts, on the public suffix list that comes with the package: it fetches nothing."""
    from tldextract import TLDExtract  # noqa: PLC0415  (heavy, and seldom needed)

    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)
