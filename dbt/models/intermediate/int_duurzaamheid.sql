-- Per outflow and horizon (6, 12, 18 months): can it be followed, and if so where is the person on t and was there a return or a break before it.
-- Merged periods of a person never touch (tested), so at most one holds a day: a join on the person with the day between begin and end finds it. An ASOF join
-- would sort all of them anew for each question. What does not depend on the horizon is looked up once per outflow. A null person finds nothing: who need not be
-- looked up is not.
with horizonnen as (
    select distinct horizon from {{ source('invoer', 'indicator') }} where horizon is not null
),

per_uitstroom as (
    select
        uitstroom.periode_nr,
        uitstroom.persoon_nr,
        uitstroom.e,
        uitstroom.werk_maand_later,
        uitstroom.terugkeerdag,
        werkperiode.laatste_dag as werkperiode_tot,
        -- The first day with a benefit from e + 1 month on, or an earlier one when that day itself has one.
        uitkering.begindatum as uitkering_vanaf,
        cast(case
            when uitstroom.bronfout then 'bronfout'
            when uitstroom.reden_groep in ('overlijden', 'verhuizing', 'pensioen') then uitstroom.reden_groep
        end as {{ een_van(redenen_niet_volgbaar()) }}) as reden_bij_uitstroom,
        uitstroom.aow_dag,
        -- A day that counts on every horizon that reaches it, unless the person had come back before.
        case
            when uitstroom.overlijdensdatum > uitstroom.b and coalesce(uitstroom.terugkeerdag >= uitstroom.overlijdensdatum, true)
                then uitstroom.overlijdensdatum
        end as overleden_op,
        case
            when uitstroom.vertrekdatum > uitstroom.b and coalesce(uitstroom.terugkeerdag >= uitstroom.vertrekdatum, true)
                then uitstroom.vertrekdatum
        end as vertrokken_op
    from {{ ref('int_uitstroom') }} as uitstroom
    left join {{ ref('int_werkperiode') }} as werkperiode
        on case when uitstroom.werk_maand_later then uitstroom.persoon_nr end = werkperiode.persoon_nr
        and uitstroom.maand_later >= werkperiode.begindatum
        and uitstroom.maand_later <= werkperiode.laatste_dag
    -- The first period that ends on or after e + 1 month: asked of those with work that may be onafgebroken.
    left join {{ ref('int_terugkeerperiode') }} as uitkering
        on case when uitstroom.werk_maand_later and uitstroom.terugkeerdag is not null then uitstroom.persoon_nr end = uitkering.persoon_nr
        and uitstroom.maand_later <= uitkering.laatste_dag
        and uitstroom.maand_later > uitkering.vorige_laatste_dag
),

metingen as (
    select
        per_uitstroom.*,
        horizonnen.horizon,
        {{ plus_maanden('per_uitstroom.e', 'horizonnen.horizon') }} as t
    from per_uitstroom
    cross join horizonnen
),

-- What the outflow itself tells, before anything is looked up on t.
beoordeeld as (
    select
        periode_nr,
        persoon_nr,
        horizon,
        t,
        coalesce(reden_bij_uitstroom, cast(case
            when aow_dag <= t then 'pensioen'
            when overleden_op <= t then 'overlijden'
            when vertrokken_op <= t then 'verhuizing'
            else 'volgbaar'
        end as {{ een_van(redenen_niet_volgbaar()) }})) as reden_niet_volgbaar,
        coalesce(terugkeerdag > t, true) as uit_uitkering,
        werk_maand_later and coalesce(werkperiode_tot >= t, false) and coalesce(uitkering_vanaf > t, true) as zonder_onderbreking
    from metingen
),

op_t as (
    select
        beoordeeld.*,
        uitkering.persoon_nr is not null as uitkering_op_t,
        werk.persoon_nr is not null as werk_op_t,
        uwv.persoon_nr is not null as uwv_op_t
    from beoordeeld
    left join {{ ref('int_terugkeerperiode') }} as uitkering
        on case when not beoordeeld.uit_uitkering then beoordeeld.persoon_nr end = uitkering.persoon_nr
        and beoordeeld.t >= uitkering.begindatum
        and beoordeeld.t <= uitkering.laatste_dag
    left join {{ ref('int_werk') }} as werk
        on beoordeeld.persoon_nr = werk.persoon_nr and beoordeeld.t >= werk.begindatum and beoordeeld.t <= werk.laatste_dag
    left join {{ ref('int_uwv_uitkering') }} as uwv
        on beoordeeld.persoon_nr = uwv.persoon_nr and beoordeeld.t >= uwv.begindatum and beoordeeld.t <= uwv.laatste_dag
),

gemeten as (
    select
        *,
        werk_op_t and not uitkering_op_t as werk_moment,
        werk_op_t and zonder_onderbreking as werk_onafgebroken
    from op_t
)

select
    periode_nr,
    horizon,
    t,
    reden_niet_volgbaar,
    reden_niet_volgbaar = 'volgbaar' as volgbaar,
    uit_uitkering,
    werk_moment,
    werk_onafgebroken,
    cast(case
        when reden_niet_volgbaar <> 'volgbaar' then 'niet_volgbaar'
        when uitkering_op_t and werk_op_t then 'uitkering_met_werk'
        when uitkering_op_t then 'uitkering'
        when werk_onafgebroken then 'werk_onafgebroken'
        when werk_op_t then 'werk_met_onderbreking'
        when uwv_op_t then 'uwv_uitkering'
        else 'geen_van_deze'
    end as {{ een_van(bestemmingen()) }}) as bestemming
from gemeten
