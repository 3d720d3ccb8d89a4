-- What is shown as the difference with the budget is what is shown as realised less what is shown as budgeted; there is one where both are there, and only there.
{%- for maat in ['baten', 'lasten', 'resultaat'] %}
select
    verschil.indicator_id,
    verschil.regio_code,
    verschil.periode,
    verschil.dimensie,
    verschil.categorie,
    verschil.waarde,
    realisatie.waarde as realisatie,
    begroot.waarde as begroot
from {{ ref('pub_eigen_cijfers') }} as verschil
inner join {{ ref('pub_eigen_cijfers') }} as realisatie using (regio_code, periode, dimensie, categorie)
inner join {{ ref('pub_eigen_cijfers') }} as begroot using (regio_code, periode, dimensie, categorie)
where
    verschil.indicator_id = '{{ maat }}_verschil'
    and realisatie.indicator_id = '{{ maat }}'
    and begroot.indicator_id = '{{ maat }}_begroot'
    and coalesce(abs(verschil.waarde - (realisatie.waarde - begroot.waarde)) > 0.005, (verschil.waarde is null) <> (realisatie.waarde - begroot.waarde is null))
{{ 'union all' if not loop.last }}
{%- endfor %}
