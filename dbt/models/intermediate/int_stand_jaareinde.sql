-- Who has a benefit at each year end and stays: one row a person and 31 December, with the row that speaks for that day.
select
    verloop.persoon_nr,
    verloop.dossier_id,
    verloop.gemeente_code,
    verloop.leefvorm,
    make_date(jaar.jaar::integer, 12, 31) as dag,
    {{ jaar_code('make_date(jaar.jaar::integer, 12, 31)') }} as jaar,
    {{ uitkeringsduur('verloop.periode_begin', 'make_date(jaar.jaar::integer, 12, 31)') }} as uitkeringsduur
from {{ ref('int_uitkeringsverloop') }} as verloop
cross join lateral (
    select unnest(range(year(verloop.van), year(least(verloop.stand_tot, {{ instelling('peildatum') }})) + 1)) as jaar
) as jaar
where make_date(jaar.jaar::integer, 12, 31) between verloop.van and least(verloop.stand_tot, {{ instelling('peildatum') }})
