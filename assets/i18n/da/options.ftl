### Vinduet med indstillinger, alle kommandoer, og ventning på et certifikat.

window-title-settings = Indstillinger - Segl
options-title = Indstillinger
options-search = Søg i indstillingerne
options-sections = Afsnit
options-appearance = Udseende
options-writing = Skrivning
options-rules = Gældende regler
options-recorded = Hvad gemmes om mig?
options-network = Netværk
options-doctor = Kontrollér opsætningen
options-waiting = Venter på certifikater
options-none = Intet i indstillingerne passer til »{ $text }«.
options-loading = Læses…
options-found = { $count ->
    [one] 1 sted i indstillingerne
   *[other] { $count } steder i indstillingerne
}
do-copy-section = Kopiér som tekst
do-look-again = Se efter igen
do-keep-receipts = Lad kvitteringer blive åbne

## Udseende
options-theme = Farver
options-theme-system = Som systemet
options-theme-light = Lys
options-theme-dark = Mørk
options-theme-contrast-light = Stærk kontrast, lys
options-theme-contrast-dark = Stærk kontrast, mørk
options-size = Størrelsen af alt i vinduet
options-size-value = { $percent } %
options-receipts = Lad kvitteringer blive åbne
options-receipts-text = En kvittering lukker af sig selv efter få sekunder, når alle fik mailen krypteret. Her kan du lade den blive, til du lukker den.
options-on = Til
options-off = Fra
options-own = Det er dine egne valg. De ligger i { $file } og ændrer ingen regel fra it-afdelingen.
options-own-title = Hvor valgene ligger

## Skrivning
options-senders = Hvem du skriver som
options-no-senders = Ingen er sat op endnu.
options-own-words = Egne ord i stavekontrollen
options-own-words-text = { $count ->
    [0] Ingen. F7 på et forkert ord i en mail føjer det til.
    [one] Ét ord. Slet fjerner det.
   *[other] { $count } ord. Slet fjerner et af dem.
}
do-forget-word = Fjern »{ $word }«
do-forget-selected = Fjern det egne ord
tell-word-forgotten = »{ $word }« er ikke længere et eget ord. En mail, der allerede er åben, regner det stadig for rigtigt
tell-not-removable = Kun egne ord og andres certifikater kan fjernes her
options-hold = Fortrydelsestid
options-hold-text = { $seconds ->
    [0] En mail sendes med det samme.
    [one] En mail venter 1 sekund, før den sendes; Ctrl+Z standser den.
   *[other] En mail venter { $seconds } sekunder, før den sendes; Ctrl+Z standser den.
}

## Regler
options-rule = { $value }
    Kommer fra: { $origin }.
options-rule-locked = { $value }
    Kommer fra: { $origin }. Låst: kun it-afdelingen kan ændre det.
options-empty-value = (intet)

