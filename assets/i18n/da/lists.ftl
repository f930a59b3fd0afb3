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
outbox-empty = Ingen mail venter.
outbox-taken = Et andet Segl går udbakken igennem lige nu.
outbox-sent = Sendt fra udbakken til { $who }.
outbox-waits = Mailen til { $who } venter. { $why } Intet er sendt. Næste forsøg { $time }.
outbox-needs-answer = Mailen til { $who } venter på dit svar. { $why } Intet er sendt.
outbox-perhaps-sent = Mailen til { $who } er måske sendt fra udbakken. Den ligger nu blandt kladderne: åbn den, og se, hvad du skal gøre.
outbox-partly = Mailen til { $who } nåede ikke alle. Den ligger nu blandt kladderne til dem, der mangler.
