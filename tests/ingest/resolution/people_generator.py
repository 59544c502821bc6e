"""Invented people as five sources would list them, with the truth beside: seeded, in ten languages, with every known trap.

A share of the people have nicknames, stripped marks, slips, initials, swapped names, titles, second addresses, private
addresses, a change of jobs (half of their records still old), a switchboard's number, ``info@``, or a namesake at the same firm.
"""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass, field

from graphmap.ingest.resolution import Mention

LOCALES = {
    "en_US": 0.42, "en_GB": 0.12, "de_DE": 0.14, "fr_FR": 0.08, "es_ES": 0.06,
    "it_IT": 0.04, "pl_PL": 0.04, "sv_SE": 0.03, "nl_NL": 0.03, "pt_BR": 0.04,
}  # fmt: skip
TOP = {
    "en_US": "com", "en_GB": "co.uk", "de_DE": "de", "fr_FR": "fr", "es_ES": "es",
    "it_IT": "it", "pl_PL": "pl", "sv_SE": "se", "nl_NL": "nl", "pt_BR": "com.br",
}  # fmt: skip
LEGAL = {
    "en_US": ("Inc.", "LLC", "Corp.", ""), "en_GB": ("Ltd", "Limited", "plc", ""), "de_DE": ("GmbH", "AG", "GmbH & Co. KG", ""),
    "fr_FR": ("SA", "SAS", "S.A.", ""), "es_ES": ("S.L.", "SA", ""), "it_IT": ("S.p.A.", "Srl", ""), "pl_PL": ("Sp. z o.o.", "S.A.", ""),
    "sv_SE": ("AB", ""), "nl_NL": ("B.V.", "NV", ""), "pt_BR": ("Ltda", "S.A.", ""),
}  # fmt: skip
GIVEN = {
    "en_US": "James Robert Michael William David Richard Joseph Thomas Christopher Charles Daniel Matthew Anthony Mark Donald Steven Andrew Paul Joshua Kenneth Kevin Brian George Timothy Ronald Jason Edward Jeffrey Ryan Jacob Gary Nicholas Eric Jonathan Stephen Larry Justin Scott Brandon Benjamin Samuel Gregory Alexander Patrick Frank Raymond Jack Dennis Jerry Tyler Aaron Jose Adam Nathan Henry Zachary Douglas Peter Kyle Noah Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Lisa Nancy Sandra Betty Ashley Emily Kimberly Margaret Donna Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Sharon Laura Cynthia Dorothy Amy Kathleen Angela Shirley Emma Brenda Pamela Nicole Anna Samantha Katherine Christine Debra Rachel Carolyn Janet Maria Olivia Heather Helen Catherine Diane Julie Victoria Joyce Lauren Kelly Christina Ruth Joan Virginia Judith Evelyn Hannah Andrea Megan Cheryl Jacqueline Madison Teresa Abigail Sophia Martha",
    "en_GB": "Oliver Harry George Jack Jacob Charlie Thomas Oscar William James Alfie Joshua Muhammad Ethan Leo Archie Joseph Alexander Samuel Daniel Logan Edward Lucas Max Mohammed Benjamin Mason Harrison Theo Jake Sebastian Finley Arthur Adam Dylan Graham Nigel Trevor Ian Neil Stuart Colin Keith Gareth Rhys Amelia Olivia Emily Isla Ava Jessica Lily Isabella Sophie Mia Ella Charlotte Poppy Grace Evie Alice Scarlett Freya Florence Isabelle Phoebe Gillian Hazel Lesley Alison Fiona Shirley Beverley Dawn Tracey Joanne Lorraine",
    "de_DE": "Thomas Michael Andreas Peter Stefan Christian Hans Martin Wolfgang Klaus Jürgen Frank Jörg Uwe Bernd Matthias Günther Heinz Markus Rainer Manfred Ralf Dieter Torsten Tobias Sebastian Florian Lukas Jan Maximilian Björn Götz Hans-Jürgen Karl-Heinz Anna Maria Sabine Susanne Petra Monika Andrea Claudia Birgit Ursula Renate Karin Gabriele Brigitte Helga Nicole Stefanie Julia Christina Katharina Melanie Anja Kerstin Heike Silke Jana Käthe Bärbel Franziska Johanna Lena Leonie",
    "fr_FR": "Jean Michel Pierre Philippe Alain Patrick Nicolas Christophe Laurent François Frédéric Stéphane Éric Olivier Thierry Sébastien Julien Bruno David Vincent Pascal Jérôme Jean-Pierre Jean-Luc Guillaume Antoine Rémi Benoît Mathieu Gérard Marie Nathalie Isabelle Catherine Sylvie Valérie Christine Sandrine Véronique Céline Stéphanie Hélène Aurélie Émilie Élodie Chloé Camille Anaïs Françoise Brigitte Zoé Marie-Claire Agnès Geneviève",
    "es_ES": "Antonio José Manuel Francisco David Juan Javier Daniel Carlos Jesús Alejandro Miguel Rafael Pedro Pablo Ángel Sergio Fernando Luis Jorge Alberto Álvaro Iván Rubén Óscar Enrique Ramón Vicente Andrés Joaquín María Carmen Ana Isabel Laura Dolores Pilar Teresa Cristina Ángeles Marta Francisca Lucía Elena Concepción Manuela Raquel Rosario Mercedes Beatriz Inés Nuria Sofía Begoña",
    "it_IT": "Giuseppe Giovanni Antonio Mario Luigi Francesco Angelo Vincenzo Pietro Salvatore Carlo Franco Domenico Bruno Paolo Michele Giorgio Marco Roberto Andrea Stefano Nicolò Alessandro Matteo Lorenzo Davide Simone Luca Niccolò Maria Anna Giuseppina Rosa Angela Giovanna Teresa Lucia Carmela Caterina Francesca Paola Elena Chiara Giulia Sara Martina Valentina Alessandra Federica Elisabetta",
    "pl_PL": "Jan Andrzej Piotr Krzysztof Stanisław Tomasz Paweł Józef Marcin Marek Michał Grzegorz Jerzy Tadeusz Adam Łukasz Zbigniew Ryszard Dariusz Henryk Mariusz Wojciech Rafał Sławomir Anna Maria Katarzyna Małgorzata Agnieszka Krystyna Barbara Ewa Elżbieta Zofia Janina Teresa Joanna Magdalena Monika Jadwiga Danuta Irena Halina Helena Beata Aleksandra Żaneta",
    "sv_SE": "Lars Erik Karl Anders Per Johan Nils Lennart Olof Gunnar Sven Bengt Göran Åke Håkan Björn Fredrik Jörgen Östen Mats Jonas Stefan Maria Anna Margareta Elisabeth Eva Birgitta Kristina Karin Ingrid Åsa Linnéa Märta Sofia Malin Ulla Gunilla Cecilia",
    "nl_NL": "Johannes Jan Cornelis Hendrik Willem Pieter Gerrit Jacobus Petrus Dirk Martijn Jeroen Sander Bas Thijs Koen Daan Wouter Ruben Joost Maria Johanna Anna Cornelia Elisabeth Hendrika Annemiek Marieke Saskia Anouk Femke Lotte Sanne Fleur Ilse",
    "pt_BR": "João José Antônio Francisco Carlos Paulo Pedro Lucas Luiz Marcos Luís Gabriel Rafael Daniel Marcelo Bruno Eduardo Felipe Rodrigo Thiago Vinícius André Maria Ana Francisca Antônia Adriana Juliana Márcia Fernanda Patrícia Aline Sandra Camila Amanda Bruna Jéssica Letícia Júlia Luciana Vanessa Conceição",
}  # fmt: skip
FAMILY = {
    "en_US": "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Gomez Phillips Evans Turner Diaz Parker Cruz Edwards Collins Reyes Stewart Morris Morales Murphy Cook Rogers Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos Kim Cox Ward Richardson Watson Brooks Chavez Wood James Bennett Gray Mendoza Ruiz Hughes Price Alvarez Castillo Sanders Patel Myers Long Ross Foster Jimenez Powell Jenkins Perry Russell Sullivan Bell Coleman Butler Henderson Barnes Gonzales Fisher Vasquez Simmons Romero Jordan Patterson Alexander Hamilton Graham Reynolds Griffin Wallace Moreno West Cole Hayes Bryant Herrera Gibson Ellis Tran Medina Aguilar Stevens Murray Ford Castro Marshall Owens Harrison Fernandez McDonald Woods Washington Kennedy Wells Vargas Henry Chen Freeman Webb Tucker Guzman Burns Crawford Olson Simpson Porter Hunter Gordon Mendez Silva Shaw Snyder Mason Dixon Munoz Hunt Hicks Holmes Palmer Wagner Black Robertson Boyd Rose Stone Salazar Fox Warren Mills Meyer Rice Schmidt Garza Daniels Ferguson Nichols Stephens Soto Weaver Ryan Gardner Payne Grant Dunn Kelley Spencer Hawkins Arnold Pierce Hansen Peters Santos Hart Bradley Knight Elliott Cunningham Duncan Armstrong Hudson Carroll Lane Riley Andrews Alvarado Ray Delgado Berry Perkins Hoffman Johnston Matthews Pena Richards Contreras Willis Carpenter Lawrence Sandoval Guerrero George Chapman Rios Estrada Ortega Watkins Greene Nunez Wheeler Valdez Harper Burke Larson Santiago Maldonado Morrison Franklin Carlson Austin Dominguez Carr Lawson Jacobs Obrien Lynch Singh Vega Bishop Montgomery Oliver Jensen Harvey Williamson Gilbert Dean Sims Espinoza Howell Li Wong Reid Hanson Le McCoy Garrett Burton Fuller Wang Weber Welch Rojas Lucas Marquez Fields Park Yang Little Banks Padilla Day Walsh Bowman Schultz Luna Fowler Mejia",
    "en_GB": "Smith Jones Taylor Williams Brown Davies Evans Wilson Thomas Roberts Johnson Lewis Walker Robinson Wood Thompson White Watson Jackson Wright Green Harris Cooper King Lee Martin Clarke James Morgan Hughes Edwards Hill Moore Clark Harrison Scott Young Morris Hall Ward Turner Carter Phillips Mitchell Patel Adams Campbell Anderson Allen Cook Bailey Parker Miller Davis Murphy Price Bell Baker Griffiths Kelly Simpson Marshall Collins Bennett Cox Richardson Fox Gray Rose Chapman Hunt Robertson Shaw Reynolds Lloyd Ellis Richards Russell Wilkinson Khan Graham Stewart Reid Murray Powell Palmer Holmes Rogers Stevens Walsh Hunter Thomson Matthews Ross Owen Mason Knight Kennedy Butler Saunders Fletcher Barker Stone Ashworth Bramwell Crowther Dalgleish Entwistle Fairclough Greenhalgh Hargreaves Ingham Jowett Kirkham Lockwood Micklethwaite Ollerenshaw",
    "de_DE": "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Schmitz Krause Meier Lehmann Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Böhm Winter Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas Schreiber Graf Schulte Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann Thomas Voigt Sauer Arnold Wolff Pfeiffer Strauß Übelhör Weißenborn Großkopf Vogelsang Dünnwald",
    "fr_FR": "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefebvre Michel Garcia David Bertrand Roux Vincent Fournier Morel Girard André Lefèvre Mercier Dupont Lambert Bonnet François Martinez Legrand Garnier Faure Rousseau Blanc Guérin Muller Henry Roussel Nicolas Perrin Morin Mathieu Clément Gauthier Dumont Lopez Fontaine Chevalier Robin Masson Sanchez Gérard Nguyen Boyer Denis Lemaire Duval Joly Gautier Roger Roche Roy Noël Meyer Lucas Meunier Jean Perez Marchand Dufour Blanchard Marie Barbier Brun Dumas Brunet Schmitt Leroux Colas Hervé Peltier Béranger Maillard",
    "es_ES": "García González Rodríguez Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz Hernández Díaz Moreno Muñoz Álvarez Romero Alonso Gutiérrez Navarro Torres Domínguez Vázquez Ramos Gil Ramírez Serrano Blanco Molina Morales Suárez Ortega Delgado Castro Ortiz Rubio Marín Sanz Núñez Iglesias Medina Garrido Cortés Castillo Santos Lozano Guerrero Cano Prieto Méndez Cruz Calvo Gallego Vidal León Márquez Herrera Peña Flores Cabrera Campos Vega Fuentes Carrasco Diez Caballero Nieto Reyes Aguilar Pascual Herrero Santana Lorenzo Hidalgo Montero Ibáñez Giménez Ferrer Durán Zubizarreta Echeverría",
    "it_IT": "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti De Luca Mancini Costa Giordano Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi Caruso Ferrara Galli Martini Leone Longo Gentile Martinelli Vitale Lombardo Serra Coppola De Santis D'Angelo Marchetti Parisi Villa Conte Ferraro Ferri Fabbri Bianco Marini Grasso Valentini Messina Sala De Angelis Gatti Pellegrini Palumbo Sanna Farina Rizzi Monti Cattaneo Morelli Amato Silvestri Mazza Testa Grassi Pellegrino Carbone Giuliani Benedetti Barone Rossetti Caputo Montanari Guerra Palmieri Bernardi Martino Fiore",
    "pl_PL": "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski Jankowski Mazur Kwiatkowski Wojciechowski Krawczyk Kaczmarek Piotrowski Grabowski Zając Pawłowski Michalski Król Wieczorek Jabłoński Wróbel Nowakowski Majewski Olszewski Stępień Malinowski Jaworski Adamczyk Dudek Nowicki Pawlak Górski Witkowski Walczak Sikora Baran Rutkowski Michalak Szewczyk Ostrowski Tomaszewski Pietrzak Zalewski Wróblewski Łuczak Żak Ćwikła Świątek",
    "sv_SE": "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson Jonsson Jansson Hansson Bengtsson Jönsson Lindberg Jakobsson Magnusson Olofsson Lindström Lindqvist Lindgren Axelsson Berg Bergström Lundberg Lind Lundgren Lundqvist Mattsson Berglund Fredriksson Sandberg Henriksson Forsberg Sjöberg Wallin Engström Eklund Danielsson Lundin Håkansson Björk Bergman Gunnarsson Holm Wikström Samuelsson Isaksson Åkesson Öberg",
    "nl_NL": "de Jong|Jansen|de Vries|van den Berg|van Dijk|Bakker|Janssen|Visser|Smit|Meijer|de Boer|Mulder|de Groot|Bos|Vos|Peters|Hendriks|van Leeuwen|Dekker|Brouwer|de Wit|Dijkstra|Smits|de Graaf|van der Meer|van der Linden|Kok|Jacobs|de Haan|Vermeulen|van den Heuvel|van der Veen|van den Broek|de Bruijn|de Bruin|van der Heijden|Schouten|van Beek|Willems|van Vliet|Hoekstra|Maas|Verhoeven|Koster|van Dam|Prins|Blom|Huisman|Peeters|Kuipers",
    "pt_BR": "Silva|Santos|Oliveira|Souza|Rodrigues|Ferreira|Alves|Pereira|Lima|Gomes|Costa|Ribeiro|Martins|Carvalho|Almeida|Lopes|Soares|Fernandes|Vieira|Barbosa|Rocha|Dias|Nascimento|Andrade|Moreira|Nunes|Marques|Machado|Mendes|Freitas|Cardoso|Ramos|Gonçalves|Santana|Teixeira|Araújo|da Silva|dos Santos|da Costa|Magalhães|Assunção|Conceição|Brandão|Simões",
}  # fmt: skip
SHORT = {
    "Robert": "Bob Rob", "William": "Bill Will", "James": "Jim", "Michael": "Mike", "Elizabeth": "Liz Beth", "Katherine": "Kate Kathy",
    "Thomas": "Tom", "Christopher": "Chris", "Jennifer": "Jen", "Daniel": "Dan", "Matthew": "Matt", "Anthony": "Tony", "Steven": "Steve",
    "Andrew": "Andy", "Joseph": "Joe", "David": "Dave", "Richard": "Rick", "Patricia": "Pat", "Susan": "Sue", "Alexander": "Alex",
    "Benjamin": "Ben", "Nicholas": "Nick", "Samuel": "Sam", "Jonathan": "Jon", "Timothy": "Tim", "Gregory": "Greg", "Kenneth": "Ken",
    "Ronald": "Ron", "Edward": "Ed", "Stephanie": "Steph", "Rebecca": "Becky", "Deborah": "Debbie", "Jessica": "Jess", "Samantha": "Sam",
    "Victoria": "Vicky", "Zachary": "Zach", "Joshua": "Josh", "Jeffrey": "Jeff", "Raymond": "Ray", "Katarzyna": "Kasia",
    "Małgorzata": "Gosia", "Francisco": "Paco", "José": "Pepe", "Giuseppe": "Beppe", "Maximilian": "Max", "Katharina": "Kathi",
    "Lars": "Lasse", "Hendrik": "Henk", "Alessandro": "Sandro", "Wolfgang": "Wolf", "Frédéric": "Fred",
}  # fmt: skip
SYLLABLES = [
    "ber",
    "den",
    "hol",
    "mar",
    "tin",
    "wes",
    "ton",
    "ley",
    "ford",
    "man",
    "sen",
    "berg",
    "feld",
    "bach",
    "hurst",
    "wick",
    "ham",
    "dale",
    "row",
    "len",
    "gar",
    "lan",
    "mer",
    "ros",
    "tal",
    "vin",
    "zel",
    "kor",
    "bru",
    "das",
    "fen",
    "gil",
    "har",
    "jor",
    "kes",
    "lum",
    "nor",
    "pel",
    "quin",
    "ras",
    "sol",
    "tor",
    "ul",
    "ven",
    "wal",
    "yor",
    "zan",
    "ker",
    "dor",
    "mil",
    "pas",
]
WORDS = [
    "Nova",
    "Blue",
    "Delta",
    "Prime",
    "Vertex",
    "Alpha",
    "North",
    "Pacific",
    "Apex",
    "Quant",
    "Terra",
    "Solar",
    "Omni",
    "Iron",
    "Silver",
    "Bright",
    "Core",
    "Next",
    "Atlas",
    "Orion",
    "Zen",
    "Polar",
    "Vector",
    "Lumen",
    "Crest",
    "Summit",
    "Falcon",
    "Echo",
    "Nimbus",
]
TRADES = [
    "Systems",
    "Logistics",
    "Energy",
    "Foods",
    "Pharma",
    "Labs",
    "Software",
    "Capital",
    "Media",
    "Steel",
    "Motors",
    "Analytics",
    "Networks",
    "Textiles",
    "Health",
    "Robotics",
    "Chemicals",
    "Insurance",
    "Telecom",
    "Works",
    "Partners",
    "Dynamics",
    "Materials",
]
PATTERNS = ("f.l", "f.l", "f.l", "fl", "f", "f_l", "lf")
SECOND_PATTERN = {"f.l": "fl", "fl": "f.l", "f": "f.l", "f_l": "fl", "lf": "f.l"}


