# Rapporten (segl report): det, en myndighed spørger loggen om

report-title = Rapport om sendte mails, { $from } til { $to }
report-made = Lavet { $at } af Segl { $version }. Dage og uger er i tidszonen { $zone }. Rapporten bygger på sendeloggen for de installationer, der er nævnt her. Loggen rummer hverken emner, tekster eller filnavne, og det gør rapporten heller ikke.
report-count-unit = Tallene er modtagere, medmindre andet står: én mail til tre personer tæller som tre.
report-none = Ingen.
report-contents = Indhold
report-yes = ja
report-no = nej

report-short = Kort fortalt
report-short-mails =
    { $mails ->
        [one] 1 mail blev sendt til { $recipients } modtagere.
       *[other] { $mails } mails blev sendt til { $recipients } modtagere.
    }
report-short-routes = Krypteret til modtageren eller modtagerens organisation: { $encrypted }. Blev på firmaets egen mailserver: { $internal }. Ikke krypteret hele vejen: { $exposed }.
report-short-unchecked = Af dem, der ikke var krypteret hele vejen, gik { $count } til et domæne, hvor ingen havde undersøgt transporten.
report-short-checked = Overalt, hvor mails ikke var krypteret hele vejen, var transporten til modtagerens domæne undersøgt.
report-short-failed = Mislykket eller ikke bekræftet: { $failed ->
        [one] 1 aflevering
       *[other] { $failed } afleveringer
    }. Afvist af en regel: { $refused ->
        [one] 1 mail
       *[other] { $refused } mails
    }.
report-short-signed = Signeret: { $signed } af { $mails } mails.

report-covers = Hvad rapporten dækker
report-covers-caption = Installationer og kontrollen af deres sendelog
report-desk = Installation
report-source = Læst fra
report-here = denne computer
report-accounts = Konti
report-versions = Versioner af Segl
report-first-last = Første og sidste mail
report-chain = Sendeloggen
report-chain-intact = ubrudt, { $records } rækker, nyeste { $head }
report-chain-broken = BRUDT fra række { $seq }: { $reason }
report-chain-shipped = som afleveret, { $records } rækker til og med { $head }
report-anchored = Række { $seq } fandtes { $time }, siger { $by }.
report-anchored-untrusted = Række { $seq } fandtes { $time }, siger { $by }, hvis certifikat indstillingerne ikke står inde for.
report-anchor-broken = Et tidsstempel for række { $seq } holder ikke: loggen eller stemplet er ændret.
report-anchor-none = Intet punkt i denne log er forankret udenfor. At ingen rækker er skrevet om, hviler alene på computeren og dens nøgle.
report-absent-caption = Installationer, der mangler
report-absent-warning =
    { $count ->
        [one] 1 installation mangler: rapporten siger ikke, hvad der er sendt derfra.
       *[other] { $count } installationer mangler: rapporten siger ikke, hvad der er sendt derfra.
    }
report-absent-why = Hvorfor
report-absent-not-shipped = den har intet afleveret
report-absent-stale = den afleverede sidst { $last }, før perioden var omme
report-absent-unreadable = dens fil kan ikke læses eller holder ikke
report-absent-other-key = den er forseglet til et andet certifikat
report-last-shipped = Sidst afleveret

report-gone = Hvad loggen ikke siger længere
report-gone-none = Intet i perioden er fjernet, og alt kan åbnes.
report-gone-removed =
    { $count ->
        [one] Indholdet af 1 række i perioden er fjernet efter sin tid, som firmaets regel for opbevaring siger. Selve rækken er der, og kæden holder uden indholdet.
       *[other] Indholdet af { $count } rækker i perioden er fjernet efter sin tid, som firmaets regel for opbevaring siger. Selve rækkerne er der, og kæden holder uden indholdet.
    }
report-gone-months = Måneder, hvis indhold er fjernet: { $months }.
report-gone-unreadable =
    { $count ->
        [one] 1 række i perioden er der, men kan ikke åbnes: nøglen mangler, rækken er beskadiget, eller en senere version har skrevet den. Det, den siger, er ikke med i rapporten.
       *[other] { $count } rækker i perioden er der, men kan ikke åbnes: nøglen mangler, rækkerne er beskadiget, eller en senere version har skrevet dem. Det, de siger, er ikke med i rapporten.
    }
