-- The sw at each period's end: persons, fte and SE, by where they work, and the added value per fte; who went up or down the werkladder, and who left.
{%- set sommen = ['personen', 'buiten_de_muren', 'fte', 'se'] %}
{#- From the lowest rung to the highest. #}
{%- set werkladder = ['sw_beschut', 'werken_op_locatie', 'detachering_groep', 'detachering_individueel', 'begeleid_werken'] %}
with verblijf as (
    select
        verloop.persoon_nr,
        sw.gemeente_code,
        sw.werkvorm,
        verloop.van,
        verloop.tot,
        verloop.stand_tot,
        1 as personen,
        (sw.werkvorm <> 'sw_beschut')::integer as buiten_de_muren,
        sw.fte,
        sw.se
    from {{ ref('int_sw_stand') }} as verloop
    inner join {{ ref('stg_sw') }} as sw using (rij_nr)
),

kwartaaleinden as (
    {{ kwartaalstanden('verblijf', ['gemeente_code', 'werkvorm'], sommen) }}
),

standen as (
    select
        {{ rooster_cel(['jaar', 'kwartaal'], ['werkvorm']) }},
        {%- for som in sommen %}
        sum({{ som }}) as {{ som }}{{ ',' if not loop.last }}
        {%- endfor %}
    from kwartaaleinden
    group by {{ rooster_sets(['jaar', 'kwartaal'], ['werkvorm']) }}
    having periode is not null
),

totalen as (
    select * from standen where dimensie = 'totaal'
),

jaareinden as (
    select
        persoon_nr,
        gemeente_code,
        list_position({{ werkladder }}, werkvorm) as trede,
        unnest(range(year(van), year(least(stand_tot, {{ instelling('peildatum') }}) + 1))) as jaartal
    from verblijf
),

momenten as (
    -- Who was there a year before as well.
    select
        'sw_werkladder' as indicator_id,
        nu.gemeente_code,
        nu.jaartal || 'JJ00' as jaar,
        cast(null as varchar) as kwartaal,
        case when nu.trede > eerder.trede then 'hoger' when nu.trede < eerder.trede then 'lager' else 'gelijk' end as werkladder_stap
    from jaareinden as nu
    inner join jaareinden as eerder on nu.persoon_nr = eerder.persoon_nr and nu.jaartal = eerder.jaartal + 1
    union all by name
    -- Only of merged employments the last day is no stand.
    select 'sw_uitstroom' as indicator_id, gemeente_code, {{ jaar_code('tot') }} as jaar, {{ kwartaal_code('tot') }} as kwartaal
    from verblijf
    where stand_tot < tot
),

toegevoegde_waarde as (
    select bedragen.regio_code, bedragen.jaar as periode, bedragen.bedrag, coalesce(totalen.fte, 0) as fte
    from {{ ref('int_financien_post') }} as bedragen
    {{ van_de_taak('bedragen', 'sw_toegevoegde_waarde_per_fte') }}
    left join totalen on bedragen.regio_code = totalen.regio_code and bedragen.jaar = totalen.periode
    where
        bedragen.regio_code = {{ instelling('organisatie_code') }}
        and bedragen.soort = 'realisatie'
        and bedragen.onderdeel = 'sw'
        and bedragen.post = 'toegevoegde_waarde'
        and bedragen.product = ''
)

select
    'sw_personen' as indicator_id,
    regio_code,
    periode,
    dimensie,
    categorie,
    personen::bigint as teller,
    cast(null as bigint) as noemer,
    cast(null as double) as waarde,
    cast(null as bigint) as n_personen,
    cast(null as varchar) as geen_waarde
from standen
union all by name
select 'sw_buiten_de_muren' as indicator_id, regio_code, periode, dimensie, categorie, buiten_de_muren::bigint as teller, personen::bigint as noemer
from totalen
union all by name
select * from ({{ tel_cellen('momenten', ['werkladder_stap']) }})
{%- for maat in ['fte', 'se'] %}
union all by name
select 'sw_{{ maat }}' as indicator_id, regio_code, periode, dimensie, categorie, {{ maat }}::double as waarde, personen::bigint as n_personen
from totalen
{%- endfor %}
union all by name
select
    'sw_toegevoegde_waarde_per_fte' as indicator_id,
    regio_code,
    periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    case when fte > 0 then {{ deling('bedrag', 'fte') }} end as waarde,
    case when fte <= 0 then 'nvt' end as geen_waarde
from toegevoegde_waarde