## Hvad der gemmes
options-log = Sendelog
options-log-text = { $rows ->
    [one] 1 linje, { $from } til { $to }.
   *[other] { $rows } linjer, { $from } til { $to }.
}
options-log-none = Intet er skrevet i den endnu.
options-log-what = Hvad en linje rummer
options-log-what-text = For hver mail: hvornår, fra hvilken afsender, din konto på denne computer ({ $account }), modtagernes adresser, hvordan det gik for hver, hvilke certifikater der blev brugt, hvad mailserveren svarede, og den begrundelse, du gav, hvor noget blev sendt uden kryptering. Aldrig emnet, teksten eller filnavne.
options-log-mails = { $count ->
    [one] 1 afsendelse
   *[other] { $count } afsendelser
}
options-log-outcomes = { $count ->
    [one] 1 udfald
   *[other] { $count } udfald
}
options-log-other = { $count ->
    [one] 1 anden linje
   *[other] { $count } andre linjer
}
options-log-kinds = Hvad den tæller
options-log-kinds-text = { $sendings }, { $outcomes }, { $other }.
options-log-people = { $addresses ->
    [one] 1 modtagers adresse
   *[other] { $addresses } forskellige adresser på modtagere
}
options-log-consents = { $count ->
    [one] 1 accept af at sende uden kryptering
   *[other] { $count } accepter af at sende uden kryptering
}
options-log-people-title = Mennesker i den
options-log-people-text = { $addresses } og { $consents }.
options-log-destroyed = { $count ->
    [one] Af 1 linje er indholdet tilintetgjort, da tiden var gået; at den har været der, kan stadig ses.
   *[other] Af { $count } linjer er indholdet tilintetgjort, da tiden var gået; at de har været der, kan stadig ses.
}
options-not-read = Det kan ikke læses nu: { $detail }
options-store = Kladder, sendt mail og modtagere
options-store-text = Kladder og mail i udbakken: { $drafts }. Kopier af sendt mail: { $sent } ({ $size }). Svar fra certifikatdatabaser: { $answers }. Modtageres organisationer: { $organisations }. Certifikater fra filer: { $imported }. Venter på et certifikat: { $awaited }. Alt er krypteret, undtagen certifikater fra filer, som er offentlige.
options-store-span = Sendt mail fra { $from } til { $to }.
options-retention = Hvor længe
options-retention-text = { $days ->
    [one] Sendeloggens indhold og kopierne af sendt mail tilintetgøres efter 1 dag.
   *[other] Sendeloggens indhold og kopierne af sendt mail tilintetgøres efter { $days } dage, ved næste start efter månedens udløb.
}
options-retention-years = { $years ->
    [one] Sendeloggens indhold og kopierne af sendt mail tilintetgøres efter 1 år, ved næste start efter månedens udløb.
   *[other] Sendeloggens indhold og kopierne af sendt mail tilintetgøres efter { $years } år, ved næste start efter månedens udløb.
}
options-where = Hvor det ligger
options-where-text = I mappen { $folder } på denne computer. Segl sender det ikke til nogen.
options-where-copy = Firmaet gemmer også en læsbar kopi af hver sendt mail i { $folder }. Den, der kan åbne mappen, kan læse dem.
options-who = Hvem kan læse det
options-who-private = Kun din konto på denne computer må åbne mappen.
options-who-open = Andre konti på denne computer må se, hvad mappen rummer; databaserne kan kun læses af din.
options-who-unknown = Styresystemet afgør, hvem der må åbne mappen.
options-who-keyring = Indholdet er krypteret med en nøgle i din nøglering: den, der logger ind som dig, kan læse det. Den, der administrerer computeren, kan overtage din konto.
options-who-file = Indholdet er krypteret med en nøgle i filen { $file }: den, der kan læse filen, kan læse det.
options-rights = Dine rettigheder
options-rights-text = Det er personoplysninger om dig og om dem, du skriver til. Din arbejdsgiver bestemmer, hvorfor de gemmes, og er den, du beder om at se, rette eller slette dem (databeskyttelsesforordningens artikel 15 til 17). Sendeloggens linjer rettes ikke enkeltvis, for den er et bevis; de forsvinder, når tiden er gået.
options-export = Få en kopi
options-export-text = »segl log list« viser alle linjer, »segl log show NUMMER« en af dem, og »segl log export NUMMER« skriver den til en fil, der kan efterprøves uden Segl.

## Netværk
options-host = { $host }, port { $port }
options-host-server = Jeres mailserver. Den får den færdige mail og modtagernes adresser, hver gang du eller udbakken sender; og den spørges om sin størrelsesgrænse, når et vindue åbnes.
options-host-token = Programmet { $program } henter adgangsbeviset til den og kan kontakte andre.
options-host-sign-in = Jeres login-server. Den udsteder adgangsbeviset til mailserveren og får at vide, at du logger ind: første gang, og når et adgangsbevis udløber.
options-host-issuers = En certifikatudsteder. Den spørges om sit eget certifikat, hvor certifikatdatabasen har udeladt det, og får at vide, at nogen her skriver til en af dens kunder.
options-host-account = Din mailtjenestes egen grænseflade. Den bliver spurgt om, hvad kontoen kræver og sporer, før mail går ukrypteret ud, højst én gang i timen. Den får intet at vide om mailen.
options-host-resolver = Svarer på spørgsmål om modtageres domæner i stedet for computerens navnetjeneste og får at vide, hvilke domæner du skriver ukrypteret til.
options-host-time-stamps = Sætter sit tidsstempel på sendeloggens nyeste led, når segl log anchor køres. Den får et fingeraftryk og ikke andet.
options-host-signed = Beskyttelse: det, den sender, er underskrevet og kontrolleres som alt, en fremmed rækker frem. Andre på netværket kan se, at den spørges.
options-host-not-noted = Hvornår den sidst blev spurgt, noteres ikke.
options-host-directory = Certifikatdatabasen { $name }. Den får de adresser, du skriver til, hver højst hver { $fresh }. time ({ $negative } minutter, hvor den intet havde), og dem, du venter på, en gang om dagen.
options-host-user = Segl logger ind der som { $user }.
options-host-tls = Beskyttelse: TLS fra første tegn; certifikatet kontrolleres.
options-host-starttls = Beskyttelse: TLS (STARTTLS); uden den sendes intet. Certifikatet kontrolleres.
options-host-plain = Beskyttelse: ingen. Andre på netværket kan se, hvem du skriver til.
options-host-own-roots = Kun en udsteder, som indstillingerne nævner, kan stå inde for den.
options-host-last = Sidste kontakt: { $when }.
options-host-never = Ingen kontakt er kendt.
options-network-all = Det er alt
options-network-all-text = Indstillingerne nævner ingen anden vært. Hvor en spærreliste mangler eller er for gammel, henter Segl den fra den vært, som et kontrolleret certifikat eller dets udsteder nævner, når en modtager slås op. Hvor ingen liste kan sige det, spørger Segl den vært, som certifikatet nævner til det, om certifikatet er spærret; den vært ved så, hvem du er ved at skrive til. Hvor en modtager ikke er grøn, spørger Segl DNS om domænets mailservere og værten mta-sts under domænet om dets politik; kun hvor it har slået det til (tls.probe), forbinder det også til mailserverne selv. Segl henter intet, mens du læser, indberetter intet til sin producent og søger ikke selv efter opdateringer. Når du sætter Segl op med din mailadresse, spørger det adressens domæne om mailserveren, én gang. Værters navne slås op af computerens navnetjeneste.

