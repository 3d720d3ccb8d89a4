-- Traits on a day: the kenmerk row that covers it (latest begin, then order of sources), else what persoon says, else onbekend.
{%- set kenmerken = ['geslacht', 'statushouder', 'arbeidsbeperking', 'arbeidsvermogen'] %}
with historie as (
    select
        moment.persoon_nr,
        moment.dag,
        {%- for kenmerk in kenmerken %}
        max_by(kenmerk.waarde, {'begindatum': kenmerk.begindatum, 'volgorde': -kenmerk.bron_volgorde})
            filter (kenmerk.kenmerk = '{{ kenmerk }}') as {{ kenmerk }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_moment') }} as moment
    inner join {{ ref('stg_kenmerk') }} as kenmerk
        on moment.persoon_nr = kenmerk.persoon_nr and moment.dag between kenmerk.begindatum and kenmerk.laatste_dag
    group by all
)

select
    moment.persoon_nr,
    moment.dag,
    {{ leeftijdsklasse('persoon.geboortedatum', 'moment.dag') }} as leeftijd,
    {%- for kenmerk in kenmerken %}
    coalesce(historie.{{ kenmerk }}, persoon.{{ kenmerk }}, 'onbekend') as {{ kenmerk }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ ref('int_moment') }} as moment
left join {{ ref('stg_persoon') }} as persoon using (persoon_nr)
left join historie using (persoon_nr, dag)
