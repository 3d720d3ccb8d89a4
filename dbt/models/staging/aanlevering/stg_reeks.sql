-- Series published by somebody else, one row a cell; a period that ends after the peildatum is not used.
with cellen as (
    select
        bron.bron,
        bron.indicator_id,
        bron.definitie_id,
        bron.regio_code,
        bron.periode,
        case when bron.uitsplitsing = 'totaal' then 'totaal' else split_part(bron.uitsplitsing, '=', 1) end as dimensie,
        case when bron.uitsplitsing = 'totaal' then 'totaal' else substr(bron.uitsplitsing, strpos(bron.uitsplitsing, '=') + 1) end as categorie,
        cast(bron.waarde as double) as waarde,
        bron.eenheid,
        case when bron.waarde is null then coalesce(bron.reden_leeg, 'onbekend') else bron.status end as status,
        case substr(bron.periode, 5, 2)
            when 'JJ' then make_date(cast(left(bron.periode, 4) as integer), 12, 31)
            when 'KW' then last_day(make_date(cast(left(bron.periode, 4) as integer), 3 * cast(right(bron.periode, 2) as integer), 1))
            when 'MM' then last_day(make_date(cast(left(bron.periode, 4) as integer), cast(right(bron.periode, 2) as integer), 1))
        end as laatste_dag
    from {{ source('invoer', 'reeks') }} as bron
)

select * exclude (laatste_dag)
from cellen
where laatste_dag <= {{ instelling('peildatum') }}
