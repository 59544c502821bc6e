"""Titles in five languages, and the traps: what sounds like a rank and is none."""

from __future__ import annotations

import pytest

from graphmap.ingest.resolution.titles import department_of, seniority_of

EXECUTIVE = (
    "CEO|Chief Executive Officer|Founder & CEO|President|Managing Director|Senior Vice President|SVP Sales|Geschäftsführerin|Vorstandsvorsitzender"
    "|PDG|Directeur général|Président|Amministratore delegato|Direttore generale|Director general|Consejero delegado|Managing Partner|Owner"
)
DIRECTOR = "Vice President|VP Engineering|Vice-président|Director of IT|Head of Sales|Leiter Einkauf|IT-Leiterin|Directrice des achats|Direttore acquisti|Director de compras|Associate Director"
MANAGER = "Engineering Manager|Team Lead|Teamleiterin Support|Responsable marketing|Responsabile IT|Jefe de equipo|Gerente de ventas|Assistant Vice President"
USER = (
    "Assistant to the CEO|Assistentin der Geschäftsführung|Assistante de direction|Executive Assistant|Chief of Staff to the CEO|Account Manager"
    "|Senior Product Manager|Project Manager|Projektleiter|Chef de projet|Partner Manager|Account Executive|HR Business Partner|Product Owner"
    "|Sachbearbeiterin|Analista|Ingénieur commercial|Impiegata amministrativa|Software Engineer|Intern|Art Director"
)
NOTHING = "Wizard|Partner|Associate Partner|Principal||Scrum Master|日本語"


@pytest.mark.parametrize(
    ("title", "value"),
    [
        (t, v)
        for texts, v in ((EXECUTIVE, 3), (DIRECTOR, 2), (MANAGER, 1), (USER, 0))
        for t in texts.split("|")
    ],
)
def test_seniority(title: str, value: int) -> None:
    found = seniority_of(title)
    assert found is not None
    assert found.value == value
    assert found.rule
    assert seniority_of(title.upper()) == found


@pytest.mark.parametrize("title", NOTHING.split("|"))
def test_what_is_not_known_is_not_guessed(title: str) -> None:
    assert seniority_of(title) is None


@pytest.mark.parametrize(
    ("title", "department"),
    [
        ("Leiter Einkauf", "procurement"), ("Directrice des achats", "procurement"), ("CFO", "finance"), ("Buchhalterin", "finance"),
        ("VP Sales", "sales"), ("Responsable marketing", "marketing"), ("Head of IT", "it"), ("General Counsel", "legal"), ("HR Manager", "hr"),
        ("Customer Success Manager", "service"), ("Produktionsleiter", "operations"), ("Geschäftsführer", "management"), ("Wizard", None),
        ("Vice President", None), ("Personal Assistant", None),
    ],
)  # fmt: skip
def test_departments(title: str, department: str | None) -> None:
    found = department_of(title)
    assert (found.value if found else None) == department
