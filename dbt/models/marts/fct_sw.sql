-- The sw at each period's end: persons, fte and SE, by where they work, and the added value per fte.
{%- set sommen = ['personen', 'buiten_de_muren', 'fte', 'se'] %}
with verblijf as (
    select
        sw.gemeente_code,
        sw.werkvorm,
        verloop.van,
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
    case when fte > 0 then bedrag::double / fte::double end as waarde,
    case when fte <= 0 then 'nvt' end as geen_waarde
from toegevoegde_waarde
