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
        bedragen.product,
        {%- for post in posten %}
        any_value(bedrag) filter (post = '{{ post }}') as {{ post }},
        {%- endfor %}
        {{ som_als_alles_bekend('bedrag') }} as alles
    from {{ ref('int_financien_post') }} as bedragen
    {{ van_de_taak('bedragen', 'resultaat') }}
    group by all
),

cellen as (
    select
        *,
        case when product <> '' then 'product' when onderdeel = 'totaal' then 'totaal' else 'onderdeel' end as dimensie,
        case when product <> '' then product else onderdeel end as categorie
    from posten
    -- Break-downs are not crossed: of a product only what it comes to in all.
    where product = '' or onderdeel = 'totaal'
),

exploitatie as (
    select
        regio_code,
        periode,
        soort,
        dimensie,
        categorie,
        baten,
        case when coalesce(programmalasten, overhead) is not null then coalesce(programmalasten, 0) + coalesce(overhead, 0) end as lasten,
        case when dimensie <> 'product' then coalesce(resultaat, baten - lasten) end as resultaat
    from cellen
    where soort in ('begroot', 'realisatie')
),

naast_elkaar as (
    select
        regio_code,
        periode,
        dimensie,
        categorie,
        {%- for maat in ['baten', 'lasten', 'resultaat'] %}
        any_value({{ maat }}) filter (soort = 'begroot') as {{ maat }}_begroot,
        any_value({{ maat }}) filter (soort = 'realisatie') as {{ maat }},
        {%- endfor %}
    from exploitatie
    group by regio_code, periode, dimensie, categorie
),

bedragen as (
    {%- for maat in ['baten', 'lasten', 'resultaat'] %}
    {%- for indicator, bedrag in {maat: maat, maat ~ '_begroot': maat ~ '_begroot', maat ~ '_verschil': maat ~ ' - ' ~ maat ~ '_begroot'}.items() %}
    select '{{ indicator }}' as indicator_id, regio_code, periode, dimensie, categorie, {{ bedrag }} as bedrag
    from naast_elkaar
    union all
    {%- endfor %}
    {%- endfor %}
    {%- for maat, bedrag in {
        'saldo_bijstandsbudget': 'buig_budget - (uitkeringslasten + coalesce(lks_lasten, 0) - coalesce(terugvordering, 0))',
        'netto_toegevoegde_waarde': 'omzet - directe_kosten',
        'operationeel_resultaat': 'omzet - directe_kosten - bedrijfskosten',
    }.items() %}
    select '{{ maat }}' as indicator_id, regio_code, periode, 'totaal' as dimensie, 'totaal' as categorie, {{ bedrag }} as bedrag
    from cellen
    where soort = 'realisatie' and dimensie = 'totaal'
    union all
    {%- endfor %}
    select
        'subsidieresultaat_sw' as indicator_id,
        regio_code,
        periode,
        'totaal' as dimensie,
        'totaal' as categorie,
        rijksbijdrage_sw - loonkosten_sw as bedrag
    from cellen
    where soort = 'realisatie' and dimensie = 'onderdeel' and categorie = 'sw'
    union all
    select 'afrekening' as indicator_id, regio_code, periode, dimensie, categorie, alles as bedrag
    from cellen
    where soort = 'afrekening' and dimensie <> 'onderdeel'
),

-- Of a budget of 0 no difference in percent can be said.
verhoudingen as (
    {%- for maat in ['baten', 'lasten'] %}
    select
        '{{ maat }}_verschil_pct' as indicator_id,
        regio_code,
        periode,
        dimensie,
        categorie,
        case when {{ maat }}_begroot <> 0 then ({{ maat }} - {{ maat }}_begroot)::double * 100.0 / abs({{ maat }}_begroot)::double end as waarde,
        case when {{ maat }}_begroot = 0 then 'nvt' end as geen_waarde
    from naast_elkaar
    where {{ maat }} is not null and {{ maat }}_begroot is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

normprijzen as (
    select
        'normprijs' as indicator_id,
        prijzen.regio_code,
        prijzen.jaar as periode,
        'product' as dimensie,
        prijzen.product as categorie,
        prijzen.prijs::double as waarde,
        case when prijzen.prijzen > 1 then 'nvt' end as geen_waarde
    from {{ ref('int_normprijs') }} as prijzen
    {{ van_de_taak('prijzen', 'normprijs') }}
),

-- What was realised, at the prices of somebody else: of a set that lacks a price for one of the products nothing can be said.
rekenprijzen as (
    select
        'kosten_tegen_rekenprijs' as indicator_id,
        aantallen.regio_code,
        aantallen.periode,
        'prijzenset' as dimensie,
        sets.prijzenset as categorie,
        sum(try_cast(aantallen.alles as decimal(18, 4)) * prijzen.prijs)::double as waarde,
        {{ zwakste_status('prijzen.status') }} as status_hoogstens
    from cellen as aantallen
    cross join (select distinct prijzenset from {{ ref('int_rekenprijs') }}) as sets
    left join (
        select prijzen.*
        from {{ ref('int_rekenprijs') }} as prijzen
        {{ van_de_taak('prijzen', 'kosten_tegen_rekenprijs') }}
    ) as prijzen
        on aantallen.regio_code = prijzen.regio_code
        and aantallen.periode = prijzen.periode
        and aantallen.categorie = prijzen.product
        and sets.prijzenset = prijzen.prijzenset
    where aantallen.soort = 'hoeveelheid' and aantallen.dimensie = 'product'
    group by aantallen.regio_code, aantallen.periode, sets.prijzenset
    having count(try_cast(aantallen.alles as decimal(18, 4)) * prijzen.prijs) = count(*)
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
    cast(null as varchar) as geen_waarde,
    cast(null as varchar) as status_hoogstens
from bedragen
where bedrag is not null
union all by name
select indicator_id, regio_code, periode, dimensie, categorie, waarde, geen_waarde
from verhoudingen
union all by name
select indicator_id, regio_code, periode, dimensie, categorie, waarde, geen_waarde
from normprijzen
union all by name
select indicator_id, regio_code, periode, dimensie, categorie, waarde, status_hoogstens
from rekenprijzen
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
