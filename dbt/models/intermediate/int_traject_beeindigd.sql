-- Ended trajecten and what became of the person: twelve months later in work or in a benefit, and whether another traject began before that.
with beeindigd as (
    select
        traject_nr,
        persoon_nr,
        gemeente_code,
        begindatum,
        laatste_dag as e,
        reden_einde,
        starts_with(reden_einde, 'terugmelding_') as is_terugmelding,
        {{ plus_maanden('laatste_dag', 12) }} as t
    from {{ ref('stg_traject') }}
    where laatste_dag < {{ open_einde() }}
),

-- Who begins after the end begins another one.
teruggekeerd as (
    select distinct beeindigd.persoon_nr, beeindigd.traject_nr
    from beeindigd
    inner join {{ ref('stg_traject') }} as later
        on beeindigd.persoon_nr = later.persoon_nr and later.begindatum > beeindigd.e and later.begindatum <= beeindigd.t
)

select
    beeindigd.*,
    {{ jaar_code('beeindigd.e') }} as jaar,
    {{ kwartaal_code('beeindigd.e') }} as kwartaal,
    not coalesce(persoon.overlijdensdatum <= beeindigd.t, false) and not coalesce(persoon.vertrekdatum <= beeindigd.t, false) as volgbaar,
    teruggekeerd.traject_nr is not null as teruggekeerd,
    werk.persoon_nr is not null as werk_op_t,
    uitkering.persoon_nr is not null as uitkering_op_t
from beeindigd
left join teruggekeerd on beeindigd.persoon_nr = teruggekeerd.persoon_nr and beeindigd.traject_nr = teruggekeerd.traject_nr
left join {{ ref('stg_persoon') }} as persoon on beeindigd.persoon_nr = persoon.persoon_nr
-- Merged periods of a person never touch (tested), so at most one holds a day.
left join {{ ref('int_werk') }} as werk
    on beeindigd.persoon_nr = werk.persoon_nr and beeindigd.t >= werk.begindatum and beeindigd.t <= werk.laatste_dag
left join {{ ref('int_terugkeerperiode') }} as uitkering
    on beeindigd.persoon_nr = uitkering.persoon_nr and beeindigd.t >= uitkering.begindatum and beeindigd.t <= uitkering.laatste_dag
