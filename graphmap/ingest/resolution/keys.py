"""Keys of identities: addresses, Salesforce ids, directory names, profile links and phones in one comparable form each."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote, urlsplit

_SCHEME = re.compile(r"^(?:mailto|smtp|sip):", re.IGNORECASE)
_GMAIL = ("gmail.com", "googlemail.com")
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_SALESFORCE = re.compile(r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?E[+-]?\d+", re.IGNORECASE)
_X500_PART = re.compile(r"\s*/\s*(?=[a-z]+\s*=)", re.IGNORECASE)
_EXTENSION = re.compile(r";?\s*(?:ext|extension|durchwahl|poste|x|#)\.?\s*=?\s*\d+\s*$", re.IGNORECASE)
_NO_DIGITS = re.compile(r"\D+")
PHONE_DIGITS = 9
"""As many last digits of a number are compared: country and trunk prefixes are written too differently."""


class BadIdError(ValueError):
    """An id that cannot be what it should be; the text says why and what to do."""


@lru_cache(maxsize=1 << 15)
def domain_key(domain: str) -> str:
    """A host in one form: lower case, no trailing dot, every label with letters beyond ASCII as punycode.

    >>> domain_key("MÜLLER.de.") == domain_key("xn--mller-kva.de") == "xn--mller-kva.de"
    True
    """
    text = domain.strip().strip(".").lower()
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text.replace("。", ".")).lower().strip(".")
    return ".".join(_label(label) for label in text.split("."))


def _label(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def mail_key(address: str) -> str | None:
    """The key of an address: lower case, no plus tag, Gmail without dots; None for what is no address.

    >>> mail_key("Anna.B+news@googlemail.com"), mail_key("J.Smith+x@Acme.Example."), mail_key("nobody")
    ('mail:annab@gmail.com', 'mail:j.smith@acme.example', None)
    """
    text = address.strip("<> \t\r\n").removeprefix("mail:")
    text = _SCHEME.sub("", text) if ":" in text else text
    local, at, host = text.rpartition("@")
    domain = domain_key(host)
    if not at or not local or domain.split() != [domain]:
        return None
    local = local.lower() if local.isascii() else unicodedata.normalize("NFKC", local).lower()
    if not local.startswith(('"', "+")):
        local = local.partition("+")[0]
    if domain in _GMAIL:
        local, domain = local.replace(".", "") or local, _GMAIL[0]
    return f"mail:{local}@{domain}"


def salesforce_id(text: str) -> str:
    """The 18-letter form of a Salesforce id; repairs the case where a tool lost it and the check letters tell it.

    Raises BadIdError for a number in scientific notation, another length, or check letters that do not fit.

    >>> salesforce_id("001D000000IqhSL"), salesforce_id("001D000000IQHSLIAZ"), salesforce_id("001d000000iqhsliaz")
    ('001D000000IqhSLIAZ', '001D000000IqhSLIAZ', '001D000000IqhSLIAZ')
    """
    text = text.strip()
    if _SCIENTIFIC.fullmatch(text):
        raise BadIdError(f'"{text}" is a number that a spreadsheet made of an id; export it again as text')
    if not _SALESFORCE.fullmatch(text):
        raise BadIdError(
            f'"{text[:40]}" has {len(text)} letters; a Salesforce id has 15 or 18 letters and digits'
        )
    body, check = text[:15], text[15:].upper()
    if not check:
        return body + _check_letters(body)
    if body in (body.upper(), body.lower()):
        body = _with_case(body, check)
    if _check_letters(body) != check:
        raise BadIdError(f'the check letters of "{text}" do not fit; the id was changed after the export')
    return body + check


def _check_letters(body: str) -> str:
    chunks = (body[0:5], body[5:10], body[10:15])
    return "".join(_BASE32[sum(1 << i for i, c in enumerate(chunk) if "A" <= c <= "Z")] for chunk in chunks)


def _with_case(body: str, check: str) -> str:
    letters = [_BASE32.find(c) for c in check]
    if min(letters) < 0:
        return body
    return "".join(
        c.upper() if letters[i // 5] >> (i % 5) & 1 else c.lower() for i, c in enumerate(body)
    )  # fmt: skip


def x500_key(text: str) -> str | None:
    """The key of an Exchange directory name, plain or wrapped into an address (IMCEAEX-); None for anything else.

    >>> x500_key("/O=ACME/OU=First /CN=Recipients/CN=JSmith")
    'x500:/o=acme/ou=first/cn=recipients/cn=jsmith'
    >>> x500_key("IMCEAEX-_O=ACME_OU=First_CN=Recipients_CN=JSmith@acme.example")
    'x500:/o=acme/ou=first/cn=recipients/cn=jsmith'
    """
    text = text.strip()
    text = re.sub(r"^(?:x500|ex):", "", text, flags=re.IGNORECASE)
    if text[:8].upper() == "IMCEAEX-":
        wrapped = text[8:].rpartition("@")[0].replace("_", "/")
        text = re.sub(r"\+([0-9A-Fa-f]{2})", lambda m: chr(int(m[1], 16)), wrapped)
    if not re.match(r"/o\s*=", text, re.IGNORECASE) or "cn=" not in text.lower():
        return None
    parts = (" ".join(part.split()) for part in _X500_PART.sub("/", text).lower().split("/"))
    return "x500:" + "/".join(parts).rstrip("/")


def link_key(url: str) -> str | None:
    """The key of a person's profile: host and path in lower case, no scheme, query, country or language; None for no profile.

    >>> link_key("https://de.LinkedIn.com/in/Anna-Bell-12/?trk=x"), link_key("linkedin.com/in/anna-bell-12/de")
    ('link:linkedin.com/in/anna-bell-12', 'link:linkedin.com/in/anna-bell-12')
    >>> link_key("https://www.linkedin.com/company/acme") is None
    True
    """
    text = url.strip().removeprefix("link:")
    if text.split() != [text]:
        return None
    try:
        parts = urlsplit(text if re.match(r"[a-z][a-z0-9+.-]*://", text, re.IGNORECASE) else f"//{text}")
        host = domain_key(parts.hostname or "")
    except ValueError:
        return None
    path = [unicodedata.normalize("NFC", unquote(p)).lower() for p in parts.path.split("/") if p]
    host = host.removeprefix("www.").removeprefix("m.")
    if host == "linkedin.com" or host.endswith(".linkedin.com"):
        host = "linkedin.com"
        kind = path[0] if path else ""
        if kind not in ("in", "pub", "profile", "sales") or len(path) < 2:
            return None
        path = path[:2] if kind == "in" else path
    if not path or "." not in host:
        return None
    return f"link:{host}/{'/'.join(path)}"


def phone_key(number: str) -> str | None:
    """The last nine digits of a number, extension aside; None for fewer. Weak: a switchboard has many people.

    >>> phone_key("+49 (0)30 1234-5678 ext. 12") == phone_key("0049 30 12345678")
    True
    """
    text = _EXTENSION.split(number)[0]
    digits = _NO_DIGITS.sub("", unicodedata.normalize("NFKC", text.replace("(0)", "")))
    return f"phone:{digits[-PHONE_DIGITS:]}" if len(digits) >= PHONE_DIGITS else None


def identity_key(text: str) -> str:
    """Any identity key in comparable form: ``mail:`` and ``link:`` normalised, the rest as it is.

    >>> identity_key("mail:Anna+x@Acme.example"), identity_key("id:P1")
    ('mail:anna@acme.example', 'id:P1')
    """
    kind, _, value = text.partition(":")
    if kind == "mail":
        return mail_key(value) or text
    if kind == "link":
        return link_key(value) or text
    return x500_key(text) or text if kind == "x500" else text
