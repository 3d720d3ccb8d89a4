"""Deliveries for the benchmark: an organisation of as many persons as asked, straight from DuckDB to Parquet.

Per person about five benefit rows and five jobs over twelve years, in the seven gemeenten of an arbeidsmarktregio:
short interruptions that do not count, moves, overlapping dossiers, deaths, departures, open ends, and a few rows with a
mistake. The same number of persons gives the same rows: chance comes from a hash of the row's own numbers, not from a
generator. All persons are invented. Not here: the example organisation that people look at (werkmonitor.demo), and any
measuring.
"""

from __future__ import annotations

from pathlib import Path

PEILDATUM = "2025-12-31"
HISTORY = "2014-01-01"
LEVERDATUM = "2026-01-15"
REGION = "AM08"
GEMEENTEN = ("GM0268", "GM0296", "GM1945", "GM0252", "GM0225", "GM0209", "GM0944")
MISTAKE = 5_000  # one row in this many ends before it begins and goes to quarantine
CONFIGURATION = f"""\
[monitor]
naam = "Snelheid (verzonnen gegevens)"
regio_code = "{REGION}"
peildatum = {PEILDATUM}

[geheimhouding]
methode = "afronden"

[bronnen.uitkeringen]
entiteiten = ["persoon", "uitkering"]
persoon_id_soort = "clientnummer"
historie_vanaf = {HISTORY}
volledig_tot = {PEILDATUM}

[bronnen.polis]
entiteiten = ["dienstverband"]
persoon_id_soort = "clientnummer"
dekking = "volledig"
historie_vanaf = {HISTORY}
volledig_tot = {PEILDATUM}
"""

# A number in [0, 1) that belongs to these numbers and nothing else.
CHANCE = "create macro kans(a, b, c) as (hash(a * 1000003 + b * 1009 + c) % 1000000) / 1e6"
# A length of days around `gemiddeld`, exponentially spread as waiting times are.
LENGTH = "create macro duur(k, minst, gemiddeld) as (minst - gemiddeld * ln(1 - k))::integer"
GEMEENTE = f"create macro gemeente(k) as ({list(GEMEENTEN)})[1 + floor(least(k * k, 0.999) * 7)::integer]"

PERSONS = f"""
select
    'C' || lpad(p::varchar, 8, '0') as persoon_id,
    date '1950-01-01' + (kans(p, 0, 1) * 19500)::integer as geboortedatum,
    case when kans(p, 0, 2) < 0.5 then 'M' when kans(p, 0, 2) < 0.998 then 'V' else 'X' end as geslacht,
    gemeente(kans(p, 0, 3)) as gemeente_code,
    case when kans(p, 0, 4) < 0.02 then date '{HISTORY}' + (kans(p, 0, 5) * 4380)::integer end as overlijdensdatum,
    case when kans(p, 0, 6) < 0.03 then date '{HISTORY}' + (kans(p, 0, 7) * 4380)::integer end as vertrekdatum,
    kans(p, 0, 8) < 0.15 as statushouder,
    case when kans(p, 0, 9) < 0.9 then kans(p, 0, 9) < 0.2 end as arbeidsbeperking,
    ['onbekend', 'tijdelijk_onbemiddelbaar', 'onder_wml', 'wml_met_hulp', 'wml_zelfstandig']
        [1 + floor(kans(p, 0, 10) * 5)::integer] as arbeidsvermogen
from range($personen) as t(p)
"""

