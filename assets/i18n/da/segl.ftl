# Segl: sætninger, som alle flader deler. Ét ord for hver ting: mail, modtager, kladde, emne, certifikat,
# certifikatdatabase, spærret, udløbet, krypteret til personen, krypteret til organisationen, sendelog, kvittering.

## Ord på en modtager
word-encrypted = Krypteres
word-encrypted-organisation = Krypteres · organisation
word-internal = Bliver i huset
word-checking = Kontrollerer
word-not-found = Intet certifikat
word-not-checked = Ikke kontrolleret
word-vanished = Certifikat forsvundet
word-expired = Udløbet
word-not-yet-valid = Endnu ikke gyldigt
word-revoked = Spærret
word-revocation-unknown = Spærring ukendt
word-clock = Uret går forkert
word-other-address = Anden adresse
word-usage = Ikke til kryptering
word-untrusted = Ukendt udsteder
word-path-not-examined = Udsteder ikke undersøgt
word-test = Testcertifikat
word-weak = For svagt
word-unsupported = Nøgletype ikke understøttet
word-not-allowed-by-issuer = Ikke tilladt af udstederen
word-conflict = To organisationer
word-changed = Anden organisation end før
word-malformed = Kan ikke læses
word-cpr = CPR-nummer i adressen
cpr-in-address = Et CPR-nummer må ikke stå i en mailadresse over internettet.
next-digital-post = Brug Digital Post.
word-invalid = Ugyldig adresse
word-refused = Må ikke sendes

## Hvorfor en modtager er rød
problem-not-found = Der er ikke offentliggjort et certifikat for { $address }.
problem-vanished = { $address } havde et certifikat { $date }; nu findes det ikke.
problem-no-address = Der står ingen mailadresse i certifikatet, og ingen regel binder det til { $address }.
problem-other-address = Certifikatet gælder { $other }, ikke { $address }.
problem-expired = Certifikatet udløb { $date }. Modtageren kan måske ikke åbne mailen.
problem-issuer-expired = Udstederens certifikat ({ $issuer }) udløb { $date }.
problem-not-yet-valid = Certifikatet gælder først fra { $date }.
problem-issuer-not-yet-valid = Udstederens certifikat ({ $issuer }) gælder først fra { $date }.
problem-usage = Certifikatet må kun bruges til underskrift.
problem-extended-usage = Certifikatet er ikke udstedt til mail.
problem-issuer-extended-usage = Udstederen { $issuer } må ikke udstede certifikater til mail. Modtageren skal have et fra en anden udsteder.
problem-revoked = Certifikatet blev spærret { $date }. { $why }
problem-issuer-revoked = Udstederens certifikat ({ $issuer }) blev spærret { $date }. { $why }
problem-on-hold = Certifikatet har været midlertidigt spærret siden { $date }: udstederen vil enten ophæve det eller spærre det helt. Indtil da gælder det ikke.
problem-issuer-on-hold = Udstederens certifikat ({ $issuer }) har været midlertidigt spærret siden { $date }. Indtil det er ophævet, gælder intet, den har udstedt.
revoked-compromise = Nøglen er eller kan være i andres hænder.
revoked-affiliation = Det, certifikatet siger om indehaveren, gælder ikke længere.
revoked-superseded = Det er afløst af et andet: bed indehaveren om det nye.
revoked-cessation = Det bruges ikke længere.
revoked-privilege = Indehaveren må ikke længere bruge det.
revoked-unsaid = Andre kan have nøglen.
problem-untrusted = { $issuer } er ikke blandt de udstedere, jeres it-afdeling stoler på.
problem-path-not-examined = Ikke alt, der giver sig ud for at være udstederen ({ $issuer }), blev undersøgt: Det er for meget, eller nøglerne er for store. Om jeres it-afdeling stoler på udstederen, vides ikke, så der krypteres ikke med dette certifikat. Bed it-afdelingen lægge udstederens eget certifikat ind i indstillingerne.
problem-test = Certifikatet er udstedt til afprøvning ({ $root }). Det beskytter ingen.
problem-weak-key = Nøglen er for kort: { $presented }; mindst { $expected } kræves.
problem-weak-signature = Certifikatet er underskrevet med en forældet metode ({ $presented }).
problem-unsupported = Segl kan endnu ikke kryptere til denne nøgletype ({ $presented }).
problem-path-rule = Udstederens regler tillader ikke dette certifikat.
problem-name-constraints = Udstederens regler for navne ({ $expected }) tillader ikke dette certifikat ({ $presented }).
problem-path-length = Udstederen tillader højst { $expected } udstedere under sig; her er { $presented }.
problem-critical-extension = Certifikatet har en kritisk udvidelse, som Segl ikke kender ({ $presented }).
problem-policy = Certifikatet følger ikke den certifikatpolitik, der kræves ({ $expected }), men { $presented }.
problem-policy-none = Certifikatet angiver ingen certifikatpolitik; der kræves { $expected }.
problem-conflict = Certifikater fra både { $one } og { $other } bruger adressen. Segl vælger ikke for dig.
problem-changed = Sidst tilhørte certifikatet { $before }; nu { $now }. Bekræft, at det er rigtigt.
problem-malformed = Det offentliggjorte certifikat kan ikke læses.
ending-recipient = Modtagerens certifikat udløber { $date }: { $subject }
ending-issuer = En udsteder af modtagerens certifikat udløber { $date }: { $subject }
organisation-none = ingen organisation

