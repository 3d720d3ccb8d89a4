-- Each indicator has, in each of its periods, every category of every break-down for every region that has it: as many cells as the registry says.
with verwacht as (
    select
        uitsplitsing.indicator_id,
        uitsplitsing.dimensie,
        count(*) * (case when uitsplitsing.gemeenten then (select count(*) from {{ source('invoer', 'regio') }}) else 1 end) as cellen
    from {{ source('invoer', 'indicator_uitsplitsing') }} as uitsplitsing
    inner join {{ source('invoer', 'uitsplitsing') }} as categorie using (dimensie)
    group by uitsplitsing.indicator_id, uitsplitsing.dimensie, uitsplitsing.gemeenten
    union all
    select indicator_id, 'totaal' as dimensie, (select count(*) from {{ source('invoer', 'regio') }}) as cellen
    from {{ source('invoer', 'indicator') }}
    where totaal
),

perioden as (
    select distinct indicator_id, periode, substr(periode, 5, 2) as periodesoort
    from {{ ref('pub_rooster') }}
),

gevonden as (
    select indicator_id, periode, dimensie, count(*) as cellen
    from {{ ref('pub_rooster') }}
    group by all
)

select perioden.indicator_id, perioden.periode, verwacht.dimensie, verwacht.cellen as verwacht, coalesce(gevonden.cellen, 0) as gevonden
from perioden
inner join verwacht
    on perioden.indicator_id = verwacht.indicator_id and (verwacht.dimensie = 'totaal' or perioden.periodesoort = 'JJ')
left join gevonden
    on perioden.indicator_id = gevonden.indicator_id and perioden.periode = gevonden.periode and verwacht.dimensie = gevonden.dimensie
where verwacht.cellen is distinct from gevonden.cellen
