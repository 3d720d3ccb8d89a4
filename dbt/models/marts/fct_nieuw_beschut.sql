-- Nieuw beschut werk: advices, places in persons and in 31 hours against the taakstelling, who left one, and how many wait how long.
with plekken as (
    select
        advies.gemeente_code,
        verloop.van,
        verloop.tot,
        verloop.stand_tot,
        1 as personen,
        coalesce(advies.uren_per_week, 0) as uren
    from {{ ref('int_nieuw_beschut_plek') }} as verloop
    inner join {{ ref('stg_nieuw_beschut') }} as advies using (rij_nr)
),

momenten as (
    select
        'nieuw_beschut_adviezen' as indicator_id,
        gemeente_code,
        {{ jaar_code('adviesdatum') }} as jaar,
        {{ kwartaal_code('adviesdatum') }} as kwartaal,
        case when is_positief then 'positief' else 'negatief' end as advies
    from {{ ref('stg_nieuw_beschut') }}
    union all by name
    -- Only of merged places the last day is no stand.
    select 'nieuw_beschut_uitstroom' as indicator_id, gemeente_code, {{ jaar_code('tot') }} as jaar, {{ kwartaal_code('tot') }} as kwartaal
    from plekken
    where stand_tot < tot
),

wachtenden as (
    select
        gemeente_code,
        van,
        tot as stand_tot,
        1 as personen,
        adviesdatum - DATE '1970-01-01' as adviesdagen
    from {{ ref('int_nieuw_beschut_wacht') }}
),

plekken_op_dag as (
    {{ stand_per_regio('plekken', ['personen', 'uren']) }}
),

wachtenden_op_dag as (
    {{ stand_per_regio('wachtenden', ['personen', 'adviesdagen']) }}
),

wachttijden as (
    select
        persoon_nr,
        gemeente_code,
        {{ jaar_code('adviesdatum') }} as jaar,
        -- Who has no place yet has waited until now, or until the advice lapsed.
        greatest(coalesce(begindatum, least(einde_advies, {{ instelling('peildatum') }})) - adviesdatum, 0) as duur,
        begindatum is not null as gebeurtenis
    from {{ ref('stg_nieuw_beschut') }}
    where is_positief
),

uitkeringen as (
    {{ uitkeringen_per_periode() }}
),

taakstelling as (
    select taakstelling.*
    from {{ ref('int_getal_van_ander') }} as taakstelling
    {{ van_de_taak('taakstelling', 'nieuw_beschut_taakstelling') }}
    where taakstelling.indicator_id = 'nieuw_beschut_taakstelling'
)

select
    'nieuw_beschut_plekken' as indicator_id,
    regio_code,
    periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    personen::bigint as teller,
    cast(null as bigint) as noemer,
    cast(null as double) as waarde,
    cast(null as bigint) as n_personen,
    cast(null as varchar) as geen_waarde,
    cast(null as varchar) as status_hoogstens
from plekken_op_dag
union all by name
select 'nieuw_beschut_plekken_31' as indicator_id, regio_code, periode, 'totaal' as dimensie, 'totaal' as categorie, {{ deling('uren', '31') }} as waarde, personen as n_personen
from plekken_op_dag
union all by name
select
    'nieuw_beschut_taakstelling' as indicator_id,
    regio_code,
    periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    waarde::double as waarde,
    status as status_hoogstens
from taakstelling
union all by name
select
    'nieuw_beschut_realisatie' as indicator_id,
    taakstelling.regio_code,
    taakstelling.periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    case when taakstelling.waarde > 0 then {{ deling('coalesce(plekken.uren, 0) * 100', '31 * taakstelling.waarde') }} end as waarde,
    case when taakstelling.waarde <= 0 then 'nvt' end as geen_waarde,
    coalesce(plekken.personen, 0) as n_personen,
    taakstelling.status as status_hoogstens
from taakstelling
left join plekken_op_dag as plekken using (regio_code, periode)
union all by name
select * from ({{ tel_cellen('momenten', ['advies']) }})
union all by name
select
    'nieuw_beschut_wachtlijst' as indicator_id,
    regio_code,
    periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    personen as teller
from wachtenden_op_dag
union all by name
select
    'nieuw_beschut_wachttijd_tot_nu' as indicator_id,
    regio_code,
    periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    -- The mean of P - adviesdatum.
    (personen * (dag - DATE '1970-01-01') - adviesdagen)::double / personen as waarde,
    personen as noemer,
    personen as n_personen
from wachtenden_op_dag
where personen > 0 and periode like '____JJ00'
union all by name
select
    'nieuw_beschut_wachttijd_mediaan' as indicator_id,
    regio_code,
    periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    waarde,
    noemer,
    n_personen
from ({{ mediaan_per_regio('wachttijden') }})
union all by name
select
    'nieuw_beschut_per_uitkering' as indicator_id,
    regio_code,
    periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    coalesce(plekken.personen, 0) as teller,
    coalesce(uitkeringen.uitkeringen, 0)::bigint as noemer
from plekken_op_dag as plekken
full outer join uitkeringen using (regio_code, periode)
