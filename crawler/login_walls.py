"""Login walls: pages that are not open to everybody, and what shows it.

Statuses, addresses of redirects and HTML flow in; a reason to leave the page alone flows out, or None. A page behind a
wall is named and skipped; nothing here or elsewhere tries to get around one. Pure.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

STATUSES = {
    401: "asks for a login",
    402: "asks for payment",
    403: "is not open to this crawler",
    407: "asks for a login at the proxy",
    451: "is withheld for legal reasons",
}
WALL = "is behind a wall: "  # how reasons begin, by which such pages are left alone later on
HOSTS = re.compile(r"(?:^|\.)(?:login|signin|passport|sso|accounts?|auth|captcha|wappass|verify|antispider)\.", re.I)
PATHS = re.compile(
    r"/(?:users?/|account/|auth/|wp-)?(?:log-?in|sign-?in|signup|sign_in|passport|sso|captcha|antispider|verify(?:code)?|"
    r"challenge|unhuman|paywall|subscribe|oauth2?|cas)(?:\.(?:php|aspx?|html?|jsp|do))?(?:/|$)",
    re.I,
)
PASSWORD = re.compile(r"<input[^>]+type\s*=\s*[\"']?password", re.I)
TITLE = re.compile(r"<title[^>]*>([^<]{0,300})", re.I)
TITLES = re.compile(
    r"captcha|just a moment|attention required|access denied|are you (?:a )?(?:human|robot)|security check|log ?in\b|sign ?in\b|"
    r"安全验证|人机验证|验证码|滑动验证|请登录|登录|登陆|請登入|登入|安全驗證|访问验证",
    re.I,
)


def wall_of_status(status: int) -> str | None:
    """Return why a status says that a page is not open to everybody, else None.

    >>> wall_of_status(403), wall_of_status(404)
    ('is behind a wall: it is not open to this crawler (HTTP 403)', None)
    """
    return f"{WALL}it {STATUSES[status]} (HTTP {status})" if status in STATUSES else None


def wall_of_redirect(target: str, *, source: str) -> str | None:
    """Return why a redirect leads to a login or captcha page, else None; that page itself may be asked for by name.

    >>> wall_of_redirect("https://passport.example.com/visitor?u=1", source="https://example.com/a")
    'is behind a wall: it leads to https://passport.example.com/visitor'
    """
    try:
        parts, asked = urlsplit(target), urlsplit(source)
    except ValueError:
        return None
    host = parts.hostname or asked.hostname or ""
    is_host = host != asked.hostname and HOSTS.search(host)
    if is_host or (PATHS.search(parts.path) and not PATHS.search(asked.path)):
        return f"{WALL}it leads to {parts.scheme or asked.scheme}://{host}{parts.path}"
    return None


def wall_in_page(html: str) -> str | None:
    """Return why a page that holds no article is a login or captcha page, else None."""
    found = TITLE.search(html[:20_000])
    title = " ".join(found[1].split()) if found else ""
    if TITLES.search(title):
        return f"{WALL}the page shows {title[:60]!r}"
    return f"{WALL}the page asks for a password" if PASSWORD.search(html[:500_000]) else None
