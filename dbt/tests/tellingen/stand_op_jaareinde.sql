-- The stand at each year end, summed up month by month from who came and left, is that of a plain count of who is there on 31 December.
with geteld as (
    select
        coalesce(gemeente_code, {{ instelling('organisatie_code') }}) as regio_code,
        dag,
        count(*) as personen,
        count(distinct gedeeld_dossier) + count(*) filter (gedeeld_dossier is null) as uitkeringen
    from {{ ref('int_stand_jaareinde') }}
    group by grouping sets ((dag), (dag, gemeente_code))
)

select
    regio_code,
    dag,
    opgeteld.personen,
    geteld.personen as geteld_personen,
    opgeteld.uitkeringen,
    geteld.uitkeringen as geteld_uitkeringen
from (select * from {{ ref('int_stand_maandeinde') }} where month(dag) = 12) as opgeteld
full outer join geteld using (regio_code, dag)
where
    coalesce(opgeteld.personen, 0) <> coalesce(geteld.personen, 0)
    or coalesce(opgeteld.uitkeringen, 0) <> coalesce(geteld.uitkeringen, 0)
