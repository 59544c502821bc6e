"""The parameters of the number, frozen: weights, half-life, thresholds. Defaults and evidence: docs/number.md."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields

from graphmap.config import Settings

VERSION = "1"
"""Version of the formula; it changes when the same records and settings would give another number."""

EPSILON = 1e-12
DAY_MS = 86_400_000
BANDS: tuple[tuple[float, str], ...] = ((20, "firm"), (40, "shared"), (60, "leaning"), (80, "dependent"))


@dataclass(frozen=True, slots=True)
class Formula:
    """Every parameter that enters the number.

    >>> Formula().look_back_days
    1080.0
    >>> Formula().kind_weights[2]
    2.0
    """

    half_life_days: float = 180.0
    look_back_half_lives: float = 6.0
    reciprocity: float = 0.8
    vote_exponent: float = 0.5
    weight_email: float = 1.0
    weight_message: float = 1.0
    weight_call: float = 2.0
    weight_meeting: float = 3.0
    weight_order: float = 2.0
    weight_firm: float = 3.0
    cc_factor: float = 0.3
    authority_user: float = 1.0
    authority_manager: float = 2.0
    authority_director: float = 3.0
    authority_executive: float = 5.0
    authority_unknown: float = 1.5
    max_contacts: int = 50
    active_strength: float = 0.5
    min_sample: float = 8.0
    max_width: float = 50.0

    @classmethod
    def from_settings(cls, settings: Settings) -> Formula:
        """The formula as the settings ``scoring.*`` say."""
        values = {field.name: settings[f"scoring.{field.name}"] for field in fields(cls)}
        return cls(**values)  # type: ignore[arg-type]  # checked by the table of settings

    @property
    def look_back_days(self) -> float:
        """Age in days beyond which a touch counts nothing."""
        return self.half_life_days * self.look_back_half_lives

    @property
    def kind_weights(self) -> tuple[float, ...]:
        """Weights in the order of ``touches.KINDS``: email, message, call, meeting, order."""
        return (
            self.weight_email,
            self.weight_message,
            self.weight_call,
            self.weight_meeting,
            self.weight_order,
        )

    @property
    def authority(self) -> tuple[float, ...]:
        """Vote factors of seniority 0, 1, 2, 3 and unknown (index 4, also reached by -1)."""
        return (
            self.authority_user,
            self.authority_manager,
            self.authority_director,
            self.authority_executive,
            self.authority_unknown,
        )


def config_hash(settings: Settings, baseline: float | None) -> str:
    """A hash of everything configured that enters the numbers and findings; equal hash and records, equal results."""
    return hashlib.sha256(config_text(settings, baseline).encode()).hexdigest()[:16]


def config_text(settings: Settings, baseline: float | None) -> str:
    """The settings that enter the numbers, as canonical JSON, with the formula's version and the baseline in use."""
    values = {
        name: c.value for name, c in settings.chosen.items() if name.startswith(("scoring.", "findings."))
    }
    values["scoring.baseline"] = baseline
    return json.dumps({"formula": VERSION, **values}, sort_keys=True, separators=(",", ":"))


def band_of(dependence: float) -> str:
    """The band of a dependence 0-100; an edge belongs to the band above.

    >>> band_of(19.9), band_of(20), band_of(80)
    ('firm', 'shared', 'captive')
    """
    for edge, name in BANDS:
        if dependence < edge:
            return name
    return "captive"
