"""Why a page or a listing could not be had, in words: what went wrong on the way to it flows in, a `Problem` flows out."""

from __future__ import annotations

from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

from crawler.errors import RenderError
from crawler.hosts import Hosts
from crawler.login_walls import wall_of_status
from crawler.manners import HostClosed
from crawler.pipelines import Problem
from crawler.settings import LARGEST_PAGE, MEGABYTE

TOO_LARGE = f"is larger than {LARGEST_PAGE // MEGABYTE} MB"


def problem_of(error: BaseException, *, url: str, hosts: Hosts, host: str) -> Problem:
    """Return how a page ends that an error kept from us: failed, skipped, or due where only its host wants a rest."""
    if isinstance(error, HttpError):
        return problem_of_status(error.response.status, url=url, reason=hosts.why_closed(host))
    if isinstance(error, HostClosed):
        return Problem(url=url, state="due", reason=str(error))
    if isinstance(error, DownloadCancelledError):
        return Problem(url=url, state="skipped", reason=TOO_LARGE)
    if isinstance(error, DownloadTimeoutError):
        return Problem(url=url, state="failed", reason=f"timed out: {str(error).partition('took ')[2] or error}")
    if isinstance(error, IgnoreRequest):
        is_bomb = "during decompression" in str(error)
        reason = f"{TOO_LARGE} when unpacked" if is_bomb else str(error) or "refused"
        return Problem(url=url, state="skipped", reason=reason)
    reason = str(error) if isinstance(error, RenderError) else f"{type(error).__name__}: {error}".rstrip(": ")
    return Problem(url=url, state="failed", reason=reason)


def problem_of_status(status: int, *, url: str, reason: str | None = None) -> Problem:
    """Return how a page ends that was answered with a status; `reason` is why its host is left alone, if it is."""
    if reason is not None and status in (429, 503):
        return Problem(url=url, state="due", reason=reason)
    if wall := wall_of_status(status):
        return Problem(url=url, state="skipped", reason=wall)
    return Problem(url=url, state="failed", reason=f"HTTP {status}")
