-- Loonkostensubsidie in numbers: decisions begun, persons, who has it at a period's end, their loonwaarde, and their share of the doelgroepregister.
{%- set sommen = ['personen', 'loonwaarde', 'personen_met_uren', 'uren', 'loonwaarde_uren'] %}
with verblijf as (
    select
        verloop.soort,
        stuk.gemeente_code,
        lks.lks_soort,
        greatest(verloop.van, stuk.van) as van,
        least(verloop.stand_tot, stuk.tot) as stand_tot,
        1 as personen,
        coalesce(lks.loonwaarde, 0) as loonwaarde,
        (coalesce(lks.uren_per_week, 0) > 0)::integer as personen_met_uren,
        greatest(coalesce(lks.uren_per_week, 0), 0) as uren,
        coalesce(lks.loonwaarde * greatest(lks.uren_per_week, 0), 0) as loonwaarde_uren
    from {{ ref('int_lks_stand') }} as verloop
    inner join {{ ref('int_lks_stuk') }} as stuk
        on verloop.rij_nr = stuk.rij_nr and verloop.van <= stuk.tot and verloop.tot >= stuk.van
    inner join {{ ref('stg_lks') }} as lks on verloop.rij_nr = lks.rij_nr
),

kwartaaleinden as (
    {{ kwartaalstanden('verblijf', ['soort', 'gemeente_code', 'lks_soort'], sommen) }}
),

standen as (
    select
        soort,
        {{ rooster_cel(['jaar', 'kwartaal'], ['lks_soort']) }},
        {%- for som in sommen %}
        sum({{ som }}) as {{ som }}{{ ',' if not loop.last }}
        {%- endfor %}
    from kwartaaleinden
    group by {{ rooster_sets(['jaar', 'kwartaal'], ['lks_soort'], vast=['soort']) }}
    having periode is not null
),

begonnen as (
    select
        stuk.gemeente_code,
        lks.persoon_nr,
        lks.lks_soort,
        {{ jaar_code('lks.begindatum') }} as jaar,
        {{ kwartaal_code('lks.begindatum') }} as kwartaal
    from {{ ref('stg_lks') }} as lks
    inner join {{ ref('int_lks_stuk') }} as stuk on lks.rij_nr = stuk.rij_nr and lks.begindatum = stuk.van
),

tellingen as (
    select
        'lks_verstrekkingen' as indicator_id,
        {{ rooster_cel(['jaar', 'kwartaal'], ['lks_soort']) }},
        count(*) as teller
    from begonnen
    group by {{ rooster_sets(['jaar', 'kwartaal'], ['lks_soort']) }}
    union all
    select
        'lks_personen' as indicator_id,
        coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
        jaar as periode,
        'totaal' as dimensie,
        'totaal' as categorie,
        count(distinct persoon_nr) as teller
    from begonnen
    group by grouping sets ((jaar), (jaar, gemeente_code))
    union all
    select 'lks_stand' as indicator_id, regio_code, periode, dimensie, categorie, personen as teller
    from standen
    where soort = 'alle'
),

-- Who is registered leads: where nobody has a subsidy the share is 0.
dichtheid as (
    select
        register.regio_code,
        register.periode,
        coalesce(standen.personen, 0) as personen,
        floor(register.waarde + 0.5) as geregistreerd,
        register.status
    from {{ ref('int_getal_van_ander') }} as register
    {{ van_de_taak('register', 'lks_dichtheid') }}
    left join standen
        on register.regio_code = standen.regio_code
        and register.periode = standen.periode
        and standen.soort = 'regulier'
        and standen.dimensie = 'totaal'
    where register.indicator_id = 'doelgroepregister'
),

metingen as (
    select
        'gemiddelde_loonwaarde' as indicator_id,
        regio_code,
        periode,
        loonwaarde as som,
        personen as gewicht,
        personen
    from standen
    where soort = 'loonwaarde' and dimensie = 'totaal'
    union all
    select
        'gemiddelde_loonwaarde_uren' as indicator_id,
        regio_code,
        periode,
        loonwaarde_uren as som,
        uren as gewicht,
        personen_met_uren as personen
    from standen
    where soort = 'loonwaarde' and dimensie = 'totaal'
)

select
    indicator_id,
    regio_code,
    periode,
    dimensie,
    categorie,
    teller::bigint as teller,
    cast(null as bigint) as noemer,
    cast(null as double) as waarde,
    cast(null as bigint) as n_personen,
    cast(null as varchar) as status_hoogstens
from tellingen
union all
select
    indicator_id,
    regio_code,
    periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    cast(null as bigint) as teller,
    personen::bigint as noemer,
    -- Sums are exact; the division is the last thing that is done.
    -- Hours times loonwaarde have eight digits after the point, the others four.
    {{ deling('som', 'gewicht', 8) }} as waarde,
    personen::bigint as n_personen,
    cast(null as varchar) as status_hoogstens
from metingen
where personen > 0
union all
select
    'lks_dichtheid' as indicator_id,
    regio_code,
    periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    personen::bigint as teller,
    geregistreerd::bigint as noemer,
    cast(null as double) as waarde,
    cast(null as bigint) as n_personen,
    status as status_hoogstens
from dichtheid
