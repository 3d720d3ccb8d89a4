"""The families of items 1 and 2 of contract 2 (stand, flows, durability, curves), and all families together. One
function a family of indicators.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from werkmonitor.core.reference import (
    begeleiding,
    beschut,
    geld,
    inkomen,
    kwaliteit,
    plaatsingen,
    subsidie,
    sw,
    toerekening,
)
from werkmonitor.core.reference.curves import aalen_johansen, kaplan_meier, subject
from werkmonitor.core.reference.dates import ONE_DAY, add_months
from werkmonitor.core.reference.grid import (
    BENEFIT,
    JOBS,
    Dimensions,
    Needs,
    Number,
    Place,
    World,
    break_downs,
    build_world,
    count,
    in_category,
    rate,
)
from werkmonitor.core.reference.model import Cell, History, Parameters
from werkmonitor.core.reference.outcomes import HORIZONS, POPULATIONS, REASON_GROUPS, Outflow, durable
from werkmonitor.core.reference.persons import ONBEKEND, TRAITS
from werkmonitor.core.reference.series import index_cells, published_cells

DURATIONS = ("0-1", "1-2", "2-5", "5+")
SHARED_DIMENSIONS: Dimensions = {
    "leeftijd": ("0-26", "27-34", "35-44", "45-54", "55+", ONBEKEND),
    "uitkeringsduur": DURATIONS,
    "leefvorm": ("1", "2", "3", "4", ONBEKEND),
    **TRAITS,
}
OUTFLOW_DIMENSIONS: Dimensions = {
    **SHARED_DIMENSIONS,
    "reden_groep": (*REASON_GROUPS, ONBEKEND),
    "werk_na_uitstroom": ("regulier", "lks", "nieuw_beschut", ONBEKEND),
}
CROSSED = "uitkeringsduur x arbeidsvermogen"
CROSSED_CATEGORIES = tuple(f"{duur} x {vermogen}" for duur in DURATIONS for vermogen in TRAITS["arbeidsvermogen"])
NOT_FOLLOWABLE = ("bronfout", "overlijden", "verhuizing", "pensioen")
DESTINATIONS = (
    "niet_volgbaar",
    "uitkering_met_werk",
    "uitkering",
    "werk_onafgebroken",
    "werk_met_onderbreking",
    "uwv_uitkering",
    "geen_van_deze",
)
DURABILITY = ("duurzaam_uit_uitkering", "duurzaam_werk_moment", "duurzaam_werk_onafgebroken", "herinstroom")


def stand_cells(world: World) -> list[Cell]:
    """stand_personen and stand_uitkeringen ('distinct dossier of the row valid on P')."""
    cells = []
    standing = {p.last: world.standing(p.last) for kind in ("JJ", "KW", "MM") for p in world.periods(kind, BENEFIT)}
    for total in world.places("JJ KW MM", BENEFIT):
        people = [s for s in standing[total.periode.last] if world.in_region(s.gemeente, total.regio)]
        status = world.settled(total.periode.last)
        for place in (total, *break_downs(total, SHARED_DIMENSIONS)):
            here = [s for s in people if in_category(s.traits, place)]
            persons = world.missing(BENEFIT) or count(len(here), status)
            dossiers = world.missing(BENEFIT) or count(len({s.dossier for s in here}), status)
            cells.append(world.cell("stand_personen", "personen", place, persons))
            cells.append(world.cell("stand_uitkeringen", "uitkeringen", place, dossiers))
    return cells


def inflow_cells(world: World) -> list[Cell]:
    """instroom: 'inflow counts for the gemeente on b'."""
    cells = []
    for total in world.places("JJ KW MM", BENEFIT):
        begun = [i for i in world.inflows if total.periode.holds(i.b) and world.in_region(i.gemeente, total.regio)]
        for place in (total, *break_downs(total, SHARED_DIMENSIONS)):
            number = count(sum(1 for i in begun if in_category(i.traits, place)), world.settled(total.periode.last))
            cells.append(world.cell("instroom", "momenten", place, world.missing(BENEFIT) or number))
    return cells


def outflow_of(world: World, place: Place, population: str = "alle") -> list[Outflow]:
    """The outflow of a region in a period: 'outflow for that on e'."""
    return [
        o
        for o in world.outflows
        if place.periode.holds(o.e) and world.in_region(o.gemeente, place.regio) and population in o.populations
    ]


def outflow_cells(world: World) -> list[Cell]:
    """uitstroom, with reden_groep and werk_na_uitstroom (which 'follows uitstroom_werk_polis')."""
    cells = []
    for total in world.places("JJ KW MM", BENEFIT):
        ended = outflow_of(world, total)
        for place in (total, *break_downs(total, OUTFLOW_DIMENSIONS)):
            number = count(sum(1 for o in ended if in_category(o.traits, place)), world.settled(total.periode.last))
            if place.dimensie == "werk_na_uitstroom":
                number = world.waiting(place.periode, 1) or count(number.teller or 0, "definitief")
            cells.append(
                world.cell("uitstroom", "momenten", place, world.missing_for(place.dimensie, BENEFIT) or number)
            )
    return cells


def move_cells(world: World) -> list[Cell]:
    """verhuizing_in and verhuizing_uit; the organisation holds the sum of its gemeenten."""
    cells = []
    for place in world.places("JJ KW", BENEFIT):
        status = world.settled(place.periode.last)
        here = [m for m in world.moves if place.periode.holds(m.day)]
        arrived = count(sum(1 for m in here if world.in_region(m.naar, place.regio)), status)
        left = count(sum(1 for m in here if world.in_region(m.van, place.regio)), status)
        cells.append(world.cell("verhuizing_in", "momenten", place, world.missing(BENEFIT) or arrived))
        cells.append(world.cell("verhuizing_uit", "momenten", place, world.missing(BENEFIT) or left))
    return cells


def work_outflow_cells(world: World) -> list[Cell]:
    """uitstroom_werk_reden, _polis, _inkomen and _verschil."""
    cells = []
    for place in world.places("JJ KW", BENEFIT):
        by_reason = count(
            sum(1 for o in outflow_of(world, place) if o.to_work_by_reason), world.settled(place.periode.last)
        )
        cells.append(world.cell("uitstroom_werk_reden", "momenten", place, world.missing(BENEFIT) or by_reason))
    for place in world.places("JJ KW", JOBS):
        ended = outflow_of(world, place)
        instead = world.missing(JOBS) or world.waiting(place.periode, 1)
        by_job = count(sum(1 for o in ended if o.to_work_by_job), "definitief")
        by_income = count(sum(1 for o in ended if o.to_work_by_income), "definitief")
        disagree = rate(sum(1 for o in ended if o.reason_and_income_disagree), len(ended), "definitief")
        cells.append(world.cell("uitstroom_werk_polis", "momenten", place, instead or by_job))
        cells.append(world.cell("uitstroom_werk_inkomen", "momenten", place, instead or by_income))
        cells.append(world.cell("uitstroom_werk_verschil", "%", place, instead or disagree))
    return cells


def backward_return_cells(world: World) -> list[Cell]:
    """herinstroom_terugkijkend; 'a cell with any day before historie_vanaf + 12 months is nvt'."""
    cells = []
    history = world.history_from("uitkering")
    for place in world.places("JJ KW", BENEFIT):
        begun = [i for i in world.inflows if place.periode.holds(i.b) and world.in_region(i.gemeente, place.regio)]
        returned = sum(1 for i in begun if i.had_spell_before)
        number = rate(returned, len(begun), world.settled(place.periode.last))
        if history is not None and place.periode.first < add_months(history, 12):
            number = Number("nvt")
        cells.append(world.cell("herinstroom_terugkijkend", "%", place, world.missing(BENEFIT) or number))
    return cells


def percentage_cells(world: World) -> list[Cell]:
    """uitstroompercentage_divosa and uitstroompercentage_cbs, per year."""
    cells = []
    for place in world.places("JJ", BENEFIT):
        status = world.settled(place.periode.last)
        ended = outflow_of(world, place)
        before = [s for s in world.standing(place.periode.first - ONE_DAY) if world.in_region(s.gemeente, place.regio)]
        after = [s for s in world.standing(place.periode.last) if world.in_region(s.gemeente, place.regio)]
        divosa = rate(len({o.dossier for o in ended}), len({s.dossier for s in before}), status)
        cbs = rate(len(ended), len(after) + len(ended), status)
        cells.append(world.cell("uitstroompercentage_divosa", "%", place, world.missing(BENEFIT) or divosa))
        cells.append(world.cell("uitstroompercentage_cbs", "%", place, world.missing(BENEFIT) or cbs))
    return cells


def breaks_down(world: World, place: Place, population: str) -> bool:
    """'Organisation and gemeente for the populations alle and werk_polis; the other populations for the organisation
    only.'
    """
    return population in ("alle", "werk_polis") or place.regio == world.parameters.regio_code


def durability_places(world: World, total: Place, population: str) -> list[Place]:
    """A total with its break-downs; the crossed pair for the organisation only."""
    if not breaks_down(world, total, population):
        return [total]
    found = [total, *break_downs(total, OUTFLOW_DIMENSIONS)]
    if total.regio == world.parameters.regio_code:
        found += break_downs(total, {CROSSED: CROSSED_CATEGORIES})
    return found


def durability_cells(world: World) -> list[Cell]:
    """The four durability measures at 6, 12 and 18 months for the four populations, 'one denominator for all measures
    of one h'.
    """
    cells = []
    for measure in DURABILITY:
        for population in POPULATIONS:
            needs = JOBS if measure.startswith("duurzaam_werk") or population == "werk_polis" else BENEFIT
            for total in world.places("JJ KW", needs):
                ended = outflow_of(world, total, population)
                for h in (h for h in HORIZONS if world.wants(f"{measure}_{h}__{population}")):
                    cells += durability_of_period(world, total, ended, measure, h, population, needs)
    return cells


def durability_of_period(
    world: World, total: Place, ended: Sequence[Outflow], measure: str, h: int, population: str, needs: Needs
) -> list[Cell]:
    indicator = f"{measure}_{h}__{population}"
    waiting = world.waiting(total.periode, h)
    lost = {id(o): o.not_followable(h) for o in ended} if waiting is None else {}
    met = {id(o): durable(o, measure, h) for o in ended} if waiting is None else {}
    cells = []
    for place in durability_places(world, total, population):
        number = world.missing_for(place.dimensie, needs) or waiting
        if number is None:
            here = [o for o in ended if in_category(o.traits, place)]
            followed = [o for o in here if lost[id(o)] is None]
            teller = sum(1 for o in followed if met[id(o)])
            number = rate(teller, len(followed), "definitief", len(here) - len(followed))
        cells.append(world.cell(indicator, "%", place, number))
    if breaks_down(world, total, population):
        for place in break_downs(total, {"reden_niet_volgbaar": NOT_FOLLOWABLE}):
            number = world.missing(needs) or waiting
            if number is None:
                n = sum(1 for o in ended if lost[id(o)] == place.categorie)
                number = Number("definitief", waarde=float(n), teller=n, n_niet_volgbaar=n)
            cells.append(world.cell(indicator, "momenten", place, number))
    return cells


def destination_cells(world: World) -> list[Cell]:
    """bestemming_h: all outflow of the population over seven places; the total row is that outflow."""
    cells = []
    for population in POPULATIONS:
        for total in world.places("JJ KW", JOBS):
            ended = outflow_of(world, total, population)
            for h in (h for h in HORIZONS if world.wants(f"bestemming_{h}__{population}")):
                instead = world.missing(JOBS) or world.waiting(total.periode, h)
                places = [] if instead else [o.destination(h) for o in ended]
                cells.append(
                    world.cell(
                        f"bestemming_{h}__{population}", "momenten", total, instead or count(len(ended), "definitief")
                    )
                )
                if breaks_down(world, total, population):
                    for place in break_downs(total, {"bestemming": DESTINATIONS}):
                        number = instead or count(places.count(place.categorie), "definitief")
                        cells.append(world.cell(f"bestemming_{h}__{population}", "momenten", place, number))
    return cells


def curve_cells(world: World) -> list[Cell]:
    """terugkeer_cif and terugkeer_km per outflow year for alle and werk_reden, whole months 0-36, 'stops where n at
    risk < 20'.
    """
    cells = []
    censoring_day = add_months(world.parameters.peildatum, -world.parameters.registratievertraging_maanden)
    for name, estimate in (("terugkeer_cif", aalen_johansen), ("terugkeer_km", kaplan_meier)):
        for population in ("alle", "werk_reden"):
            for total in world.places("JJ", BENEFIT):
                if not breaks_down(world, total, population):
                    continue
                ended = outflow_of(world, total, population)
                followed = [o for o in ended if o.e <= censoring_day]
                points = estimate([subject(o, censoring_day) for o in followed])
                for month, point in enumerate(points):
                    place = Place(total.regio, total.periode, "maanden_sinds_uitstroom", f"{month:02d}")
                    number = world.missing(BENEFIT) or Number("nvt")
                    if number.status == "nvt" and point.n_risico >= 20:
                        number = Number(
                            world.settled(add_months(total.periode.last, month)),
                            waarde=point.waarde,
                            ondergrens=point.ondergrens,
                            bovengrens=point.bovengrens,
                            n_risico=point.n_risico,
                        )
                    cells.append(world.cell(f"{name}__{population}", "%", place, number))
    return cells


FAMILIES: tuple[tuple[Callable[[World], list[Cell]], tuple[str, ...]], ...] = (
    (stand_cells, ("stand_",)),
    (inflow_cells, ("instroom",)),
    (outflow_cells, ("uitstroom",)),
    (move_cells, ("verhuizing_",)),
    (work_outflow_cells, ("uitstroom_werk_",)),
    (backward_return_cells, ("herinstroom_terugkijkend",)),
    (percentage_cells, ("uitstroompercentage_",)),
    (durability_cells, DURABILITY),
    (destination_cells, ("bestemming_",)),
    (curve_cells, ("terugkeer_cif", "terugkeer_km")),
    (inkomen.cells, ("parttime_met_uitkering",)),
    (begeleiding.candidate_cells, ("kandidaten_in_", "kandidaten_langer_")),
    (begeleiding.placed_cells, ("kandidaten_geplaatst", "aanmeldingen_geplaatst_12")),
    (begeleiding.phase_cells, ("kandidaten_per_fase", "kandidaten_met_activiteit")),
    (begeleiding.stay_cells, ("verblijf_in_fase_",)),
    (begeleiding.coach_cells, ("jobcoaching",)),
    (begeleiding.announced_cells, ("uitkering_aangemeld",)),
    (begeleiding.flow_cells, ("aanmeldingen", "trajecten_beeindigd", "terugmeldingen")),
    (begeleiding.transition_cells, ("faseovergangen",)),
    (begeleiding.duration_cells, ("trajectduur_", "wachttijd_traject_", "verblijf_gemiddeld")),
    (begeleiding.twelve_months_cells, ("terugkeer_dienstverlening_12", "na_terugmelding_")),
    (plaatsingen.work_placement_cells, ("plaatsingen_", "uitkering_bij_plaatsing", "banen_25_5")),
    (plaatsingen.with_benefit_cells, ("werken_met_behoud_van_uitkering_",)),
    (plaatsingen.trial_cells, ("proefplaatsingen_werk",)),
    (plaatsingen.employer_cells, ("unieke_werkgevers",)),
    (subsidie.decision_cells, ("lks_verstrekkingen", "lks_personen", "lks_stand", "lks_dichtheid")),
    (subsidie.wage_value_cells, ("gemiddelde_loonwaarde",)),
    (subsidie.amount_cells, ("lks_bedrag",)),
    (beschut.place_cells, ("nieuw_beschut_plekken", "nieuw_beschut_per_uitkering")),
    (beschut.quota_cells, ("nieuw_beschut_taakstelling", "nieuw_beschut_realisatie")),
    (beschut.advice_cells, ("nieuw_beschut_adviezen",)),
    (beschut.left_cells, ("nieuw_beschut_uitstroom",)),
    (beschut.waiting_cells, ("nieuw_beschut_wacht",)),
    (sw.people_cells, ("sw_personen", "sw_fte", "sw_se", "sw_buiten_de_muren")),
    (sw.step_cells, ("sw_werkladder",)),
    (sw.left_cells, ("sw_uitstroom",)),
    (sw.absence_cells, ("sw_verzuim", "sw_meldingsfrequentie")),
    (sw.value_added_cells, ("sw_toegevoegde_waarde_per_fte",)),
    (kwaliteit.quality_cells, ("kwaliteit_baan",)),
    (kwaliteit.development_cells, ("ontwikkeling",)),
    (kwaliteit.satisfaction_cells, ("tevredenheid",)),
    (geld.account_cells, ("saldo_", "netto_", "operationeel_", "subsidieresultaat_")),
    (geld.price_cells, ("afrekening", "normprijs", "kosten_tegen_rekenprijs")),
    (geld.result_cells, ("baten", "lasten", "resultaat")),
    (geld.density_cells, ("bijstandsdichtheid_",)),
    (toerekening.cells, ("toerekening_",)),
)


def compute(history: History, parameters: Parameters, only: Collection[str] | None = None) -> list[Cell]:
    """Every cell of the grid and every published series, before disclosure control, sorted by the key of contract 3.

    `only` spares time: what has nothing to do with these indicators may be left out (never a cell of one of them).
    """
    world = build_world(history, parameters, only)
    cells = [cell for family, beginnings in FAMILIES if world.wants(*beginnings) for cell in family(world)]
    published = published_cells(history.reeks, parameters)
    return sorted([*cells, *published, *index_cells(published, parameters)], key=lambda cell: cell.key)
