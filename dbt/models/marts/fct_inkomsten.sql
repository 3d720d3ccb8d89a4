-- Work beside benefit: persons a month, of which quarter and year are the mean; unique persons; mean income.
with maanden as (
    select
        gemeente_code,
        persoon_nr,
        bedrag,
        {{ jaar_code('maand') }} as jaar,
        {{ kwartaal_code('maand') }} as kwartaal,
        {{ maand_code('maand') }} as maand
    from {{ ref('int_inkomstenmaand') }}
),

per_maand as (
    select
        coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
        maand as periode,
        count(*) as personen
    from maanden
    group by grouping sets ((maand), (maand, gemeente_code))
),

per_periode as (
    select
        coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
        coalesce(kwartaal, jaar) as periode,
        grouping(kwartaal) = 1 as is_jaar,
        count(*) as persoonsmaanden,
        count(distinct persoon_nr) as personen,
        sum(bedrag) as bedrag
    from maanden
    group by grouping sets ((jaar), (jaar, gemeente_code), (kwartaal), (kwartaal, gemeente_code))
),

maten as (
    select 'parttime_met_uitkering' as indicator_id, regio_code, periode, personen as teller
    from per_maand
    union all by name
    select
        'parttime_met_uitkering' as indicator_id,
        regio_code,
        periode,
        persoonsmaanden / (case when is_jaar then 12 else 3 end) as waarde,
        personen as n_personen
    from per_periode
    union all by name
    select 'parttime_met_uitkering_uniek' as indicator_id, regio_code, periode, personen as teller
    from per_periode
    where is_jaar
    union all by name
    select
        'parttime_met_uitkering_bedrag' as indicator_id,
        regio_code,
        periode,
        bedrag::double / persoonsmaanden as waarde,
        persoonsmaanden as noemer,
        personen as n_personen
    from per_periode
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
