"""From werkmonitor.toml and the environment to Settings, and every mistake in them in plain Dutch with its place and
its remedy.

What belongs here: reading, merging, wording. What does not: what a setting means (settings.py, the rooms that use it).
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError

from werkmonitor.core.trouble import in_words
from werkmonitor.core.types import OWN, ConfigurationError
from werkmonitor.settings import PATH_KEYS, CheckSettings, Settings

PREFIX = "WERKMONITOR_"
# WERKMONITOR_OMGEVING says where we run (schedules.py).
NOT_SETTINGS = frozenset(
    {"WERKMONITOR_SLEUTEL", "WERKMONITOR_SLEUTEL_BESTAND", "WERKMONITOR_CONFIG", "WERKMONITOR_OMGEVING"}
)
DEFAULT_NAME = "werkmonitor.toml"

Location = tuple[str | int, ...]


@dataclass
class _Raw:
    """What was read, and for a value that came from the environment the name of its variable."""

    path: Path
    values: dict[str, Any]
    origins: dict[Location, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def variable(self, location: Location) -> str | None:
        for length in range(len(location), 0, -1):
            if location[:length] in self.origins:
                return self.origins[location[:length]]
        return None

    def place(self, location: Location) -> str:
        """Where a table is, for a message: the variable, or the table and the file."""
        variable = self.variable(location)
        if variable:
            return f"de omgevingsvariabele {variable}"
        if location and isinstance(location[-1], int):
            return f"[[{_dotted(location[:-1])}]] nummer {location[-1] + 1} van {self.path.name}"
        return f"[{_dotted(location)}] van {self.path.name}" if location else self.path.name


def load(path: Path | None, env: Mapping[str, str]) -> Settings:
    """Read, merge, check. Raises ConfigurationError with all mistakes at once."""
    raw = _read(_find(path, env))
    _apply_environment(raw, env)
    if raw.problems:
        raise ConfigurationError("\n".join(raw.problems))
    try:
        settings = Settings.model_validate(raw.values)
    except ValidationError as error:
        raise ConfigurationError("\n".join(_sentences(raw, error))) from None
    settings = _absolute(settings, raw.path.parent)
    problems = list(_cross_rules(settings))
    if problems:
        raise ConfigurationError("\n".join(problems))
    monitor = settings.monitor
    if monitor.indeling_jaar or monitor.peildatum:
        check_gemeenten(settings, monitor.indeling_jaar or (monitor.peildatum or date.min).year)
    return settings


def check_gemeenten(settings: Settings, indeling_jaar: int) -> None:
    """The region and every gemeente of the configuration exist in the division of indeling_jaar; else
    ConfigurationError."""
    from werkmonitor.core.regions import gemeente_periods, organisation_gemeenten

    named = {code: "[monitor] gemeenten" for code in settings.monitor.gemeenten or []}
    for task, content in settings.monitor.taken.items():
        named |= {code: f"[monitor.taken.{task}] gemeenten" for code in content.gemeenten if code not in named}
    breaking = _gemeenten_of_breaks(settings)
    named |= {code: where for code, where in breaking.items() if code not in named}
    if settings.monitor.gemeenten is None:
        organisation_gemeenten(settings, indeling_jaar)  # refuses an arbeidsmarktregio that is not in the dated table
    rows = gemeente_periods(indeling_jaar).to_pylist()
    first_days = {row["code"]: row["geldig_van"] for row in rows}
    successor = {row["code"]: row["opvolger"] for row in rows}
    problems = [
        _gemeente_problem(code, where, successor.get(code), first_days.get(code), indeling_jaar)
        for code, where in named.items()
    ]
    if any(problems):
        raise ConfigurationError("\n".join(problem for problem in problems if problem))
    own = {*organisation_gemeenten(settings, indeling_jaar)}
    own |= {code for task in settings.monitor.taken.values() for code in task.gemeenten}
    strange = [
        f"Gemeente {code} in {where} is er niet een van de organisatie of haar taken, dus er is geen cijfer dat "
        "breekt. Haal haar weg of verbeter de code."
        for code, where in breaking.items()
        if code not in own
    ]
    if strange:
        raise ConfigurationError("\n".join(strange))


def _gemeenten_of_breaks(settings: Settings) -> dict[str, str]:
    """The gemeenten that breaks in own figures name, with where they stand."""
    return {
        code: f"[[reeksbreuken]] nummer {number}"
        for number, one in enumerate(settings.reeksbreuken, start=1)
        for code in one.regio or []
        if code.startswith("GM") and one.bron == OWN
    }


def _gemeente_problem(code: str, where: str, successor: str | None, first_day: date | None, year: int) -> str | None:
    if successor is None:
        return f"Gemeente {code} in {where} heeft nooit bestaan. Zoek de code op in de gemeentelijst van het CBS."
    if successor != code:
        return (
            f"Gemeente {code} in {where} bestaat niet in de indeling van {year}. Noem haar opvolger {successor}, of "
            "kies een ander indeling_jaar."
        )
    if first_day and first_day.year > year:
        return (
            f"Gemeente {code} in {where} bestaat pas vanaf {first_day}, niet in de indeling van {year}. Kies een "
            "ander indeling_jaar."
        )
    return None


# ---- reading -------------------------------------------------------------------------------------


def _find(path: Path | None, env: Mapping[str, str]) -> Path:
    named = path or (Path(env["WERKMONITOR_CONFIG"]) if env.get("WERKMONITOR_CONFIG") else None)
    found = (named or Path(DEFAULT_NAME)).absolute()
    if found.is_file():
        return found
    if named:
        raise ConfigurationError(
            f"De configuratie {named} bestaat niet. Geef met --config of WERKMONITOR_CONFIG het pad van een "
            "werkmonitor.toml."
        )
    raise ConfigurationError(
        f"In {Path.cwd()} staat geen {DEFAULT_NAME}. Maak er een naar het voorbeeld van werkmonitor.voorbeeld.toml, "
        "wijs er een aan met --config, "
        "of maak een voorbeeldorganisatie met: werkmonitor demo voorbeeld"
    )


def _read(path: Path) -> _Raw:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigurationError(f"De configuratie {path} is niet te lezen ({in_words(error)}).") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"{path.name} is geen UTF-8 (byte {error.start}). Sla het bestand op als UTF-8."
        ) from error
    try:
        return _Raw(path, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(_syntax_sentence(path, text, str(error))) from None


def _syntax_sentence(path: Path, text: str, message: str) -> str:
    where = re.search(r"at line (\d+), column (\d+)", message)
    lines = text.splitlines()
    line, column = (int(where[1]), int(where[2])) if where else (max(len(lines), 1), 1)
    content = lines[line - 1].strip() if line <= len(lines) else ""
    twice = "overwrite" in message or "twice" in message
    reason = (
        "deze sleutel of tabel staat er al" if twice else "tekst hoort tussen aanhalingstekens, een lijst tussen [ en ]"
    )
    return (
        f"{path.name} is geen geldige TOML: fout op regel {line}, kolom {column}: {content!r}. Controleer die regel "
        f"({reason})."
    )


# ---- environment ---------------------------------------------------------------------------------


def _apply_environment(raw: _Raw, env: Mapping[str, str]) -> None:
    for name in sorted(name for name in env if name.startswith(PREFIX) and name not in NOT_SETTINGS):
        parts = [part for part in name.removeprefix(PREFIX).split("__") if part]
        # The value of an unknown variable is never shown: it may be a mistyped WERKMONITOR_SLEUTEL.
        if not parts or parts[0].lower() not in Settings.model_fields:
            raw.problems.append(_unknown_variable(name))
            continue
        location, annotation = _resolve(raw.values, parts)
        raw.origins[location] = name
        try:
            _put(raw.values, location, _from_text(env[name], annotation))
        except ValueError:
            raw.problems.append(
                f'De omgevingsvariabele {name} bevat geen geldige JSON. Schrijf een lijst als \'["a", "b"]\' of als '
                "a,b."
            )


def _unknown_variable(name: str) -> str:
    known = [f"{PREFIX}{section.upper()}__{key.upper()}" for section, key in _all_keys()] + sorted(NOT_SETTINGS)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    hint = (
        f" Bedoelde u {near[0]}?"
        if near
        else " Een sleutel heet WERKMONITOR_<TABEL>__<SLEUTEL>, bijvoorbeeld WERKMONITOR_MONITOR__PEILDATUM."
    )
    return f"Onbekende omgevingsvariabele {name}.{hint}"


def _resolve(values: Mapping[str, Any], parts: list[str]) -> tuple[Location, Any]:
    """The location in the settings that the parts of a variable's name mean, and the type that is expected there."""
    location: list[str] = []
    annotation: Any = Settings
    here: Any = values
    for index, part in enumerate(parts):
        model = _model_of(annotation)
        if model is None and _mapping_value(annotation) is None:
            location.append(part.lower())
            annotation = None
            continue
        key = "__".join(parts[index:]) if model is None and _model_of(_mapping_value(annotation)) is None else part
        name = _matching_key(key, model.model_fields if model else here if isinstance(here, Mapping) else {})
        location.append(name)
        annotation = (
            model.model_fields[name].annotation if model and name in model.model_fields else _mapping_value(annotation)
        )
        here = here.get(name) if isinstance(here, Mapping) else None
        if key != part:
            break
    return tuple(location), annotation


