-- The amount of each post, for the organisation and its gemeenten (those of the task), per onderdeel and together, of all products (product empty) and of
-- each product that has a name. Together is what was delivered as totaal, else werk and sw. The organisation has the rows without gemeente, else its gemeenten
-- together. Kinds `afrekening` and `hoeveelheid`: what is settled on the larger of budgeted and realised numbers at the budgeted price, and the realised numbers.
-- A settlement of which a part is not known is not known: its amount is empty.
with afrekening as (
    select
        jaar,
        onderdeel,
        product,
        post,
        gemeente_code,
        -- A sum that does not fit is no number of trajecten or places: not known, instead of a night that stops.
        try_cast(sum(hoeveelheid) filter (soort = 'begroot') as decimal(18, 4)) as begroot,
        try_cast(sum(hoeveelheid) filter (soort = 'realisatie') as decimal(18, 4)) as realisatie,
        min(prijs) filter (soort = 'begroot') as laagste_prijs,
        max(prijs) filter (soort = 'begroot') as hoogste_prijs
    from {{ ref('stg_financien') }}
    where soort in ('begroot', 'realisatie') and hoeveelheid is not null
    group by all
),

geleverd as (
    select jaar, soort, onderdeel, post, product, gemeente_code, bedrag::decimal(38, 8) as bedrag
    from {{ ref('stg_financien') }}
    union all
    select
        jaar,
        'afrekening' as soort,
        onderdeel,
        post,
        product,
        gemeente_code,
        case
            when begroot is not null and realisatie is not null and laagste_prijs = hoogste_prijs
                then (greatest(begroot, realisatie) * laagste_prijs)::decimal(38, 8)
        end as bedrag
    from afrekening
    union all
    select jaar, 'hoeveelheid' as soort, onderdeel, post, product, gemeente_code, realisatie::decimal(38, 8) as bedrag
    from afrekening
    where realisatie is not null
),

rijen as (
    select * replace ('' as product)
    from geleverd
    union all
    select *
    from geleverd
    where product is not null
),

per_onderdeel as (
    select jaar, soort, onderdeel, post, product, gemeente_code, {{ som_als_alles_bekend('bedrag') }} as bedrag
    from rijen
    group by all
),

met_totaal as (
    select jaar, soort, onderdeel, post, product, gemeente_code, bedrag
    from per_onderdeel
    where onderdeel <> 'totaal'
    union all
    select
        jaar,
        soort,
        'totaal' as onderdeel,
        post,
        product,
        gemeente_code,
        case
            when bool_or(onderdeel = 'totaal') then sum(bedrag) filter (onderdeel = 'totaal')
            else {{ som_als_alles_bekend('bedrag') }}
        end as bedrag
    from per_onderdeel
    group by jaar, soort, post, product, gemeente_code
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
        product,
        case
            when bool_or(zonder_gemeente) then sum(bedrag) filter (zonder_gemeente)
            else {{ som_als_alles_bekend('bedrag') }}
        end as bedrag
    from (
        select regio.taak, true as zonder_gemeente, bedragen.* exclude (gemeente_code)
        from met_totaal as bedragen
        cross join (select distinct taak from {{ source('invoer', 'taak_regio') }}) as regio
        where bedragen.gemeente_code is null
        union all
        select taak, false as zonder_gemeente, * exclude (taak, regio_code)
        from van_gemeenten
    )
    group by taak, jaar, soort, onderdeel, post, product
)

select taak, regio_code, jaar || 'JJ00' as jaar, soort, onderdeel, post, product, bedrag
from van_gemeenten
union all
select taak, {{ instelling('organisatie_code') }} as regio_code, jaar || 'JJ00' as jaar, soort, onderdeel, post, product, bedrag
from van_organisatie
