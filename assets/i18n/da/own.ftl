# Egne certifikater.
own-none = Du har ikke noget certifikat selv. Mails krypteres til modtagerne og underskrives ikke digitalt.
own-certificate = { $subject }
    Til: { $senders }
    Gyldigt til: { $to }
    SHA-256: { $fingerprint }
own-no-sender = ingen af dine afsendere
own-signs = Underskriver og åbner det, der er krypteret til det.
own-reads = Åbner det, der er krypteret til det. Mails til andre krypteres også til det, så du kan læse det, du har sendt.
own-older = Gemt, så ældre mails kan åbnes.
own-signs-only = Underskriver. Det er kun til underskrift: Intet krypteres til det.
own-unused = Underskriver ikke nu. Det er kun til underskrift: Intet krypteres til det.
own-no-password = Adgangskoden er tom. Uden den kunne alle bruge nøglen, så der er ikke skrevet nogen fil.
own-good = Der er ikke noget galt med det.
own-imported = { $count ->
    [one] Nøglen er gemt forseglet og bliver liggende for altid.
   *[other] { $count } nøgler er gemt forseglet og bliver liggende for altid.
}
own-import-no-key-next = Vælg en fil, der også indeholder den private nøgle (.p12 eller .pfx). Andres certifikater indlæses med Ctrl+I i en mail eller med segl cert import.
own-import-backup = Gem filen og dens adgangskode et sikkert sted: De er sikkerhedskopien af nøglen.
own-export-which = Der er ikke præcis ét af dine certifikater, der har det fingeraftryk.
own-export-next-list = segl cert list viser dem.
own-exported = Nøglen er skrevet til filen: { $fingerprint }
own-fault-address = Det gælder ikke for nogen af dine afsenderes adresser.
own-only-signing = Det kan ikke underskrive: { $problem }
own-only-reading = Andre kan ikke kryptere til det: { $problem }
own-both = { $problem }
own-ends = Det udløber inden for { $days } dage. Bestil et nyt nu, og behold dette til ældre mails.
own-chain-ends = Et certifikat over det udløber den { $date }. Bed it-afdelingen om et nyt.
own-locked = Dine gemte nøgler kan ikke bruges nu: { $detail }
doctor-own-good = Eget certifikat { $fingerprint }: Der er ikke noget galt.
doctor-own-older = Eget certifikat { $fingerprint }: gemt, så ældre mails kan åbnes.
doctor-own-faults = Eget certifikat { $fingerprint }: { $faults }
doctor-own-next = segl cert test fortæller mere.
also-readable = Kan også læses af { $who }
also-you = dig selv
also-archive = arkivet ({ $name })
receipt-signed = Mailen er digitalt underskrevet.
receipt-partly-signed = Mailen er kun digitalt underskrevet, hvor den er krypteret.
receipt-not-signed = Mailen er ikke digitalt underskrevet.
archive-not-one = Den indeholder ikke præcis ét certifikat.
stop-archive = Jeres arkiv skal kunne læse alle krypterede mails, og det kan det ikke nu. { $file }: { $detail }
changed-archive = Jeres arkiv er et andet end det, der blev vist.
handed-encrypted-signed = { $count ->
    [one] 1 modtager: krypteret og underskrevet.
   *[other] { $count } modtagere: krypteret og underskrevet.
}
hint-subject-hidden = Emnet kan ikke læses undervejs: Udenpå står der kun [...].
receipt-subject-hidden = Emnet kunne ikke læses undervejs.
own-outlook-verifies-not = Det underskriver på en måde, som Outlook ikke kan kontrollere: Dér ser din mail ud, som om underskriften er ugyldig.
own-signs-not-by-rule = Det underskriver ikke, fordi Outlook ikke ville kunne kontrollere det. It-afdelingen kan tillade det ([identity] ed25519 eller signature).
own-outlook-encrypts-not = Outlook og de fleste andre programmer kan ikke kryptere til det.
# Egne nøgler på kort og USB-nøgler (PKCS #11).
token-place-ready = På kortet eller USB-nøglen »{ $label }«, som er låst op.
token-place-locked = På kortet eller USB-nøglen »{ $label }«, som beder om sin PIN-kode, når den skal bruges.
token-place-absent = På kortet eller USB-nøglen »{ $label }«, som ikke er sat i.
token-place-unreachable = På kortet eller USB-nøglen »{ $label }«, som ikke kan nås nu.
token-tries-last = Én forkert PIN-kode mere spærrer den for altid.
token-tries-none = Den er spærret efter for mange forkerte PIN-koder. Den, der har udstedt den, kan åbne den.
token-absent = Mailen skal underskrives med kortet eller USB-nøglen »{ $label }«, som ikke er sat i.
token-absent-any = Kortet eller USB-nøglen »{ $label }« er ikke sat i.
token-locked = Mailen skal underskrives med kortet eller USB-nøglen »{ $label }«, som skal bruge sin PIN-kode.
token-locked-any = Kortet eller USB-nøglen »{ $label }« skal bruge sin PIN-kode.
token-late = Kortet eller USB-nøglen »{ $label }« svarede ikke i tide.
token-wrong-pin = PIN-koden er forkert.
token-wrong-pin-last = PIN-koden er forkert. Én forkert PIN-kode mere spærrer »{ $label }« for altid.
token-blocked = Kortet eller USB-nøglen »{ $label }« er spærret efter for mange forkerte PIN-koder.
token-pin-length = PIN-koden er for kort eller for lang til kortet eller USB-nøglen »{ $label }«. Den blev ikke prøvet.
token-pin-expired = PIN-koden til kortet eller USB-nøglen »{ $label }« er udløbet.
token-no-key = Kortet eller USB-nøglen »{ $label }« indeholder certifikatet, men ikke dets private nøgle.
token-pin-each-time = Kortet eller USB-nøglen »{ $label }« vil have sin PIN-kode ved hver underskrift, og det kan denne udgave af Segl ikke.
token-refused = Kortet eller USB-nøglen »{ $label }« gjorde det ikke: { $detail }
token-module = Programmet til kort og USB-nøgler kan ikke bruges: { $module }: { $detail }
token-next-insert = Sæt den i, og prøv igen.
token-next-pin = Skriv dens PIN-kode.
token-next-pin-file = Kør det i en terminal, hvor PIN-koden kan skrives, eller angiv --pin-file.
token-next-again = Tag den ud, sæt den i igen, og prøv igen.
token-next-pin-again = Skriv PIN-koden igen med omhu.
token-next-issuer = Bed den, der har udstedt den, eller it-afdelingen om at åbne den.
token-next-change-pin = Skift PIN-koden med det program, der hører til den.
token-pin-prompt = PIN-kode til kortet eller USB-nøglen »{ $label }«:{" "}
token-pin-last = Der er kun ét forsøg tilbage: En forkert PIN-kode spærrer »{ $label }« for altid.
token-pin-on-reader = Skriv PIN-koden til »{ $label }« på kortlæseren.
token-forgotten = { $count ->
    [one] Ét certifikat er glemt. Mails venter ikke længere på det.
   *[other] { $count } certifikater er glemt. Mails venter ikke længere på dem.
}
token-none = Der er ikke husket noget kort eller nogen USB-nøgle med det navn eller serienummer.
# I vinduet.
ask-pin = PIN-kode til kortet eller USB-nøglen »{ $label }«
ask-pin-text = Kortet underskriver dine mails. PIN-koden gives til det én gang og gemmes ikke. Intet bliver sendt ved det.
label-pin = PIN-kode
do-ask-pin = Skriv PIN-koden…
do-give-pin = Lås kortet op
do-choose-key-file = Indlæs en nøglefil…
do-take-in-key = Indlæs nøglen
ask-key-password = Adgangskode til nøglefilen
ask-key-password-text = { $file }. Lad feltet være tomt, hvis filen ikke har en adgangskode. Nøglen gemmes forseglet på denne computer.
tell-no-pin = Der er ikke skrevet en PIN-kode.
tell-token-open = Kortet er låst op. Ctrl+Enter sender.
tell-no-password = Der er ikke skrevet en adgangskode.
tell-passwords-differ = De to adgangskoder er ikke ens. Skriv den anden igen.
tell-key-file-again = Nøglefilen er ikke indlæst. Vælg den igen i indstillingerne.
do-back-up-key = Gem en sikkerhedskopi…
do-write-backup = Vælg fil…
do-test-own = Afprøv mine certifikater
ask-backup-password = Adgangskode til sikkerhedskopien
ask-backup-password-text = Nøglen gemmes i en nøglefil (.p12), som kun kan åbnes med adgangskoden. Gem fil og adgangskode hver for sig. Kopien indlæses som enhver anden nøglefil.
label-password-again = Adgangskoden én gang til
tell-backed-up = Sikkerhedskopien er gemt: { $file }
tell-testing-own = Certifikaternes udstedere bliver spurgt.
tell-tested-own = { $bad ->
    [0] Dine certifikater er afprøvet. Der er ikke noget galt.
    [one] Dine certifikater er afprøvet. Der er noget galt ét sted.
   *[other] Dine certifikater er afprøvet. Der er noget galt { $bad } steder.
}
own-not-kept = Nøglen ligger ikke på denne computer. En nøgle på et kort eller en USB-nøgle kan ikke kopieres.
own-not-made = Sikkerhedskopien kunne ikke laves. Intet er skrevet.
options-own-certificates = Egne certifikater
options-own-keys = Nøgler, der underskriver dine mails og åbner det, der er krypteret til dig
options-own-keys-text = { $count ->
    [0] Du har ingen. En nøglefil (.p12 eller .pfx) kan indlæses her. Et kort eller en USB-nøgle vises her af sig selv, når it-afdelingen har sat det op.
    [one] Du har ét certifikat. Endnu en nøglefil (.p12 eller .pfx) kan indlæses her.
   *[other] Du har { $count } certifikater. Endnu en nøglefil (.p12 eller .pfx) kan indlæses her.
}
key-not-read = Nøglefilen kan ikke læses.
# It-afdelingens certifikat til gendannelse.
recovery-failed = It-afdelingen kan ikke gendanne dine egne nøgler, hvis computeren går tabt: { $detail }
recovery-no-key = Filen indeholder ingen nøgle.
recovery-made = { $count ->
    [one] Én nøgle er også forseglet, så it-afdelingen kan gendanne den: { $folder }
   *[other] { $count } nøgler er også forseglet, så it-afdelingen kan gendanne dem: { $folder }
}
