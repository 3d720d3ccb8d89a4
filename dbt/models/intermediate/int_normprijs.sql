-- The price that was agreed for a product in a year: that of the budget, for a gemeente its own rows, for the organisation the rows without gemeente, else those of
-- its gemeenten (those of the task). Where more than one price was agreed there is none to show; `prijzen` says how many there are.
with prijzen as (
    select distinct product, jaar, gemeente_code, prijs
    from {{ ref('stg_financien') }}
    where soort = 'begroot' and product is not null and prijs is not null
),

van_gemeenten as (
    select regio.taak, regio.regio_code, prijzen.product, prijzen.jaar, prijzen.prijs
    from prijzen
    inner join {{ source('invoer', 'taak_regio') }} as regio
        on prijzen.gemeente_code = regio.regio_code and not regio.is_organisatie
),

van_organisatie as (
    select taak, product, jaar, prijs
    from (
        select regio.taak, prijzen.product, prijzen.jaar, prijzen.prijs, true as zonder_gemeente
        from prijzen
        cross join (select distinct taak from {{ source('invoer', 'taak_regio') }}) as regio
        where prijzen.gemeente_code is null
        union all
        select taak, product, jaar, prijs, false as zonder_gemeente
        from van_gemeenten
    )
    qualify zonder_gemeente or not bool_or(zonder_gemeente) over (partition by taak, product, jaar)
),

samen as (
    select taak, regio_code, product, jaar, prijs
    from van_gemeenten
    union all
    select taak, {{ instelling('organisatie_code') }} as regio_code, product, jaar, prijs
    from van_organisatie
)

select
    taak,
    regio_code,
    jaar || 'JJ00' as jaar,
    product,
    count(distinct prijs)::bigint as prijzen,
    case when count(distinct prijs) = 1 then min(prijs) end as prijs
from samen
group by taak, regio_code, jaar, product