## Computerens ur
clock-off = Computerens ur viser { $ours }, men hos { $peer } er det { $theirs }. Så længe de er mere end en time fra hinanden, kan det ikke afgøres, om et certifikat gælder eller er spærret, og intet bliver grønt.
clock-off-next = Stil dato, klokkeslæt og tidszone, og slå op igen. Går uret rigtigt, så giv it-afdelingen besked.
clock-disputed = Hos { $peer } er det { $theirs }, men computerens ur viser { $ours }, og andre siger det samme som det. Certifikaterne er bedømt efter computerens ur.
clock-disputed-next = Ret uret, hvis det ikke går rigtigt. Ellers giv it-afdelingen besked.
doctor-clock = Uret går som hos dem, der er spurgt.

revocation-no-source = Det kunne ikke afgøres, om certifikatet er spærret: der er ingen spærreliste fra { $issuer }.
revocation-stale = Det kunne ikke afgøres, om certifikatet er spærret: oplysningerne om det er fra { $date } og for gamle.
revocation-not-yet = Det kunne ikke afgøres, om certifikatet er spærret: oplysningerne om det er dateret { $date }, som ligger ude i fremtiden. Går uret rigtigt?
revocation-wrong-signer = Det kunne ikke afgøres, om certifikatet er spærret: spærrelisten er ikke underskrevet af { $issuer }.
revocation-weak-signer = Det kunne ikke afgøres, om certifikatet er spærret: { $signer }, der har underskrevet oplysningen, har en for svag nøgle eller et for svagt certifikat ({ $presented }), så en anden kan stå bag.
revocation-scope = Det kunne ikke afgøres, om certifikatet er spærret: spærrelisten omfatter ikke certifikatet.
revocation-unreadable = Det kunne ikke afgøres, om certifikatet er spærret: spærrelisten kan ikke læses.
revocation-no-answer = Det kunne ikke afgøres, om certifikatet er spærret: { $host } svarede ikke.
revocation-declined = Det kunne ikke afgøres, om certifikatet er spærret: { $host } ville ikke svare ({ $status }).
revocation-not-known = Det kunne ikke afgøres, om certifikatet er spærret: { $host } kender ikke certifikatet.
revocation-unfit = Det kunne ikke afgøres, om certifikatet er spærret: svaret fra { $host } kan ikke bruges.
revocation-wrong-responder = Det kunne ikke afgøres, om certifikatet er spærret: svaret fra { $host } er underskrevet af en, som ikke må underskrive det.

