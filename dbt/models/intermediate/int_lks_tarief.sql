-- What an hour a week costs a day, for each age: stretches of days within one quarter on which wage and factors are the same. `tarief` times the wage (per
-- month before 2024, per hour since), the hours and the share is the amount of a day. Days that the lists do not reach have no row, and so no amount.
{%- set factoren = ['vakantietoeslag', 'werkgeverslasten', 'weken', 'dagen'] %}
with grenzen as (
    select min(eerste_dag) as eerste, max(laatste_dag) as laatste
    from {{ ref('dim_periode') }}
    where periodesoort = 'KW'
),

knippen as (
    select eerste_dag as van from {{ ref('dim_periode') }} where periodesoort = 'KW'
    union
    select geldig_van as van from {{ source('invoer', 'wml') }}
    union
    select geldig_van as van from {{ source('invoer', 'lks_factor') }}
),

stukken as (
    select
        row_number() over (order by knippen.van)::integer as stuk_nr,
        knippen.van,
        coalesce(lead(knippen.van) over (order by knippen.van) - 1, grenzen.laatste) as tot
    from knippen
    inner join grenzen on knippen.van between grenzen.eerste and grenzen.laatste
),

met_factoren as (
    select
        stukken.stuk_nr,
        stukken.van,
        stukken.tot,
        {%- for factor in factoren %}
        max(lijst.waarde) filter (lijst.naam = '{{ factor }}') as {{ factor }}{{ ',' if not loop.last }}
        {%- endfor %}
    from stukken
    inner join {{ source('invoer', 'lks_factor') }} as lijst
        on stukken.van >= lijst.geldig_van and stukken.van <= coalesce(lijst.geldig_tm, {{ open_einde() }})
    group by stukken.stuk_nr, stukken.van, stukken.tot
),

leeftijden as (
    select unnest(range(min(leeftijd), max(leeftijd) + 1))::integer as leeftijd
    from {{ source('invoer', 'wml') }}
)

select
    met_factoren.stuk_nr,
    met_factoren.van,
    met_factoren.tot,
    leeftijden.leeftijd,
    -- Of the ages that the list of that day has, the highest that is not above the person's.
    max_by(wml.bedrag, wml.leeftijd) as loon,
    any_value(
        case when wml.per = 'maand' then 12.0::double / 52 / {{ instelling('normale_arbeidsduur') }} else 1 end
        * met_factoren.weken / met_factoren.dagen * met_factoren.vakantietoeslag * met_factoren.werkgeverslasten
    )::double as tarief
from met_factoren
cross join leeftijden
inner join {{ source('invoer', 'wml') }} as wml
    on met_factoren.van >= wml.geldig_van
    and met_factoren.van <= coalesce(wml.geldig_tm, {{ open_einde() }})
    and leeftijden.leeftijd >= wml.leeftijd
group by met_factoren.stuk_nr, met_factoren.van, met_factoren.tot, leeftijden.leeftijd
