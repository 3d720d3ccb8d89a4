-- Loonkostensubsidie in EUR. What is paid a day changes only where a decision, an age, a wage or a factor does; so hours times share are summed up over the days
-- of each stretch (+ where they begin, - where they end, then a running sum), and multiplied by the wage of that stretch last. No day is written out.
with mutaties as (
    select gemeente_code, leeftijd, van as dag, uren_aandeel from {{ ref('int_lks_aandeel') }}
    union all
    select gemeente_code, leeftijd, tot + 1 as dag, -uren_aandeel as uren_aandeel from {{ ref('int_lks_aandeel') }}
),

stukken as (
    select distinct stuk_nr, van, tot from {{ ref('int_lks_tarief') }}
),

per_dag as (
    select
        gemeente_code,
        leeftijd,
        greatest(dag, (select min(van) from stukken)) as dag,
        sum(uren_aandeel) as uren_aandeel
    from mutaties
    group by all
),

per_stuk as (
    select
        per_dag.gemeente_code,
        per_dag.leeftijd,
        stukken.stuk_nr,
        sum(per_dag.uren_aandeel) as erbij,
        -- What begins or ends inside the stretch counts from that day on.
        sum(per_dag.uren_aandeel * (stukken.tot - per_dag.dag + 1)) as dagen_erbij
    from per_dag
    asof inner join stukken on per_dag.dag >= stukken.van
    where per_dag.dag <= stukken.tot
    group by all
),

groepen as (
    select distinct gemeente_code, leeftijd from per_stuk
),

uren_dagen as (
    select
        groepen.gemeente_code,
        groepen.leeftijd,
        stukken.stuk_nr,
        coalesce(sum(per_stuk.erbij) over vooraf, 0) * (stukken.tot - stukken.van + 1) + coalesce(per_stuk.dagen_erbij, 0) as uren_dagen
    from groepen
    cross join stukken
    left join per_stuk using (gemeente_code, leeftijd, stuk_nr)
    window vooraf as (
        partition by groepen.gemeente_code, groepen.leeftijd order by stukken.stuk_nr rows between unbounded preceding and 1 preceding
    )
),

bedragen as (
    select
        uren_dagen.gemeente_code,
        {{ jaar_code('tarief.van') }} as jaar,
        {{ kwartaal_code('tarief.van') }} as kwartaal,
        -- Exact up to here; what follows is rounded far below the cent, so that the order of adding up does not show.
        (sum(uren_dagen.uren_dagen * tarief.loon)::double * any_value(tarief.tarief) / 100)::decimal(38, 8) as bedrag
    from uren_dagen
    inner join {{ ref('int_lks_tarief') }} as tarief using (stuk_nr, leeftijd)
    group by uren_dagen.gemeente_code, uren_dagen.stuk_nr, tarief.van
),

sommen as (
    select
        coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
        coalesce(kwartaal, jaar) as periode,
        sum(bedrag) as bedrag
    from bedragen
    group by grouping sets ((jaar), (jaar, gemeente_code), (kwartaal), (kwartaal, gemeente_code))
),

betaald as (
    select aandeel.persoon_nr, aandeel.gemeente_code, greatest(aandeel.van, grenzen.van) as van, aandeel.tot
    from {{ ref('int_lks_aandeel') }} as aandeel
    cross join (select min(van) as van, max(tot) as tot from stukken) as grenzen
    where greatest(aandeel.van, grenzen.van) <= least(aandeel.tot, grenzen.tot)
),

personen as (
    {{ personen_per_periode('betaald') }}
)

select
    'lks_bedrag' as indicator_id,
    sommen.regio_code,
    sommen.periode,
    'totaal' as dimensie,
    'totaal' as categorie,
    sommen.bedrag::double as waarde,
    personen.personen as n_personen
from sommen
inner join personen using (regio_code, periode)
