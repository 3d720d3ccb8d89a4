-- Each uitkeringsperiode begins with the first of its rows, ends with the last and counts all of them.
with rijen as (
    select
        persoon_nr,
        volgnr,
        min(begindatum) as eerste_dag,
        max(laatste_dag) as laatste_rijdag,
        count(*) as aantal
    from {{ ref('int_uitkeringsrij') }}
    group by all
)

select persoon_nr, volgnr, perioden.begindatum, rijen.eerste_dag, perioden.laatste_dag, rijen.laatste_rijdag, perioden.rijen, rijen.aantal
from {{ ref('int_uitkeringsperiode') }} as perioden
full outer join rijen using (persoon_nr, volgnr)
where
    perioden.begindatum is distinct from rijen.eerste_dag
    or perioden.laatste_dag is distinct from rijen.laatste_rijdag
    or perioden.rijen is distinct from rijen.aantal
