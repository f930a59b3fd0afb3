# Mail fra andre, åbnet.
read-too-large = Mailen fylder mere end { $limit } og er ikke åbnet.
read-too-deep = Mailen er pakket ind i for mange lag eller har for mange dele og er ikke åbnet.
read-malformed = Mailen kan ikke læses: den er beskadiget eller lavet forkert. Intet af den vises.
read-not-mail = Filen er ikke en mail. Intet af den vises.
read-no-key = Mailen er krypteret til andre: ingen af dine nøgler åbner den.
read-closed = Mailen kan ikke åbnes med din nøgle. Den er ændret undervejs, ufuldstændig eller lavet forkert. Intet af den vises.
read-key-away = Nøglen, der åbner mailen, kan ikke nås.
read-unsupported = Mailen bruger en metode, som Segl ikke læser ({ $oid }). Intet af den vises.
read-next-sender = Bed afsenderen om at sende den igen.
read-next-smaller = Bed afsenderen om at dele den i flere mails: sendt igen, som den er, åbnes den heller ikke.
read-next-simpler = Bed afsenderen om at lave den på ny med filerne pakket i én: sendt igen, som den er, åbnes den heller ikke.
read-next-method = Bed afsenderen om at bruge en almindelig metode som AES og SHA-256: sendt igen, som den er, åbnes den heller ikke.
read-next-file = Vælg en fil, som et mailprogram har gemt som .eml eller .p7m. Gem mailen i formatet .eml, hvis den kommer fra Outlook: Segl læser ikke .msg.
read-next-key = Angiv nøglefilen med --key, eller bed afsenderen om at kryptere den til dit certifikat.
read-next-token = Sæt kortet eller nøglen i, og prøv igen.
key-file-password = Adgangskoden åbner ikke nøglefilen.
key-file-broken = Nøglefilen er beskadiget, eller det er ikke en nøglefil.
key-file-unsupported = Nøglefilen er beskyttet på en måde, som Segl ikke læser ({ $oid }).
key-file-no-key = Nøglefilen indeholder ingen privat nøgle med certifikat.
key-file-costly = Det ville tage mange minutter at åbne nøglefilen: den kræver langt flere beregninger, end noget almindeligt program beder om. Den er ikke åbnet, og ingen nøgle er taget fra den.
key-file-next-costly = Er filen din egen, så eksportér den igen med de sædvanlige indstillinger fra det program, den kommer fra. Har nogen sendt dig den, så slet den.
key-file-next-password = Kontrollér adgangskoden, og prøv igen.
key-file-next-export = Eksportér den igen fra det program, den kommer fra, som PKCS #12 med den private nøgle.
read-layer-encrypted = Krypteret ({ $cipher })
read-layer-signed = { $count ->
    [0] Underskrevet lag uden underskrift
    [one] Underskrevet
   *[other] Underskrevet af { $count }
}
read-layer-compressed = Komprimeret
read-not-protected = Ikke beskyttet: hverken krypteret eller underskrevet
read-subject-hidden = Emnet kunne ikke læses undervejs.
read-from = Fra: { $text }
read-to = Til: { $text }
read-cc = Cc: { $text }
read-date = Dato: { $text }
read-subject = Emne: { $text }
read-part = Fil { $number }: { $name } ({ $media }, { $size })
read-part-nameless = uden navn
read-warn-unauthenticated = Krypteringen viser ikke, om teksten er ændret undervejs, og ingen har underskrevet den. Handl ikke på den alene.
read-warn-weak-cipher = Mailen er krypteret med en forældet metode, som kan brydes.
read-warn-part = En beskyttet del står sammen med ubeskyttede. Den er ikke åbnet: gem den, og åbn den for sig.
read-warn-part-signed = En del af mailen er underskrevet. Underskriften er ikke kontrolleret, fordi der ved siden af den står tekst, som den ikke dækker (en mailliste kan have tilføjet den). Regn mailen for ikke underskrevet.
read-warn-from = Afsenderen inde i mailen er en anden end den udenpå, og intet står inde for nogen af dem. Den udenpå vises.
read-warn-signature = Der skulle være en underskrift, men den kan ikke læses. Regn mailen for ikke underskrevet.
read-warn-nobody = Mailen siger, at den er underskrevet, men ingen har underskrevet den.
read-warn-several-from = Mailen nævner mere end én afsender. Programmer kan vise forskellige.
read-warn-legacy = Emnet var beskyttet på en ældre måde.
read-warn-html = Teksten er taget ud af en formateret mail. Billeder og links er udeladt, og intet er hentet.
read-warn-unreadable = En del kan ikke læses og står på listen, som den er.
read-warn-other = Mailen er underskrevet eller krypteret på en måde, som Segl ikke læser (for eksempel OpenPGP). Intet af det er kontrolleret.
read-warn-name = Afsenderens navn ligner en adresse, og mailen kommer fra en anden. Ret dig efter adressen i de spidse parenteser.
read-warn-date = Mailen har en anden dato end den, den er underskrevet på: det kan være en gammel mail, der er sendt igen.
read-warn-certificates = Mailen indeholder certifikater og intet at læse. Vil du skrive krypteret til dem, certifikaterne tilhører, så importér den: segl cert import, eller Ctrl+I i vinduet, hvor man skriver.
read-warn-cut = Teksten er meget lang, og kun begyndelsen vises. Gem den for at læse det hele.
read-signer-unknown = en ukendt
read-signer-good = Underskrevet af { $who }. Underskriften holder.
read-signer-bad = Stol ikke på underskriften fra { $who }.
read-signer-other = Underskriverens certifikat gælder { $named }, ikke afsenderen.
read-signer-no-sender = Mailen nævner ingen afsender. Underskriverens certifikat gælder { $named }.
read-signer-no-address = Der står ingen mailadresse i underskriverens certifikat.
read-signer-ahead = Den siger, at der er underskrevet i fremtiden.
read-signer-when = Underskriften siger, at den er lavet { $when }.
read-signer-usage = Underskriverens certifikat må ikke bruges til underskrift.
read-signer-expired = Underskriverens certifikat udløb { $date }.
read-signer-test = Underskriverens certifikat er udstedt til afprøvning ({ $root }). Det viser intet om, hvem der har underskrevet.
read-signer-unsupported = Segl kender ikke nøgletypen i underskriverens certifikat ({ $presented }).
read-signer-malformed = Underskriverens certifikat kan ikke læses.
read-fault-changed = Mailen er ændret, efter at den blev underskrevet.
read-fault-invalid = Underskriften er ikke lavet med certifikatets nøgle.
read-fault-no-certificate = Underskriverens certifikat mangler.
read-fault-attributes = Underskriften siger ikke klart, hvad der er underskrevet.
read-fault-other = Underskriften nævner et andet certifikat som sit eget.
read-fault-weak = Der er underskrevet med en forældet metode ({ $digest }).
read-fault-unsupported = Der er underskrevet med en metode, som Segl ikke kender ({ $oid }).
read-fault-while-encrypted = Den er lavet over den krypterede mail, ikke over teksten: den, der har lavet den, behøver ikke vide, hvad der står i mailen.
read-part-missing = Mailen har ingen del { $number }.

