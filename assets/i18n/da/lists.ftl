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
outbox-taken = Et andet Segl er i gang med udbakken lige nu.
outbox-sent = Sendt fra udbakken til { $who }.
outbox-waits = Mailen til { $who } venter. { $why } Intet er sendt. Næste forsøg { $time }.
outbox-needs-answer = Mailen til { $who } venter på dit svar. { $why } Intet er sendt.
outbox-perhaps-sent = Mailen til { $who } er måske sendt fra udbakken. Den ligger nu blandt kladderne: åbn den, og se, hvad du skal gøre.
outbox-partly = Mailen til { $who } nåede ikke alle. Den ligger nu blandt kladderne til dem, der mangler.

## Vinduet
lists-title = Kladder, udbakke og sendelog - Segl
lists-tabs = Lister
lists-drafts = Kladder
lists-outbox = Udbakke
lists-log = Sendelog
lists-not-encrypted = Sendelog, kun ikke krypteret
lists-loaded = { $name }: { $count ->
    [0] ingen rækker
    [one] 1 række
   *[other] { $count } rækker
}
lists-row = { $text }. Række { $n } af { $m }
lists-sorted-down = { $name }, sorteret, største eller nyeste først
lists-sorted-up = { $name }, sorteret, mindste eller ældste først
lists-none-begins = Ingen række begynder med { $text }
lists-time = Tid
lists-to = Til
lists-size = Fylder
lists-why = Hvorfor den venter
lists-next = Næste forsøg
lists-how = Hvordan
lists-reason = Begrundelse
lists-server = Mailserver
lists-nobody = Ingen modtager endnu
lists-open-elsewhere = (åben i et andet vindue)
lists-in-doubt = (måske sendt)
lists-unreadable = Kan ikke læses af denne udgave
lists-removed = Detaljerne er slettet, fordi opbevaringstiden er gået
lists-how-under-way = Er på vej
lists-how-not-sent = Ikke sendt
lists-how-rejected = Afvist af mailserveren
lists-how-unconfirmed = Måske sendt
lists-how-written = Skrevet til en fil
lists-how-person = Krypteret
lists-how-organisation = Krypteret · organisation
lists-how-internal = Blev i huset
lists-how-clear = Ikke krypteret
lists-loading = Hentes …
lists-log-hint = En række for hver modtager. Emnet gemmes ikke i loggen, så den kan vises frem uden at røbe sagerne.
lists-none-filtered = Alt er sendt krypteret: ingen række passer til filteret.
lists-no-drafts = Der er ingen kladder. En mail, som du lukker uden at sende, bliver gemt her.
lists-no-outbox = Ingen mail venter. Her ligger mail, når mailserveren ikke kan nås, eller når en certifikatdatabase ikke svarer.
lists-no-log = Der er ikke sendt noget endnu. Hver mail, som Segl sender, får en række her for hver modtager.
lists-do-open = Åbn
lists-do-delete = Slet …
lists-do-delete-now = Slet kladden
lists-do-keep = Behold kladden
lists-do-back = Tilbage til kladde
lists-do-save = Gem rækken …
lists-do-wrong-person = Sendt til den forkerte?
lists-do-filter = Vis kun ikke krypteret
lists-do-all = Vis alle
lists-do-leave = Tilbage til listen
lists-do-reload = Hent igen
lists-do-wait = Læg i udbakken
lists-do-when-answered = Send, når certifikatdatabasen svarer
lists-do-answer = Åbn og svar
lists-do-send-now = Send nu
lists-do-read = Læs mailen
lists-trying = Prøver at sende
lists-busy = Mailen er ikke i udbakken længere, eller den er ved at blive sendt
lists-is-open = Kladden er åben i et andet vindue
lists-is-draft = Mailen er en kladde igen. Intet er sendt
lists-deleted = Kladden er slettet
lists-not-taken = Kladden kan ikke åbnes her: den er åben i et andet vindue, eller den er sendt eller slettet.
lists-not-taken-means = Intet er gået tabt.
lists-delete-title = Slet kladden til { $who }?
lists-delete-text = Kladden kan ikke hentes tilbage.
lists-delete-doubt = Mailen er måske sendt. Sletter du kladden, spørger Segl ikke igen. Kladden kan ikke hentes tilbage.
lists-wrong-title = Sendt til den forkerte: { $who }
lists-wrong-gone = Mailen kan ikke kaldes tilbage.
lists-wrong-sealed = Den var krypteret: kun denne modtager, eller dennes organisation, kan læse den.
lists-wrong-clear = Den var ikke krypteret til modtageren: også andre på vejen kan have læst den.
lists-wrong-call = 1. Ring til modtageren, og bed om at få mailen slettet uden at blive læst. Skriv ned, hvad der blev svaret.
lists-wrong-report = 2. Giv jeres databeskyttelsesrådgiver eller chef besked i dag. Er der personoplysninger i mailen, kan bruddet skulle anmeldes inden 72 timer.
lists-wrong-save = 3. Gem rækken (Ctrl+S). Den viser, hvem der fik mailen, hvornår og hvordan, og den kan kontrolleres af andre.
lists-mail-from = Fra
lists-mail-to = Til
lists-mail-cc = Cc
lists-mail-date = Dato
lists-mail-files = Vedhæftet
lists-mail-bcc = Bcc-modtagere står kun i sendeloggen.

## Udbakken i mailens vindue
lists-queued = { $why } Intet er sendt. Mailen ligger i udbakken; næste forsøg { $time }.
lists-queued-asks = { $why } Intet er sendt. Mailen ligger i udbakken og venter på dit svar.
lists-not-silent = Kun en mail, der blot mangler svar fra en certifikatdatabase, kan vente på det
lists-asks-again = Du kan prøve igen eller lægge mailen i udbakken. Den sendes ikke derfra uden kryptering: Segl spørger dig igen.
lists-count-asking = { $count ->
    [one] 1 mail i udbakken venter på dit svar.
   *[other] { $count } mails i udbakken venter på dit svar.
}
lists-count-waiting = { $count ->
    [one] 1 mail venter i udbakken.
   *[other] { $count } mails venter i udbakken.
}
lists-count-drafts = { $count ->
    [one] 1 kladde er gemt.
   *[other] { $count } kladder er gemt.
}
log-not-exported = Rækken kan ikke hentes fra sendeloggen.
log-not-shown = Sendeloggen kan ikke vises.
