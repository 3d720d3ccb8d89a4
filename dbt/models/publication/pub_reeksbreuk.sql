-- Every declared break with the cells that carry it: of years, quarters and months the one in which the new way begins, in every region that it is about.
with regios as (
    select 'eigen registratie' as bron, regio_code from {{ source('invoer', 'taak_regio') }}
    union
    select bron, regio_code from {{ ref('stg_reeks') }}
)

select distinct
    breuk.bron,
    breuk.indicator_id,
    regios.regio_code,
    unnest([{{ jaar_code('breuk.vanaf') }}, {{ kwartaal_code('breuk.vanaf') }}, {{ maand_code('breuk.vanaf') }}]) as periode,
    breuk.reeksbreuk
from {{ source('invoer', 'reeksbreuk') }} as breuk
inner join regios on breuk.bron = regios.bron and coalesce(breuk.regio_code, regios.regio_code) = regios.regio_code
