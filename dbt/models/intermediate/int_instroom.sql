-- One row an inflow (a merged spell that began), with its traits and whether the person had left a benefit less than twelve months before.
with perioden as (
    select
        periode_nr,
        persoon_nr,
        begindatum as b,
        lag(laatste_dag) over (partition by persoon_nr order by begindatum) as vorige_laatste_dag
    from {{ ref('int_uitkeringsperiode') }}
),

instroom as (
    select
        perioden.periode_nr,
        perioden.persoon_nr,
        perioden.b,
        verloop.gemeente_code,
        verloop.leefvorm,
        perioden.vorige_laatste_dag
    from perioden
    inner join {{ ref('int_uitkeringsverloop') }} as verloop
        on perioden.periode_nr = verloop.periode_nr and perioden.b = verloop.van
)

select
    instroom.*,
    coalesce({{ plus_maanden('instroom.vorige_laatste_dag', 12) }} > instroom.b, false) as herinstroom_terugkijkend,
    {{ jaar_code('instroom.b') }} as jaar,
    {{ kwartaal_code('instroom.b') }} as kwartaal,
    {{ maand_code('instroom.b') }} as maand,
    -- On its first day every spell is shorter than a year.
    '0-1' as uitkeringsduur,
    {{ kenmerken_op_dag('instroom.b') }}
from instroom
{{ met_kenmerken('instroom', 'instroom.b') }}
