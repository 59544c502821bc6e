"""The domain of a firm's web site as people type it: with scheme and path, with ``www.``, or not at all."""

from __future__ import annotations

import re

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?=[a-z0-9-]*[a-z])[a-z0-9-]{2,}")
_SHARED = (
    *("facebook.com", "instagram.com", "linkedin.com", "twitter.com", "x.com", "youtube.com", "xing.com"),
    *("google.com", "goo.gl", "bit.ly", "wixsite.com", "wordpress.com", "blogspot.com", "github.io"),
)
"""Pages of many firms lie there; their domain is no firm's."""


def web_domains(text: str) -> tuple[str, ...]:
    """The domain of a site, in lower case and ASCII; nothing where there is none, or one that many firms share.

    >>> web_domains("https://www.Acme.example/de?x=1"), web_domains("acme.example:8080"), web_domains("www.münchen.example")
    (('acme.example',), ('acme.example',), ('xn--mnchen-3ya.example',))
    >>> web_domains("n/a"), web_domains("www."), web_domains("http://10.0.0.1"), web_domains("linkedin.com/company/acme")
    ((), (), (), ())
    """
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", text.strip().lower())
    host = re.split(r"[/?#:\s,;]", host.rpartition("@")[2], maxsplit=1)[0].strip(".")
    host = host.removeprefix("www.")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return ()
    if len(host) > 253 or not _HOST.fullmatch(host):
        return ()
    return () if host in _SHARED or host.endswith(tuple(f".{one}" for one in _SHARED)) else (host,)
