"""Secrets in addresses: names and passwords before a host, as a proxy's address may hold them.

Messages and addresses flow in, the same without secrets flows out to reports, logs and the archive. Pure.
"""

from __future__ import annotations

import re

LOGIN = re.compile(r"([a-z][a-z0-9+.-]*://)[^/?#\s'\"<>]*@", re.I)


def without_secrets(text: str) -> str:
    """Return a text in which no address has a name or a password before its host.

    >>> without_secrets("cannot reach http://me:secret@proxy.example:3128/")
    'cannot reach http://proxy.example:3128/'
    """
    return LOGIN.sub(r"\1", text)


def has_secrets(text: str) -> bool:
    """Tell whether an address holds a name or a password before its host."""
    return bool(LOGIN.search(text))
