-- One row an inflow (a merged spell that began), with its traits and whether the person had left a benefit less than twelve months before.
with instroom as (
    select
        perioden.periode_nr,
        perioden.persoon_nr,
        perioden.begindatum as b,
        verloop.gemeente_code,
        verloop.leefvorm,
        lag(perioden.laatste_dag) over (partition by perioden.persoon_nr order by perioden.begindatum) as vorige_laatste_dag
    from {{ ref('int_uitkeringsperiode') }} as perioden
    inner join {{ ref('int_uitkeringsverloop') }} as verloop
        on perioden.periode_nr = verloop.periode_nr and perioden.begindatum = verloop.van
)

select
    instroom.*,
    coalesce({{ plus_maanden('instroom.vorige_laatste_dag', 12) }} > instroom.b, false) as herinstroom_terugkijkend,
    {{ jaar_code('instroom.b') }} as jaar,
    {{ kwartaal_code('instroom.b') }} as kwartaal,
    {{ maand_code('instroom.b') }} as maand,
    {{ uitkeringsduur('instroom.b', 'instroom.b') }} as uitkeringsduur,
    kenmerk.leeftijd,
    kenmerk.geslacht,
    kenmerk.statushouder,
    kenmerk.arbeidsbeperking,
    kenmerk.arbeidsvermogen
from instroom
inner join {{ ref('int_kenmerk_op_dag') }} as kenmerk
    on instroom.persoon_nr = kenmerk.persoon_nr and instroom.b = kenmerk.dag