failure-unreachable = { $directory } svarer ikke. Modtageren har måske et certifikat.
failure-timeout = { $directory } svarede ikke i tide. Modtageren har måske et certifikat.
failure-tls = Forbindelsen til { $directory } er ikke sikker nok. Modtageren har måske et certifikat.
failure-refused = { $directory } ville ikke svare. Modtageren har måske et certifikat.
failure-protocol = { $directory } gav et ugyldigt svar. Modtageren har måske et certifikat.
failure-partial = { $directory } viste ikke alt. Modtageren har måske et certifikat.
failure-none = Certifikatdatabasen svarer ikke. Modtageren har måske et certifikat.

## Indstillinger
settings-missing = Der er ingen indstillinger: { $file } findes ikke. Intet er sendt.
settings-unreadable = Indstillingerne kan ikke læses: { $file } ({ $detail }). Intet er sendt.
settings-syntax = Indstillingerne kan ikke læses: { $file } linje { $line } ({ $detail }). Intet er sendt.
settings-unknown-key = Indstillingerne kan ikke læses: { $file } linje { $line }, »{ $key }« kendes ikke. Intet er sendt.
settings-mistyped-key = Indstillingerne kan ikke læses: { $file } linje { $line }, »{ $key }« kendes ikke (mente du »{ $near }«?). Intet er sendt.
settings-later = { $file } linje { $line }: »{ $key }« findes ikke i denne udgave af Segl. Intet er sendt.
settings-value = Indstillingerne kan ikke bruges: { $file } linje { $line }, { $key }: { $detail }. Intet er sendt.
settings-unprotected = It-afdelingens regler i { $file } kan ændres af andre ({ $detail }). Intet er sendt.
next-settings = Ret filen, og prøv igen.
next-settings-later = Tag linjen ud, eller hent en nyere udgave.
next-settings-missing = Opret filen, eller prøv Segl med opfundne modtagere: segl-desktop --demo
next-it = Giv it-afdelingen besked.
next-address = Ret adressen, og prøv igen.
origin-policy = it-afdelingens regler
origin-file = indstillingsfilen
origin-default = standard

## Kommandolinjen
cli-no-home = Computeren fortæller ikke, hvor brugerens mapper er.
cli-bad-address = »{ $address }« er ikke en mailadresse ({ $detail }). Intet er sendt.
cli-bad-message-id = »{ $id }« er ikke en Message-ID som <123@advokat-eksempel.dk>. Intet er sendt.
next-message-id = Kopiér den fra den mail, der svares på, og prøv igen.
cli-bad-time = »{ $time }« er ikke et tidspunkt som 2026-11-22T14:02:00Z.
cli-bad-oid = »{ $oid }« er ikke en OID som 1.2.208.169.1.1.1.2.7.
cli-no-certificate = Der er intet certifikat i { $file }.
cli-trust-file = { $file } kan ikke bruges: { $detail }.
cli-file-unreadable = { $file } kan ikke læses: { $detail }.
cli-cert-usable = Certifikatet kan bruges.
cli-no-address = ingen
cli-certificate =
    { $subject }
    Udstedt af: { $issuer }
    Mailadresser: { $addresses }
    Gyldigt: { $from } til { $to }
    Nøgle: { $key }, underskrift: { $signature }
    Fingeraftryk: { $fingerprint }

## Hvad et stop betyder for mailen
means-nothing-sent = Intet er sendt.
means-in-memory = Kladden huskes kun, til Segl lukkes.

