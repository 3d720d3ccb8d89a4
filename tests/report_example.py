"""A small invented release with a site: two gemeenten, every status, a series that breaks, a target and a remark.

Made by the real publish step from figures that are written down here; no night is run for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import release_example as example
from werkmonitor.core import derived, registry, release
from werkmonitor.core.types import CheckResult, Severity
from werkmonitor.core.workspace import NightFolder
from werkmonitor.report.publishing import add_report
from werkmonitor.settings import Settings, SiteSettings

REGIONS = {"AM08": "Rijk van Nijmegen", "GM0268": "Nijmegen", "GM0296": "Wijchen"}
YEARS = range(2017, 2026)
TARGET_COLUMNS = ("indicator_id", "regio_code", "periode", "waarde", "soort", "richting", "tolerantie_pct", "document",
                  "pagina", "bron_volgorde", "bestand", "rij")  # fmt: skip
TARGETS = (
    ("uitstroom", "AM08", "2023JJ00", 900.0, "norm", "hoger_is_beter", None, "Begroting", "blz. 3", 1, "d", 2),
    ("uitstroom", "AM08", "2024JJ00", 1500.0, "norm", "hoger_is_beter", 5.0, "Begroting", "blz. 4", 1, "d", 3),
    ("uitstroom", "GM0296", "2024JJ00", 280.0, "begroot_aantal", "hoger_is_beter", None, "Begroting", None, 1, "d", 4),
    ("klachten", "AM08", "2024JJ00", 10.0, "norm", "lager_is_beter", None, "Begroting", None, 1, "d", 5),
)
BREAK = {"id": "systeem-2020", "vanaf": date(2020, 1, 1), "indicatoren": ["duurzaam_uit_uitkering_12__alle"],
         "regio": ["AM08"], "toelichting": "Een nieuw systeem <b>telt</b> anders."}  # fmt: skip
REMARK = """---
indicator: duurzaam_uit_uitkering_12__alle
periode: 2023JJ00
auteur: A. Voorbeeld, onderzoek
datum: 2026-02-01
---
In 2023 sloot een **grote werkgever**. <script>alert(1)</script>
"""


def count(indicator: str, region: str, year: int, number: int, **more: Any) -> dict[str, Any]:
    return example.count(number, indicator_id=indicator, regio_code=region, regio_naam=REGIONS[region],
                         periode=f"{year}JJ00", **more)  # fmt: skip


def rate(indicator: str, region: str, year: int, numerator: int, denominator: int, **more: Any) -> dict[str, Any]:
    return example.rate(numerator, denominator, indicator_id=indicator, regio_code=region, regio_naam=REGIONS[region],
                        periode=f"{year}JJ00", **more)  # fmt: skip


def not_yet(indicator: str, region: str, year: int, **more: Any) -> dict[str, Any]:
    values = {"status": "nog_niet_meetbaar", "meetbaar_vanaf": date(year + 2, 3, 31), "eenheid": "%"}
    return example.cell(indicator_id=indicator, regio_code=region, regio_naam=REGIONS[region], periode=f"{year}JJ00",
                        meettype="percentage", **(values | more))  # fmt: skip


def cells() -> list[dict[str, Any]]:
    """Figures as they come out of the calculation, before disclosure control."""
    found: list[dict[str, Any]] = []
    for place, region in enumerate(REGIONS):
        size = (1000, 700, 300)[place]
        for year in YEARS:
            status = {"status": "voorlopig"} if year == 2025 else {}
            found += [
                count("stand_personen", region, year, 4 * size + year - 2000, eenheid="personen", **status),
                count("instroom", region, year, size - 40, **status),
                count("uitstroom", region, year, size, **status),
                count("uitstroom", region, year, size - 3, dimensie="reden_groep", categorie="werk", **status),
                count("uitstroom", region, year, 3, dimensie="reden_groep", categorie="onbekend", **status),
                *_durability(region, year, size),
            ]
    found += [_curve(month) for month in range(37)]
    # Wijchen: too few to show in 2023; a break before 2020 for the whole organisation.
    for cell in found:
        key = (cell["indicator_id"], cell["regio_code"], cell["periode"], cell["dimensie"])
        if key == ("herinstroom_12__alle", "GM0296", "2023JJ00", "totaal"):
            cell |= {"teller": 3, "noemer": 12, "waarde": 25.0}
        if key == ("duurzaam_uit_uitkering_12__alle", "AM08", "2020JJ00", "totaal"):
            cell |= {"reeksbreuk": BREAK["id"]}
    return [*found, *_others()]


def _durability(region: str, year: int, size: int) -> list[dict[str, Any]]:
    names = ("duurzaam_uit_uitkering_12__alle", "herinstroom_12__alle", "duurzaam_werk_onafgebroken_12__werk_polis")
    if year > 2023:
        return [not_yet(name, region, year) for name in names]
    stayed = size * (76 + year % 3) // 100
    numerators = (stayed, size - stayed, size // 2)
    found = [rate(name, region, year, n, size, n_niet_volgbaar=25) for name, n in zip(names, numerators, strict=True)]
    for category, part in (("0-26", 10), ("55+", 4), ("onbekend", 0)):
        found.append(rate(names[0], region, year, part // 2 if part < 5 else part * 5, part * 10,
                          dimensie="leeftijd", categorie=category))  # fmt: skip
    return found


def _curve(month: int) -> dict[str, Any]:
    base = {"indicator_id": "terugkeer_cif__alle", "regio_code": "AM08", "regio_naam": REGIONS["AM08"], "eenheid": "%",
            "periode": "2022JJ00", "dimensie": "maanden_sinds_uitstroom", "categorie": f"{month:02d}"}  # fmt: skip
    if month > 30:
        return example.cell(**base, status="nvt", meettype="curve")
    return example.cell(**base, waarde=month * 0.8, ondergrens=month * 0.7, bovengrens=month * 0.9, meettype="curve",
                        n_risico=2900 - 20 * month)  # fmt: skip


def _others() -> list[dict[str, Any]]:
    return [
        example.cell(indicator_id="uitstroom", definitie_id="cbs_uitstroom@1", bron="CBS", regio_code="AM08",
                     regio_naam=REGIONS["AM08"], waarde=1013.0, meettype="reeks"),
        example.cell(indicator_id="uitstroom", definitie_id="cbs_uitstroom@1", bron="CBS", regio_code="AM08",
                     regio_naam=REGIONS["AM08"], periode="2023JJ00", status="geheim", meettype="reeks"),
    ]  # fmt: skip


def settings(folder: Path, **sections: Any) -> Settings:
    remarks = folder / "toelichting"
    parts = {"site": SiteSettings(toelichting=remarks), "reeksbreuken": [BREAK]}
    return example.settings(folder, **(parts | sections))


def publish(
    folder: Path,
    chosen: Settings,
    figures: Iterable[Mapping[str, Any]] | None = None,
    results: Sequence[CheckResult] = (example.success(), example.failure(severity=Severity.WARNING)),
    report: Callable[[Settings, NightFolder, Path], list[str]] = add_report,
    **parts: Any,
) -> Path:
    """A release with its site; with `report=add_inputs` with only what a page is made of."""
    night = example.night_with(folder / "nacht", chosen, cells() if figures is None else figures)
    with duckdb.connect(str(night.candidate)) as con:
        rows = [dict(zip(TARGET_COLUMNS, row, strict=True)) for row in TARGETS]
        con.register("gegeven", pa.Table.from_pylist(rows))
        con.execute("CREATE SCHEMA IF NOT EXISTS invoer")
        con.execute("CREATE OR REPLACE TABLE invoer.doelstelling AS SELECT * FROM gegeven")
    derived.apply(chosen, night)
    published = release.publish(
        chosen, night, example.PUBLISH, results, example.run_info(folder, **parts), registry=registry.as_published(),
        add_report=partial(report, chosen, night),
    )  # fmt: skip
    return published.path
