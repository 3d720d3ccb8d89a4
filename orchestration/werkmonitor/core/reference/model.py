"""What goes into the reference and what comes out: accepted rows, parameters, cells. No computation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Source:
    """One source (bron) as far as figures depend on it. `entiteiten` are those of which it has a delivery."""

    naam: str
    entiteiten: tuple[str, ...]
    dekking: str = "geen"
    historie_vanaf: date | None = None


@dataclass(frozen=True)
class Parameters:
    """The settings of contract 4 that a figure depends on. `sources` is in the order of the configuration."""

    peildatum: date
    regio_code: str
    gemeenten: tuple[str, ...]
    indeling_jaar: int
    sources: tuple[Source, ...]
    reeks_begin: date | None = None
    regelingen: tuple[str, ...] = ("PW", "IOAW", "IOAZ")
    regelingen_terugkeer: tuple[str, ...] | None = None
    onderbreking_dagen: int = 30
    werk_onderbreking_dagen: int = 31
    registratievertraging_maanden: int = 3
    index_basisjaar: int = 2017
    voltijd_uren: float = 35
    toerekening_dagen: int = 90
    normale_arbeidsduur: float = 38
    taken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # entity -> its gemeenten, where they differ

    @property
    def return_regelingen(self) -> tuple[str, ...]:
        """`regelingen_terugkeer` (default = regelingen)."""
        return self.regelingen if self.regelingen_terugkeer is None else self.regelingen_terugkeer

    @property
    def regions(self) -> tuple[str, ...]:
        """'Regions: the organisation and each of its gemeenten.'"""
        return self.regions_of("")

    def gemeenten_of(self, entiteit: str) -> tuple[str, ...]:
        """The gemeenten of a task: those of `[monitor.taken.<entiteit>]`, else those of the organisation."""
        return self.taken.get(entiteit, self.gemeenten)

    def regions_of(self, entiteit: str) -> tuple[str, ...]:
        """'The organisation and the gemeenten of that task.'"""
        return (self.regio_code, *(code for code in self.gemeenten_of(entiteit) if code != self.regio_code))

    def sources_of(self, entiteit: str) -> list[Source]:
        return [source for source in self.sources if entiteit in source.entiteiten]

    def is_delivered(self, entiteit: str) -> bool:
        """'Computed only where the jobs' dekking is volledig; otherwise every work measure reads niet_geleverd.'"""
        sources = self.sources_of(entiteit)
        if entiteit == "dienstverband":
            return any(source.dekking == "volledig" for source in sources)
        return bool(sources)


@dataclass(frozen=True)
class History:
    """Accepted rows per entity, as in `accepted/<entiteit>.parquet` (None for open or unknown).

    `quarantaine` holds the quarantined rows of which the person could be read: `persoon` and `entiteit`.
    In `reeks` the column `bron` is the publisher of the series, as delivered.
    """

    uitkering: list[Row] = field(default_factory=list)
    dienstverband: list[Row] = field(default_factory=list)
    persoon: list[Row] = field(default_factory=list)
    kenmerk: list[Row] = field(default_factory=list)
    lks: list[Row] = field(default_factory=list)
    nieuw_beschut: list[Row] = field(default_factory=list)
    inkomsten: list[Row] = field(default_factory=list)
    traject: list[Row] = field(default_factory=list)
    trajectfase: list[Row] = field(default_factory=list)
    voorziening: list[Row] = field(default_factory=list)
    plaatsing: list[Row] = field(default_factory=list)
    sw: list[Row] = field(default_factory=list)
    verzuim: list[Row] = field(default_factory=list)
    meting: list[Row] = field(default_factory=list)
    tevredenheid: list[Row] = field(default_factory=list)
    financien: list[Row] = field(default_factory=list)
    doelstelling: list[Row] = field(default_factory=list)
    reeks: list[Row] = field(default_factory=list)
    quarantaine: list[Row] = field(default_factory=list)

    def rows_of(self, entiteit: str) -> list[Row]:
        rows: list[Row] = getattr(self, entiteit)
        return rows


@dataclass(frozen=True)
class Cell:
    """One row of the release (contract 3), without regio_naam and reeksbreuk."""

    indicator_id: str
    definitie_id: str
    regio_code: str
    indeling_jaar: int
    periode: str
    dimensie: str
    categorie: str
    waarde: float | None
    ondergrens: float | None
    bovengrens: float | None
    eenheid: str
    teller: int | None
    noemer: int | None
    n_niet_volgbaar: int | None
    n_risico: int | None
    status: str
    meetbaar_vanaf: date | None
    bron: str

    @property
    def key(self) -> tuple[str, str, str, int, str, str, str, str]:
        """The key of contract 3, in its order."""
        return (
            self.indicator_id,
            self.definitie_id,
            self.regio_code,
            self.indeling_jaar,
            self.periode,
            self.dimensie,
            self.categorie,
            self.bron,
        )
