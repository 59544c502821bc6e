"""The named worlds: how ties become interactions there, and what makes a customer leave.

Every figure is an assumption, chosen before the number was looked at and kept here so that anybody can argue with it.
"""

from __future__ import annotations

from dataclasses import dataclass

VOTES, POOLED, KEY_PERSON, VOLUME = "votes", "pooled", "key_person", "volume"
"""What a loss follows: the contacts' votes, the sum of all ties, the most important contact, or the bare interactions."""


@dataclass(frozen=True)
class World:
    """One world. Rates are per year; ``loyalty`` is the mean latent loyalty to the firm where a personal tie has mean 1.

    ``activity`` scales every rate of conversation; ``operations`` mails of a contact that no tie causes; ``blasts`` one-way mails to all
    contacts of an account; ``groups`` meetings with several of both sides, some of whom say nothing; ``channel`` contacts
    with the firm without a person (0 = none happens or none is recorded), caused by loyalty unless ``channel_is_noise``;
    ``succeeded`` share of accounts whose former owner moved on within the two years; ``authority`` exponent of the levels'
    votes 1, 2, 3, 5; ``uncaptured`` share of our people whose mails and calls are not recorded; ``loss`` one of the four rules.
    """

    name: str
    says: str
    activity: float = 1.0
    operations: float = 4.0
    blasts: float = 4.0
    groups: float = 2.0
    channel: float = 6.0
    channel_is_noise: bool = False
    loyalty: float = 0.5
    succeeded: float = 0.3
    authority: float = 1.0
    uncaptured: float = 0.0
    loss: str = VOTES


WORLDS: tuple[World, ...] = (
    World("base", "nothing out of the ordinary"),
    World("ops-noise", "four times the operational mail, which no tie causes", operations=16.0),
    World("thin-data", "a quarter of the conversations", activity=0.25, operations=1.0, blasts=1.0, groups=0.5),
    World("group-heavy", "five times the meetings with several of both sides", groups=10.0),
    World("high-turnover", "seven of ten accounts changed hands within the two years", succeeded=0.7),
    World("authority", "an executive's voice weighs far more than the scale says", authority=2.0),
    World("no-authority", "titles do not matter at all", authority=0.0),
    World("key-person", "the most important contact decides alone", loss=KEY_PERSON),
    World("pooled", "the customer weighs all ties in one sum", loss=POOLED),
    World("firm-loyal", "customers hold twice as much to the firm itself", loyalty=1.0),
    World("blast-spam", "six times the one-way mail", blasts=24.0),
    World("firm-noise", "contacts with the firm's channels say nothing about loyalty", channel_is_noise=True),
    World("no-firm-data", "the firm's channels are not recorded", channel=0.0),
    World("uncaptured", "three of ten of our people have no mail or calls recorded", uncaptured=0.3),
    World("raw-volume", "a loss follows the bare number of interactions: the plain share's own world", loss=VOLUME),
)  # fmt: skip

TABLE = {world.name: world for world in WORLDS}
