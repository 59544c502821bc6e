"""Names of sources: ``crm.zip!export/firms.csv`` is in ``crm.zip!export`` and is called ``firms.csv``."""

from __future__ import annotations


def folder_of(name: str) -> str:
    """The folder, or the folder in a zip.

    >>> folder_of("data/crm.zip!firms.csv"), folder_of("firms.csv")
    ('data/crm.zip', '')
    """
    return name[: max(name.rfind("/"), name.rfind("!"), 0)]


def base_of(name: str) -> str:
    """The file's own name.

    >>> base_of("data/crm.zip!export/firms.csv")
    'firms.csv'
    """
    return name[max(name.rfind("/"), name.rfind("!")) + 1 :]
