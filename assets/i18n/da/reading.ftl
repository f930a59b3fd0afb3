# Mail fra andre, åbnet.
read-too-large = Mailen fylder mere end { $limit } og er ikke åbnet.
read-too-deep = Mailen er pakket ind i for mange lag eller har for mange dele og er ikke åbnet.
read-malformed = Mailen kan ikke læses: den er beskadiget eller lavet forkert. Intet af den vises.
read-no-key = Mailen er krypteret til andre: ingen af dine nøgler åbner den.
read-closed = Mailen kan ikke åbnes med din nøgle. Den er ændret undervejs, ufuldstændig eller lavet forkert. Intet af den vises.
read-key-away = Nøglen, der åbner mailen, kan ikke nås.
read-unsupported = Mailen bruger en metode, som Segl ikke læser ({ $oid }). Intet af den vises.
read-next-sender = Bed afsenderen om at sende den igen.
read-next-key = Angiv nøglefilen med --key, eller bed afsenderen om at kryptere den til dit certifikat.
read-next-token = Sæt kortet eller nøglen i, og prøv igen.
key-file-password = Adgangskoden åbner ikke nøglefilen.
key-file-broken = Nøglefilen er beskadiget, eller det er ikke en nøglefil.
key-file-unsupported = Nøglefilen er beskyttet på en måde, som Segl ikke læser ({ $oid }).
key-file-no-key = Nøglefilen indeholder ingen privat nøgle med certifikat.
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
read-subject = Emne: { $text }
read-part = Fil { $number }: { $name } ({ $media }, { $size })
read-part-nameless = uden navn
read-warn-unauthenticated = Krypteringen viser ikke, om teksten er ændret undervejs, og ingen har underskrevet den. Handl ikke på den alene.
read-warn-weak-cipher = Mailen er krypteret med en forældet metode, som kan brydes.
read-warn-part = En beskyttet del står sammen med ubeskyttede. Den er ikke åbnet: gem den, og åbn den for sig.
read-warn-from = Afsenderen inde i mailen er en anden end den udenpå, og intet står inde for nogen af dem. Den udenpå vises.
read-warn-signature = Der skulle være en underskrift, men den kan ikke læses. Regn mailen for ikke underskrevet.
read-warn-nobody = Mailen siger, at den er underskrevet, men ingen har underskrevet den.
read-warn-several-from = Mailen nævner mere end én afsender. Programmer kan vise forskellige.
read-warn-legacy = Emnet var beskyttet på en ældre måde.
read-warn-html = Teksten er taget ud af en formateret mail. Billeder og links er udeladt, og intet er hentet.
read-warn-unreadable = En del kan ikke læses og står på listen, som den er.
read-signer-unknown = en ukendt
read-signer-good = Underskrevet af { $who }. Underskriften holder.
read-signer-bad = Stol ikke på underskriften fra { $who }.
read-signer-other = Underskriverens certifikat gælder { $named }, ikke afsenderen.
read-signer-no-address = Der står ingen mailadresse i underskriverens certifikat.
read-signer-ahead = Den siger, at der er underskrevet i fremtiden.
read-fault-changed = Mailen er ændret, efter at den blev underskrevet.
read-fault-invalid = Underskriften er ikke lavet med certifikatets nøgle.
read-fault-no-certificate = Underskriverens certifikat mangler.
read-fault-attributes = Underskriften siger ikke klart, hvad der er underskrevet.
read-fault-other = Underskriften nævner et andet certifikat som sit eget.
read-fault-weak = Der er underskrevet med en forældet metode ({ $digest }).
read-fault-unsupported = Der er underskrevet med en metode, som Segl ikke kender ({ $oid }).
read-part-missing = Mailen har ingen del { $number }.
