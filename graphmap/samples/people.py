"""Names of the sample company: all invented."""

from __future__ import annotations

FIRST = (
    "Anna", "Bruno", "Carla", "Dario", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kaja", "Liam",
    "Mara", "Nils", "Olga", "Pavel", "Quinn", "Rosa", "Sven", "Tara", "Umut", "Vera", "Wim", "Xenia",
    "Yara", "Zoe", "Aron", "Bea", "Cem", "Dina", "Emil", "Fadi", "Gina", "Hedda", "Ivo", "Jana", "Karl",
    "Lena", "Milan", "Nora", "Omar", "Pia", "Rami", "Sina", "Timo", "Ulla", "Viktor", "Wanda",
)  # fmt: skip

LAST = (
    "Albrecht", "Berger", "Calis", "Dorn", "Ekberg", "Falk", "Garnier", "Hoekstra", "Ibsen", "Jansson",
    "Keller", "Lindqvist", "Moreau", "Novotny", "Oduya", "Petrov", "Quist", "Rahimi", "Santos", "Tamm",
    "Ullmann", "Varga", "Weiss", "Yildiz", "Zander", "Arslan", "Brandt", "Corti", "Duval", "Engel",
    "Ferrer", "Gruber", "Holm", "Ivanova", "Jaeger", "Kovac", "Lorenz", "Mancini", "Nagel", "Ortega",
    "Pauli", "Rossi", "Stern", "Toth", "Urban", "Vogel", "Winter", "Zeller",
)  # fmt: skip

FIRM_FIRST = (
    "Alder", "Basalt", "Cobalt", "Delta", "Ember", "Fjord", "Granit", "Hafen", "Indigo", "Juniper",
    "Kestrel", "Lumen", "Marlin", "Nordwind", "Opal", "Prisma", "Quarz", "Raven", "Saffron", "Tundra",
    "Umbra", "Vesper", "Willow", "Xylo", "Yarrow", "Zephyr", "Amber", "Birke", "Citrin", "Dune",
)  # fmt: skip

FIRM_LAST = (
    "Foods", "Logistics", "Energy", "Systems", "Textiles", "Motors", "Health", "Media", "Chemicals",
    "Optics", "Paper", "Marine", "Tools", "Labs", "Retail",
)  # fmt: skip

TEAM: tuple[tuple[str, str, str, int], ...] = (
    ("sales", "Head of Sales", "North", 2),
    ("sales", "Account Executive", "North", 0),
    ("sales", "Account Executive", "North", 0),
    ("sales", "Account Executive", "North", 0),
    ("sales", "Account Executive", "South", 0),
    ("sales", "Account Executive", "South", 0),
    ("sales", "Account Executive", "South", 0),
    ("sales", "Account Executive", "South", 0),
    ("service", "Head of Service", "North", 2),
    ("service", "Customer Success Manager", "North", 0),
    ("service", "Customer Success Manager", "North", 0),
    ("service", "Customer Success Manager", "South", 0),
    ("service", "Customer Success Manager", "South", 0),
    ("support", "Head of Support", "South", 2),
    ("support", "Support Engineer", "North", 0),
    ("support", "Support Engineer", "North", 0),
    ("support", "Support Engineer", "South", 0),
    ("support", "Support Engineer", "South", 0),
    ("product", "Head of Product", "North", 2),
    ("product", "Product Manager", "North", 0),
    ("product", "Solution Architect", "South", 0),
    ("product", "Solution Architect", "South", 0),
    ("marketing", "Head of Marketing", "South", 2),
    ("marketing", "Event Manager", "North", 0),
    ("marketing", "Partner Manager", "South", 0),
)
"""Department, title, team and seniority of our 25 people."""

ROLES: tuple[tuple[str, str, int], ...] = (
    ("Chief Executive", "Executive", 3),
    ("Chief Financial Officer", "Executive", 3),
    ("Head of Procurement", "Procurement", 2),
    ("Buyer", "Procurement", 0),
    ("IT Director", "Information technology", 2),
    ("Platform Lead", "Information technology", 1),
    ("Systems Engineer", "Information technology", 0),
    ("Plant Manager", "Operations", 1),
    ("Process Engineer", "Operations", 0),
    ("Logistics Lead", "Operations", 1),
)
"""Title, department and seniority of contacts."""
