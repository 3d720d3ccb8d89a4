-- Outflow to work with what came before it: a placement of any kind, else a traject, else nothing that is known. It says what preceded, not what caused.
with uitstroom as (
    select
        periode_nr,
        persoon_nr,
        gemeente_code,
        e,
        in_werk_reden,
        in_werk_polis,
        e - {{ instelling('toerekening_dagen') }}::integer as van,
        -- A job usually begins the day after the benefit.
        e + 1 as tot
    from {{ ref('int_uitstroom') }}
    where in_werk_reden or in_werk_polis
),

met_plaatsing as (
    select distinct uitstroom.periode_nr
    from uitstroom
    inner join {{ ref('stg_plaatsing') }} as plaatsing
        on uitstroom.persoon_nr = plaatsing.persoon_nr and plaatsing.begindatum >= uitstroom.van and plaatsing.begindatum <= uitstroom.tot
),

met_traject as (
    select distinct uitstroom.periode_nr
    from uitstroom
    inner join {{ ref('stg_traject') }} as traject
        on uitstroom.persoon_nr = traject.persoon_nr and traject.begindatum <= uitstroom.tot and traject.laatste_dag >= uitstroom.van
)

select
    uitstroom.periode_nr,
    uitstroom.gemeente_code,
    {{ jaar_code('uitstroom.e') }} as jaar,
    {{ kwartaal_code('uitstroom.e') }} as kwartaal,
    uitstroom.in_werk_reden,
    uitstroom.in_werk_polis,
    case
        when met_plaatsing.periode_nr is not null then 'plaatsing'
        when met_traject.periode_nr is not null then 'alleen_traject'
        else 'geen_contact'
    end as toerekening
from uitstroom
left join met_plaatsing on uitstroom.periode_nr = met_plaatsing.periode_nr
left join met_traject on uitstroom.periode_nr = met_traject.periode_nr
