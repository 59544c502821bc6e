"""Names of sources: ``crm.zip!export/firms.csv`` is in ``crm.zip!export`` and is called ``firms.csv``."""

from __future__ import annotations

import re

_BOOK = re.compile(r"[^/!]+\.(?:xlsx|xlsm|xlsb|xls|ods)", re.IGNORECASE)
_RECORDS = re.compile(r"[^/!]+\.(?:jsonl|ndjson|singer)", re.IGNORECASE)
_SHEET = re.compile(rf"(?:^|.*?[/!])((?:{_BOOK.pattern}|{_RECORDS.pattern})!.+)", re.IGNORECASE | re.DOTALL)


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


def is_workbook(name: str) -> bool:
    """Whether a source is a workbook by its name.

    >>> is_workbook("crm.zip!book.XLSX"), is_workbook("book.xlsx!Sheet1"), is_workbook("book.csv")
    (True, False, False)
    """
    return _BOOK.fullmatch(base_of(name)) is not None


def is_record_file(name: str) -> bool:
    """Whether a source holds streams of records by its name.

    >>> is_record_file("crm.zip!tap.jsonl"), is_record_file("tap.jsonl!contacts"), is_record_file("tap.json")
    (True, False, False)
    """
    return _RECORDS.fullmatch(base_of(name)) is not None


def table_name(name: str) -> str:
    """The file's own name, and for a sheet of a workbook, or a stream of records, the file's with the sheet's.

    >>> table_name("data/crm.zip!export/firms.csv"), table_name("crm.zip!x/book.xlsx!Q1/Q2!")
    ('firms.csv', 'book.xlsx!Q1/Q2!')
    """
    sheet = _SHEET.fullmatch(name)
    return base_of(name) if sheet is None else sheet[1]


def table_stem(name: str) -> str:
    """What a table is called without its ending: the sheet's name, where it is one.

    >>> table_stem("firms.csv"), table_stem("book.xlsx!Firms")
    ('firms', 'Firms')
    """
    return name.partition("!")[2] or name.rpartition(".")[0] or name
