# Udbakken, kladderne og sendeloggen.

## Hvorfor en mail venter
outbox-unreachable = Mailserveren kan ikke nås.
outbox-busy = Mailserveren er optaget ({ $reply }).
outbox-directory = { $name } svarer ikke. Det vides ikke, om { $who } kan få mailen krypteret.
outbox-computer = Nøgleringen, lageret eller sendeloggen på denne computer kunne ikke bruges.
outbox-exposed = { $who } kan ikke få mailen krypteret.
outbox-forbidden = Jeres it-afdeling tillader ikke ukrypteret mail til { $who }.
outbox-rejected = Mailserveren afviste mailen ({ $reply }).
outbox-stopped = Noget skal rettes først, for eksempel en fil, der er ændret eller væk.
outbox-next = Næste forsøg { $time }
outbox-asks = Venter på dit svar
outbox-not-taken = Mailen kan ikke ligge i udbakken: den er måske sendt, eller computeren kan ikke gemme den.
next-send-later = Kladden er her stadig. Send den igen senere.
