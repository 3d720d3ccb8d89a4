-- Quarters and months add up to the year, for everything that is counted in moments; a stand is no sum, nor are persons counted once a year.
with per_jaar as (
    select
        telling.indicator_id,
        telling.regio_code,
        left(telling.periode, 4) as jaar,
        soort.periodesoort,
        {%- for getal in ['teller', 'noemer', 'n_niet_volgbaar'] %}
        coalesce(sum({{ getal }}) filter (substr(telling.periode, 5, 2) = 'JJ'), 0) as {{ getal }},
        coalesce(sum({{ getal }}) filter (substr(telling.periode, 5, 2) = soort.periodesoort), 0) as som_{{ getal }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('pub_telling') }} as telling
    inner join {{ source('invoer', 'indicator_periode') }} as soort using (indicator_id)
    inner join {{ source('invoer', 'indicator') }} as indicator using (indicator_id)
    where
        telling.dimensie = 'totaal'
        and soort.periodesoort <> 'JJ'
        and indicator.perioden_tellen_op
    group by all
)

select *
from per_jaar
where som_teller <> teller or som_noemer <> noemer or som_n_niet_volgbaar <> n_niet_volgbaar
