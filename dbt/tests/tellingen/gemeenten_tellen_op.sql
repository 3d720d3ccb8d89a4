-- The gemeenten add up to the organisation, cell by cell: exactly, to at least it (a dossier counts in each of its gemeenten) or to at most it (of some no gemeente is
-- known), as the registry says.
with per_cel as (
    select
        telling.indicator_id,
        telling.periode,
        telling.dimensie,
        telling.categorie,
        any_value(indicator.gemeenten_tellen_op) as tellen_op,
        {%- for getal in ['teller', 'noemer', 'n_niet_volgbaar'] %}
        coalesce(sum({{ getal }}) filter (regio.is_organisatie), 0) as {{ getal }},
        coalesce(sum({{ getal }}) filter (not regio.is_organisatie), 0) as som_{{ getal }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('pub_telling') }} as telling
    inner join {{ source('invoer', 'indicator') }} as indicator using (indicator_id)
    inner join {{ source('invoer', 'taak_regio') }} as regio
        on telling.regio_code = regio.regio_code and indicator.taak = regio.taak
    left join {{ source('invoer', 'indicator_uitsplitsing') }} as uitsplitsing
        on telling.indicator_id = uitsplitsing.indicator_id and telling.dimensie = uitsplitsing.dimensie
    -- Curves, means and sums have no counts to add; some break-downs exist for the organisation only.
    where telling.teller is not null and indicator.gemeenten and coalesce(uitsplitsing.gemeenten, telling.dimensie = 'totaal')
    group by all
)

select *
from per_cel
where
    case tellen_op
        when 'gelijk' then som_teller <> teller or som_noemer <> noemer or som_n_niet_volgbaar <> n_niet_volgbaar
        when 'minstens' then som_teller < teller or som_noemer < noemer
        when 'hoogstens' then som_teller > teller or som_noemer > noemer or som_n_niet_volgbaar > n_niet_volgbaar
        else false
    end
