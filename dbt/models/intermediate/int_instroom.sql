-- One row an inflow (a merged spell that began), with its traits and whether the person had left a benefit less than twelve months before.
with instroom as (
    select
        periode_nr,
        persoon_nr,
        periode_begin as b,
        gemeente_code,
        leefvorm,
        lag(periode_einde) over (partition by persoon_nr order by periode_begin) as vorige_laatste_dag
    from {{ ref('int_uitkeringsverloop') }}
    where van = periode_begin
)

select
    instroom.*,
    coalesce({{ plus_maanden('instroom.vorige_laatste_dag', 12) }} > instroom.b, false) as herinstroom_terugkijkend,
    -- On its first day every spell is shorter than a year.
    {{ categorie('uitkeringsduur', "'0-1'") }} as uitkeringsduur,
    {{ kenmerken_op_dag('instroom.b') }}
from instroom
{{ met_kenmerken('instroom', 'instroom.b') }}
