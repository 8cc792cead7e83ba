"""A small GTFS feed of invented lines, whole or with one thing changed."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

FEED = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nX,Invented,http://localhost,Asia/Shanghai\n",
    "routes.txt": (
        "route_id,agency_id,route_short_name,route_long_name,route_type\n"
        "L1,X,1路,东门—西门,3\n"
        "L2,X,夜2路,,3\n"
        "FERRY,X,轮渡,,4\n"
    ),
    # The mark that spreadsheets write before UTF-8.
    "stops.txt": (
        "\ufeffstop_id,stop_name,stop_lat,stop_lon,location_type\n"
        "A,东门,22.600000,113.080000,0\n"
        "B,中街,22.600000,113.090000,\n"
        "C,西门,22.600000,113.100000,\n"
        "D,河边,22.610000,113.100000,\n"
        "E,山脚,22.620000,113.100000,\n"
        "F,未用,22.630000,113.100000,\n"
        "P,码头,22.590000,113.080000,\n"
        "Q,对岸,22.580000,113.080000,\n"
        "HUB,总站,,,1\n"
    ),
    "trips.txt": (
        "route_id,service_id,trip_id,direction_id,shape_id\n"
        "L1,WD,t1,0,s1\n"
        "L1,WD,t2,0,s1\n"
        "L1,WD,t3,0,s1\n"
        "L1,WD,short,0,s1\n"
        "L1,WD,back,1,\n"
        "L1,SA,t9,0,s1\n"
        "L2,WD,n1,,\n"
        "FERRY,WD,f1,,\n"
    ),
    "stop_times.txt": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "t1,07:00:00,07:00:00,A,1\nt1,,,B,2\nt1,07:12:00,07:12:00,C,3\n"
        "t2,08:00:00,08:00:00,A,1\nt2,,,B,2\nt2,08:12:00,08:12:00,C,3\n"
        "t3,07:05:00,07:05:00,A,10\nt3,,,B,20\nt3,07:17:00,07:17:00,C,30\n"
        "short,10:00:00,10:00:00,A,1\nshort,10:06:00,10:06:00,B,2\n"
        "back,7:30:00,7:30:00,C,1\nback,7:36:00,7:36:00,B,2\nback,7:42:00,7:42:00,A,3\n"
        "t9,09:00:00,09:00:00,A,1\nt9,,,B,2\nt9,09:12:00,09:12:00,C,3\n"
        "n1,22:00:00,22:00:00,C,1\nn1,22:10:00,22:10:00,D,2\nn1,22:20:00,22:20:00,E,3\n"
        "f1,08:00:00,08:00:00,P,1\nf1,08:10:00,08:10:00,Q,2\n"
    ),
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "WD,1,1,1,1,1,0,0,20260901,20261231\n"
        "SA,0,0,0,0,0,1,0,20260901,20261231\n"
    ),
    "calendar_dates.txt": "service_id,date,exception_type\nWD,20261001,2\nSA,20261001,1\n",
    "frequencies.txt": "trip_id,start_time,end_time,headway_secs\nn1,22:00:00,26:00:00,1800\n",
    "shapes.txt": (
        "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n"
        "s1,22.600000,113.100000,3\n"
        "s1,22.600000,113.080000,1\n"
        "s1,22.602000,113.090000,2\n"
    ),
}

FeedMaker = Callable[..., Path]


@pytest.fixture
def feed(tmp_path: Path) -> FeedMaker:
    """`feed()` writes the feed as a folder. `replace={file: (old, new)}` changes a text of it (`new` None drops the
    file), `files={file: text}` sets whole files, `zipped=True` packs it.
    """

    def make(
        name: str = "feed",
        *,
        replace: dict[str, tuple[str, str]] | None = None,
        files: dict[str, str | bytes | None] | None = None,
        zipped: bool = False,
    ) -> Path:
        contents: dict[str, str | bytes | None] = dict(FEED)
        for file, (old, new) in (replace or {}).items():
            text = contents[file]
            assert isinstance(text, str)
            assert old in text, f"{old!r} is not in {file}"
            contents[file] = text.replace(old, new, 1)
        contents.update(files or {})
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        for file, text in contents.items():
            if text is None:
                (folder / file).unlink(missing_ok=True)
            else:
                (folder / file).write_bytes(text.encode() if isinstance(text, str) else text)
        if not zipped:
            return folder
        archive = tmp_path / f"{name}.zip"
        with zipfile.ZipFile(archive, "w") as packed:
            for part in sorted(folder.iterdir()):
                packed.write(part, f"export/{part.name}")
        return archive

    return make
