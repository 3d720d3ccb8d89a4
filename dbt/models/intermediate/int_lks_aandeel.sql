-- Stretches of days on which one decision is paid at one share of the wage for one age, in one gemeente: `uren_aandeel` is hours a week times the share in %.
-- A decision without hours, or (not forfaitair) without loonwaarde, has no amount and no row here.
with regels as (
    select
        geldig_van as van,
        coalesce(lead(geldig_van) over (order by geldig_van) - 1, {{ open_einde() }}) as tot
    from (select distinct geldig_van from {{ source('invoer', 'lks_factor') }} where naam in ('maximum', 'forfaitair'))
),

percentages as (
    select
        regels.van,
        regels.tot,
        (100 * max(lijst.waarde) filter (lijst.naam = 'maximum'))::decimal(9, 3) as maximum,
        (100 * max(lijst.waarde) filter (lijst.naam = 'forfaitair'))::decimal(9, 3) as forfaitair
    from regels
    inner join {{ source('invoer', 'lks_factor') }} as lijst
        on regels.van >= lijst.geldig_van and regels.van <= coalesce(lijst.geldig_tm, {{ open_einde() }})
    group by regels.van, regels.tot
),

grens as (
    select min(leeftijd) as jongste, max(leeftijd) as oudste
    from {{ source('invoer', 'wml') }}
),

stukken as (
    select
        stuk.rij_nr,
        stuk.persoon_nr,
        stuk.gemeente_code,
        greatest(stuk.van, percentages.van) as van,
        least(stuk.tot, percentages.tot, {{ instelling('peildatum') }}) as tot,
        -- Hours are few digits; the cast keeps the sums over millions of rows within 38.
        (
            lks.uren_per_week
            * case
                when lks.forfaitair then percentages.forfaitair
                else greatest(least(percentages.maximum, 100 - lks.loonwaarde), 0)
            end
        )::decimal(28, 6) as uren_aandeel,
        persoon.geboortedatum
    from {{ ref('int_lks_stuk') }} as stuk
    inner join {{ ref('stg_lks') }} as lks on stuk.rij_nr = lks.rij_nr
    -- There are one or two: no reason to sort the decisions for it.
    cross join percentages
    left join {{ ref('stg_persoon') }} as persoon on stuk.persoon_nr = persoon.persoon_nr
    where
        lks.uren_per_week is not null
        and (lks.forfaitair or lks.loonwaarde is not null)
        and greatest(stuk.van, percentages.van) <= least(stuk.tot, percentages.tot)
),

met_leeftijd as (
    select
        stukken.*,
        grens.jongste,
        grens.oudste,
        {%- for dag in ['van', 'tot'] %}
        least(greatest(
            case
                -- Most are older than the oldest on the list: no birthday to look for.
                when coalesce(year({{ dag }}) - year(geboortedatum) > grens.oudste, true) then grens.oudste
                else
                    year({{ dag }}) - year(geboortedatum)
                    - ({{ plus_maanden('geboortedatum', '12 * (year(' ~ dag ~ ') - year(geboortedatum))') }} > {{ dag }})::integer
            end,
            grens.jongste
        ), grens.oudste)::integer as leeftijd_{{ dag }}{{ ',' if not loop.last }}
        {%- endfor %}
    from stukken
    cross join grens
    where stukken.van <= stukken.tot
),

-- Who has a birthday in the stretch that matters for the wage has a row for each age.
per_leeftijd as (
    select *, leeftijd_van as leeftijd
    from met_leeftijd
    where leeftijd_van = leeftijd_tot
    union all
    select *, unnest(range(leeftijd_van, leeftijd_tot + 1))::integer as leeftijd
    from met_leeftijd
    where leeftijd_van < leeftijd_tot
)

select
    rij_nr,
    persoon_nr,
    gemeente_code,
    leeftijd,
    case when leeftijd = leeftijd_van then van else {{ plus_maanden('geboortedatum', '12 * leeftijd') }} end as van,
    case when leeftijd = leeftijd_tot then tot else ({{ plus_maanden('geboortedatum', '12 * (leeftijd + 1)') }}) - 1 end as tot,
    uren_aandeel
from per_leeftijd