# Rows of a person one after the other: a row, then a gap, which is short every fifth time (at most 30 days) and now and
# then negative (the next dossier overlaps). Now and then the next row is in another gemeente.
SPELLS = f"""
with rij as (
    select p, k, duur(kans(p, k, 20), 20, 260) as lengte,
        case
            when kans(p, k, 21) < 0.03 then -15
            when kans(p, k, 21) < 0.22 then (kans(p, k, 22) * 31)::integer
            else duur(kans(p, k, 22), 31, 330)
        end as gat
    from range($personen) as t(p) cross join range(12) as r(k)
), dagen as (
    select *, date '{HISTORY}' - 400 + (kans(p, 0, 23) * 1600)::integer + coalesce(
        sum(lengte + gat) over (partition by p order by k rows between unbounded preceding and 1 preceding), 0
    )::integer as begin
    from rij
), gekozen as (
    select *, begin + lengte as einde from dagen where begin <= date '{PEILDATUM}' and k < 2 + floor(kans(p, 0, 24) * 8)
)
select
    'D' || lpad((p * 12 + k)::varchar, 10, '0') as dossier_id,
    'C' || lpad(p::varchar, 8, '0') as persoon_id,
    case
        when kans(p, k, 25) < 0.94 then 'PW' when kans(p, k, 25) < 0.97 then 'IOAW'
        when kans(p, k, 25) < 0.99 then 'BBZ' else 'IOAZ'
    end as regeling,
    gemeente(case when kans(p, k, 26) < 0.06 then kans(p, k, 27) else kans(p, 0, 3) end) as gemeente_code,
    begin as begindatum,
    case
        when einde > date '{PEILDATUM}' then null when hash(p, k) % {MISTAKE} = 0 then begin - 40 else einde
    end as einddatum,
    case when einde > date '{PEILDATUM}' then null
        else (['11', '11', '11', '13', '01', '14', '17', '03', '04', '32', '31', '34', '98', '19'])
            [1 + floor(kans(p, k, 28) * 14)::integer] end as reden_einde,
    (1 + floor(kans(p, k, 29) * 4))::integer::varchar as leefvorm,
    (1 + floor(kans(p, k, 30) * 3))::integer as kostendelers,
    (600 + kans(p, k, 31) * 900)::decimal(10, 2) as norm_bedrag
from gekozen
order by dossier_id
"""

JOBS = f"""
with rij as (
    select p, k, duur(kans(p, k, 40), 5, 240) as lengte,
        case when kans(p, k, 41) < 0.2 then -30 when kans(p, k, 41) < 0.5 then (kans(p, k, 42) * 40)::integer
            else duur(kans(p, k, 42), 40, 400) end as gat
    from range($personen) as t(p) cross join range(12) as r(k)
), dagen as (
    select *, date '{HISTORY}' - 200 + (kans(p, 0, 43) * 1700)::integer + coalesce(
        sum(lengte + gat) over (partition by p order by k rows between unbounded preceding and 1 preceding), 0
    )::integer as begin
    from rij
), gekozen as (
    select *, begin + lengte as einde from dagen where begin <= date '{PEILDATUM}' and k < 2 + floor(kans(p, 0, 44) * 7)
)
select
    'J' || lpad((p * 12 + k)::varchar, 10, '0') as dienstverband_id,
    'C' || lpad(p::varchar, 8, '0') as persoon_id,
    'W' || lpad((hash(p, k) % 20000)::varchar, 6, '0') as werkgever_id,
    begin as begindatum,
    case when einde <= date '{PEILDATUM}' then einde end as einddatum,
    case
        when kans(p, k, 45) < 0.88 then 'loondienst' when kans(p, k, 45) < 0.94 then 'zelfstandig' else 'uwv_uitkering'
    end as soort,
    (['vast', 'tijdelijk', 'tijdelijk', 'uitzend', 'oproep'])[1 + floor(kans(p, k, 46) * 5)::integer] as contract,
    (8 + kans(p, k, 47) * 30)::decimal(6, 2) as uren_per_week,
    gemeente(kans(p, k, 48)) as gemeente_code_werk
from gekozen
order by dienstverband_id
"""

ENTITIES = {"persoon": ("uitkeringen", PERSONS), "uitkering": ("uitkeringen", SPELLS), "dienstverband": ("polis", JOBS)}


def deliver(folder: Path, persons: int) -> dict[str, int]:
    """Write configuration and deliveries into `folder`; the number of rows of each entity."""
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "werkmonitor.toml").write_text(CONFIGURATION, encoding="utf-8")
    rows = {}
    with duckdb.connect() as connection:
        for macro in (CHANCE, LENGTH, GEMEENTE):
            connection.execute(macro)
        for entiteit, (bron, query) in ENTITIES.items():
            target = folder / "landing" / bron / LEVERDATUM / f"{entiteit}.parquet"
            target.parent.mkdir(parents=True, exist_ok=True)
            filled = query.replace("$personen", str(persons))
            connection.execute(f"copy ({filled}) to '{target}' (format parquet)")
            found = connection.execute(f"select count(*) from read_parquet('{target}')").fetchone()
            assert found is not None
            rows[entiteit] = int(found[0])
    return rows
