"""Which signs are of one fire, and how much they say together."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Literal, NamedTuple

from pydantic import BaseModel, Field

from ioc.alerts.alert import Evidence, Words2
from ioc.events.base import Moment
from ioc.events.forest import Answer, FireSign, SignSource
from ioc.geography import distance_m

#: Points of one fire that are remembered; of more, the newest.
POINTS = 24
#: Evidence of one fire that is known again by name.
NAMES_KEPT = 60
Place = tuple[float, float]


class Proof(NamedTuple):
    """A sign as it is remembered: who says so, from when until when, and how near the fire must be."""

    source: SignSource
    thing: str
    at: datetime
    until: datetime
    latitude: float
    longitude: float
    reach_m: float
    firm: bool

    @property
    def place(self) -> Place:
        return self.latitude, self.longitude

    @classmethod
    def of(cls, sign: FireSign, at: datetime) -> "Proof":
        return cls(
            sign.sign_source, sign.thing, at, at + sign.lasts, sign.latitude, sign.longitude, sign.reach_m,
            sign.strength == "firm",
        )  # fmt: skip


class Blaze(BaseModel):
    """One fire as far as it is known: its proofs, what was last said of it, and what a ranger answered."""

    id: str
    commune: str | None = None
    approximate: bool = False
    proofs: list[Proof] = Field(default_factory=list)
    says: dict[str, Words2] = Field(default_factory=dict)
    names: list[str] = Field(default_factory=list)
    raised: bool = False
    severity: int = 0
    answer: Answer | None = None
    answered_at: Moment | None = None
    closed_at: Moment | None = None

    @property
    def status(self) -> Literal["suspected", "confirmed", "burn"]:
        """What it counts as: *điểm nghi cháy* until a ranger has answered."""
        return "confirmed" if self.answer == "fire" else "burn" if self.answer == "controlled_burn" else "suspected"

    @property
    def began(self) -> datetime:
        return min(proof.at for proof in self.proofs)

    @property
    def centre(self) -> Place:
        """The mean place of the proofs that say most exactly where it is."""
        nearest = min(proof.reach_m for proof in self.proofs)
        exact = [proof for proof in self.proofs if proof.reach_m <= nearest * 1.5]
        north, east = sum(p.latitude for p in exact), sum(p.longitude for p in exact)
        return round(north / len(exact), 5), round(east / len(exact), 5)

    def near(self, sign: FireSign, at: datetime | None = None) -> bool:
        """Is the sign near enough to be of this fire; and, if ``at`` is given, in time too?"""
        place = (sign.latitude, sign.longitude)
        return any(
            distance_m(proof.place, place) <= max(proof.reach_m, sign.reach_m)
            for proof in self.proofs
            if at is None or (proof.until >= at and proof.at <= at + sign.lasts)
        )

    def add(self, sign: FireSign, at: datetime) -> bool:
        """Take a sign in; returns whether it is news: another thing, or a firmer word."""
        fresh = Proof.of(sign, at)
        moves = sign.sign_source == "hotspot"  # every pixel is a place of its own
        same = [
            proof for proof in self.proofs
            if (proof.source, proof.thing) == (fresh.source, fresh.thing) and (not moves or proof.place == fresh.place)
        ]  # fmt: skip
        news = not same or (fresh.firm and not any(proof.firm for proof in same))
        self.proofs = [*(proof for proof in self.proofs if proof not in same), fresh][-POINTS:]
        self.says[speaker(fresh)] = sign.says
        self.names = [*self.names, *map(name_of, sign.evidence)][-NAMES_KEPT:]
        if self.commune is None or (self.approximate and not sign.approximate):
            self.commune, self.approximate = sign.commune, sign.approximate
        return news

    def absorb(self, other: "Blaze") -> None:
        """The other is the same fire."""
        self.proofs = sorted([*self.proofs, *other.proofs], key=lambda proof: (proof.at, proof.thing))[-POINTS:]
        self.says = {**other.says, **self.says}
        self.names = [*other.names, *self.names][-NAMES_KEPT:]

    def live(self, at: datetime) -> list[Proof]:
        return [proof for proof in self.proofs if proof.until > at]


def speaker(proof: Proof) -> str:
    """Whose words are kept: each thing's own; of satellites, the newest."""
    return "hotspot" if proof.source == "hotspot" else f"{proof.source} {proof.thing}"


def name_of(evidence: Evidence) -> str:
    """Evidence by a short name, the same whenever it is told again."""
    return blake2b(f"{evidence.source}\x1f{evidence.id}".encode(), digest_size=5).hexdigest()


def rings(proofs: Sequence[Proof]) -> bool:
    """One firm sign rings; weak ones ring where two different things agree."""
    return any(proof.firm for proof in proofs) or len({(proof.source, proof.thing) for proof in proofs}) >= 2


def independent(proofs: Iterable[Proof]) -> int:
    """How many independent sources agree: kinds of source, and one more where two stations or citizens do."""
    things = {(proof.source, proof.thing) for proof in proofs}
    kinds = {source for source, _ in things}
    return len(kinds) + any(sum(source == kind for source, _ in things) > 1 for kind in kinds if kind != "hotspot")
