-- Each indicator has, in each of its periods, every category of every break-down for every region that has it: as many cells as the registry says.
with regios as (
    select
        indicator.indicator_id,
        indicator.totaal,
        count(*) filter (regio.is_organisatie or indicator.gemeenten) as aantal
    from {{ source('invoer', 'indicator') }} as indicator
    inner join {{ source('invoer', 'taak_regio') }} as regio using (taak)
    group by all
),

verwacht as (
    select
        uitsplitsing.indicator_id,
        uitsplitsing.dimensie,
        count(*) * (case when uitsplitsing.gemeenten then regios.aantal else 1 end) as cellen
    from {{ source('invoer', 'indicator_uitsplitsing') }} as uitsplitsing
    inner join {{ source('invoer', 'uitsplitsing') }} as categorie using (dimensie)
    inner join regios using (indicator_id)
    group by uitsplitsing.indicator_id, uitsplitsing.dimensie, uitsplitsing.gemeenten, regios.aantal
    union all
    select indicator_id, 'totaal' as dimensie, aantal as cellen
    from regios
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
