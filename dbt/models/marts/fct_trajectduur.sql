-- How long trajecten last and how long people wait for one: medians by Kaplan-Meier over all that began, and the plain mean over those that ended.
with trajecten as (
    select
        *,
        least(laatste_dag, {{ instelling('peildatum') }}) as gevolgd_tot,
        laatste_dag < {{ open_einde() }} as geeindigd
    from {{ ref('stg_traject') }}
),

duren as (
    select
        persoon_nr,
        gemeente_code,
        year(begindatum) as jaar,
        gevolgd_tot - begindatum + 1 as duur,
        geeindigd as gebeurtenis
    from trajecten
    where begindatum is not null
),

wachttijden as (
    select
        persoon_nr,
        gemeente_code,
        year(aanmelddatum) as jaar,
        greatest(coalesce(begindatum, gevolgd_tot) - aanmelddatum, 0) as duur,
        begindatum is not null as gebeurtenis
    from trajecten
),

verblijven as (
    select
        persoon_nr,
        gemeente_code,
        year(laatste_dag) as jaar,
        laatste_dag - begindatum + 1 as duur
    from trajecten
    where begindatum is not null and geeindigd
),

maten as (
    select 'trajectduur_mediaan' as indicator_id, * from ({{ mediaan_per_regio('duren') }})
    union all
    select 'wachttijd_traject_mediaan' as indicator_id, * from ({{ mediaan_per_regio('wachttijden') }})
    union all
    select
        'verblijf_gemiddeld' as indicator_id,
        coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
        jaar as periode,
        sum(duur) / count(*) as waarde,
        count(*) as noemer,
        count(distinct persoon_nr) as n_personen
    from verblijven
    group by grouping sets ((jaar), (jaar, gemeente_code))
)

select indicator_id, regio_code, periode || 'JJ00' as periode, 'totaal' as dimensie, 'totaal' as categorie, waarde, noemer, n_personen
from maten