report-not-recorded = Ikke registreret, fordi en tidligere version skrev det, eller fordi der ikke blev spurgt: mailens klasse { $class }, risiko { $risk }, transportens niveau { $transport }, accept { $consent } (modtagere).
report-limits = Det viser kontrollen: ingen række før den nyeste er ændret, udeladt eller indsat, siden den blev skrevet. Det kan den ikke vise alene: at computerens ur gik rigtigt, at der ikke er sendt mails med andre programmer, og, uden forankring, at ikke hele loggen er skrevet om af nogen med dens nøgle.

report-senders = Hvem kan sende krypteret, og fra hvilke adresser
report-senders-text = Fra hver adresse i indstillingerne krypterer Segl til alle modtagere, som der findes et brugbart certifikat til. De øvrige er brugt i perioden.
report-senders-caption = Adresser, der sendes fra
report-address = Adresse
report-can = I denne computers indstillinger
report-mails = Mails
report-encrypted = Krypteret
report-exposed = Ikke krypteret hele vejen
report-signed-by = Signeret med
report-signed-none = ikke signeret
report-last-sent = Sidst sendt

report-routes = Hvor meget gik hvilken vej
report-routes-caption = Modtagere efter vej og udfald
report-route = Vej
report-way-person = krypteret til personen
report-way-organisation = krypteret til organisationen
report-way-tunnel = krypteret til organisationens gateway
report-way-internal = blev på firmaets egen mailserver
report-way-tls = ikke hele vejen, over mailserverne undervejs
report-way-none = ingen vej var tilladt
report-sent = Overgivet til mailserveren
report-unconfirmed = Måske sendt
report-written = Skrevet til en fil
report-rejected = Afvist
report-not-sent = Ikke sendt
report-open = Ikke afsluttet endnu
report-weeks-caption = Modtagere efter uge og vej
report-week = Uge
report-weeks-alt = Søjlediagram med en søjle for hver uge fra { $first } til { $last }. Tallene står i tabellen nedenunder.
report-no-mail = Ingen mail blev sendt i perioden.

report-risk = Risiko efter klasse
report-risk-caption = Modtagere efter mailens klasse og risiko
report-risk-alt = Søjlediagram med en søjle for hver klasse af mails, delt efter risiko. Tallene står i tabellen nedenunder.
report-class = Klasse
report-risk-not-recorded = ikke registreret
report-categories-caption = Hvad der blev fundet i mails
report-category = Kategori
report-categories-none = Der blev ikke fundet nogen kategori i nogen mail, eller versionen, der sendte den, ledte ikke.

report-clear = Hver mail, der ikke var krypteret hele vejen
report-clear-text = Hver linje er én modtager. Rækken er sendeloggens: segl log show viser det hele, segl log export laver en fil, som andre kan kontrollere.
report-clear-caption = Mails, der ikke var krypteret hele vejen
report-clear-none = Hver mail, der blev sendt, var krypteret til sin modtager eller blev på firmaets egen mailserver.
report-when = Hvornår
report-from = Fra
report-to = Til
report-risk-level = Risiko
report-transport = Transport
report-reason = Begrundelse
report-rule = Regel
report-outcome = Udfald
report-row = Række
report-risk-of = { $band } ({ $impact } × { $probability })
report-level-same = { $seen }, undersøgt { $at }
report-level-differs = set: { $seen }, undersøgt { $at }; besluttet efter: { $level } (firmaets mailserver: { $promised })
report-level-unchecked = { $seen }, ikke undersøgt
report-accepted = { $reason } (accepteret af { $who })
report-accepted-standing = { $reason } (vurdering i række { $row }, { $who })
report-accepted-not = ingen accept er registreret
report-not-examined =
    { $count ->
        [one] 1 fil blev ikke undersøgt
       *[other] { $count } filer blev ikke undersøgt
    }

report-domains = Modtagernes domæner
report-domains-caption = Domæner, der er skrevet til, og transporten dertil
report-domain = Domæne
report-domain-state = Transporten, som den var kendt
report-domain-encrypted = alt var krypteret
report-domain-level = { $seen } ({ $recipients } fra { $first } til { $last }; undersøgt { $at })
report-domain-level-unchecked = { $seen } ({ $recipients } fra { $first } til { $last }; ikke undersøgt)
report-last-checked = Sidst undersøgt
report-unchecked = Ikke undersøgt