@dataclass
class InventedFirm:
    """A firm with its address pattern and switchboard."""

    name: str
    locale: str
    domain: str
    legal: str
    pattern: str
    switchboard: str


@dataclass
class InventedPerson:
    """Somebody, and every address they have or had: (firm, address) pairs, the newest first."""

    given: str
    family: str
    jobs: list[tuple[InventedFirm, str]]
    second: str | None
    private: str | None
    phone: str
    profile: str


@dataclass
class Crowd:
    """Mentions, which person each is of, and pairs of namesakes at one firm."""

    people: list[InventedPerson] = field(default_factory=list[InventedPerson])
    mentions: list[Mention] = field(default_factory=list[Mention])
    truth: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    firms: list[InventedFirm] = field(default_factory=list[InventedFirm])

    def namesakes(self) -> dict[tuple[str, str], int]:
        """Record to person, for people who share folded name and firm with somebody else."""
        seen: dict[tuple[str, str, str], set[int]] = {}
        for number, person in enumerate(self.people):
            for firm, _ in person.jobs:
                seen.setdefault((plain(person.given), plain(person.family), firm.domain), set()).add(number)
        twins = {number for numbers in seen.values() if len(numbers) > 1 for number in numbers}
        return {record: number for record, number in self.truth.items() if number in twins}


