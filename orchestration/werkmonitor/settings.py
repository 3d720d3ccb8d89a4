"""One typed settings object: werkmonitor.toml, then the environment, then defaults (contract 4). No other module reads the configuration."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

PROJECT_ROOT = Path(__file__).resolve().parents[2]
Regeling = Literal["PW", "IOAW", "IOAZ", "BBZ"]
Dekking = Literal["volledig", "alleen_eigen_plaatsingen", "geen"]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TaskSettings(Section):
    """A task that is carried out for other gemeenten than the rest, e.g. sw."""

    gemeenten: list[str]


class MonitorSettings(Section):
    naam: str
    regio_code: str
    gemeenten: list[str] | None = None
    peildatum: date | None = None
    reeks_begin: date | None = None
    indeling_jaar: int | None = None
    landing: Path = Path("landing")
    werkmap: Path = Path("werk")
    releases: Path = Path("releases")
    bewaar_releases: int = Field(default=400, ge=1)
    taken: dict[str, TaskSettings] = Field(default_factory=dict)


class ParameterSettings(Section):
    regelingen: list[Regeling] = ["PW", "IOAW", "IOAZ"]
    regelingen_terugkeer: list[Regeling] | None = None  # default: regelingen
    onderbreking_dagen: Annotated[int, Field(ge=0)] = 30
    werk_onderbreking_dagen: Annotated[int, Field(ge=0)] = 31
    registratievertraging_maanden: Annotated[int, Field(ge=0)] = 3
    voltijd_uren: float = 35
    toerekening_dagen: int = 90
    normale_arbeidsduur: float = 38
    index_basisjaar: int = 2017


class DisclosureSettings(Section):
    methode: Literal["afronden", "onderdrukken", "geen"] = "afronden"
    drempel: Annotated[int, Field(ge=2)] = 5
    drempel_noemer: Annotated[int, Field(ge=1)] = 10
    publiek: bool = True
    publicatie_kalender: str = "maandelijks"


class GateSettings(Section):
    blokkeren: bool = True


class SourceSettings(Section):
    """One source (bron): the folder name under landing."""

    entiteiten: list[str]
    verplicht: bool = True
    soort_levering: Literal["volledig", "maandbestand"] = "volledig"
    persoon_id_soort: Literal["bsn", "clientnummer"] = "clientnummer"
    naamruimte: str = "organisatie"
    dekking: Dekking = "geen"
    historie_vanaf: date | None = None
    volledig_tot: date | None = None
    eigenaar: str = ""
    waarschuw: list[str] = []
    verwacht: Literal["dagelijks", "wekelijks", "maandelijks", "kwartaal", "jaarlijks"] = "maandelijks"
    grondslag: str = ""
    doel: str = ""
    bewaartermijn_maanden: int = 84
    codering: Literal["utf-8", "windows-1252"] = "utf-8"
    scheiding: Literal[",", ";", "\t", "|"] = ","
    decimaal: Literal[".", ","] = "."
    kopregels_overslaan: int = 0
    voetregels_overslaan: int = 0
    mapping: Path | None = None


class CheckSettings(Section):
    """Severity and tolerance of one check: `ernst`, or a table with tolerances."""

    ernst: Literal["blokkerend", "waarschuwing"] | None = None
    tolerantie_absoluut: float | None = None
    tolerantie_relatief: float | None = None


class Settings(Section):
    """Everything a run needs to know, with absolute paths. Built by `load_settings`; tests may build it directly."""

    monitor: MonitorSettings
    parameters: ParameterSettings = ParameterSettings()
    geheimhouding: DisclosureSettings = DisclosureSettings()
    gate: GateSettings = GateSettings()
    controles: dict[str, CheckSettings] = {}
    bronnen: dict[str, SourceSettings]
    rollen: dict[str, str | list[str]] = {}
    meldingen: dict[str, object] = {}

    @property
    def return_regelingen(self) -> list[str]:
        return list(self.parameters.regelingen_terugkeer or self.parameters.regelingen)

    def source_order(self) -> list[str]:
        return list(self.bronnen)
