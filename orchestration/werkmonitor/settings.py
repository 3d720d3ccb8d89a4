"""The typed settings of contract 4 and the rules between them. Reading file and environment is `settings_loader.py`; no
other module does that.

What belongs here: one model a table of werkmonitor.toml, and what follows from the settings together with the
deliveries (peildatum, indeling_jaar).
What does not: reading files, wording of errors in single keys, the key of the pseudonyms (core/keys.py).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from werkmonitor.core.types import OWN, ConfigurationError, Delivery

PROJECT_ROOT = Path(__file__).resolve().parents[2]
Regeling = Literal["PW", "IOAW", "IOAZ", "BBZ"]
Dekking = Literal["volledig", "alleen_eigen_plaatsingen", "geen"]
Ernst = Literal["blokkerend", "waarschuwing"]
Rol = Literal["steward", "goedkeurder", "evaluator", "beheerder"]

PATH_KEYS = ("landing", "werkmap", "releases")


def _no_number(value: Any) -> Any:
    """A number is never a date: pydantic would read 20251231 as seconds since 1970."""
    if isinstance(value, bool | int | float):
        raise ValueError("getal als datum")
    return value


def _trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


# The file is read strictly (a text is no number, a number no text); dates and paths may be text, because TOML has no
# path and people quote dates.
Datum = Annotated[date, BeforeValidator(_no_number), Field(strict=False)]
Pad = Annotated[Path, Field(strict=False)]
Tekst = Annotated[str, BeforeValidator(_trimmed), Field(min_length=1)]
Gemeente = Annotated[str, BeforeValidator(_trimmed), Field(pattern=r"^GM\d{4}$")]
Jaar = Annotated[int, Field(ge=1950, le=2150)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TaskSettings(Section):
    """A task that is carried out for other gemeenten than the rest, e.g. sw."""

    gemeenten: Annotated[list[Gemeente], Field(min_length=1)]


class MonitorSettings(Section):
    naam: Tekst
    regio_code: Tekst
    gemeenten: Annotated[list[Gemeente], Field(min_length=1)] | None = None
    peildatum: Datum | None = None
    reeks_begin: Datum | None = None
    indeling_jaar: Jaar | None = None
    landing: Pad = Path("landing")
    werkmap: Pad = Path("werk")
    releases: Pad = Path("releases")
    bewaar_releases: Annotated[int, Field(ge=1)] = 400
    taken: dict[str, TaskSettings] = Field(default_factory=dict)


class ParameterSettings(Section):
    regelingen: Annotated[list[Regeling], Field(min_length=1)] = ["PW", "IOAW", "IOAZ"]
    regelingen_terugkeer: Annotated[list[Regeling], Field(min_length=1)] | None = None  # default: regelingen
    onderbreking_dagen: Annotated[int, Field(ge=0)] = 30
    werk_onderbreking_dagen: Annotated[int, Field(ge=0)] = 31
    registratievertraging_maanden: Annotated[int, Field(ge=0)] = 3
    voltijd_uren: Annotated[float, Field(gt=0)] = 35
    toerekening_dagen: Annotated[int, Field(ge=0)] = 90
    normale_arbeidsduur: Annotated[float, Field(gt=0)] = 38
    index_basisjaar: Jaar = 2017


class DisclosureSettings(Section):
    methode: Literal["afronden", "onderdrukken", "geen"] = "afronden"
    drempel: Annotated[int, Field(ge=2)] = 5
    drempel_noemer: Annotated[int, Field(ge=1)] = 10
    # Of `onderdrukken` only: how much a masked number must be able to differ for a reader (decisions/0005).
    strengheid: Literal["gewoon", "streng"] = "gewoon"
    publiek: bool = True
    publicatie_kalender: Literal["dagelijks", "wekelijks", "maandelijks", "kwartaal"] = "maandelijks"


class GateSettings(Section):
    blokkeren: bool = True


class SourceSettings(Section):
    """One source (bron): the folder name under landing."""

    entiteiten: Annotated[list[Tekst], Field(min_length=1)]
    verplicht: bool = True
    soort_levering: Literal["volledig", "maandbestand"] = "volledig"
    persoon_id_soort: Literal["bsn", "clientnummer"] = "clientnummer"
    naamruimte: Tekst = "organisatie"
    dekking: Dekking = "geen"
    historie_vanaf: Datum | None = None
    volledig_tot: Datum | None = None
    eigenaar: str = ""
    waarschuw: list[str] = []
    verwacht: Literal["dagelijks", "wekelijks", "maandelijks", "kwartaal", "jaarlijks"] = "maandelijks"
    grondslag: str = ""
    doel: str = ""
    bewaartermijn_maanden: Annotated[int, Field(ge=1)] = 84
    codering: Literal["utf-8", "windows-1252"] = "utf-8"
    scheiding: Literal[",", ";", "\t", "|"] = ","
    decimaal: Literal[".", ","] = "."
    kopregels_overslaan: Annotated[int, Field(ge=0)] = 0
    voetregels_overslaan: Annotated[int, Field(ge=0)] = 0
    mapping: Pad | None = None


class MessageSettings(Section):
    """Where messages for operators go, as addresses of apprise (mailto://, msteams://, json://, ...); those for the
    owner of a source stand with the source (`waarschuw`). An address may hold a password: never show one."""

    beheer: list[Tekst] = []


class SiteSettings(Section):
    """The report. `laatste_run`: where the site finds latest.json (relative: to the site's own folder)."""

    laatste_run: Tekst = "../../latest.json"
    toelichting: Pad = Path("toelichting")


class BreakSettings(Section):
    """A break in series: from `vanaf` on something is registered or counted in another way. `indicatoren`: names of the
    registry, where the name of a measure stands for all its horizons and populations; with the bron of somebody else
    the indicator_ids of its series. `regio`: where, else everywhere."""

    id: Tekst
    vanaf: Datum
    indicatoren: Annotated[list[Tekst], Field(min_length=1)]
    regio: Annotated[list[Tekst], Field(min_length=1)] | None = None
    bron: Tekst = OWN
    toelichting: Tekst


class CheckSettings(Section):
    """Severity and tolerance of one check: `ernst`, or a table with tolerances."""

    ernst: Ernst | None = None
    tolerantie_absoluut: Annotated[float, Field(ge=0)] | None = None
    tolerantie_relatief: Annotated[float, Field(ge=0)] | None = None


class Settings(Section):
    """Everything a run needs to know, with absolute paths. Built by `load_settings`; tests may build it directly."""

    monitor: MonitorSettings
    parameters: ParameterSettings = ParameterSettings()
    geheimhouding: DisclosureSettings = DisclosureSettings()
    gate: GateSettings = GateSettings()
    site: SiteSettings = SiteSettings()
    controles: dict[str, CheckSettings] = {}
    bronnen: Annotated[dict[str, SourceSettings], Field(min_length=1)]
    reeksbreuken: list[BreakSettings] = []
    rollen: dict[str, list[Rol]] = {}
    meldingen: MessageSettings = MessageSettings()

    @field_validator("controles", mode="before")
    @classmethod
    def _severity_alone(cls, value: Any) -> Any:
        """`"uitkering.overlap" = "waarschuwing"` is short for a table with ernst only; the key may be written without
        quotes."""
        if not isinstance(value, Mapping):
            return value
        return {check: {"ernst": found} if isinstance(found, str) else found for check, found in _flat(value).items()}

    @field_validator("rollen", mode="before")
    @classmethod
    def _role_alone(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        return {who: [found] if isinstance(found, str) else found for who, found in value.items()}

    @property
    def return_regelingen(self) -> list[str]:
        return list(self.parameters.regelingen_terugkeer or self.parameters.regelingen)

    def source_order(self) -> list[str]:
        return list(self.bronnen)


def _flat(checks: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Check ids hold dots, so TOML reads an unquoted one as nested tables: put the id back together."""
    found: dict[str, Any] = {}
    for key, value in checks.items():
        nested = isinstance(value, Mapping) and value and not set(value) & set(CheckSettings.model_fields)
        found |= _flat(value, f"{prefix}{key}.") if nested else {f"{prefix}{key}": value}
    return found


def load_settings(path: Path | None, env: Mapping[str, str]) -> Settings:
    """Read werkmonitor.toml (path, else WERKMONITOR_CONFIG, else ./werkmonitor.toml), then the environment. See
    settings_loader."""
    from werkmonitor.settings_loader import load

    return load(path, env)


def resolved(settings: Settings, peildatum: date, indeling_jaar: int) -> Settings:
    """The settings with what was left out filled in: the same run has the same digest, however its peildatum was
    given."""
    monitor = settings.monitor.model_copy(update={"peildatum": peildatum, "indeling_jaar": indeling_jaar})
    return settings.model_copy(update={"monitor": monitor})


def effective_peildatum(settings: Settings, deliveries: Iterable[Delivery], requested: date | None = None) -> date:
    """The last day that is used: asked for (`--peildatum`), else the setting, else the last month-end that every
    required source covers.

    Raises ConfigurationError when a required source is not complete to that day, or when there is nothing to derive the
    day from.
    """
    complete = complete_to(settings, deliveries)
    required = {bron: day for bron, day in complete.items() if settings.bronnen[bron].verplicht}
    chosen = requested or settings.monitor.peildatum
    if chosen is None:
        if not required:
            raise ConfigurationError(
                "Er is geen peildatum en geen enkele aanlevering van een verplichte bron in "
                f"{settings.monitor.landing}. "
                "Zet aanleveringen klaar als <bron>/<JJJJ-MM-DD>/<entiteit>.csv, of geef --peildatum."
            )
        return last_month_end(min(required.values()))
    late = sorted(((day, bron) for bron, day in required.items() if day < chosen))
    if late:
        day, bron = late[0]
        how = "de instelling volledig_tot" if settings.bronnen[bron].volledig_tot else "de nieuwste leverdatum"
        raise ConfigurationError(
            f"Peildatum {chosen} kan niet: bron '{bron}' is volledig tot en met {day} ({how}). "
            f"Kies een peildatum tot en met {day}, of wacht op een nieuwere aanlevering."
        )
    return chosen


def complete_to(settings: Settings, deliveries: Iterable[Delivery]) -> dict[str, date]:
    """Per source the last day to which it is complete: the setting, else its newest delivery date. Sources with neither
    are left out."""
    newest: dict[str, date] = {}
    for delivery in deliveries:
        newest[delivery.bron] = max(delivery.leverdatum, newest.get(delivery.bron, delivery.leverdatum))
    days = {bron: source.volledig_tot or newest.get(bron) for bron, source in settings.bronnen.items()}
    return {bron: day for bron, day in days.items() if day is not None}


def last_month_end(day: date) -> date:
    """The last month-end on or before a day."""
    if day.day == calendar.monthrange(day.year, day.month)[1]:
        return day
    return day.replace(day=1) - timedelta(days=1)


def effective_indeling_jaar(settings: Settings, peildatum: date) -> int:
    """The year of the municipal division: the setting, else that of the peildatum."""
    return settings.monitor.indeling_jaar or peildatum.year