## Hvorfor intet blev sendt
stop-no-recipients = Mailen har ingen modtagere.
stop-unknown-sender = Afsenderen er ikke blandt dem, der står i indstillingerne.
stop-no-mail-server = Indstillingerne nævner ingen mailserver.
stop-no-password = Adgangskoden til mailserveren kendes ikke.
stop-self-check = Den færdige mail bestod ikke Segls egen kontrol.
stop-not-sealed = Mailen kunne ikke gøres færdig.
stop-control-character = Emnet eller et navn indeholder et skjult tegn, som ville ændre mailens hoved.
stop-address = En adresse kan ikke stå i en mail.
stop-formatted = Den formaterede tekst kan ikke sendes uændret.
stop-file-exists = { $file } findes allerede og bliver ikke overskrevet.
stop-file-not-written = { $file } kan ikke skrives.
attachment-unreadable = { $name } kan ikke læses.
attachment-changed = { $name } blev ændret undervejs.
attachment-not-a-file = { $name } er ikke en almindelig fil.
attachment-name = Navnet »{ $name }« skjuler, hvad filen er.
changed-recipients = Modtagerne er ikke dem, der blev godkendt.
changed-content = Mailen er ændret, siden du godkendte den.
changed-to-red = { $name } er ændret fra grøn til rød, mens du skrev.
changed-certificates = { $name } har fået et andet certifikat, mens du skrev.
changed-organisation = Certifikatet for { $name } tilhører nu en anden organisation.
refused-forbidden = Jeres it-afdeling tillader ikke ukrypteret mail.
refused-no-transport = Jeres it-afdeling tillader kun ukrypteret mail, når transporten er garanteret krypteret, og det vides ikke om denne modtager.
refused-newer-policy = Jeres it-afdelings regler er nyere end denne udgave af Segl, så kun krypteret mail kan sendes.

## Mailserveren
server-no-roots = Mailserverens certifikat kan ikke kontrolleres: computeren har ingen rodcertifikater.
server-unreachable = Mailserveren { $host }:{ $port } kan ikke nås.
server-silent = Mailserveren { $host }:{ $port } svarer ikke.
server-closed = Mailserveren lukkede forbindelsen med det samme.
server-dropped = Forbindelsen til mailserveren brød, før mailen var afleveret.
server-slow = Mailserveren svarede ikke i tide.
server-no-tls = Mailserveren tilbyder ikke TLS 1.2 eller nyere.
server-injected = Nogen har blandet sig i forbindelsen til mailserveren, før den var krypteret.
server-rubbish = Mailserveren gav et ugyldigt svar.
server-busy = Mailserveren er optaget ({ $code }).
server-refused = Mailserveren afviste mailen: »{ $reply }«.
server-no-mechanism = Mailserveren tilbyder ingen måde at logge ind på, som Segl kender.
server-auth = Mailserveren afviste login.
server-credentials = Brugernavn eller adgangskode indeholder et tegn, der ikke kan bruges til login.
server-token = Der kunne ikke hentes et adgangstoken til mailserveren.
server-too-large = Pakket fylder mailen { $size }; jeres mailserver tager højst { $limit }.
server-no-smtputf8 = Jeres mailserver kan ikke sende til adresser med æ, ø, å eller lignende før @.
server-cancelled = Afsendelsen blev afbrudt.
server-certificate = Mailserverens certifikat er ikke gyldigt. Segl sender ikke gennem den.
server-certificate-expired = Mailserverens certifikat udløb { $date }. Segl sender ikke gennem den.
server-certificate-early = Mailserverens certifikat gælder først fra { $date }. Segl sender ikke gennem den.
server-certificate-name = Mailserverens certifikat gælder ikke { $host }. Segl sender ikke gennem den.
server-certificate-issuer = Mailserverens certifikat har en ukendt udsteder. Segl sender ikke gennem den.
server-host = »{ $host }« er ikke et servernavn.

