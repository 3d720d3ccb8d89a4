-- What candidates, employers and sw employees answered: the mean of the surveys of a year, weighted by answers, and the response.
with antwoorden as (
    select
        jaar || 'JJ00' as periode,
        groep,
        sum(score * n) as punten,
        sum(n) as antwoorden,
        coalesce(sum(n) filter (uitgenodigd is not null), 0) as antwoorden_met_uitnodiging,
        coalesce(sum(uitgenodigd), 0) as uitgenodigd
    from {{ ref('stg_tevredenheid') }}
    group by jaar, groep
)

select
    'tevredenheid' as indicator_id,
    {{ instelling('organisatie_code') }} as regio_code,
    periode,
    'groep_tevredenheid' as dimensie,
    groep as categorie,
    cast(null as bigint) as teller,
    antwoorden::bigint as noemer,
    {{ deling('punten', 'antwoorden') }} as waarde,
    antwoorden::bigint as n_personen
from antwoorden
where antwoorden > 0
union all
select
    'tevredenheid_respons' as indicator_id,
    {{ instelling('organisatie_code') }} as regio_code,
    periode,
    'groep_tevredenheid' as dimensie,
    groep as categorie,
    antwoorden_met_uitnodiging::bigint as teller,
    uitgenodigd::bigint as noemer,
    cast(null as double) as waarde,
    cast(null as bigint) as n_personen
from antwoorden
