-- The amount of each post, for the organisation and its gemeenten (those of the task), per onderdeel and together. Together is what was delivered as totaal, else
-- werk and sw. The organisation has the rows without gemeente, else its gemeenten together. Kind `afrekening`: what is settled on the larger of budgeted
-- and realised numbers, at the budgeted price.
with rijen as (
    select jaar, soort, onderdeel, post, gemeente_code, bedrag::decimal(38, 8) as bedrag
    from {{ ref('stg_financien') }}
    union all
    select
        begroot.jaar,
        'afrekening' as soort,
        begroot.onderdeel,
        begroot.post,
        begroot.gemeente_code,
        (greatest(begroot.hoeveelheid, realisatie.hoeveelheid) * begroot.prijs)::decimal(38, 8) as bedrag
    from {{ ref('stg_financien') }} as begroot
    inner join {{ ref('stg_financien') }} as realisatie
        on begroot.jaar = realisatie.jaar
        and begroot.onderdeel = realisatie.onderdeel
        and begroot.post = realisatie.post
        and begroot.product is not distinct from realisatie.product
        and begroot.gemeente_code is not distinct from realisatie.gemeente_code
    where
        begroot.soort = 'begroot'
        and realisatie.soort = 'realisatie'
        and begroot.hoeveelheid is not null
        and realisatie.hoeveelheid is not null
        and begroot.prijs is not null
),

per_onderdeel as (
    select jaar, soort, onderdeel, post, gemeente_code, sum(bedrag) as bedrag
    from rijen
    group by all
),

met_totaal as (
    select jaar, soort, onderdeel, post, gemeente_code, bedrag
    from per_onderdeel
    where onderdeel <> 'totaal'
    union all
    select
        jaar,
        soort,
        'totaal' as onderdeel,
        post,
        gemeente_code,
        coalesce(sum(bedrag) filter (onderdeel = 'totaal'), sum(bedrag)) as bedrag
    from per_onderdeel
    group by jaar, soort, post, gemeente_code
),

van_gemeenten as (
    select regio.taak, regio.regio_code, bedragen.* exclude (gemeente_code)
    from met_totaal as bedragen
    inner join {{ source('invoer', 'taak_regio') }} as regio
        on bedragen.gemeente_code = regio.regio_code and not regio.is_organisatie
),

van_organisatie as (
    select
        taak,
        jaar,
        soort,
        onderdeel,
        post,
        coalesce(sum(bedrag) filter (zonder_gemeente), sum(bedrag)) as bedrag
    from (
        select regio.taak, true as zonder_gemeente, bedragen.* exclude (gemeente_code)
        from met_totaal as bedragen
        cross join (select distinct taak from {{ source('invoer', 'taak_regio') }}) as regio
        where bedragen.gemeente_code is null
        union all
        select taak, false as zonder_gemeente, * exclude (taak, regio_code)
        from van_gemeenten
    )
    group by taak, jaar, soort, onderdeel, post
)

select taak, regio_code, jaar || 'JJ00' as jaar, soort, onderdeel, post, bedrag
from van_gemeenten
union all
select taak, {{ instelling('organisatie_code') }} as regio_code, jaar || 'JJ00' as jaar, soort, onderdeel, post, bedrag
from van_organisatie