## Denne computer
key-no-keyring = Computeren har ingen nøglering.
key-locked = Nøgleringen er låst.
key-missing = Nøgleringen mangler den nøgle, som kladder og sendelog er låst med.
key-wrong = Nøglen passer ikke til kladder og sendelog.
key-unnamed = Der ligger forseglede nøgler og hemmeligheder i datamappen, og intet fortæller længere, hvilken nøgle i nøgleringen der åbner dem. Der er ikke lavet en ny nøgle, og intet er ændret.
key-fits-none = Nøglen åbner ingen af de forseglede filer i datamappen: De er låst med en anden nøgle eller er beskadigede.
key-own-damaged = Filen med en af dine egne nøgler kan ikke åbnes: Den er beskadiget eller låst med en anden nøgle. Det, der er krypteret til den nøgle, kan ikke læses; dine andre nøgler virker. { $file }
key-sealed-broken = Det, Segl gemmer forseglet på denne computer, kan ikke åbnes: Det er beskadiget eller låst med en anden nøgle.
key-library = En beregning med nøglen gik galt.
key-file-open = Nøglefilen kan læses af andre ({ $mode }).
key-file-unreadable = Nøglefilen kan ikke læses.
key-file-malformed = Nøglefilen indeholder ikke en nøgle.
key-file-missing = Nøglefilen mangler.
key-not-text = Miljøvariablen { $variable } kan ikke læses.
key-failed = Nøgleringen virker ikke.
record-name = Sendeloggen
store-name = Kladdelageret
record-why = Segl sender ikke uden at kunne dokumentere det.
record-broken = Sendeloggen passer ikke. Den lægges til side, og en ny begyndes.
record-set-aside-from = Sendeloggen passer ikke fra nr. { $seq }. Den er lagt til side, en ny er begyndt, og det er noteret.
record-set-aside = Sendeloggen var væk eller kunne ikke læses. En ny er begyndt, og det er noteret.
record-open-intent = Kladden er ved at blive sendt, eller det vides ikke, om den blev sendt.
record-failed = Sendeloggen kan ikke skrives.
store-failed = Kladdelageret virker ikke.
disk-newer = { $name } er skrevet af en nyere udgave af Segl.
disk-full = { $name } kan ikke skrives: disken er fuld.
disk-read-only = { $name } kan ikke skrives: mappen er skrivebeskyttet.
disk-busy = { $name } er optaget af et andet program.
disk-cannot-open = { $name } kan ikke åbnes.
disk-damaged = { $name } er beskadiget.
disk-failed = { $name } kan ikke læses eller skrives.

## Hvad man gør nu
next-add-recipient = Skriv mindst én modtager.
next-choose-sender = Vælg en af afsenderne i indstillingerne.
next-copy-it = Kopiér til it, og send igen, når de har svaret.
next-look-again = Se modtagerne efter, og send igen.
next-set-password = Skriv adgangskoden igen: segl password set submission
next-sign-in = Log ind igen, og send igen.
next-instead = Bed modtageren om et certifikat, eller brug en anden vej.
next-attach-again = Vedhæft den igen, eller fjern den.
next-attach-file = Vedhæft filerne en for en.
next-close-file = Luk den i det andet program, vedhæft den igen, og send igen.
next-rename = Giv filen et andet navn, og vedhæft den igen.
next-retype = Skriv emnet og navnene igen.
next-hand-over-again = Åbn mailen igen i dit mailprogram.
next-other-folder = Vælg en anden mappe.
next-again = Prøv igen om lidt.
next-clock = Se efter, om computerens ur går rigtigt, og send igen.
next-later = Prøv igen om nogle minutter.
next-smaller = Fjern filer, eller del mailen i { $parts }.
next-ascii-address = Bed modtageren om en adresse uden sådanne tegn.
next-when-ready = Send igen, når du er klar.
next-unlock = Lås den op, og prøv igen.
next-key-file = Bed it om en nøglering eller om en nøglefil ([data] key_file).
next-unlock-or-restore = Lås nøgleringen op. Er nøglen væk, så hent den fra sikkerhedskopien: segl keys restore
next-restore = Hent den rigtige nøgle fra sikkerhedskopien: segl keys restore
next-restore-or-copy = Hent nøglen fra sikkerhedskopien (segl keys restore), eller læg filen key.mark tilbage fra en kopi af datamappen.
next-import-again = Indlæs nøglens fil eller dens sikkerhedskopi igen (segl cert import); er den på et kort eller en USB-nøgle, så sæt det i. Den beskadigede fil lægges til side og slettes aldrig. Er der ingen kopi, så flyt filen ud af mappen.
next-restore-or-import = Hent den rigtige nøgle fra sikkerhedskopien (segl keys restore), eller indlæs dine nøglefiler igen (segl cert import).
next-login-or-restore = Log ind igen (segl login), eller hent den rigtige nøgle fra sikkerhedskopien (segl keys restore).
next-key-mode = Gør den læselig for dig alene (0600).
next-newer-segl = Brug den nyere udgave af Segl.
next-free-space = Frigør plads, og send igen.
next-again-and-it = Send igen, og giv it besked.
next-look-in-log = Se i sendeloggen, før du sender igen.