## Vinduet
read-title = Modtaget mail - Segl
read-begin = Læs en modtaget mail
read-begin-text = Segl åbner mail, som er krypteret til dig eller underskrevet: en fil, som dit mailprogram har gemt (.eml eller .p7m). Intet hentes fra nettet, og intet gemmes.
read-begin-drop = Du kan også slippe filen her.
read-drop = Slip mailen her for at åbne den
read-opening = Mailen åbnes …
read-not-opened = Mailen er ikke åbnet
read-is-sealed = Krypteret og underskrevet af { $who }. Underskriften holder.
read-is-signed = Underskrevet af { $who }. Underskriften holder. Mailen er ikke krypteret: andre kan have læst den undervejs.
read-is-weak = Underskrevet af { $who }. Underskriften holder.
read-is-encrypted = Krypteret, men ikke underskrevet: det kan ikke ses, hvem der har skrevet den.
read-is-enveloped = Krypteret. Underskriften fra { $who } sidder uden på krypteringen og siger intet om teksten.
read-is-unprotected = Hverken krypteret eller underskrevet: andre kan have læst den og ændret den undervejs.
read-is-other = Segl kan ikke afgøre, om mailen er beskyttet.
read-is-doubtful = Stol ikke på denne mail.
read-next-doubtful = Ring til afsenderen på et nummer, du kender i forvejen, før du gør det, der står i den.
read-next-key-file = Har du nøglen i en fil (.p12 eller .pfx), så vælg den. Ellers bed afsenderen om at kryptere mailen til dit certifikat.
read-outside = Udenpå står der: { $text }
read-outside-only = Kun udenpå står der { $name }: { $text }
read-outside-nothing = Udenpå står der intet.
read-head-outside = Emne, afsender, modtagere og dato er ikke beskyttet: de står kun udenpå og kan være ændret undervejs.
read-head-signed = Emne, afsender, modtagere og dato er dækket af underskriften.
read-head-encrypted = Emne, afsender, modtagere og dato står inde i krypteringen, men ingen har underskrevet dem.
read-head-doubtful = Ingen, du kan stole på, står inde for emne, afsender, modtagere og dato.
read-head-neither = Emne, afsender, modtagere og dato står inde i mailen, men er ikke beskyttet.
read-subject-clear = Emnet kunne læses undervejs.
read-no-subject = (intet emne)
read-no-text = Mailen har ingen tekst.
read-large = Teksten fylder { $size }. Her ses kun begyndelsen; gem den for at læse det hele.
read-hidden = { $count ->
    [one] 1 skjult tegn er fjernet fra teksten.
   *[other] { $count } skjulte tegn er fjernet fra teksten.
}
read-files = Vedhæftet ({ $count })
read-part-name = del-{ $number }.{ $ending }
read-part-locked = { $name }, beskyttet og ikke åbnet
read-protection = Beskyttelse
read-detail-layer = { $layer }: { $method }, { $readers ->
    [one] 1 læser
   *[other] { $readers } læsere
}
read-detail-own = Åbnet med nøglen til certifikatet { $fingerprint }
read-detail-signer = Underskrevet { $when } med certifikatet { $subject }, udstedt af { $issuer }, { $fingerprint }
read-detail-time-unknown = på et ukendt tidspunkt
read-saved = Gemt som { $path }. Filen kommer udefra: åbn den kun, hvis du venter den.
read-nothing-to-save = Der er ingen vedhæftet fil at gemme
read-which-to-save = Gå til den fil, der skal gemmes
read-key-title = Adgangskode til nøglefilen
read-key-text = { $name } er beskyttet med en adgangskode. Den bruges kun nu og gemmes ikke.
read-key-again = Adgangskoden åbner ikke { $name }. Kontrollér den, og prøv igen.
read-key-unlock = Lås op
do-read-received = Læs en modtaget mail
do-read-pick = Åbn en mail…
do-read-again = Åbn den igen
do-read-key = Vælg en nøglefil…
do-read-save = Gem den vedhæftede fil…
do-read-save-one = Gem { $name } ({ $size })…
do-read-back = Tilbage
