"""What columns are called in the exports of many systems and languages, for proposals; nothing is read by these words alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz, process


def _listed(words: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {what: tuple(names.split(", ")) for what, names in words.items()}


WORDS: Mapping[str, Sequence[str]] = _listed(
    {
        "id": (
            "id, record id, key, number, no, nr, nummer, customer id, account id, company id, contact id, "
            "kundennummer, kundennr, kontonummer, numero, codigo, code, activity id, order id, order number"
        ),
        "company": (
            "company, company name, account, account name, organization, organisation, firm, customer, client, "
            "firma, firmenname, unternehmen, kunde, kundenname, societe, entreprise, raison sociale, empresa, "
            "cliente, azienda, ragione sociale, bedrijf, bedrijfsnaam, klant, foretag, kund"
        ),
        "domain": "domain, domains, website, web site, url, homepage, web, webseite, site web, sitio web",
        "first": "first name, given name, vorname, prenom, nombre, nome, voornaam, fornamn",
        "last": (
            "last name, surname, family name, nachname, familienname, nom, apellido, apellidos, cognome, "
            "achternaam"
        ),
        "name": "name, full name, contact, contact name, person, ansprechpartner, kontakt, nom complet, naam",
        "email": (
            "email, e mail, mail, email address, e mail address, mail address, e mail adresse, mailadresse, "
            "courriel, adresse e mail, correo, correo electronico, indirizzo email, e mailadres, e post"
        ),
        "title": (
            "title, job title, contact title, position, role, funktion, stelle, fonction, poste, cargo, puesto, "
            "ruolo, functie"
        ),
        "department": "department, abteilung, service, departement, departamento, reparto, afdeling",
        "industry": "industry, sector, branche, secteur, industria, settore, branch",
        "territory": "territory, region, country, land, pays, pais, paese, gebiet",
        "annual_value": "annual value, annual revenue with us, acv, arr, contract value, jahreswert, vertragswert",
        "renewal_on": "renewal date, renewal, contract end, vertragsende, verlangerung, echeance, vencimiento",
        "at": (
            "date, time, timestamp, datetime, when, start, start time, start date, created, created at, sent, "
            "sent at, activity date, order date, datum, zeit, zeitpunkt, beginn, gesendet, fecha, data, tijd"
        ),
        "kind": "type, kind, channel, activity type, art, typ, kanal, genre, tipo, soort",
        "from": "from, sender, from address, from email, von, absender, de, expediteur, remitente, mittente, van",
        "to": "to, recipient, recipients, to address, to email, an, empfanger, destinataire, destinatario, aan",
        "cc": "cc, copy, kopie",
        "ours": (
            "owner, owner email, rep, rep email, sales rep, assigned to, user, user email, employee, bearbeiter, "
            "mitarbeiter, verkaufer, aussendienst, zustandig, responsable, propietario, commercial"
        ),
    }
)
"""Names of columns by what they hold."""

KINDS: Mapping[str, Sequence[str]] = _listed(
    {
        "email": "email, e mail, mail, courriel, correo",
        "call": "call, phone, phone call, telephone, anruf, telefonat, telefon, appel, llamada, chiamata",
        "meeting": (
            "meeting, visit, appointment, event, besuch, termin, treffen, besprechung, reunion, visite, rendez "
            "vous"
        ),
        "order": "order, purchase, invoice, bestellung, auftrag, rechnung, commande, pedido, ordine",
        "message": "message, chat, ticket, nachricht, case, anfrage",
    }
)
"""What systems call the kinds of interactions."""

ALIKE = 88
"""From this likeness (0 to 100) on a name that is spelled otherwise is proposed."""

_FOLD = str.maketrans("äöüéèêáàâíìóòôúùûçñå", "aoueeeaaaiiooouuucna")


def folded(text: str) -> str:
    """A name in its plain form.

    >>> folded("E-Mail_Adresse"), folded("companyName"), folded("Empfänger")
    ('e mail adresse', 'company name', 'empfanger')
    """
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return " ".join(re.sub(r"[^a-z0-9]+", " ", apart.lower().replace("ß", "ss").translate(_FOLD)).split())


def meaning(column: str, words: Mapping[str, Sequence[str]] = WORDS) -> tuple[str, bool] | None:
    """What a column is probably about and whether that is its very name; None where nothing is alike.

    >>> meaning("E-Mail"), meaning("Compny Name"), meaning("Lieblingsfarbe")
    (('email', True), ('company', False), None)
    """
    name = folded(column)
    for what, known in words.items():
        if name in known:
            return what, True
    if len(name) < 4:
        return None  # short names are alike by chance
    choices = {word: what for what, known in words.items() for word in known if len(word) >= 4}
    found = process.extractOne(name, choices.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return None if found is None else (choices[found[0]], False)
