-- Traits on a day: of a person with history for the trait the kenmerk row that covers the day (latest begin, then order of sources), else onbekend;
-- of a person without history what persoon says, which is the value at delivery.
{%- set kenmerken = ['geslacht', 'statushouder', 'arbeidsbeperking', 'arbeidsvermogen'] %}
with historie as (
    select
        moment.persoon_nr,
        moment.dag,
        {%- for kenmerk in kenmerken %}
        max_by(kenmerk.waarde, {'begindatum': kenmerk.begindatum, 'volgorde': -kenmerk.bron_volgorde})
            filter (kenmerk.kenmerk = '{{ kenmerk }}' and moment.dag between kenmerk.begindatum and kenmerk.laatste_dag) as {{ kenmerk }},
        bool_or(kenmerk.kenmerk = '{{ kenmerk }}') as {{ kenmerk }}_heeft_historie{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_moment') }} as moment
    inner join {{ ref('stg_kenmerk') }} as kenmerk
        on moment.persoon_nr = kenmerk.persoon_nr
    group by all
)

select
    moment.persoon_nr,
    moment.dag,
    {{ leeftijdsklasse('persoon.geboortedatum', 'moment.dag') }} as leeftijd,
    {%- for kenmerk in kenmerken %}
    coalesce(
        historie.{{ kenmerk }}, case when not coalesce(historie.{{ kenmerk }}_heeft_historie, false) then persoon.{{ kenmerk }} end, 'onbekend'
    ) as {{ kenmerk }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ ref('int_moment') }} as moment
left join {{ ref('stg_persoon') }} as persoon using (persoon_nr)
left join historie using (persoon_nr, dag)
