# Klasse, transport, risiko og vurderinger, der gælder fremover

class-ordinary = almindelig
class-confidential = fortrolig
class-sensitive = følsom

risk-low = lav
risk-medium = mellem
risk-high = høj
risk-line = Risiko: { $band } (mailen regnes for { $class }: konsekvens { $impact } af 5; sandsynlighed { $probability } af 5).

transport-not-examined = Ingen har undersøgt, om vejen til { $domain } er krypteret.
transport-readers = Alle mailservere undervejs kan læse mailen.

transport-unexamined = ikke undersøgt

refused-blocked = Jeres it-afdeling tillader ingen mail til denne modtager.
refused-no-mail = Modtagerens domæne oplyser, at det ikke modtager mail.
refused-high-risk = Risikoen ved at sende mailen uden kryptering er høj, og det accepterer I ikke.
changed-class = Der blev fundet mere i mailen, end da du godkendte den: den regnes nu for mere fortrolig.
changed-transport = Vejen til { $name } vides at være svagere, end da du godkendte mailen.

warn-blocked = Jeres it-afdeling tillader ingen mail til denne modtager.
warn-no-mail = { $domain } oplyser, at det ikke modtager mail.
warn-high-risk = Risikoen er høj, og det accepterer I ikke.
warn-sensitive-beside = Mailen regnes for følsom: der sendes ingen ukrypteret kopi ved siden af de krypterede. Send først til de andre, og tag derefter stilling til resten.
warn-rule = Reglen for denne modtager: { $rule }.
warn-also-later = Gælder også fremover for mail til { $who } op til klassen { $class }, indtil { $until }
warn-question-low = Risikoen er lav: en begrundelse er ikke påkrævet.
tell-also-later-on = Gælder også fremover
tell-also-later-off = Gælder kun denne mail
do-also-later = Gælder også fremover

standing-assessed =
    { $count ->
        [one] { $who } får mailen uden kryptering: vurderet { $made }, gælder til { $until }.
       *[other] { $count } modtagere får mailen uden kryptering: vurderet { $made }, gælder til { $until }.
    }
button-assessed =
    { $count ->
        [one] Send, 1 uden kryptering
       *[other] Send, { $count } uden kryptering
    }
entry-assessed = Vurderet { $made }, gælder til { $until }.

assessment-not-allowed = Jeres it-afdeling tillader ikke vurderinger, der gælder fremover.
assessment-none = Der er ingen vurdering for { $who }.
assessment-not-kept = Vurderingen blev ikke gemt: { $detail }.
assessment-busy = Et andet af Segls vinduer ændrer vurderingerne.
next-assessment = Du bliver spurgt igen næste gang.
assessment-list-empty = Ingen vurdering gælder fremover.
server-no-requiretls = Mailserveren tager ikke længere imod mail, der skal være krypteret hele vejen.
