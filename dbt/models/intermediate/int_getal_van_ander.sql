-- Numbers that others publish and that our figures are held against: per indicator, task, region and period one, with the status that it has there. Of several
-- publishers the first by name. The organisation without a number of its own has the sum of its gemeenten (those of the task), where all of them have one.
{%- set van_reeks = ['doelgroepregister', 'huishoudens', 'inwoners', 'nieuw_beschut_taakstelling'] %}
{%- set van_doelstelling = ['nieuw_beschut_plekken_31', 'nieuw_beschut_plekken'] %}
{%- set statussen = "['definitief', 'nader_voorlopig', 'voorlopig']" %}
with gevonden as (
    select indicator_id, regio_code, periode, waarde, status, 0 as voorrang, bron, definitie_id, 0 as volgorde
    from {{ ref('stg_reeks') }}
    where dimensie = 'totaal' and waarde is not null and indicator_id in ('{{ van_reeks | join("', '") }}')
    {%- for doel in van_doelstelling %}
    union all
    select
        'nieuw_beschut_taakstelling' as indicator_id,
        regio_code,
        periode,
        waarde,
        'definitief' as status,
        {{ loop.index }} as voorrang,
        '' as bron,
        '' as definitie_id,
        bron_volgorde as volgorde
    from {{ source('invoer', 'doelstelling') }}
    where indicator_id = '{{ doel }}' and waarde is not null
    {%- endfor %}
    union all
    select
        'nieuw_beschut_taakstelling' as indicator_id,
        gemeente_code as regio_code,
        jaar || 'JJ00' as periode,
        plekken as waarde,
        'definitief' as status,
        {{ van_doelstelling | length + 1 }} as voorrang,
        '' as bron,
        '' as definitie_id,
        0 as volgorde
    from {{ source('invoer', 'taakstelling_beschut') }}
),

gekozen as (
    select
        indicator_id,
        regio_code,
        periode,
        -- Exact, so that a sum over gemeenten is one number whatever the order.
        waarde::decimal(18, 4) as waarde,
        list_position({{ statussen }}, status) as zwakte
    from gevonden
    qualify row_number() over (partition by indicator_id, regio_code, periode order by voorrang, bron, definitie_id, volgorde) = 1
),

per_taak as (
    select regio.taak, regio.is_organisatie, gekozen.*
    from gekozen
    inner join {{ source('invoer', 'taak_regio') }} as regio using (regio_code)
),

gemeenten as (
    select taak, count(*) as aantal
    from {{ source('invoer', 'taak_regio') }}
    where not is_organisatie
    group by taak
),

opgeteld as (
    select
        per_taak.taak,
        per_taak.indicator_id,
        per_taak.periode,
        sum(per_taak.waarde) as waarde,
        max(per_taak.zwakte) as zwakte
    from per_taak
    inner join gemeenten on per_taak.taak = gemeenten.taak
    where not per_taak.is_organisatie
    group by per_taak.taak, per_taak.indicator_id, per_taak.periode
    having count(*) = any_value(gemeenten.aantal)
),

samen as (
    select taak, indicator_id, regio_code, periode, waarde, zwakte from per_taak
    union all
    select taak, indicator_id, {{ instelling('organisatie_code') }} as regio_code, periode, waarde, zwakte
    from opgeteld
    anti join (select * from per_taak where is_organisatie) as eigen using (taak, indicator_id, periode)
)

select
    taak,
    indicator_id,
    regio_code,
    periode,
    waarde,
    {{ statussen }}[zwakte] as status
from samen