## Kontrol
options-doctor-asking = Mailserver og certifikatdatabaser spørges…
options-doctor-done = { $bad ->
    [0] Intet skal rettes
    [one] 1 ting skal rettes
   *[other] { $bad } ting skal rettes
}

## Ventning
options-waiting-none = Du venter ikke på nogen. Ctrl+M ved en modtager uden certifikat beder om et.
options-waiting-none-title = Ingen
options-waiting-text = Bedt om { $since }. Segl ser efter en gang om dagen indtil { $ends }.
options-waiting-looked = Certifikatdatabaserne svarede sidst { $when }.
options-waiting-green = Kan få krypteret mail siden { $when }.
do-write-to = Skriv til { $name }
do-end-watch = Vent ikke længere på { $name }
do-hide-news = Skjul
tell-certified = { $name } kan nu få krypteret mail
tell-no-longer-waiting = { $name } har ikke offentliggjort et certifikat i 90 dage. Segl ser ikke længere efter
tell-not-waiting = Segl ser ikke længere efter et certifikat til { $name }
tell-asked-for-certificate = En mail til { $name } er åben i et nyt vindue. Segl ser efter certifikatet en gang om dagen
tell-nobody-to-ask = Alle har et certifikat: der er ingen at spørge
letter-ask-subject = Vil du sende mig dit certifikat?

## Alle kommandoer
options-commands = Alle kommandoer
options-commands-search = Søg i alle kommandoer
options-commands-hint = Enter udfører den valgte. Det, der sender, udføres kun med sine egne taster.
options-commands-none = Ingen kommando passer til »{ $text }«.
do-commands = Alle kommandoer
tell-own-keys = Det sender, og udføres kun med sine egne taster: { $keys }
tell-commands = { $count ->
    [one] 1 kommando
   *[other] { $count } kommandoer
}

## Egne valg
options-broken = Dine egne valg for vinduet ({ $file }) kan ikke læses. Farver og størrelse er som fra begyndelsen; intet andet er berørt. Filen lægges til side ved næste ændring.
options-unknown-value = I { $file } har »{ $key }« en værdi, som Segl ikke kender. Standarden bruges.
options-not-kept = Valget gælder for dette vindue, men kan ikke gemmes: { $file } kan ikke skrives.

## Hvad indstillinger er til
rule-sender = Hvem du skriver som
rule-server = Mailserver
rule-server-security = Hvordan forbindelsen til mailserveren er beskyttet
rule-server-sign-in = Hvordan Segl logger ind på mailserveren
rule-server-secret = Hvor adgangskoden til mailserveren kommer fra
rule-server-roots = Andre udstedere, der kan stå inde for mailserveren
rule-server-profile = Slags mailserver
rule-directory = Hvor certifikater slås op
rule-binding = Hvilken organisation der hører til hvilken adresse
rule-files = Certifikater fra filer
rule-anchors = Udstedere, der stoles på
rule-intermediates = Certifikater mellem udsteder og modtager
rule-crls = Lister over spærrede certifikater
rule-cipher = Hvordan mail krypteres
rule-rsa = Hvordan nøglen til en mail krypteres til RSA-certifikater
rule-subject = Om emnet kan læses undervejs
rule-private = Om adresser i et privat netværk er tilladt
rule-fallback = Mail til modtagere uden certifikat
rule-internal = Domæner, hvis mail bliver i huset
rule-revocation = Hvor meget der skal vides om spærring
rule-reason = Om der kræves en begrundelse for at sende uden kryptering
rule-test-roots = Om testcertifikater gælder
rule-fresh = Hvor længe en certifikatdatabases svar gælder
rule-stale = Hvor længe det gælder, mens databasen ikke svarer
rule-negative = Hvor længe »har intet« gælder
rule-hold = Fortrydelsestid
rule-locked = Hvad kun it-afdelingen kan ændre
rule-retention = Hvor længe sendelog og sendt mail gemmes
rule-data = Hvor data og nøgle ligger
rule-copy = Mappe til læsbare kopier af sendt mail
rule-texts = Firmaets egne ord
