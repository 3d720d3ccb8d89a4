-- Small integers instead of 64-character pseudonyms: every join after this one is on integers.
select
    persoon,
    row_number() over (order by persoon)::integer as persoon_nr
from (
    select persoon from {{ source('invoer', 'persoon') }}
    union
    select persoon from {{ source('invoer', 'kenmerk') }}
    union
    select persoon from {{ source('invoer', 'uitkering') }}
    union
    select persoon from {{ source('invoer', 'dienstverband') }}
    union
    select persoon from {{ source('invoer', 'lks') }}
    union
    select persoon from {{ source('invoer', 'nieuw_beschut') }}
    union
    select persoon from {{ source('invoer', 'quarantaine') }}
)
where persoon is not null
