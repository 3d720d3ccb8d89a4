{%- set getoond = "('definitief', 'nader_voorlopig', 'voorlopig')" %}
-- Own figures: every cell of the grid with its value or with the status that says why there is none.
with cellen as (
    select
        rooster.*,
        telling.n_risico,
        telling.n_niet_volgbaar,
        telling.ondergrens,
        telling.bovengrens,
        telling.n_personen,
        telling.n_werkgevers,
        telling.grootste_aandeel,
        telling.geen_waarde,
        telling.status_hoogstens,
        -- What was not counted is zero (also the mean of months in which nobody was), what was not measured is not.
        case
            when rooster.meettype = 'som' or (rooster.meettype = 'gemiddelde' and rooster.leeg = 'nul') then coalesce(telling.waarde, 0)
            else telling.waarde
        end as gemeten,
        case when rooster.meettype in ('aantal', 'percentage', 'werkgevers') then coalesce(telling.teller, 0) end as teller,
        case
            when rooster.meettype = 'percentage' and rooster.leeg <> 'niet_geleverd' then coalesce(telling.noemer, 0)
            when rooster.meettype in ('percentage', 'gemiddelde') then telling.noemer
        end as noemer
    from {{ ref('pub_rooster') }} as rooster
    left join {{ ref('pub_telling') }} as telling using (indicator_id, regio_code, periode, dimensie, categorie)
),

met_status as (
    select
        *,
        case
            when not geleverd then 'niet_geleverd'
            when eerste_dag < historie_grens then 'nvt'
            when meetbaar_vanaf > {{ instelling('peildatum') }} then 'nog_niet_meetbaar'
            when meettype = 'percentage' and noemer is null then leeg
            when meettype = 'percentage' and noemer = 0 then 'nvt'
            when meettype in ('gemiddelde', 'vrij') and gemeten is null then coalesce(geen_waarde, leeg)
            when meettype = 'curve' and coalesce(n_risico < 20, true) then 'nvt'
            when meetbaar_vanaf is not null then 'definitief'
            -- A figure that is held against a number of somebody else is no more definitive than that number.
            when definitief_vanaf <= {{ instelling('peildatum') }} then coalesce(status_hoogstens, 'definitief')
            else 'voorlopig'
        end as status
    from cellen
)

select
    indicator_id,
    definitie_id,
    regio_code,
    periode,
    dimensie,
    categorie,
    case
        when status not in {{ getoond }} then null
        when meettype = 'percentage' then teller * 100.0 / noemer
        when meettype in ('aantal', 'werkgevers') then teller
        else gemeten
    end::double as waarde,
    case when status in {{ getoond }} then ondergrens end as ondergrens,
    case when status in {{ getoond }} then bovengrens end as bovengrens,
    eenheid,
    case when heeft_getallen then teller end as teller,
    case when heeft_getallen then noemer end as noemer,
    case
        when heeft_getallen and met_niet_volgbaar then coalesce(n_niet_volgbaar, 0)
    end as n_niet_volgbaar,
    case when heeft_getallen then n_risico end as n_risico,
    status,
    case when status = 'nog_niet_meetbaar' then meetbaar_vanaf end as meetbaar_vanaf,
    meettype,
    thema,
    -- How many a figure rests on, for disclosure control; never published.
    coalesce(n_personen, 0) as n_personen,
    n_werkgevers,
    grootste_aandeel
from (
    select
        *,
        -- Numbers are shown beside a value, and 0 of 0 where that is why there is none.
        status in {{ getoond }}
        or (status = 'nvt' and meettype = 'percentage' and noemer = 0 and not coalesce(eerste_dag < historie_grens, false))
            as heeft_getallen
    from met_status
)
