"""How long a server asks to be left alone: Retry-After and the headers of rate limits.

The headers of a response flow in, seconds flow out to crawler.hosts. Pure. The forms are those of RFC 9110 (10.2.3,
Retry-After), of the IETF's RateLimit header fields in their older and newer drafts, and of the X-RateLimit headers that
many servers send: a number of seconds, the seconds since 1970, or a date.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

SINCE_1970 = 1_000_000_000  # a larger number is a time, not a length
REMAINING = ("ratelimit-remaining", "x-ratelimit-remaining", "x-rate-limit-remaining")
RESET = ("ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset", "x-ratelimit-reset-after")


def seconds_asked(headers: Mapping[str, str], *, status: int, now: datetime | None = None) -> float:
    """Return how many seconds a response asks to wait before the next request; 0 where it asks for nothing.

    `headers` go by lower-case names. Retry-After counts for every answer but a good one; a limit of which nothing
    remains counts for any answer, and one that does not say what remains for 429 and 503.

    >>> seconds_asked({"retry-after": "3"}, status=503), seconds_asked({"ratelimit": '"day";r=0;t=7'}, status=200)
    (3.0, 7.0)
    """
    moment = now or datetime.now(UTC)
    stated = seconds_in(headers.get("retry-after", ""), now=moment) if status >= 300 else None
    if stated is not None:
        return stated
    fields = dict(re.findall(r"\b([rt])\s*=\s*(\d+)", headers.get("ratelimit", "")))
    older = dict(re.findall(r"\b(remaining|reset)\s*=\s*(\d+)", headers.get("ratelimit", "")))
    remaining = first(headers, REMAINING) or fields.get("r") or older.get("remaining")
    reset = first(headers, RESET) or fields.get("t") or older.get("reset")
    is_refusal = status in (429, 503)
    is_used_up = re.fullmatch(r"0+(?:\.0+)?", remaining.strip()) is not None if remaining else is_refusal
    return (seconds_in(reset or "", now=moment) or 0.0) if is_used_up else 0.0


def seconds_in(text: str, *, now: datetime) -> float | None:
    """Return the seconds that a header's value gives from now on; None where it gives none.

    >>> noon = datetime(2023, 11, 6, 12, tzinfo=UTC)
    >>> [seconds_in(text, now=noon) for text in ("1.5", "1699272030", "Mon, 06 Nov 2023 12:01:00 GMT", "稍后")]
    [1.5, 30.0, 60.0, None]
    """
    text = text.strip()
    if re.fullmatch(r"[0-9]{1,16}(?:\.[0-9]{1,9})?", text):
        number = float(text)
        if number > SINCE_1970 * 1000:  # milliseconds since 1970
            number /= 1000
        return max(0.0, number - now.timestamp()) if number > SINCE_1970 else number
    try:
        moment = datetime.fromisoformat(text) if re.match(r"\d{4}-", text) else parsedate_to_datetime(text)
        return max(0.0, (moment - now).total_seconds()) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def first(headers: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    """Return the first header there is of some names; of a list of values, the first."""
    return next((headers[name].partition(",")[0] for name in names if headers.get(name)), None)
