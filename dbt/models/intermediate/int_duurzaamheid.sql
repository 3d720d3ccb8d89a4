-- Per outflow and horizon (6, 12, 18 months): can it be followed, and if so where is the person on t and was there a return or a break before it.
with horizonnen as (
    select distinct horizon from {{ source('invoer', 'indicator') }} where horizon is not null
),

metingen as (
    select
        uitstroom.periode_nr,
        uitstroom.persoon_nr,
        uitstroom.b,
        uitstroom.e,
        uitstroom.maand_later,
        uitstroom.reden_groep,
        uitstroom.werk_maand_later,
        uitstroom.terugkeerdag,
        uitstroom.bronfout,
        uitstroom.overlijdensdatum,
        uitstroom.vertrekdatum,
        uitstroom.aow_dag,
        horizonnen.horizon,
        {{ plus_maanden('uitstroom.e', 'horizonnen.horizon') }} as t
    from {{ ref('int_uitstroom') }} as uitstroom
    cross join horizonnen
),

op_t as (
    select
        metingen.*,
        coalesce(uitkering.laatste_dag >= metingen.t, false) as uitkering_op_t,
        coalesce(uitkering_tussen.begindatum <= metingen.t, false) as uitkering_na_maand,
        coalesce(werk.laatste_dag >= metingen.t, false) as werk_op_t,
        coalesce(werkperiode.laatste_dag >= metingen.t, false) as in_een_werkperiode,
        coalesce(uwv.laatste_dag >= metingen.t, false) as uwv_op_t
    from metingen
    asof left join {{ ref('int_terugkeerperiode') }} as uitkering
        on metingen.persoon_nr = uitkering.persoon_nr and metingen.t >= uitkering.begindatum
    asof left join {{ ref('int_terugkeerperiode') }} as uitkering_tussen
        on metingen.persoon_nr = uitkering_tussen.persoon_nr and metingen.maand_later <= uitkering_tussen.laatste_dag
    asof left join {{ ref('int_werk') }} as werk
        on metingen.persoon_nr = werk.persoon_nr and metingen.t >= werk.begindatum
    asof left join {{ ref('int_werkperiode') }} as werkperiode
        on metingen.persoon_nr = werkperiode.persoon_nr and metingen.maand_later >= werkperiode.begindatum
    asof left join {{ ref('int_uwv_uitkering') }} as uwv
        on metingen.persoon_nr = uwv.persoon_nr and metingen.t >= uwv.begindatum
),

beoordeeld as (
    select
        *,
        case
            when bronfout then 'bronfout'
            when reden_groep in ('overlijden', 'verhuizing', 'pensioen') then reden_groep
            when aow_dag <= t then 'pensioen'
            when
                overlijdensdatum > b and overlijdensdatum <= t and coalesce(terugkeerdag >= overlijdensdatum, true)
                then 'overlijden'
            when vertrekdatum > b and vertrekdatum <= t and coalesce(terugkeerdag >= vertrekdatum, true) then 'verhuizing'
            else 'volgbaar'
        end as reden_niet_volgbaar,
        coalesce(terugkeerdag > t, true) as uit_uitkering,
        werk_op_t and not uitkering_op_t as werk_moment,
        werk_maand_later and werk_op_t and in_een_werkperiode and not uitkering_na_maand as werk_onafgebroken
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
    case
        when reden_niet_volgbaar <> 'volgbaar' then 'niet_volgbaar'
        when uitkering_op_t and werk_op_t then 'uitkering_met_werk'
        when uitkering_op_t then 'uitkering'
        when werk_onafgebroken then 'werk_onafgebroken'
        when werk_op_t then 'werk_met_onderbreking'
        when uwv_op_t then 'uwv_uitkering'
        else 'geen_van_deze'
    end as bestemming
from beoordeeld
