"""Sets of weights with a name: where a firm's business is unlike the defaults, a start that is not a guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preset:
    """Weights by their setting's name, and for whom they are meant."""

    name: str
    about: str
    values: Mapping[str, float]


PRESETS: tuple[Preset, ...] = (
    Preset(
        "default",
        "the defaults, with their evidence in docs/number.md",
        {
            "scoring.half_life_days": 180.0, "scoring.weight_call": 2.0, "scoring.weight_meeting": 3.0,
            "scoring.weight_firm": 3.0, "scoring.weight_order": 2.0,
        },
    ),
    Preset(
        "fast-moving",
        "short sales cycles: what is older than a season counts little",
        {"scoring.half_life_days": 90.0},
    ),
    Preset(
        "long-cycles",
        "capital goods and public contracts: a year of silence is usual",
        {"scoring.half_life_days": 365.0},
    ),
    Preset(
        "field-sales",
        "visits carry the business, mail is paperwork",
        {"scoring.weight_call": 3.0, "scoring.weight_meeting": 5.0},
    ),
    Preset(
        "order-desk",
        "repeat orders through named people and the firm's own channels carry the business",
        {"scoring.weight_order": 3.0, "scoring.weight_firm": 4.0},
    ),
)  # fmt: skip
"""Every preset. Each stays within the range in which the simulated worlds hardly change (docs/validation.md)."""

BY_NAME: Mapping[str, Preset] = {preset.name: preset for preset in PRESETS}
