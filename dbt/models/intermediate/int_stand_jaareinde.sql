-- Who has a benefit at each year end and stays: one row a person and 31 December, with the row that speaks for that day.
with jaren as (
    select
        persoon_nr,
        gedeeld_dossier,
        gemeente_code,
        leefvorm,
        periode_begin,
        -- The first 31 December is that of the year of `van`; the last one lies before the day after the stay.
        unnest(range(year(van), year(least(stand_tot, {{ instelling('peildatum') }}) + 1))) as jaar
    from {{ ref('int_uitkeringsverloop') }}
),

jaareinden as (
    select
        * exclude (jaar),
        make_date(jaar::integer, 12, 31) as dag
    from jaren
)

select
    persoon_nr,
    gedeeld_dossier,
    gemeente_code,
    leefvorm,
    dag,
    {{ categorie('uitkeringsduur', uitkeringsduur('periode_begin', 'dag')) }} as uitkeringsduur
from jaareinden
