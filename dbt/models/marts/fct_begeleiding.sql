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

momenten as (
    -- The year is broken down, the quarters are not: each gives its own totals.
    select
        'kandidaten_in_dienstverlening' as indicator_id,
        jaareinden.gemeente_code,
        {{ jaar_code('jaareinden.dag') }} as jaar,
        cast(null as varchar) as kwartaal,
        1 as aantal,
        {{ leeftijdsklasse('persoon', 'jaareinden.dag') }} as leeftijd,
        {{ uitkeringsduur('jaareinden.b', 'jaareinden.dag') }} as trajectduur,
        cast(null as varchar) as reden_einde_traject,
        cast(null as varchar) as reden_terugmelding,
        cast(null as varchar) as faseovergang
    from jaareinden
    left join (select *, {{ leeftijdsdagen('geboortedatum') }} from {{ ref('stg_persoon') }}) as persoon
        on jaareinden.persoon_nr = persoon.persoon_nr
    union all by name
    select 'kandidaten_in_dienstverlening' as indicator_id, gemeente_code, kwartaal, personen as aantal
    from per_kwartaal
    union all by name
    select
        'aanmeldingen' as indicator_id,
        gemeente_code,
        {{ jaar_code('aanmelddatum') }} as jaar,
        {{ kwartaal_code('aanmelddatum') }} as kwartaal,
        1 as aantal
    from {{ ref('stg_traject') }}
    union all by name
    select 'trajecten_beeindigd' as indicator_id, gemeente_code, jaar, kwartaal, 1 as aantal, reden_einde as reden_einde_traject
    from {{ ref('int_traject_beeindigd') }}
    union all by name
    select 'terugmeldingen' as indicator_id, gemeente_code, jaar, kwartaal, 1 as aantal, reden_einde as reden_terugmelding
    from {{ ref('int_traject_beeindigd') }}
    where is_terugmelding
    union all by name
    select
        'faseovergangen' as indicator_id,
        gemeente_code,
        {{ jaar_code('dag') }} as jaar,
        {{ kwartaal_code('dag') }} as kwartaal,
        1 as aantal,
        faseovergang
    from {{ ref('int_faseovergang') }}
),

aantallen as (
    {{ tel_cellen('momenten', dimensies, {'teller': 'sum(aantal)'}) }}
),

-- Of whom it can be told, and of whom it is so.
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
    union all
    select
        'terugkeer_dienstverlening_12' as indicator_id,
        gemeente_code,
        jaar,
        null as kwartaal,
        (volgbaar and teruggekeerd)::integer as telt, volgbaar::integer as volgbaar, (not volgbaar)::integer as niet_volgbaar
    from {{ ref('int_traject_beeindigd') }}
    where begindatum is not null
    union all
    select 'na_terugmelding_werk_12' as indicator_id, gemeente_code, jaar, null as kwartaal, (volgbaar and werk_op_t)::integer as telt, volgbaar::integer as volgbaar, (not volgbaar)::integer as niet_volgbaar
    from {{ ref('int_traject_beeindigd') }}
    where is_terugmelding
    union all
    select 'na_terugmelding_uitkering_12' as indicator_id, gemeente_code, jaar, null as kwartaal, (volgbaar and uitkering_op_t)::integer as telt, volgbaar::integer as volgbaar, (not volgbaar)::integer as niet_volgbaar
    from {{ ref('int_traject_beeindigd') }}
    where is_terugmelding
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
    jaar as periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    count(distinct persoon_nr) as teller
from {{ ref('int_kandidaat_jaar') }}
group by grouping sets ((jaar), (jaar, gemeente_code))
