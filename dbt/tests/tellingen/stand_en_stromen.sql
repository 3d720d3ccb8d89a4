-- Stand = the stand before + instroom - uitstroom, and per gemeente + verhuizing_in - verhuizing_uit. Moves are not counted per month, so months are held
-- to it for the organisation only, where moves cancel out.
with tellingen as (
    select
        regio_code,
        periode,
        substr(periode, 5, 2) as periodesoort,
        sum(teller) filter (indicator_id = 'stand_personen') as stand,
        coalesce(sum(teller) filter (indicator_id = 'instroom'), 0) as instroom,
        coalesce(sum(teller) filter (indicator_id = 'uitstroom'), 0) as uitstroom,
        coalesce(sum(teller) filter (indicator_id = 'verhuizing_in'), 0) as verhuizing_in,
        coalesce(sum(teller) filter (indicator_id = 'verhuizing_uit'), 0) as verhuizing_uit
    from {{ ref('pub_telling') }}
    where dimensie = 'totaal'
    group by all
),

met_vorige as (
    select
        tellingen.*,
        regio.is_organisatie,
        -- Before the first stand there was nobody.
        coalesce(lag(stand) over (partition by regio_code, periodesoort order by periode), 0) as vorige_stand
    from tellingen
    inner join {{ source('invoer', 'regio') }} as regio using (regio_code)
    where stand is not null
)

select *
from met_vorige
where
    stand <> vorige_stand + instroom - uitstroom + verhuizing_in - verhuizing_uit
    and (periodesoort <> 'MM' or is_organisatie)
