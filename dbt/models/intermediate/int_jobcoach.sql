-- Periods in which a person has a jobcoach, voorzieningen that touch or overlap as one, cut at each change of gemeente.
with voorzieningen as (
    select persoon_nr, begindatum, laatste_dag
    from {{ ref('stg_voorziening') }}
    where is_jobcoach
),

perioden as (
    select
        *,
        row_number() over (order by persoon_nr, begindatum)::integer as rij_nr
    from ({{ voeg_perioden_samen('voorzieningen', 0) }})
)

select
    stuk.persoon_nr,
    stuk.gemeente_code,
    stuk.van,
    stuk.tot,
    perioden.begindatum,
    perioden.laatste_dag
from ({{ knip_op_gemeente('perioden') }}) as stuk
inner join perioden using (rij_nr)
