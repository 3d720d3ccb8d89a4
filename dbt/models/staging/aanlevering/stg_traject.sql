-- Trajecten as known on the peildatum: a begin after it is unknown, an end after it (with its reason) reads as open. Numbered
-- per person: of two that cover a day the higher number speaks.
with op_peildatum as (
    select
        nummer.persoon_nr,
        bron.bron,
        bron.bron_volgorde,
        bron.traject_id,
        bron.gemeente_code,
        bron.aanmelddatum,
        case when bron.begindatum <= {{ instelling('peildatum') }} then bron.begindatum end as begindatum,
        case when bron.einddatum <= {{ instelling('peildatum') }} then bron.einddatum else {{ open_einde() }} end as laatste_dag,
        case when bron.einddatum <= {{ instelling('peildatum') }} then coalesce(bron.reden_einde, 'onbekend') end as reden_einde
    from {{ source('invoer', 'traject') }} as bron
    inner join {{ ref('stg_persoon_nummer') }} as nummer using (persoon)
    where bron.aanmelddatum <= {{ instelling('peildatum') }}
)

select
    *,
    row_number() over (partition by persoon_nr order by begindatum nulls first, traject_id, bron_volgorde desc)::integer as traject_nr
from op_peildatum
