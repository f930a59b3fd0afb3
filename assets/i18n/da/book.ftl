## Adressebogen
book-off = Forslag til adresser er slået fra (policy.suggestions), så ingen adresser gemmes. Intet er indlæst.
book-off-next = Jeres it-afdeling bestemmer, om de slås til.
book-unreadable = Filen kan ikke læses. Intet er indlæst.
book-not-text = Filen er ikke en tekstfil. Segl læser CSV og vCard. Intet er indlæst.
book-empty = Filen har ingen post med en mailadresse. Intet er indlæst.
book-columns = Den første linje nævner ingen kolonne med mailadresser. Fundet: { $found }. Ventet, for eksempel: { $expected }. Intet er indlæst.
book-columns-none = Den første linje er tom. Ventet en kolonne med mailadresser, for eksempel: { $expected }. Intet er indlæst.
book-too-many = Filen har mere end { $most } poster. Intet er indlæst.
book-rows = { $count ->
    [one] 1 post kan ikke læses, så intet er indlæst:
   *[other] { $count } poster kan ikke læses, så intet er indlæst:
}
book-row = Række { $number }, kolonne »{ $column }«: »{ $value }« { $why }
book-card = Kort { $number }, { $column }: »{ $value }« { $why }
book-row-whole = Række { $number } { $why }
book-card-whole = Kort { $number } { $why }
book-why-address = er ikke en mailadresse.
book-why-forbidden = har et tegn, som skjuler eller vender tekst.
book-why-long = er for lang. Måske mangler et afsluttende anførselstegn.
book-why-fields = har { $found } felter; den første linje nævner { $columns } kolonner.
book-why-card = slutter ikke, eller er ikke et vCard.
book-next-correct = Ret filen, og indlæs den igen.
book-not-kept = Adressebogen kan ikke læses eller skrives.

book-imported = { $new } nye adresser indlæst, { $changed } ændret, { $same } som før.
book-imported-without = { $without ->
    [one] 1 post har ingen mailadresse og er udeladt.
   *[other] { $without } poster har ingen mailadresse og er udeladt.
}
book-forgotten = { $address } glemt
book-not-there = { $address } står ikke i adressebogen.
book-none = Adressebogen er tom.

book-list = Forslag
book-found = { $count ->
    [one] 1 forslag, pil ned vælger
   *[other] { $count } forslag, pil ned vælger
}
book-chosen = { $row }. { $place } af { $all }. Enter tager det, Slet glemmer det
book-none-chosen = Intet forslag valgt. Enter tager det skrevne
book-written = sidst skrevet til { $when }
book-never-written = indlæst, endnu ikke skrevet til
book-namesake = en af { $count } med det navn
book-ending = ender på { $ending }
book-new = ny adresse
book-new-ending = ny adresse, ender på { $ending }
book-first-mail = Det er den første mail til adressen. Der er før skrevet til andre på { $domain }.

do-book-next = Næste forslag
do-book-previous = Forrige forslag
do-book-take = Tag forslaget
do-book-forget = Glem den foreslåede adresse
do-book-import = Indlæs adresser…
do-book-confirm = Modtagerne er rigtige
do-book-to-bcc = Flyt dem til Bcc

## Advarsler før afsendelse
alert-heading = { $count ->
    [one] Er modtageren rigtig?
   *[other] Er modtagerne rigtige?
}
alert-like-domain = { $who }: { $domain } ligner { $like }, men er et andet domæne.
alert-like-person = { $who }: adressen ligner { $like }, men er en anden.
alert-how-letters = Nogle bogstaver ser kun ens ud.
alert-how-ending = Endelsen er .{ $new }, ikke .{ $old }.
alert-how-spelling = Ét bogstav er anderledes, eller to er byttet om.
alert-how-hyphen = Der er en bindestreg mere eller mindre.
alert-how-inside = Et domæne tilhører den, der ejer dets slutning: { $ending }.
alert-like-means = Den, der ejer adressen, får mailen.
alert-like-next = Sammenlign bogstav for bogstav med et brev eller en mail fra modtageren, eller ring på et nummer, du kender.
alert-first = { $who }: der er ikke før skrevet til nogen på { $domain }.
alert-first-means = Er domænet forkert, får en fremmed mailen.
alert-first-next = Sammenlign adressen med det sted, du har den fra.
alert-odd = { $who } har aldrig været på en mail sammen med de andre.
alert-odd-means = Der er skrevet til de andre sammen { $times } gange, aldrig med denne modtager.
alert-odd-next = Se efter, om modtageren hører til i sagen.
alert-open = { $count } modtagere uden for huset, på { $domains } domæner, kan se hinandens adresser.
alert-open-means = Hvem der ellers får mailen, kan være fortroligt i sig selv.
alert-open-next = Flyt dem til Bcc ({ $keys }): så får hver sin egen mail.
alert-moved = { $count } modtagere flyttet til Bcc. Intet er sendt endnu
alert-waits = Adressebogen er ændret. Se modtagerne efter
alert-unconfirmed = Ingen har bekræftet, at modtagerne er rigtige.
subject-tells = Teksten ville blive krypteret, men emnet kan læses undervejs, og det røber: { $list }.
next-confirm-subject = Skriv et andet emne, eller send igen med --confirm-subject.
next-confirm-addresses = Se adresserne efter, og send igen med --confirm-addresses.
