"""The transport: one HTTP request, bounded in time and size, without anything that the environment would add.

Requests flow in from the openai package, responses flow out to it; nlp.llm.client makes one for each run and is the only one that
imports this module, since httpx2 comes with the optional extra. A reply that drips is a time-out like any other; one that does
not end is given up. Only the headers that the request needs leave the machine: none about the system, and none that
variables of the openai package (OPENAI_ORG_ID, OPENAI_CUSTOM_HEADERS) would add. The key is put in here, so that no other
package holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic

import httpx2

from nlp.llm.failures import BadReply

MOST_BYTES = 8_000_000
KEPT = frozenset(("host", "content-type", "content-length", "accept", "user-agent", "connection"))


class BoundedTransport(httpx2.BaseTransport):
    """Send requests directly, each with a deadline for its whole reply; `sent` is told of each."""

    def __init__(self, *, key: str, seconds: float, sent: Callable[[], None]) -> None:
        self.headers = [("Accept-Encoding", "identity"), *([("Authorization", f"Bearer {key}")] if key else [])]
        self.seconds = seconds
        self.sent = sent
        self.inner = httpx2.HTTPTransport(trust_env=False)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request and return its response, the body of which is read later."""
        self.sent()
        deadline = monotonic() + self.seconds
        response = self.inner.handle_request(bare(request, self.headers))
        stream = response.stream
        if not isinstance(stream, httpx2.SyncByteStream):
            raise TypeError(f"{type(stream).__name__} is no stream to be read")
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            stream.close()
            raise BadReply("the reply is compressed, though that was not asked for")
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=BoundedStream(stream, deadline=deadline, request=request),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close the connections."""
        self.inner.close()


def bare(request: httpx2.Request, more: list[tuple[str, str]]) -> httpx2.Request:
    """Return a request with only the headers that it needs; the one given keeps those that openai looks for later."""
    headers = [(name, value) for name, value in request.headers.multi_items() if name.lower() in KEPT]
    return httpx2.Request(
        request.method,
        request.url,
        headers=[*headers, *more],
        stream=request.stream,
        extensions=request.extensions,
    )


class BoundedStream(httpx2.SyncByteStream):
    """A body of which no more than MOST_BYTES is read, and nothing after the deadline."""

    def __init__(self, inner: httpx2.SyncByteStream, *, deadline: float, request: httpx2.Request) -> None:
        self.inner = inner
        self.deadline = deadline
        self.request = request

    def __iter__(self) -> Iterator[bytes]:
        read = 0
        for chunk in self.inner:
            read += len(chunk)
            if read > MOST_BYTES:
                raise BadReply(f"the reply is longer than {MOST_BYTES} bytes")
            if monotonic() > self.deadline:
                raise httpx2.ReadTimeout("the reply was not complete in time", request=self.request)
            yield chunk

    def close(self) -> None:
        """Close the connection's side of the body."""
        self.inner.close()
