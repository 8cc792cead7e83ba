"""Hotspots made up for a network that came without any, so that a plan can be tried; every one says 示例.

The same stops give the same hotspots: each is drawn from a hash of its stop's code, so a stop added elsewhere moves
nothing. The figures are plausible, not measured; nothing may be concluded from them about the place.
"""

import hashlib
import math

import pandas as pd

from geo.sources.frames import HOTSPOT_COLUMNS, HotspotFrame, Note
from geo.sources.problems import gettext_noop

# Category, its name, its share of all, and persons a day from lowest to highest; all made up.
KINDS = (
    ("village", "社区", 0.42, 300, 2500),
    ("school", "学校", 0.18, 400, 2200),
    ("mall", "商场", 0.12, 1500, 12000),
    ("park", "公园", 0.12, 300, 3000),
    ("government", "政务服务点", 0.06, 200, 1500),
    ("hospital", "医院", 0.05, 500, 4000),
    ("transport", "交通站", 0.05, 1000, 8000),
)
ONE_STOP_IN = 3
NEAREST_M, FARTHEST_M = 20.0, 260.0
METRES_PER_DEGREE = 111_320.0


def generate_hotspots(stops: pd.DataFrame) -> HotspotFrame:
    """About one hotspot for every three stops, 20–260 m from its stop.

    Parameters
    ----------
    stops : DataFrame[code, name, lon, lat]
    """
    rows = []
    for code, name, lon, lat in stops[["code", "name", "lon", "lat"]].itertuples(index=False):
        digest = hashlib.sha256(f"pufa sample hotspot {code}".encode()).digest()
        if digest[0] % ONE_STOP_IN:
            continue
        draw = [int.from_bytes(digest[i : i + 4], "big") / 2**32 for i in range(1, 17, 4)]
        category, word, low, high = _kind(draw[0])
        away = NEAREST_M + (FARTHEST_M - NEAREST_M) * draw[1]
        angle = 2 * math.pi * draw[2]
        north, east = away * math.sin(angle), away * math.cos(angle)
        persons = round(math.exp(math.log(low) + (math.log(high) - math.log(low)) * draw[3]), -1)
        rows.append(
            (
                f"sample-{code}",
                f"示例{word}（{name}附近）",
                category,
                round(lon + east / (METRES_PER_DEGREE * math.cos(math.radians(lat))), 6),
                round(lat + north / METRES_PER_DEGREE, 6),
                float(persons),
                "sample",
                None,
                "",
            )
        )
    frame = pd.DataFrame(rows, columns=HOTSPOT_COLUMNS)
    sha256 = hashlib.sha256(frame.to_csv(index=False).encode()).hexdigest()
    note = Note(gettext_noop("Made up around the stops for trying out; no figure here was measured"))
    return HotspotFrame(frame, sha256, [note])


def _kind(draw: float) -> tuple[str, str, int, int]:
    total = 0.0
    for category, word, share, low, high in KINDS:
        total += share
        if draw < total:
            return category, word, low, high
    category, word, _share, low, high = KINDS[-1]
    return category, word, low, high
