-- Days on which the gemeente changes inside a spell.
with opeenvolgend as (
    select
        periode_nr,
        van as dag,
        gemeente_code as naar,
        lag(gemeente_code) over (partition by periode_nr order by van) as uit
    from {{ ref('int_uitkeringsverloop') }}
    -- Where one row speaks for the whole spell, most by far, nothing changes.
    where van > periode_begin or tot < periode_einde
)

select
    dag,
    uit,
    naar,
    {{ jaar_code('dag') }} as jaar,
    {{ kwartaal_code('dag') }} as kwartaal
from opeenvolgend
where uit <> naar
