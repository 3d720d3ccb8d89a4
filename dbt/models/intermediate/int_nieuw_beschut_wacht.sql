-- Who waits for a place nieuw beschut on which days, with the advice that speaks: the earliest. Who has a place waits for none.
with wachtend as (
    select
        'wacht' as soort,
        persoon_nr,
        wacht_nr as rij_nr,
        adviesdatum as begindatum,
        -- least() ignores nulls: the earlier of the two days that are known.
        coalesce(least(begindatum, einde_advies) - 1, {{ open_einde() }}) as laatste_dag
    from {{ ref('stg_nieuw_beschut') }}
    where is_positief and coalesce(least(begindatum, einde_advies) > adviesdatum, true)
),

-- A place goes before every advice.
met_plekken as (
    select soort, persoon_nr, rij_nr, begindatum, laatste_dag from wachtend
    union all
    select 'wacht' as soort, plek.persoon_nr, 2147483647 as rij_nr, plek.van as begindatum, plek.stand_tot as laatste_dag
    from {{ ref('int_nieuw_beschut_plek') }} as plek
    semi join wachtend on plek.persoon_nr = wachtend.persoon_nr
    where plek.van <= plek.stand_tot
),

verloop as (
    {{ stand_verloop('met_plekken') }}
)

select verloop.persoon_nr, advies.gemeente_code, advies.adviesdatum, verloop.van, verloop.tot
from verloop
inner join {{ ref('stg_nieuw_beschut') }} as advies on verloop.rij_nr = advies.wacht_nr
