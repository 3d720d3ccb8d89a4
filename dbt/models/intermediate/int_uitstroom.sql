-- One row an outflow (a merged spell that ended): where, why, with which traits, to what work a month later, and who came back when.
with uitstroom as (
    select
        periode_nr,
        persoon_nr,
        periode_begin as b,
        periode_einde as e,
        {{ plus_maanden('periode_einde', 1) }} as maand_later,
        reden_groep,
        gemeente_code,
        gedeeld_dossier,
        leefvorm
    from {{ ref('int_uitkeringsverloop') }}
    -- The last row of a spell that ended, so that there is a reason why.
    where tot = periode_einde and reden_groep is not null
),

-- Merged periods of a person never touch (tested), so at most one holds a day: a join on the person with the day between begin and end finds it.
-- Only who works can work in loondienst, and only who comes back can have come back by then: the others are null there and need not be looked up.
met_werk as (
    select
        uitstroom.*,
        werk.persoon_nr is not null as werk_maand_later,
        loondienst.persoon_nr is not null as loondienst_maand_later,
        lks.persoon_nr is not null as lks_maand_later,
        beschut.persoon_nr is not null as nieuw_beschut_maand_later,
        uitkering.persoon_nr is not null as uitkering_maand_later,
        -- greatest() ignores nulls: without a return there must be no day.
        case when terugkeer.begindatum is not null then greatest(terugkeer.begindatum, uitstroom.e + 1) end as terugkeerdag
    from uitstroom
    -- The first period that ends after e.
    left join {{ ref('int_terugkeerperiode') }} as terugkeer
        on uitstroom.persoon_nr = terugkeer.persoon_nr
        and uitstroom.e < terugkeer.laatste_dag
        and uitstroom.e >= terugkeer.vorige_laatste_dag
    {%- for naam, model, wie in [
        ('werk', 'int_werk', 'uitstroom.persoon_nr'),
        ('loondienst', 'int_loondienst', 'werk.persoon_nr'),
        ('lks', 'int_werk_lks', 'uitstroom.persoon_nr'),
        ('beschut', 'int_werk_nieuw_beschut', 'uitstroom.persoon_nr'),
        ('uitkering', 'int_terugkeerperiode', 'terugkeer.persoon_nr')
    ] %}
    left join {{ ref(model) }} as {{ naam }}
        on {{ wie }} = {{ naam }}.persoon_nr
        and uitstroom.maand_later >= {{ naam }}.begindatum
        and uitstroom.maand_later <= {{ naam }}.laatste_dag
    {%- endfor %}
)

select
    met_werk.*,
    {{ categorie('uitkeringsduur', uitkeringsduur('met_werk.b', 'met_werk.e')) }} as uitkeringsduur,
    {{ kenmerken_op_dag('met_werk.e') }},
    {%- set soort_werk %}
    case
        when not met_werk.werk_maand_later then 'onbekend'
        when met_werk.nieuw_beschut_maand_later then 'nieuw_beschut'
        when met_werk.lks_maand_later then 'lks'
        else 'regulier'
    end
    {%- endset %}
    {{ categorie('werk_na_uitstroom', soort_werk) }} as werk_na_uitstroom,
    true as in_alle,
    met_werk.reden_groep = 'werk' as in_werk_reden,
    met_werk.loondienst_maand_later and not met_werk.uitkering_maand_later as in_werk_polis,
    met_werk.werk_maand_later and not met_werk.uitkering_maand_later as in_werk_inkomen,
    met_werk.reden_groep in ('werk', 'onderwijs') as in_werk_onderneming_onderwijs,
    bronfout.persoon_nr is not null as bronfout,
    persoon.overlijdensdatum,
    persoon.vertrekdatum,
    aow.aow_dag
from met_werk
{{ met_kenmerken('met_werk', 'met_werk.e') }}
left join {{ ref('stg_bronfout') }} as bronfout on met_werk.persoon_nr = bronfout.persoon_nr
left join {{ ref('int_aow_dag') }} as aow on met_werk.persoon_nr = aow.persoon_nr
