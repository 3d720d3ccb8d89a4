-- The prices that others published for a product and year, one set for each of them (its bron), as they hold for each region: that of the region itself, else that
-- of the organisation, else the national one. Of two definitions of one bron the first by name.
with prijzen as (
    select
        bron as prijzenset,
        regio_code,
        periode,
        categorie as product,
        try_cast(arg_min(waarde, definitie_id) as decimal(18, 4)) as prijs,
        arg_min(status, definitie_id) as status
    from {{ ref('stg_reeks') }}
    where indicator_id = 'normprijs' and dimensie = 'product' and waarde is not null
    group by bron, regio_code, periode, categorie
),

regios as (
    select distinct taak, regio_code from {{ source('invoer', 'taak_regio') }}
)

select
    regios.taak,
    regios.regio_code,
    prijzen.prijzenset,
    prijzen.periode,
    prijzen.product,
    prijzen.prijs,
    prijzen.status
from regios
inner join prijzen
    on prijzen.regio_code in (regios.regio_code, {{ instelling('organisatie_code') }}, 'NL01')
qualify row_number() over (
    partition by regios.taak, regios.regio_code, prijzen.prijzenset, prijzen.periode, prijzen.product
    order by prijzen.regio_code <> regios.regio_code, prijzen.regio_code = 'NL01'
) = 1