## Lys og tilstand
light-green = Grøn
light-red = Rød
state-person = Krypteres til { $name }. Certifikat fra { $issuer }, gyldigt til { $date }.
state-person-organisation = Krypteres til { $name }, { $organisation }. Certifikat fra { $issuer }, gyldigt til { $date }.
state-organisation = Krypteres til { $organisation }. Organisationens medarbejdere og mailsystem kan læse den. Certifikatet er gyldigt til { $date }.
state-organisation-directory = Krypteres til { $organisation }, fordi certifikatdatabasen siger, at adressen er deres. Certifikatet er gyldigt til { $date }.
state-internal = Bliver på jeres egen mailserver; ikke krypteret til modtageren.

## Advarsel
warning-heading = { $count ->
    [one] 1 modtager kan ikke få mailen krypteret:
   *[other] { $count } modtagere kan ikke få mailen krypteret:
}
next-consent = Bed om et certifikat, brug en anden vej, send til de andre (--only-encrypted), eller skriv, hvorfor mailen må sendes uden kryptering (--accept-fallback).
next-reason = Vælg en begrundelse: nothing-confidential, assessed, "urgent: …" eller "other: …".

## Kvittering
receipt-sent = Afleveret til jeres mailserver { $time }.
receipt-partial = Kun sendt til nogle af modtagerne ({ $time }). Send den ikke igen til dem, der har fået den.
receipt-rejected = Mailserveren afviste mailen. Intet er sendt.
receipt-unconfirmed = Mailen er måske sendt. Forbindelsen brød, efter at mailen var afleveret, men før serveren svarede. Send den ikke igen, før du har set efter i Sendt post eller spurgt modtageren.
receipt-written = Skrevet til filer { $time }. Ingen mailserver er spurgt.
receipt-left-out = { $name }: ikke sendt; mailen er gemt som kladde
receipt-log = Sendelog nr. { $seq } ({ $head })
receipt-not-delivery = Levering hos modtageren er ikke bekræftet.
delivery-person = krypteret til personen
delivery-organisation = krypteret til organisationen
delivery-internal = på jeres egen mailserver, ikke krypteret til modtageren
delivery-clear = uden kryptering
delivery-rejected = ikke sendt, afvist af mailserveren
delivery-not-sent = ikke sendt
delivery-unconfirmed = måske sendt
delivery-reply = Mailserveren svarede: { $reply }
remark-not-recorded = Sendt, men ikke noteret i sendeloggen. Segl noterer det, næste gang det startes.
remark-no-sent-copy = Kopien af den sendte mail kunne ikke gemmes.
remark-no-readable-copy = Den læsbare kopi kunne ikke skrives til mappen.
remark-not-remembered = Kladdelageret kunne ikke opdateres.
remark-interrupted = Forbindelsen til mailserveren brød undervejs.