def _matching_key(part: str, known: Iterable[str]) -> str:
    """Variables are upper case and cannot hold a dot or hyphen: compare without them."""

    def plain(text: str) -> str:
        return re.sub(r"[.\- ]", "_", text).lower()

    return next((name for name in known if plain(name) == plain(part)), part.lower())


def _from_text(text: str, annotation: Any) -> Any:
    """Turn a variable's text into what the file would have held; what cannot be turned is left for the check to
    refuse."""
    kind = _without_none(annotation)
    if text == "" and kind is not annotation:
        return None
    if get_origin(kind) is list:
        return (
            json.loads(text)
            if text.lstrip().startswith("[")
            else [part.strip() for part in text.split(",") if part.strip()]
        )
    if text.lstrip().startswith("{") and (_model_of(kind) or get_origin(kind) is dict):
        return json.loads(text)
    if kind is bool:
        return {"true": True, "false": False, "ja": True, "nee": False, "1": True, "0": False}.get(
            text.strip().lower(), text
        )
    if kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            return text
    return text


def _put(values: dict[str, Any], location: Location, value: Any) -> None:
    for key in location[:-1]:
        child = values.get(str(key))
        values[str(key)] = dict(child) if isinstance(child, Mapping) else {}
        values = values[str(key)]
    last = str(location[-1])
    if isinstance(value, dict) and isinstance(values.get(last), Mapping):
        value = {**values[last], **value}
    values[last] = value


