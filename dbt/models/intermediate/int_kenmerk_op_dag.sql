-- Traits on a day, of persons of whom traits have a history: of a trait with history the kenmerk row that covers the day (latest begin, then order of sources),
-- else onbekend; of a trait without what persoon says, which is the value at delivery. Age follows from the day and needs no row here.
with historie as (
    select
        moment.persoon_nr,
        moment.dag,
        {%- for kenmerk in kenmerken() %}
        max_by(kenmerk.waarde, {'begindatum': kenmerk.begindatum, 'volgorde': -kenmerk.bron_volgorde})
            filter (kenmerk.kenmerk = '{{ kenmerk }}' and moment.dag between kenmerk.begindatum and kenmerk.laatste_dag) as {{ kenmerk }},
        bool_or(kenmerk.kenmerk = '{{ kenmerk }}') as {{ kenmerk }}_heeft_historie{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_moment') }} as moment
    inner join {{ ref('stg_kenmerk') }} as kenmerk
        on moment.persoon_nr = kenmerk.persoon_nr
    group by moment.persoon_nr, moment.dag
)

select
    historie.persoon_nr,
    historie.dag,
    {%- for kenmerk in kenmerken() %}
    {%- set waarde = "coalesce(historie.%s, case when not historie.%s_heeft_historie then persoon.%s end, 'onbekend')" % (kenmerk, kenmerk, kenmerk) %}
    {{ categorie(kenmerk, waarde) }} as {{ kenmerk }}{{ ',' if not loop.last }}
    {%- endfor %}
from historie
left join {{ ref('stg_persoon') }} as persoon using (persoon_nr)
