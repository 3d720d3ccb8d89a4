-- One row a person and month with income from work and a day with a benefit, in the gemeente of the last such day.
with verdiend as (
    select
        persoon_nr,
        maand,
        sum(bedrag) as bedrag
    from {{ ref('stg_inkomsten') }}
    group by persoon_nr, maand
    having sum(bedrag) > 0
)

select
    verdiend.persoon_nr,
    verdiend.maand,
    verdiend.bedrag,
    max_by(verloop.gemeente_code, verloop.van) as gemeente_code
from verdiend
inner join {{ ref('int_uitkeringsverloop') }} as verloop
    on verdiend.persoon_nr = verloop.persoon_nr and verloop.van <= last_day(verdiend.maand) and verloop.tot >= verdiend.maand
group by verdiend.persoon_nr, verdiend.maand, verdiend.bedrag
