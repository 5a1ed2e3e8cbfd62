"""How much there is at each size: the volumes of a regional agency after one and ten years, and of a national one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    years: int
    teams: int
    staff_now: int
    staff_ever: int
    companies: int
    contacts: int
    interactions: int
    meetings: int
    missions: int
    leads: int
    qualified: int
    # Projects of the region's history that went through our own pipeline; all others were tracked only.
    won: int
    # Days after which of three open leads one is still open.
    patience: int


SIZES = {
    "regional-1y": Size(1, 5, 20, 22, 2_000, 3_200, 7_000, 1_300, 20, 450, 168, 22, 115),
    "regional-10y": Size(10, 6, 24, 65, 12_000, 21_000, 75_000, 14_000, 190, 4_300, 1_500, 200, 330),
    # A nation wins more than the region's history holds, but then the origin table would not be the seed's any more.
    "national": Size(10, 25, 250, 900, 120_000, 250_000, 800_000, 150_000, 2_500, 40_000, 15_000, 300, 330),
}
# Small enough for a test that loads it twice.
TINY = Size(1, 2, 8, 10, 420, 620, 900, 160, 3, 60, 24, 8, 115)
