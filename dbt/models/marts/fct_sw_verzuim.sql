-- Absence in the sw: days and notices per gemeente, which is that of the employment with the latest begin of those with a day in the month.
with maanden as (
    select
        verzuim.persoon_nr,
        verzuim.eerste_dag,
        max(sw.rij_nr) as rij_nr
    from (select distinct persoon_nr, eerste_dag from {{ ref('stg_verzuim') }}) as verzuim
    inner join {{ ref('stg_sw') }} as sw
        on verzuim.persoon_nr = sw.persoon_nr
        and sw.begindatum <= last_day(verzuim.eerste_dag)
        and sw.laatste_dag >= verzuim.eerste_dag
    group by verzuim.persoon_nr, verzuim.eerste_dag
),

met_gemeente as (
    select
        verzuim.persoon_nr,
        coalesce(sw.gemeente_code, 'onbekend') as gemeente_code,
        {{ jaar_code('verzuim.eerste_dag') }} as jaar,
        {{ kwartaal_code('verzuim.eerste_dag') }} as kwartaal,
        verzuim.verzuimdagen,
        verzuim.beschikbare_dagen,
        verzuim.meldingen
    from {{ ref('stg_verzuim') }} as verzuim
    left join maanden using (persoon_nr, eerste_dag)
    left join {{ ref('stg_sw') }} as sw using (rij_nr)
),

tellingen as (
    select
        coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
        coalesce(kwartaal, jaar) as periode,
        sum(verzuimdagen) as verzuimdagen,
        sum(beschikbare_dagen) as beschikbare_dagen,
        count(distinct persoon_nr) as personen,
        sum(meldingen) as meldingen,
        count(meldingen) as maanden_met_meldingen,
        count(distinct persoon_nr) filter (meldingen is not null) as personen_met_meldingen
    from met_gemeente
    group by grouping sets ((jaar), (jaar, gemeente_code), (kwartaal), (kwartaal, gemeente_code))
)

select
    'sw_verzuim' as indicator_id,
    regio_code,
    periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    verzuimdagen::double * 100 / beschikbare_dagen::double as waarde,
    personen as n_personen
from tellingen
where beschikbare_dagen > 0
union all
select
    'sw_meldingsfrequentie' as indicator_id,
    regio_code,
    periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    meldingen::double * 12 / maanden_met_meldingen as waarde,
    personen_met_meldingen as n_personen
from tellingen
where maanden_met_meldingen > 0 and periode like '____JJ00'
