{#- Jobcoach or guidance at the workplace, in the guidelines of CBS for the Statistiek Re-integratie door Gemeenten since 2019
    (www.cbs.nl/nl-nl/faq/sociale-zekerheid/statistiek-re-integratie-door-gemeentensrg/vragen-over-kenmerk-type-voorziening-). -#}
{%- set jobcoach = '30' %}
-- Voorzieningen as known on the peildatum: a begin after it is ignored, an end after it reads as open.
select
    nummer.persoon_nr,
    bron.begindatum,
    case when bron.einddatum <= {{ instelling('peildatum') }} then bron.einddatum else {{ open_einde() }} end as laatste_dag,
    bron.type = '{{ jobcoach }}' as is_jobcoach
from {{ source('invoer', 'voorziening') }} as bron
inner join {{ ref('stg_persoon_nummer') }} as nummer using (persoon)
where bron.begindatum <= {{ instelling('peildatum') }}