# ---- types as people call them -------------------------------------------------------------------


def _without_none(annotation: Any) -> Any:
    """The annotation without Annotated and Optional."""
    if get_origin(annotation) is typing.Annotated:
        return _without_none(get_args(annotation)[0])
    if get_origin(annotation) in (typing.Union, types.UnionType):
        kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
        return _without_none(kinds[0]) if len(kinds) == 1 else annotation
    return annotation


def _model_of(annotation: Any) -> type[BaseModel] | None:
    kind = _without_none(annotation)
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _mapping_value(annotation: Any) -> Any:
    kind = _without_none(annotation)
    return get_args(kind)[1] if get_origin(kind) is dict else None


def _all_keys() -> list[tuple[str, str]]:
    found = []
    for section, info in Settings.model_fields.items():
        model = _model_of(info.annotation)
        found += [(section, key) for key in model.model_fields] if model else []
    return found


def _annotation_at(location: Location) -> Any:
    """The declared type at a place in the settings, None where nothing is declared."""
    annotation: Any = Settings
    for key in location:
        kind = _without_none(annotation)
        model = _model_of(kind)
        if model:
            annotation = model.model_fields[str(key)].annotation if key in model.model_fields else None
        elif get_origin(kind) in (dict, list):
            annotation = get_args(kind)[-1]
        else:
            return None
    return annotation