## Sendelog
log-bad-head = Det er ikke et loghoved (nummer, kolon og 64 cifre).
log-signatures = Hver række følger den før, og ingen er ændret. Underskrifterne på { $count } rækker er efterset, blandt dem den nyeste, som dækker alle rækker; --every-signature efterser hver.
log-intact = { $count ->
    [one] Sendeloggen er ubrudt: 1 række. Hoved { $head }
   *[other] Sendeloggen er ubrudt: { $count } rækker. Hoved { $head }
}
log-broken = Sendeloggen passer ikke fra nr. { $seq }: { $reason }.
log-no-row = Der er ingen række nr. { $seq } i sendeloggen.
log-deleted = Sendeloggen er slettet; den sidste kendte række er nr. { $seq }.
log-not-a-record = Filen er ikke en sendelog.
log-head-not-in-file = Filen indeholder ikke række nr. { $seq }, som hovedet nævner.
log-unreadable = Sendeloggen kan ikke læses.
next-log-list = Se rækkerne med: segl log list
reason-empty = den er tom
reason-missing = en række mangler
reason-out-of-order = rækkerne står i forkert orden
reason-unreadable = rækken kan ikke læses
reason-signature = underskriften passer ikke
reason-installation = rækken hører til en anden log
reason-previous = rækken følger ikke efter den forrige
reason-changed = rækken er ændret
reason-payload = indholdet er ændret
reason-payload-missing = indholdet mangler
reason-tail-cut = de nyeste rækker mangler
reason-head = rækken er ikke den, hovedet nævner

## Nøgler på kommandolinjen
keys-unknown-name = »{ $name }« er hverken submission eller navnet på en certifikatdatabase.
keys-done = Gjort.
keys-no-password = Der kom ingen adgangskode på standard input.
keys-not-a-file = Filen er ikke en sikkerhedskopi af nøglen.
keys-newer = Sikkerhedskopien er lavet af en nyere udgave af Segl.
keys-wrong-password = Adgangskoden åbner ikke sikkerhedskopien.

## Tilstand af opsætningen
doctor-good = ok
doctor-note = bemærk
doctor-bad = fejl
doctor-managed = Indstillingerne kan læses; it-afdelingens regler gælder.
doctor-unmanaged = Indstillingerne kan læses; der er ingen regler fra en it-afdeling.
doctor-no-sender = Ingen afsender er sat op.
doctor-no-server = Ingen mailserver er sat op.
doctor-no-directory = Ingen certifikatdatabase og ingen certifikatfiler er sat op: ingen modtager kan blive grøn.
doctor-no-anchor = Ingen udsteder er betroet: ingen modtager kan blive grøn.
doctor-not-every-program = Mail krypteres med { $what }, efter indstillingerne. Ikke alle mailprogrammer kan åbne det; README viser hvilke.
doctor-not-every-program-next = Spørg modtagerne, eller lad standarden gælde: den kan alle åbne.
doctor-plain-directory = { $directory } spørges uden kryptering: andre på nettet kan se, hvem der skrives til.
doctor-anchor = Betroet rod: { $root }, gyldig til { $date }.
doctor-anchor-expired = Den betroede rod { $root } udløb { $date }.
doctor-test-anchor = Den betroede rod { $root } er til afprøvning og beskytter ingen.
doctor-key-file = Nøglen ligger i en fil, ikke i en nøglering.
doctor-keyring = Nøglen ligger i nøgleringen.
doctor-record = { $count ->
    [one] Sendeloggen er ubrudt (1 række).
   *[other] Sendeloggen er ubrudt ({ $count } rækker).
}
doctor-directory = { $directory } svarer.
doctor-server = Mailserveren svarer over { $version }; største mail: { $size }.
doctor-no-size = ikke oplyst
directory-unreachable = { $directory } kan ikke nås ({ $detail }).
directory-timeout = { $directory } svarede ikke i tide ({ $detail }).
directory-tls = Forbindelsen til { $directory } er ikke sikker nok ({ $detail }).
directory-refused = { $directory } ville ikke svare ({ $detail }).
directory-protocol = { $directory } gav et ugyldigt svar ({ $detail }).
directory-partial = { $directory } viste ikke alt ({ $detail }).
settings-directory = Certifikatdatabasen { $directory } er sat forkert op: { $detail }.

