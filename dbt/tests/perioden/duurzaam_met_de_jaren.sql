-- Who is out of benefit 18 months after outflow was so at 12 and at 6: a longer horizon never makes up for a return.
select *
from (
    select
        periode_nr,
        horizon,
        uit_uitkering,
        lag(uit_uitkering) over (partition by periode_nr order by horizon) as uit_uitkering_eerder
    from {{ ref('int_duurzaamheid') }}
)
where uit_uitkering and not uit_uitkering_eerder