def plain(text: str) -> str:
    """Letters a-z only."""
    for letter, plainly in (
        ("ß", "ss"),
        ("ø", "o"),
        ("Ø", "O"),
        ("ł", "l"),
        ("Ł", "L"),
        ("æ", "ae"),
        ("đ", "d"),
    ):
        text = text.replace(letter, plainly)
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def crowd(size: int, seed: int = 11) -> Crowd:
    """Invents ``size`` people with about 2.2 records each."""
    return _Inventor(size, seed).crowd


class _Inventor:
    def __init__(self, size: int, seed: int) -> None:
        self.random = random.Random(seed)
        self.crowd = Crowd()
        self.taken: set[str] = set()
        self._firms(max(200, size // 12))
        weights = [1 / (place + 3) ** 0.6 for place in range(len(self.crowd.firms))]
        cumulative: list[float] = []
        for weight in weights:
            cumulative.append((cumulative[-1] if cumulative else 0.0) + weight)
        self.cumulative = cumulative
        for number in range(size):
            self._person(number)
        for number, person in enumerate(self.crowd.people):
            self._records(number, person)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def _locale(self) -> str:
        return self.random.choices(list(LOCALES), list(LOCALES.values()))[0]

    def _family(self, locale: str) -> str:
        """More than half of the people have a common name, the others one of thousands that are rare."""
        listed = (
            FAMILY[locale].split("|")
            if "|" in FAMILY[locale]
            else FAMILY[locale].replace("De ", "De_").split()
        )
        if self.chance(0.55):
            return self.random.choice(listed).replace("_", " ")
        return "".join(self.random.choices(SYLLABLES, k=self.random.choice((2, 2, 3)))).capitalize()

    def _firms(self, size: int) -> None:
        choice, seen = self.random.choice, set[str]()
        while len(self.crowd.firms) < size:
            locale = self._locale()
            if self.chance(0.6):
                second = choice(WORDS).lower() if self.chance(0.4) else ""
                name = f"{choice(WORDS)}{choice(('', ' ')) if second else ''}{second} {choice(TRADES)}"
            else:
                name = f"{self._family(locale)} {choice(TRADES)}"
            domain = re.sub("[^a-z0-9]", "", plain(name).lower())[:18] + "." + TOP[locale]
            if domain not in seen:
                seen.add(domain)
                self.crowd.firms.append(
                    InventedFirm(
                        name, locale, domain, choice(LEGAL[locale]), choice(PATTERNS), self._number()
                    )
                )

    def _number(self) -> str:
        return "+" + str(self.random.randint(10**10, 10**11))

    def _firm(self) -> InventedFirm:
        return self.random.choices(self.crowd.firms, cum_weights=self.cumulative)[0]

    def _address(self, firm: InventedFirm, given: str, family: str, pattern: str) -> str:
        f, n = (re.sub("[^a-z]", "", plain(x).lower()) for x in (given, family))
        local = {"f.l": f"{f}.{n}", "fl": f"{f[:1]}{n}", "f": f, "f_l": f"{f}_{n}", "lf": f"{n}{f[:1]}"}[
            pattern
        ]
        address, number = f"{local}@{firm.domain}", 2
        while address in self.taken:
            address, number = f"{local}{number}@{firm.domain}", number + 1
        self.taken.add(address)
        return address

    def _person(self, number: int) -> None:
        firm = self._firm()
        locale = firm.locale if self.chance(0.75) else self._locale()
        given, family = self.random.choice(GIVEN[locale].split()), self._family(locale)
        if self.crowd.people and self.chance(0.003):
            twin = self.crowd.people[-1]
            given, family, firm = twin.given, twin.family, twin.jobs[0][0]
        jobs = [(firm, self._address(firm, given, family, firm.pattern))]
        second = (
            self._address(firm, given, family, SECOND_PATTERN[firm.pattern]) if self.chance(0.1) else None
        )
        letters = re.sub("[^a-z]", "", plain(given + family).lower())
        provider = self.random.choice(("gmail.com", "gmail.com", "yahoo.com", "outlook.com", "gmx.de"))
        private = f"{letters}{self.random.randint(1, 999)}@{provider}" if self.chance(0.25) else None
        if self.chance(0.12):
            old = self._firm()
            jobs.append((old, self._address(old, given, family, old.pattern)))
        profile = f"https://www.linkedin.com/in/{letters}-{number:x}"
        self.crowd.people.append(
            InventedPerson(given, family, jobs, second, private, self._number(), profile)
        )

    def _slip(self, text: str) -> str:
        if len(text) < 4:
            return text
        i, kind = self.random.randrange(1, len(text) - 1), self.random.random()
        if kind < 0.35:
            return text[:i] + text[i + 1 :]
        if kind < 0.7:
            return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
        return text[:i] + self.random.choice("aeiourstn") + text[i + 1 :]

    def _name(self, person: InventedPerson) -> tuple[str, str]:
        given, family = person.given, person.family
        if given in SHORT and self.chance(0.25):
            given = self.random.choice(SHORT[given].split())
        if self.chance(0.35):
            given, family = plain(given), plain(family)
        if self.chance(0.02):
            family = self._slip(family)
        if self.chance(0.01):
            given = self._slip(given)
        if self.chance(0.02):
            given = given[:1] + "."
        elif self.chance(0.05):
            given = f"{given} {self.random.choice('ABCDEGHJKLMPRST')}."
        if self.chance(0.03):
            given = "Dr. " + given
        if self.chance(0.02):
            family += self.random.choice((", MBA", " PhD", " Jr."))
        if self.chance(0.01):
            given, family = family, given
        kind = self.random.random()
        if kind < 0.03:
            return given.upper(), family.upper()
        return (given.lower(), family.lower()) if kind < 0.05 else (given, family)

    def _firm_name(self, firm: InventedFirm) -> str:
        kind = self.random.random()
        if kind < 0.5:
            return f"{firm.name} {firm.legal}".strip()
        if kind < 0.6:
            return firm.name.upper()
        if kind < 0.65:
            return f"{firm.name} {self.random.choice(('Group', 'International', 'Europe', 'Deutschland'))}"
        return self._slip(firm.name) if kind < 0.67 else firm.name

    def _phone(self, person: InventedPerson, firm: InventedFirm) -> str:
        number = firm.switchboard if self.chance(0.2) else person.phone
        digits, kind = number[1:], self.random.random()
        if kind < 0.4:
            return number
        if kind < 0.6:
            return "00" + digits
        return f"+{digits[:2]} ({digits[2:5]}) {digits[5:8]}-{digits[8:]}" if kind < 0.9 else digits[2:]

    def _written(self, address: str) -> str:
        kind, (local, host) = self.random.random(), address.split("@")
        if kind < 0.05:
            return address.upper() if self.chance(0.5) else address.title()
        if kind < 0.06:
            return f"{local}+news@{host}"
        return f"{self._slip(local)}@{host}" if kind < 0.065 else address

    def _add(self, number: int, source: str, name: tuple[str, str], **said: object) -> None:
        record = str(len(self.crowd.mentions))
        text = " ".join(part for part in name if part)
        self.crowd.mentions.append(Mention(source, record, text, **said))
        self.crowd.truth[source, record] = number

    def _records(self, number: int, person: InventedPerson) -> None:
        def job() -> tuple[InventedFirm, str]:
            firm, address = person.jobs[-1] if len(person.jobs) > 1 and self.chance(0.5) else person.jobs[0]
            return (
                (firm, person.second)
                if address == person.jobs[0][1] and person.second and self.chance(0.3)
                else (firm, address)
            )

        def mail(address: str, share: float) -> tuple[str, ...]:
            return (
                (self._written(address),)
                if self.chance(share)
                else (person.private,)
                if person.private
                else ()
            )

        def phones(firm: InventedFirm, share: float) -> tuple[str, ...]:
            return (self._phone(person, firm),) if self.chance(share) else ()

        any_record = False
        if self.chance(0.7):
            any_record = True
            firm, address = job()
            box = f"info@{firm.domain}" if self.chance(0.01) else address
            mails = (self._written(box),) if self.chance(0.9) else ()
            domain = firm.domain if self.chance(0.75) else None
            self._add(number, "crm", self._name(person), mails=mails, firm_name=self._firm_name(firm), domain=domain,
                      phones=phones(firm, 0.6), title="VP")  # fmt: skip
            if self.chance(0.04):
                mails = (self._written(box),) if self.chance(0.5) else ()
                self._add(
                    number,
                    "crm",
                    self._name(person),
                    mails=mails,
                    firm_name=self._firm_name(firm),
                    phones=phones(firm, 0.5),
                )
        if self.chance(0.4):
            any_record = True
            firm, address = job()
            given, family = self._name(person)
            name = (given if self.chance(0.85) else "", family if self.chance(0.85) else "")
            self._add(number, "marketing", name, mails=mail(address, 0.93),
                      firm_name=self._firm_name(firm) if self.chance(0.7) else None,
                      domain=firm.domain if self.chance(0.6) else None, phones=phones(firm, 0.25))  # fmt: skip
        if self.chance(0.55):
            any_record = True
            _, address = job()
            name = ("", "") if self.chance(0.15) else self._name(person)
            box = person.private if person.private and self.chance(0.03) else address
            self._add(number, "mail", name, mails=(box,))
        if self.chance(0.35):
            any_record = True
            firm, _ = job()
            mails = (person.private,) if person.private and self.chance(0.04) else ()
            self._add(number, "network", self._name(person), mails=mails, links=(person.profile,),
                      firm_name=self._firm_name(firm), title="VP")  # fmt: skip
        if self.chance(0.1) or not any_record:
            firm, address = job()
            mails = mail(address, 0.8) + ((person.private,) if person.private else ())
            self._add(number, "cards", self._name(person), mails=mails,
                      firm_name=self._firm_name(firm) if self.chance(0.6) else None, phones=phones(firm, 0.8))  # fmt: skip
