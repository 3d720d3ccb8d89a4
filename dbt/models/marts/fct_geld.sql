-- Money: what the posts of budget and accounts add up to, and benefits beside households and inhabitants.
{%- set posten = [
    'baten', 'programmalasten', 'overhead', 'resultaat', 'omzet', 'directe_kosten', 'bedrijfskosten', 'loonkosten_sw', 'rijksbijdrage_sw', 'uitkeringslasten',
    'lks_lasten', 'terugvordering', 'buig_budget'
] %}
with posten as (
    select
        bedragen.regio_code,
        bedragen.jaar as periode,
        bedragen.soort,
        bedragen.onderdeel,
        {%- for post in posten %}
        any_value(bedrag) filter (post = '{{ post }}') as {{ post }},
        {%- endfor %}
        sum(bedrag) as alles
    from {{ ref('int_financien_post') }} as bedragen
    {{ van_de_taak('bedragen', 'resultaat') }}
    group by all
),

exploitatie as (
    select
        regio_code,
        periode,
        soort,
        case onderdeel when 'totaal' then 'totaal' else 'onderdeel' end as dimensie,
        onderdeel as categorie,
        baten,
        case when coalesce(programmalasten, overhead) is not null then coalesce(programmalasten, 0) + coalesce(overhead, 0) end as lasten,
        resultaat as geleverd_resultaat
    from posten
    where soort in ('begroot', 'realisatie')
),

bedragen as (
    {%- for maat, bedrag in {'baten': 'baten', 'lasten': 'lasten', 'resultaat': 'coalesce(geleverd_resultaat, baten - lasten)'}.items() %}
    select
        '{{ maat }}' || case soort when 'begroot' then '_begroot' else '' end as indicator_id,
        regio_code,
        periode,
        dimensie,
        categorie,
        {{ bedrag }} as bedrag
    from exploitatie
    union all
    {%- endfor %}
    {%- for maat, bedrag in {
        'saldo_bijstandsbudget': 'buig_budget - (uitkeringslasten + coalesce(lks_lasten, 0) - coalesce(terugvordering, 0))',
        'netto_toegevoegde_waarde': 'omzet - directe_kosten',
        'operationeel_resultaat': 'omzet - directe_kosten - bedrijfskosten',
    }.items() %}
    select '{{ maat }}' as indicator_id, regio_code, periode, 'totaal' as dimensie, 'totaal' as categorie, {{ bedrag }} as bedrag
    from posten
    where soort = 'realisatie' and onderdeel = 'totaal'
    union all
    {%- endfor %}
    select
        'subsidieresultaat_sw' as indicator_id,
        regio_code,
        periode,
        'totaal' as dimensie,
        'totaal' as categorie,
        rijksbijdrage_sw - loonkosten_sw as bedrag
    from posten
    where soort = 'realisatie' and onderdeel = 'sw'
    union all
    select 'afrekening' as indicator_id, regio_code, periode, 'totaal' as dimensie, 'totaal' as categorie, alles as bedrag
    from posten
    where soort = 'afrekening' and onderdeel = 'totaal'
),

uitkeringen as (
    select regio_code, {{ jaar_code('dag') }} as periode, personen, uitkeringen
    from {{ ref('int_stand_maandeinde') }}
    where month(dag) = 12
),

-- The number of households or inhabitants leads: without it there is no figure, without benefits the share is 0.
dichtheden as (
    {%- for maat, (getal, teller) in {'bijstandsdichtheid_huishoudens': ('huishoudens', 'uitkeringen'), 'bijstandsdichtheid_inwoners': ('inwoners', 'personen')}.items() %}
    select
        '{{ maat }}' as indicator_id,
        getallen.regio_code,
        getallen.periode,
        coalesce(uitkeringen.{{ teller }}, 0) as teller,
        floor(getallen.waarde + 0.5) as noemer,
        getallen.status
    from {{ ref('int_getal_van_ander') }} as getallen
    {{ van_de_taak('getallen', maat) }}
    left join uitkeringen using (regio_code, periode)
    where getallen.indicator_id = '{{ getal }}'
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    indicator_id,
    regio_code,
    periode,
    dimensie,
    categorie,
    cast(null as bigint) as teller,
    cast(null as bigint) as noemer,
    bedrag::double as waarde,
    cast(null as varchar) as status_hoogstens
from bedragen
where bedrag is not null
union all by name
select
    indicator_id,
    regio_code,
    periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    teller::bigint as teller,
    noemer::bigint as noemer,
    status as status_hoogstens
from dichtheden