cli-check-line = { $light }: { $address }. { $sentence }
cli-pending = Ikke alle modtagere er kontrolleret. Intet er sendt.
cli-eml-protected = Mailen i { $file } er allerede krypteret eller underskrevet. Intet er sendt.
cli-eml-field-twice = I { $file } står feltet { $field } mere end én gang, og mailprogrammer er uenige om, hvilket der gælder. Intet er sendt.
cli-eml-unreadable = { $file } er ikke en mail. Intet er sendt.
cli-reason-missing = Der mangler en begrundelse. Intet er sendt.
cli-reason-text-missing = Begrundelsen mangler en tekst. Intet er sendt.
cli-nothing-written = Intet er skrevet.
cli-file-unwritable = { $file } kan ikke skrives: { $detail }.
cli-not-sealed = Mailen kunne ikke krypteres: { $detail }.
seal-protected = Mailen er allerede krypteret eller underskrevet ({ $kind }).
seal-empty = Der er ingen mail at kryptere.
seal-header-large = Mailens hoved er større end { $limit } byte.
seal-header-malformed = Linje { $line } i mailens hoved er ikke et felt.
seal-field-twice = Feltet { $field } står der mere end én gang, og mailprogrammer er uenige om, hvilket der gælder.
seal-field-no-text = Feltet { $field } er ikke tekst i UTF-8.
seal-field-long = En linje i feltet { $field } har { $octets } byte; højst { $limit } kan sendes.
seal-ambiguous = To certifikater fra samme udsteder har samme nummer. Modtagernes mailprogrammer kan ikke skelne dem.
next-seal-other-message = Ret mailen, og prøv igen.
next-seal-tell = Prøv igen. Sker det igen, er det en fejl i Segl: Giv it-afdelingen besked.
cli-seal-dropped = Udeladt af den krypterede mail: { $fields }.

## Prøven i terminalen
demo-begin = Segl prøver hele arbejdet med opfundne modtagere og egne servere på denne computer. Intet forlader den.
demo-failed = Prøven kunne ikke gennemføres: { $detail }
demo-opened = { $name } har åbnet mailen med sin egen nøgle.
demo-not-opened = { $name } kan IKKE åbne mailen.

server-unknown-host = Mailserveren { $host } findes ikke, eller der er ingen forbindelse til internettet.
server-refused-some = Mailserveren afviste { $count } af { $all }: { $who }.
next-correct-or-rest = Ret modtageren, eller send til de andre.
copy-missing = Der er ingen kopi af mailen.
copy-exists = Filen findes allerede og bliver ikke overskrevet.
copy-not-written = Filen kan ikke skrives.
copy-failed = Kopien af mailen kan ikke læses.
import-failed = Filen indeholder ikke et certifikat, der kan læses.
import-not-kept = Certifikatet kunne ikke gemmes.
kept-unreadable = Det, Segl har gemt, kan ikke læses.
draft-unreadable = En gemt kladde kan ikke læses.
handed-over-unreadable = Mailen fra det andet program kan ikke læses.
handed-over-protected = Mailen fra det andet program er allerede krypteret eller underskrevet.
handed-over-field-twice = I mailen fra det andet program står feltet { $field } mere end én gang, og mailprogrammer er uenige om, hvilket der gælder.
file-unreadable = Filen kan ikke læses.
stop-fault = Der skete en fejl i Segl. Det vides ikke, om mailen blev sendt.
next-look-before-again = Se i sendeloggen, før du sender igen, og giv it besked.
next-choose-other-file = Vælg en anden fil.
demo-unavailable = Prøven med opfundne modtagere er ikke med i denne udgave.
settings-not-opened = Indstillingsfilen kan ikke åbnes: { $file }.