report-force = Vurdering og politik, der gjaldt
report-force-text = Fingeraftryk er SHA-256 af filerne. Firmaet viser de filer, der har dem.
report-force-caption = Hvad mails er sendt efter
report-period = Fra og til
report-risk-file = Risikofil
report-assessment = Skriftlig vurdering
report-assessment-none = ingen i indstillingerne
report-policy = It-afdelingens politik
report-policy-none = ingen
report-policies-caption = Ændringer af it-afdelingens politik
report-standing-caption = Vurderinger for senere mails
report-covers-whom = Dækker
report-until = Gælder til
report-used = Brugt til
report-made-by = Lavet af

report-failed = Hvad der mislykkedes
report-failed-caption = Afleveringer, der mislykkedes eller ikke blev bekræftet
report-failed-none = Intet mislykkedes.
report-reply = Mailserverens svar
report-refused-caption = Mails, som en regel afviste
report-why = Hvorfor

report-bad-days = Dagene skrives 2026-11-01, og den første kommer før den sidste.
report-next-days = segl report --from 2026-10-01 --to 2026-10-31
report-not-made = PDF-filen kunne ikke laves: { $detail }.
report-next-html = Brug --format html, som rummer det samme.
anchor-no-authority = Indstillingerne nævner intet sted, der giver tidsstempler, så sendeloggen blev ikke forankret.
anchor-unreachable = Stedet, der giver tidsstempler, svarede ikke ({ $detail }), så sendeloggen blev ikke forankret denne gang.
anchor-unfit = Det, der kom fra stedet, der giver tidsstempler, eller er gemt derfra, kan ikke bruges: { $detail }. Sendeloggen blev ikke forankret.
next-anchor-setting = It-afdelingen sætter [record] tsa, og tsa_ca for dets certifikat.
anchor-noted = Den nyeste række står i noten: { $head }. Gem den, hvor ingen med denne computers nøgle kan skrive.
anchor-note-broken = { $file } er ikke en note om en sendelog, eller dens underskrift holder ikke.
anchor-note-other = Noten er om en anden sendelog: en anden computers, eller denne er begyndt forfra.
anchor-none-here = Der er intet tidsstempel for denne sendelog i { $folder }: mappen er en anden computers, eller loggen er begyndt forfra.
next-anchor-folder = Nævn den mappe, som denne computers stempler blev kopieret til. Hvis det er den, så sig det til it-afdelingen.
report-not-purged = Det, der er gemt længere, end firmaet vil, kunne ikke fjernes: { $detail }. Det ændrer intet ved mailen og loggen, og det prøves igen næste gang.
report-refused-not-recorded = Mailen blev ikke sendt, og loggen siger det ikke: { $detail }.
report-set-aside = En tidligere sendelog er lagt til side, fordi den ikke holdt: { $files }. Det, den siger, er ikke med i rapporten; segl log verify undersøger filen.

# Loggen, afleveret til firmaets rapport (segl log ship, [record] ship_to)
shipping-done =
    { $count ->
        [0] Der var intet nyt; det siger mappen nu.
        [one] 1 række blev afleveret.
       *[other] { $count } rækker blev afleveret.
    }
shipping-busy = En anden Segl afleverer netop nu.
shipping-no-folder = Indstillingerne nævner ingen mappe, som sendeloggen skal afleveres i.
shipping-no-certificate = Indstillingerne nævner intet certifikat til gendannelse, så it-afdelingen kunne ikke læse det, der afleveres. Intet blev afleveret.
shipping-failed = Sendeloggen blev ikke afleveret: { $detail }. Ingen mail venter på det.
next-ship-setting = It-afdelingen sætter [record] ship_to, og [identity] recovery for sit certifikat.
shipping-failing = Sendeloggen er ikke afleveret i { $folder } siden { $since }: mappen kan ikke nås eller skrives. { $count } rækker venter; det prøves igen af sig selv.
shipping-works = Sendeloggen blev sidst afleveret i { $folder } { $last }; { $count } rækker venter.
shipping-never = Sendeloggen er endnu ikke afleveret i { $folder }; { $count } rækker venter.
report-not-included = Det, andre computere har afleveret, kan ikke læses: { $detail }.
report-bad-list = { $file }: “{ $line }” begynder ikke med nummeret på en installation (32 cifre).
