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
word-other-address = Anden adresse
word-usage = Ikke til kryptering
word-untrusted = Ukendt udsteder
word-test = Testcertifikat
word-weak = For svagt
word-unsupported = Nøgletype ikke understøttet
word-not-allowed-by-issuer = Ikke tilladt af udstederen
word-conflict = To organisationer
word-changed = Anden organisation end før
word-malformed = Kan ikke læses
word-invalid = Ugyldig adresse
word-refused = Må ikke sendes

## Hvorfor en modtager er rød
problem-not-found = Der er ikke offentliggjort et certifikat for { $address }.
problem-vanished = { $address } havde et certifikat { $date }; nu findes det ikke.
problem-no-address = Certifikatet nævner ingen mailadresse, og ingen regel binder det til { $address }.
problem-other-address = Certifikatet gælder { $other }, ikke { $address }.
problem-expired = Certifikatet udløb { $date }. Modtageren kan måske ikke åbne mailen.
problem-issuer-expired = Udstederens certifikat ({ $issuer }) udløb { $date }.
problem-not-yet-valid = Certifikatet gælder først fra { $date }.
problem-issuer-not-yet-valid = Udstederens certifikat ({ $issuer }) gælder først fra { $date }.
problem-usage = Certifikatet må kun bruges til at skrive under.
problem-extended-usage = Certifikatet er ikke udstedt til mail.
problem-revoked = Certifikatet blev spærret { $date }. Andre kan have nøglen.
problem-issuer-revoked = Udstederens certifikat ({ $issuer }) blev spærret { $date }.
problem-untrusted = { $issuer } er ikke blandt de udstedere, jeres it-afdeling stoler på.
problem-test = Certifikatet er udstedt til afprøvning ({ $root }). Det beskytter ingen.
problem-weak-key = Nøglen er for kort: { $presented }; mindst { $expected } kræves.
problem-weak-signature = Certifikatet er skrevet under med en forældet metode ({ $presented }).
problem-unsupported = Segl kan endnu ikke kryptere til denne nøgletype ({ $presented }).
problem-path-rule = Udstederens regler tillader ikke dette certifikat.
problem-conflict = Certifikater fra både { $one } og { $other } bruger adressen. Segl vælger ikke for dig.
problem-changed = Sidst tilhørte certifikatet { $before }; nu { $now }. Bekræft, at det er rigtigt.
problem-malformed = Det offentliggjorte certifikat kan ikke læses.
organisation-none = ingen organisation

revocation-no-source = Det kunne ikke afgøres, om certifikatet er spærret: der er ingen spærreliste fra { $issuer }.
revocation-stale = Det kunne ikke afgøres, om certifikatet er spærret: spærrelisten er fra { $date } og for gammel.
revocation-not-yet = Det kunne ikke afgøres, om certifikatet er spærret: spærrelisten er fra { $date }. Går uret rigtigt?
revocation-wrong-signer = Det kunne ikke afgøres, om certifikatet er spærret: spærrelisten er ikke skrevet under af { $issuer }.
revocation-scope = Det kunne ikke afgøres, om certifikatet er spærret: spærrelisten omfatter ikke certifikatet.
revocation-unreadable = Det kunne ikke afgøres, om certifikatet er spærret: spærrelisten kan ikke læses.

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
origin-default = fast

## Kommandolinjen
cli-later = Det findes ikke i denne udgave af Segl.
cli-no-home = Computeren fortæller ikke, hvor brugerens mapper er.
cli-bad-address = »{ $address }« er ikke en mailadresse ({ $detail }). Intet er sendt.
cli-bad-time = »{ $time }« er ikke et tidspunkt som 2026-11-22T14:02:00Z.
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
