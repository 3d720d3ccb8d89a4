-- Work beside benefit: persons a month, of which quarter and year are the mean; unique persons; mean income.
with per_gemeente as (
    select
        gemeente_code,
        maand,
        count(*) as personen,
        sum(bedrag) as bedrag
    from {{ ref('int_inkomstenmaand') }}
    group by gemeente_code, maand
),

-- Somebody counts once a quarter and once a year, whatever the number of months.
kwartalen as (
    select distinct
        gemeente_code,
        persoon_nr,
        date_trunc('quarter', maand)::date as dag
    from {{ ref('int_inkomstenmaand') }}
),

unieken as (
    select
        coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
        coalesce({{ kwartaal_code('dag') }}, jaar || 'JJ00') as periode,
        count(distinct persoon_nr) as personen
    from (select *, year(dag) as jaar from kwartalen)
    group by grouping sets ((jaar), (jaar, gemeente_code), (dag), (dag, gemeente_code))
),

maanden as (
    select
        gemeente_code,
        personen,
        bedrag,
        {{ jaar_code('maand') }} as jaar,
        {{ kwartaal_code('maand') }} as kwartaal,
        {{ maand_code('maand') }} as maand
    from per_gemeente
),

per_periode as (
    select
        coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
        coalesce(maand, kwartaal, jaar) as periode,
        case when grouping(jaar) = 0 then 12 when grouping(kwartaal) = 0 then 3 else 1 end as maanden,
        sum(personen)::bigint as persoonsmaanden,
        sum(bedrag) as bedrag
    from maanden
    group by grouping sets (
        (jaar), (jaar, gemeente_code), (kwartaal), (kwartaal, gemeente_code), (maand), (maand, gemeente_code)
    )
),

maten as (
    select 'parttime_met_uitkering' as indicator_id, regio_code, periode, persoonsmaanden as teller
    from per_periode
    where maanden = 1
    union all by name
    select
        'parttime_met_uitkering' as indicator_id,
        regio_code,
        periode,
        per_periode.persoonsmaanden / per_periode.maanden as waarde,
        unieken.personen as n_personen
    from per_periode
    inner join unieken using (regio_code, periode)
    union all by name
    select 'parttime_met_uitkering_uniek' as indicator_id, regio_code, periode, personen as teller
    from unieken
    where periode like '____JJ00'
    union all by name
    select
        'parttime_met_uitkering_bedrag' as indicator_id,
        regio_code,
        periode,
        {{ deling('per_periode.bedrag', 'per_periode.persoonsmaanden') }} as waarde,
        per_periode.persoonsmaanden as noemer,
        unieken.personen as n_personen
    from per_periode
    inner join unieken using (regio_code, periode)
)

select
    indicator_id,
    regio_code,
    periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    teller,
    noemer,
    waarde,
    n_personen
from maten
