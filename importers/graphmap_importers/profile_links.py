"""Addresses of people's profiles in one spelling, so that the same profile is the same text in every export."""

from __future__ import annotations

import re
from urllib.parse import unquote

_SCHEME = re.compile(r"^(https?:)?//", re.IGNORECASE)
_COUNTRY = re.compile(r"^(?:www|m|[a-z]{2})\.(?=(?:linkedin|xing)\.com/)")
_PROFILE = re.compile(r"(?:linkedin\.com/(?:in|pub)|xing\.com/profile)/.+")


def profile_link(url: str) -> str | None:
    """A profile of one person without scheme, country, query and final slash; None for any other address.

    >>> profile_link("https://www.LinkedIn.com/in/Ann-Ode/?trk=x"), profile_link("www.acme.example")
    ('linkedin.com/in/ann-ode', None)
    """
    text = _plain(url)
    if text.startswith("linkedin.com/in/"):
        text = "/".join(text.split("/")[:3])  # a language may stand behind the name
    return text if _PROFILE.fullmatch(text) else None


def is_company_link(url: str) -> bool:
    """Whether it is the page of a firm, a school or a product rather than of a person."""
    return _plain(url).startswith(("linkedin.com/company/", "linkedin.com/school/", "linkedin.com/showcase/"))


def _plain(url: str) -> str:
    text = _SCHEME.sub("", url.strip()).partition("?")[0].partition("#")[0]
    return _COUNTRY.sub("", unquote(text).strip().lower().rstrip("/"))
