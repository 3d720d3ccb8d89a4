-- The job a month after outflow to work in loondienst: of those that run on that day the one with the most hours (unknown lowest), then the highest
-- dienstverband_id, then the first source.
with uitstroom as (
    select
        periode_nr,
        persoon_nr,
        gemeente_code,
        e,
        maand_later,
        werk_na_uitstroom
    from {{ ref('int_uitstroom') }}
    where in_werk_polis
),

banen as (
    select
        uitstroom.periode_nr,
        max({
            'uren_per_week': coalesce(baan.uren_per_week, -1),
            'dienstverband_id': baan.dienstverband_id,
            'volgorde': -baan.bron_volgorde,
            'contract': baan.contract
        }) as baan
    from uitstroom
    inner join {{ ref('stg_baan') }} as baan
        on uitstroom.persoon_nr = baan.persoon_nr
        and uitstroom.maand_later >= baan.begindatum
        and uitstroom.maand_later <= baan.laatste_dag
    group by uitstroom.periode_nr
)

select
    uitstroom.periode_nr,
    uitstroom.gemeente_code,
    {{ jaar_code('uitstroom.e') }} as jaar,
    {{ kwartaal_code('uitstroom.e') }} as kwartaal,
    banen.baan.contract as contract,
    case
        when banen.baan.uren_per_week < 0 then 'onbekend'
        when banen.baan.uren_per_week < 12 then '0-12'
        when banen.baan.uren_per_week < 24 then '12-24'
        when banen.baan.uren_per_week < 35 then '24-35'
        else '35+'
    end as uren_klasse,
    uitstroom.werk_na_uitstroom
from uitstroom
inner join banen on uitstroom.periode_nr = banen.periode_nr
