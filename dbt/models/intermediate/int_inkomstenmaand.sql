-- One row a person and month with income from work and a day with a benefit, in the gemeente of the last such day.
with verdiend as (
    select
        persoon_nr,
        maand,
        sum(bedrag) as bedrag
    from {{ ref('stg_inkomsten') }}
    group by persoon_nr, maand
    having sum(bedrag) > 0
),

-- With the begin of the next stretch, one at most is the last that began on or before the end of a month.
verloop as (
    select
        persoon_nr,
        van,
        tot,
        gemeente_code,
        coalesce(lead(van) over (partition by persoon_nr order by van), {{ open_einde() }}) as volgende_van
    from {{ ref('int_uitkeringsverloop') }}
)

select
    verdiend.persoon_nr,
    verdiend.maand,
    verdiend.bedrag,
    verloop.gemeente_code
from verdiend
inner join verloop
    on verdiend.persoon_nr = verloop.persoon_nr
    and last_day(verdiend.maand) >= verloop.van
    and last_day(verdiend.maand) < verloop.volgende_van
    and verdiend.maand <= verloop.tot
