-- One row a placement: where it counts, which break-downs it is in, and whether there was a benefit on its first day.
select
    plaatsing.persoon_nr,
    {{ gemeente_op_dag() }} as gemeente_code,
    {{ jaar_code('plaatsing.begindatum') }} as jaar,
    {{ kwartaal_code('plaatsing.begindatum') }} as kwartaal,
    plaatsing.op_werk,
    plaatsing.werkgever_id,
    plaatsing.uren_per_week,
    case when plaatsing.op_werk then plaatsing.soort end as soort_plaatsing,
    case when not plaatsing.op_werk then plaatsing.soort end as soort_behoud,
    case
        when plaatsing.uren_per_week is null then 'onbekend'
        when plaatsing.uren_per_week >= {{ instelling('voltijd_uren') }} then 'voltijd'
        else 'parttime'
    end as dienstverband_omvang,
    {{ kenmerken_op_dag('plaatsing.begindatum') }},
    case
        when plaatsing.gemeente_code_werk is null then 'onbekend'
        when eigen.regio_code is null then 'elders'
        else plaatsing.gemeente_code_werk
    end as werkplek,
    -- A spell has a row for each of its days, those of a filled gap too.
    verblijf.persoon_nr is not null as met_uitkering,
    coalesce(
        plaatsing.op_werk
        and plaatsing.soort <> 'nieuw_beschut'
        and persoon.doelgroepregister_begin <= plaatsing.begindatum
        and coalesce(persoon.doelgroepregister_eind >= plaatsing.begindatum, true),
        false
    ) as banenafspraak
from {{ ref('stg_plaatsing') }} as plaatsing
{{ met_gemeente_op_dag('plaatsing', 'plaatsing.begindatum') }}
{{ met_kenmerken('plaatsing', 'plaatsing.begindatum') }}
left join {{ source('invoer', 'regio') }} as eigen on plaatsing.gemeente_code_werk = eigen.regio_code and not eigen.is_organisatie
