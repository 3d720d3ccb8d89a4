-- Counts and shares of people in service: stand and unique persons, aanmeldingen, ends, terugmeldingen, changes of phase, and what followed twelve months on.
{%- set dimensies = ['leeftijd', 'trajectduur', 'reden_einde_traject', 'reden_terugmelding', 'faseovergang'] %}
with kwartaaleinden as (
    select
        gemeente_code,
        -- The first quarter at whose end two years have passed.
        {{ kwartaalnummer('(' ~ plus_maanden('b', 24) ~ ' - 1)') }} as lang_vanaf,
        unnest(range({{ kwartaalnummer('van') }}, {{ kwartaalnummer('(least(stand_tot, ' ~ instelling('peildatum') ~ ') + 1)') }})) as nummer
    from {{ ref('int_kandidaat') }}
),

per_kwartaal as (
    select
        gemeente_code,
        case when nummer % 4 = 3 then (nummer // 4) || 'JJ00' end as jaar,
        (nummer // 4) || 'KW0' || (nummer % 4 + 1) as kwartaal,
        personen,
        langer
    from (
        select
            gemeente_code,
            nummer,
            count(*) as personen,
            count(*) filter (nummer >= lang_vanaf) as langer
        from kwartaaleinden
        group by gemeente_code, nummer
    )
),

jaareinden as (
    select
        persoon_nr,
        gemeente_code,
        b,
        make_date(jaar::integer, 12, 31) as dag
    from (
        select *, unnest(range(year(van), year(least(stand_tot, {{ instelling('peildatum') }}) + 1))) as jaar
        from {{ ref('int_kandidaat') }}
    )
),

standen as (
    select
        jaareinden.gemeente_code,
        jaareinden.dag,
        {{ leeftijdsklasse('persoon', 'jaareinden.dag') }} as leeftijd,
        {{ uitkeringsduur('jaareinden.b', 'jaareinden.dag') }} as trajectduur,
        count(*) as aantal
    from jaareinden
    left join (select *, {{ leeftijdsdagen('geboortedatum') }} from {{ ref('stg_persoon') }}) as persoon
        on jaareinden.persoon_nr = persoon.persoon_nr
    group by all
),

aanmeldingen as (
    select gemeente_code, date_trunc('quarter', aanmelddatum)::date as dag, count(*) as aantal
    from {{ ref('stg_traject') }}
    group by all
),

-- All that is asked of ended trajecten, counted in one go.
einden as (
    select
        gemeente_code,
        jaar,
        kwartaal,
        reden_einde,
        is_terugmelding,
        begindatum is not null as begonnen,
        volgbaar,
        teruggekeerd,
        werk_op_t,
        uitkering_op_t,
        count(*) as aantal
    from {{ ref('int_traject_beeindigd') }}
    group by all
),

overgangen as (
    select gemeente_code, date_trunc('quarter', dag)::date as dag, faseovergang, count(*) as aantal
    from {{ ref('int_faseovergang') }}
    group by all
),

momenten as (
    -- The year is broken down, the quarters are not: each gives its own totals.
    select
        'kandidaten_in_dienstverlening' as indicator_id,
        gemeente_code,
        {{ jaar_code('dag') }} as jaar,
        cast(null as varchar) as kwartaal,
        aantal,
        leeftijd,
        trajectduur,
        cast(null as varchar) as reden_einde_traject,
        cast(null as varchar) as reden_terugmelding,
        cast(null as varchar) as faseovergang
    from standen
    union all by name
    select 'kandidaten_in_dienstverlening' as indicator_id, gemeente_code, kwartaal, personen as aantal
    from per_kwartaal
    union all by name
    select 'aanmeldingen' as indicator_id, gemeente_code, {{ jaar_code('dag') }} as jaar, {{ kwartaal_code('dag') }} as kwartaal, aantal
    from aanmeldingen
    union all by name
    select 'trajecten_beeindigd' as indicator_id, gemeente_code, jaar, kwartaal, aantal, reden_einde as reden_einde_traject
    from einden
    union all by name
    select 'terugmeldingen' as indicator_id, gemeente_code, jaar, kwartaal, aantal, reden_einde as reden_terugmelding
    from einden
    where is_terugmelding
    union all by name
    select
        'faseovergangen' as indicator_id,
        gemeente_code,
        {{ jaar_code('dag') }} as jaar,
        {{ kwartaal_code('dag') }} as kwartaal,
        aantal,
        faseovergang
    from overgangen
),

aantallen as (
    {{ tel_cellen('momenten', dimensies, {'teller': 'sum(aantal)'}) }}
),

-- Of how many it can be told, and of how many of these it is so.
gevallen as (
    select
        'kandidaten_langer_dan_2_jaar' as indicator_id,
        gemeente_code,
        jaar,
        kwartaal,
        langer as telt,
        personen as volgbaar,
        0 as niet_volgbaar
    from per_kwartaal
    {%- for indicator, uitkomst, waarvan in [
        ('terugkeer_dienstverlening_12', 'teruggekeerd', 'begonnen'),
        ('na_terugmelding_werk_12', 'werk_op_t', 'is_terugmelding'),
        ('na_terugmelding_uitkering_12', 'uitkering_op_t', 'is_terugmelding'),
    ] %}
    union all
    select
        '{{ indicator }}' as indicator_id,
        gemeente_code,
        jaar,
        cast(null as varchar) as kwartaal,
        case when volgbaar and {{ uitkomst }} then aantal else 0 end as telt,
        case when volgbaar then aantal else 0 end as volgbaar,
        case when not volgbaar then aantal else 0 end as niet_volgbaar
    from einden
    where {{ waarvan }}
    {%- endfor %}
),

aandelen as (
    {{ tel_cellen('gevallen', [], {'teller': 'sum(telt)', 'noemer': 'sum(volgbaar)', 'n_niet_volgbaar': 'sum(niet_volgbaar)'}) }}
)

select indicator_id, regio_code, periode, dimensie, categorie, teller from aantallen
union all by name
select indicator_id, regio_code, periode, dimensie, categorie, teller, noemer, n_niet_volgbaar from aandelen
union all by name
select
    'kandidaten_in_dienstverlening_uniek' as indicator_id,
    coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
    jaartal || 'JJ00' as periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    count(distinct persoon_nr) as teller
from {{ ref('int_kandidaat_jaar') }}
group by grouping sets ((jaartal), (jaartal, gemeente_code))
