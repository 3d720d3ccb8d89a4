{{ config(materialized='view') }}
-- Jobs in loondienst with their contract and hours, as known on the peildatum. A view: it is asked for the few who flowed out to work only.
select
    nummer.persoon_nr,
    bron.dienstverband_id,
    bron.bron_volgorde,
    bron.begindatum,
    case when bron.einddatum <= {{ instelling('peildatum') }} then bron.einddatum else {{ open_einde() }} end as laatste_dag,
    coalesce(bron.contract, 'onbekend') as contract,
    bron.uren_per_week
from {{ source('invoer', 'dienstverband') }} as bron
inner join {{ ref('stg_persoon_nummer') }} as nummer using (persoon)
where bron.soort = 'loondienst' and bron.begindatum <= {{ instelling('peildatum') }}
