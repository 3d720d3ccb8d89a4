-- The gemeenten add up to the organisation, cell by cell. Dossiers are counted once a region, so what is counted in dossiers may add up to more, never to less.
with per_cel as (
    select
        indicator_id,
        periode,
        dimensie,
        categorie,
        {%- for getal in ['teller', 'noemer', 'n_niet_volgbaar'] %}
        coalesce(sum({{ getal }}) filter (regio.is_organisatie), 0) as {{ getal }},
        coalesce(sum({{ getal }}) filter (not regio.is_organisatie), 0) as som_{{ getal }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('pub_telling') }} as telling
    inner join {{ source('invoer', 'regio') }} as regio using (regio_code)
    -- Curves have no counts to add; crossed break-downs exist for the organisation only.
    where telling.teller is not null and telling.dimensie not like '% x %'
    group by all
)

select *
from per_cel
where
    case
        when indicator_id in ('stand_uitkeringen', 'uitstroompercentage_divosa') then som_teller < teller or som_noemer < noemer
        else som_teller <> teller or som_noemer <> noemer or som_n_niet_volgbaar <> n_niet_volgbaar
    end
