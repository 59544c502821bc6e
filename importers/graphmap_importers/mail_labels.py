"""What mailboxes call spam, trash, drafts, chats and calendars, in the languages of the big mail programs."""

from __future__ import annotations

import re
from functools import lru_cache

from graphmap_importers.mail_names import decoded

_WORDS: dict[str, str] = {
    "spam": "spam, junk, junk mail, junk e-mail, junk email, bulk mail, spamverdacht, courrier indésirable, indésirables, "
    "correo no deseado, posta indesiderata, ongewenste e-mail, lixo eletrônico, lixo eletrónico, skräppost",
    "trash": "trash, bin, papierkorb, corbeille, papelera, cestino, prullenbak, lixeira, reciclagem, papperskorgen, "
    "papirkurv, papirkurven, kosz",
    "draft": "draft, drafts, entwurf, entwürfe, brouillon, brouillons, borrador, borradores, bozza, bozze, concept, "
    "concepten, rascunho, rascunhos, utkast, kladder, wersje robocze",
    "chat": "chat, chats",
    "calendar_item": "calendar_item, calendar, kalender, calendrier, calendario, agenda, calendário",
}
# "Deleted Items" and its translations are missing on purpose: in Outlook many keep there what they have read.
_REASON = {word.strip(): reason for reason, words in _WORDS.items() for word in words.split(",")}


@lru_cache(maxsize=1 << 10)
def label_reasons(value: str) -> str:
    """The reasons to leave a mail out that its Gmail labels give, joined by commas; other labels are not handed on.

    >>> label_reasons("Posteingang,Papierkorb"), label_reasons("Inbox,Important")
    ('trash', '')
    """
    labels = decoded(value).split(",")
    found = {reason for label in labels if (reason := _REASON.get(label.strip(' "').casefold()))}
    return ",".join(sorted(found - {"calendar_item"}))


def folder_reason(name: str) -> str:
    r"""The reason that the name of a folder gives, else nothing.

    >>> folder_reason("\\Calendar"), folder_reason("INBOX.Entwürfe"), folder_reason("Deleted Items")
    ('calendar_item', 'draft', '')
    """
    return _REASON.get(re.split(r"[\\/.]", name.strip())[-1].strip().casefold(), "")