def _expected(annotation: Any) -> str:
    kind = _without_none(annotation)
    if get_origin(kind) is Literal:
        return f"een van: {', '.join(_shown(value) for value in get_args(kind))}"
    if get_origin(kind) is list:
        return f"een lijst, met daarin {_expected(get_args(kind)[0])}"
    names: dict[Any, str] = {
        int: "een geheel getal",
        float: "een getal",
        bool: "true of false",
        str: "een tekst",
        date: "een datum als 2025-12-31",
        Path: "een pad",
    }
    if _model_of(kind) or get_origin(kind) is dict:
        return "een tabel"
    return names.get(kind, "een andere waarde")


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, date) else json.dumps(value, ensure_ascii=False, default=str)


# ---- mistakes in words ---------------------------------------------------------------------------


def _sentences(raw: _Raw, error: ValidationError) -> list[str]:
    return [_sentence(raw, dict(problem)) for problem in error.errors(include_url=False)]


def _sentence(raw: _Raw, problem: dict[str, Any]) -> str:
    location: Location = tuple(problem["loc"])
    kind = problem["type"]
    if kind == "extra_forbidden":
        return _unknown_key(raw, location)
    if kind == "missing":
        return _missing_key(raw, location)
    annotation = _annotation_at(location)
    key, table = _key_and_table(location)
    # A name of a person or an address may stand in [meldingen] and [rollen]; the rest of the configuration is no
    # secret.
    value = "(niet getoond)" if {"meldingen", "waarschuw"} & set(location) else _shown(problem["input"])
    allowed = _allowed(kind, problem.get("ctx") or {}, annotation, problem["input"])
    variable = raw.variable(location)
    where = f" (omgevingsvariabele {variable})" if variable else f" in {raw.place(table)}"
    return f"Waarde {value} van '{key}'{where} kan niet: toegestaan is {allowed}."


def _allowed(kind: str, context: dict[str, Any], annotation: Any, value: Any) -> str:
    if kind == "greater_than_equal":
        return f"een getal van {context['ge']} of meer"
    if kind == "greater_than":
        return f"een getal groter dan {context['gt']}"
    if kind == "less_than_equal":
        return f"een getal van {context['le']} of minder"
    if kind in ("too_short", "string_too_short"):
        return "een tekst die niet leeg is" if isinstance(value, str) else "minstens één waarde"
    if kind == "string_pattern_mismatch":
        digits = re.sub(r"\D", "", str(value))
        hint = f" (bedoelde u GM{digits.zfill(4)}?)" if 0 < len(digits) <= 4 else ""
        return f"een gemeentecode als GM0268{hint}"
    if kind == "literal_error" and value == "TOZO":
        return f"{_expected(annotation)} (TOZO telt nooit als uitkering)"
    if kind == "literal_error" and isinstance(value, str):
        near = difflib.get_close_matches(value, [str(item) for item in get_args(_without_none(annotation))], n=1)
        return _expected(annotation) + (f" (bedoelde u {_shown(near[0])}?)" if near else "")
    return _expected(annotation)


def _key_and_table(location: Location) -> tuple[str, Location]:
    """The innermost key, and the table that it stands in; of an array of tables with its place."""
    place = max(number for number, part in enumerate(location) if isinstance(part, str))
    return str(location[place]), location[:place]


def _dotted(location: Location) -> str:
    return ".".join(str(part) if re.fullmatch(r"[\w-]+", str(part)) else f'"{part}"' for part in location)


