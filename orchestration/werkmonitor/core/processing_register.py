"""The register of processing (AVG article 30) that the product writes: per source what, why, of whom, how long.

Everything in it follows from the settings and the contracts, so that it cannot fall behind what the product does. Not
here: applying the terms (`retention.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from werkmonitor.core import atomic
from werkmonitor.core.contracts import Entity, contract
from werkmonitor.core.retention import inventory
from werkmonitor.core.workspace import Workspace
from werkmonitor.settings import Settings, SourceSettings

EMPTY = "niet ingevuld"
# Columns that say something about health: a special category of article 9, allowed under article 30 UAVG only.
HEALTH = (
    *("arbeidsbeperking", "arbeidsvermogen", "arbeidshandicap", "loonwaarde", "verzuimdagen", "meldingen"),
    *("doelgroepregister_begin", "doelgroepregister_eind", "nieuw_beschut", "advies"),
    "waarde",  # of kenmerk, the one entity about persons that has it: a limitation is among what it says
)
PURPOSES = {
    "persoon": "mensen die een uitkering hebben of hadden, en kandidaten",
    "sw": "medewerkers van de sociale werkvoorziening",
    "verzuim": "medewerkers van de sociale werkvoorziening",
}
USUAL_PERSONS = "mensen die een uitkering hebben of hadden, en kandidaten"
DISCLOSURE = {
    "afronden": "aantallen op vijftallen, onder de drempel niet getoond",
    "onderdrukken": "te kleine cellen en wat ze zou verraden worden niet getoond",
    "geen": "geen, de uitgave is niet openbaar",
}


@dataclass(frozen=True)
class Processing:
    """One source as an entry of the register."""

    bron: str
    eigenaar: str
    doel: str
    grondslag: str
    betrokkenen: tuple[str, ...]
    gegevens: tuple[str, ...]
    bijzondere_gegevens: tuple[str, ...]
    identificatie: str
    ontvangers: tuple[str, ...]
    bewaartermijn_maanden: int
    aanwezig: int
    verwijderd: int

    @property
    def missing(self) -> tuple[str, ...]:
        """What article 30 asks for and the settings do not say."""
        asked = {"eigenaar": self.eigenaar, "doel": self.doel, "grondslag": self.grondslag}
        return tuple(name for name, value in asked.items() if value == EMPTY)


@dataclass(frozen=True)
class Register:
    """The whole register: who is responsible, how it is protected, and an entry per source."""

    verantwoordelijke: str
    beveiliging: tuple[str, ...]
    verwerkingen: tuple[Processing, ...]


def register(settings: Settings) -> Register:
    """The register as the settings say it now."""
    workspace = Workspace(settings.monitor.werkmap)
    kept = inventory(workspace)
    entries = []
    for bron, source in settings.bronnen.items():
        own = [item for item in kept if item.bron == bron]
        removed = sum(item.verwijderd is not None for item in own)
        entries.append(_entry(bron, source, len(own) - removed, removed))
    return Register(settings.monitor.naam, tuple(_protection(settings)), tuple(entries))


def write(settings: Settings) -> None:
    """Writes the register into the werkmap, as Markdown and as JSON."""
    found = register(settings)
    path = Workspace(settings.monitor.werkmap).processing_register
    atomic.write_file(path, as_markdown(found).encode(), mode=0o600)
    atomic.write_file(path.with_suffix(".json"), as_json(found).encode(), mode=0o600)


def as_json(found: Register) -> str:
    return json.dumps(asdict(found), ensure_ascii=False, indent=2) + "\n"


def as_markdown(found: Register) -> str:
    return "\n".join(_lines(found)) + "\n"


def _entry(bron: str, source: SourceSettings, present: int, removed: int) -> Processing:
    entities = [contract(entiteit) for entiteit in source.entiteiten]
    about = [entity for entity in entities if _persons(entity)]
    return Processing(
        bron=bron,
        eigenaar=source.eigenaar or EMPTY,
        doel=source.doel or EMPTY,
        grondslag=source.grondslag or EMPTY,
        betrokkenen=tuple(dict.fromkeys(PURPOSES.get(entity.entiteit, USUAL_PERSONS) for entity in about)),
        gegevens=tuple(f"{entity.entiteit}: {_columns(entity)}" for entity in entities),
        bijzondere_gegevens=tuple(
            f"{entity.entiteit}.{column}" for entity in about for column in entity.kolommen if column in HEALTH
        ),
        identificatie=_identification(source, bool(about)),
        ontvangers=(
            "de steward en de beheerder van de monitor (gegevens onder pseudoniem)",
            "lezers van de uitgave (alleen cijfers, na geheimhouding)",
        ),
        bewaartermijn_maanden=source.bewaartermijn_maanden,
        aanwezig=present,
        verwijderd=removed,
    )


def _persons(entity: Entity) -> bool:
    return any(column.identifies for column in entity.kolommen.values())


def _columns(entity: Entity) -> str:
    return ", ".join(name for name, column in entity.kolommen.items() if not column.identifies)


def _identification(source: SourceSettings, persons: bool) -> str:
    if not persons:
        return "geen personen"
    kind = "BSN" if source.persoon_id_soort == "bsn" else f"cliëntnummer (naamruimte {source.naamruimte})"
    return f"{kind}, bij het inlezen vervangen door een pseudoniem (HMAC-SHA-256)"


def _protection(settings: Settings) -> Iterator[str]:
    yield "persoonsnummers worden bij het inlezen vervangen door een pseudoniem; de sleutel staat buiten de werkmap"
    yield "werkmap en momentopnamen zijn alleen leesbaar voor de gebruiker die de monitor draait"
    yield f"geheimhouding in de uitgave: {DISCLOSURE[settings.geheimhouding.methode]}"
    yield "na de bewaartermijn wordt het geleverde bestand verwijderd; de hash ervan blijft (leveringen.json)"


def _lines(found: Register) -> Iterator[str]:
    yield "# Register van verwerkingen"
    yield ""
    yield f"Verwerkingsverantwoordelijke: {found.verantwoordelijke}."
    yield "Gemaakt uit de instellingen van de monitor (AVG artikel 30)."
    yield ""
    yield "Beveiliging:"
    yield from (f"- {line}" for line in found.beveiliging)
    for item in found.verwerkingen:
        yield ""
        yield f"## {item.bron}"
        yield ""
        yield "| | |"
        yield "|---|---|"
        yield from (f"| {name} | {value.replace('|', '/')} |" for name, value in _table(item))
        if item.missing:
            yield ""
            yield f"**Nog invullen** bij [bronnen.{item.bron}]: {', '.join(item.missing)}."


def _table(item: Processing) -> Iterator[tuple[str, str]]:
    yield "Eigenaar", item.eigenaar
    yield "Doel", item.doel
    yield "Grondslag", item.grondslag
    yield "Betrokkenen", "; ".join(item.betrokkenen) or "geen personen"
    yield "Gegevens", "; ".join(item.gegevens)
    yield "Bijzondere gegevens (gezondheid)", ", ".join(item.bijzondere_gegevens) or "geen"
    yield "Persoonsnummer", item.identificatie
    yield "Ontvangers", "; ".join(item.ontvangers)
    yield "Bewaartermijn", f"{item.bewaartermijn_maanden} maanden na de leverdatum"
    yield "Bestanden", f"{item.aanwezig} bewaard, {item.verwijderd} verwijderd"