def _unknown_key(raw: _Raw, location: Location) -> str:
    key, table = _key_and_table(location)
    model = _model_of(_annotation_at(table))
    known = list(model.model_fields) if model else []
    near = difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.5)
    variable = raw.variable(location)
    start = f"Onbekende sleutel '{key}' in {f'de omgevingsvariabele {variable}' if variable else raw.place(table)}."
    if near:
        return f"{start} Bedoelde u '{near[0]}'?"
    elsewhere = [section for section, name in _all_keys() if name == key]
    if elsewhere:
        return f"{start} Die sleutel hoort in [{elsewhere[0]}]."
    return f"{start} Bekend zijn: {', '.join(known)}."


def _missing_key(raw: _Raw, location: Location) -> str:
    key, table = _key_and_table(location)
    annotation = _annotation_at(location)
    if not table:
        example = "[bronnen.uitkeringen]" if key == "bronnen" else f"[{key}]"
        return f"De tabel {example} ontbreekt in {raw.path.name}. Zie werkmonitor.voorbeeld.toml."
    return f"De verplichte sleutel '{key}' ontbreekt in {raw.place(table)}: {_expected(annotation)}."


# ---- rules between settings ----------------------------------------------------------------------


def _absolute(settings: Settings, base: Path) -> Settings:
    """Paths are relative to the configuration file, also those from the environment."""
    monitor = settings.monitor.model_copy(
        update={key: _below(base, getattr(settings.monitor, key)) for key in PATH_KEYS}
    )
    from werkmonitor.core.mappings import located

    bronnen = {
        bron: source.model_copy(update={"mapping": located(base, source.mapping)}) if source.mapping else source
        for bron, source in settings.bronnen.items()
    }
    site = settings.site.model_copy(update={"toelichting": _below(base, settings.site.toelichting)})
    return settings.model_copy(update={"monitor": monitor, "bronnen": bronnen, "site": site})


def _below(base: Path, path: Path) -> Path:
    return Path(base / path.expanduser()).absolute()


def _cross_rules(settings: Settings) -> Iterable[str]:
    yield from _publication_rules(settings)
    yield from _region_rules(settings)
    yield from _source_rules(settings)
    yield from _break_rules(settings)
    yield from _message_rules(settings)


def _publication_rules(settings: Settings) -> Iterable[str]:
    geheimhouding = settings.geheimhouding
    if geheimhouding.methode == "geen" and geheimhouding.publiek:
        yield (
            '[geheimhouding] methode = "geen" kan alleen met publiek = false: zonder geheimhouding zijn personen te '
            "herkennen."
        )
    if not settings.gate.blokkeren and geheimhouding.publiek:
        yield (
            "[gate] blokkeren = false kan alleen met [geheimhouding] publiek = false: wat openbaar wordt, moet zijn "
            "gecontroleerd."
        )


def _region_rules(settings: Settings) -> Iterable[str]:
    monitor = settings.monitor
    if monitor.gemeenten is None and not re.fullmatch(r"AM\d{2}", monitor.regio_code):
        yield (
            f"[monitor] regio_code {monitor.regio_code!r} is geen arbeidsmarktregio (AM01 tot en met AM35). "
            'Noem bij een eigen code de gemeenten: gemeenten = ["GM0268", ...].'
        )
    doubled = sorted({code for code in monitor.gemeenten or [] if (monitor.gemeenten or []).count(code) > 1})
    if doubled:
        yield f"[monitor] gemeenten noemt {', '.join(doubled)} meer dan eens. Noem elke gemeente één keer."


def _source_rules(settings: Settings) -> Iterable[str]:
    from werkmonitor.core.contracts import ENTITIES as known
    from werkmonitor.core.mappings import shipped

    for bron, source in settings.bronnen.items():
        if not re.fullmatch(r"[\w][\w .-]*", bron):
            yield f"Bron {bron!r} kan geen mapnaam zijn. Gebruik letters, cijfers, punt, streepje of laag streepje."
        for entiteit in source.entiteiten:
            if entiteit not in known:
                near = difflib.get_close_matches(entiteit.lower(), known, n=1, cutoff=0.5)
                hint = f" Bedoelde u '{near[0]}'?" if near else f" Bekend zijn: {', '.join(known)}."
                yield f"Onbekende entiteit '{entiteit}' in [bronnen.{bron}].{hint}"
        if source.historie_vanaf and source.volledig_tot and source.historie_vanaf > source.volledig_tot:
            yield (
                f"[bronnen.{bron}] historie_vanaf {source.historie_vanaf} ligt na volledig_tot {source.volledig_tot}. "
                "Draai ze om of verbeter er een."
            )
        if source.mapping and not source.mapping.is_file():
            yield (
                f"De mapping {source.mapping} van [bronnen.{bron}] bestaat niet. Controleer de naam; meegeleverd zijn "
                f"{', '.join(shipped())}."
            )


def _break_rules(settings: Settings) -> Iterable[str]:
    from werkmonitor.core.registry import meant_by

    seen: set[str] = set()
    for number, one in enumerate(settings.reeksbreuken, start=1):
        where = f"[[reeksbreuken]] nummer {number}"
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}", one.id):
            yield (
                f"Id {one.id!r} van {where} kan niet: het staat in de kolom reeksbreuk. Gebruik hoogstens 40 letters, "
                "cijfers, punten en streepjes, zonder spatie."
            )
        if one.id in seen:
            yield f"Id {one.id!r} van {where} is al van een andere breuk. Geef elke reeksbreuk een eigen id."
        seen.add(one.id)
        # The series of somebody else are known only when they are delivered.
        if one.bron == OWN:
            yield from (_unknown_indicator(name, where) for name in one.indicatoren if not meant_by(name))
            own = settings.monitor.regio_code
            yield from (
                f"Regio {code!r} van {where} is geen gemeente en niet de organisatie ({own}). Schrijf een gemeente als "
                f'"GM0268", of laat regio weg: dan geldt de breuk overal.'
                for code in one.regio or []
                if code != own and not re.fullmatch(r"GM\d{4}", code)
            )


def _unknown_indicator(name: str, where: str) -> str:
    from werkmonitor.core.registry import indicators, load_registry

    registry = load_registry()
    derived = {one.indicator_id for one in registry.indicatoren if one.afgeleid}
    if name in derived:
        return (
            f"Indicator '{name}' in {where} wordt gemaakt van andere cijfers en neemt hun breuken over. Noem de "
            "indicator waar de breuk in zit."
        )
    families = {one.indicator_id for one in registry.indicatoren}
    known = sorted((families | {one.indicator_id for one in indicators(registry)}) - derived)
    near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.5)
    hint = f" Bedoelde u '{near[0]}'?" if near else " De namen staan in definities.json van een release."
    return f"Onbekende indicator '{name}' in {where}.{hint} Is het een reeks van een ander, noem dan ook haar bron."


def _message_rules(settings: Settings) -> Iterable[str]:
    """An address is named by its place: it may hold a password."""
    lists = {"[meldingen] beheer": settings.meldingen.beheer}
    lists |= {f"[bronnen.{bron}] waarschuw": source.waarschuw for bron, source in settings.bronnen.items()}
    for place, addresses in lists.items():
        for number, address in enumerate(addresses, start=1):
            if not re.match(r"[a-z][a-z0-9+.-]*://\S", address):
                yield (
                    f"Adres {number} van {place} begint niet met een soort. Schrijf een mailadres als "
                    '"mailto://naam@voorbeeld.nl" (zie docs/beheer.md), Teams als "workflows://...", een webhook als '
                    '"jsons://...".'
                )


__all__ = ["CheckSettings", "check_gemeenten", "load"]
