## Stavning
spell-word = Ord { $number } af { $all } findes ikke i ordbogen: »{ $word }«
spell-danish = Dansk ordbog
spell-english = Engelsk ordbog
spell-checking = Stavningen kontrolleres …
spell-looking = Leder efter forslag …
spell-no-suggestion = Ingen forslag
spell-suggestions = Forslag: { $list }
spell-replaced = »{ $old }« er rettet til »{ $new }«.
spell-nothing-replaced = Intet ord er rettet her
spell-none = Alle ord findes i ordbogen
spell-added = »{ $word }« er føjet til dine egne ord
spell-not-added = Ordet kunne ikke gemmes. Det gælder i dette vindue, til det lukkes.
spell-off = Stavekontrollen er slået fra i denne mail. F7 slår den til igen
spell-off-settings = Stavekontrollen er slået fra i indstillingerne (writing.spelling)
spell-no-dictionary = Ordbøgerne kan ikke læses, så stavningen kontrolleres ikke. Mailen er ikke berørt. Giv it besked.
do-next-word = Næste ord, der ikke findes i ordbogen
do-take = Vælg
do-put-back = Sæt det gamle ord tilbage
do-add-word = Føj til mine ord
do-ignore-word = Ignorer i denne mail
do-speak-danish = Hele mailen er dansk
do-speak-english = Hele mailen er engelsk
do-speak-each = Dansk eller engelsk for hvert afsnit
do-spelling-off = Ingen stavekontrol i denne mail

## Skabeloner
template-title = Skabeloner
template-search = Søg i skabeloner
template-insert = Indsæt ved markøren
template-reading = Skabelonerne læses …
template-own = { $name } (egen)
template-firm = { $name } (firmaets)
template-subject = Emne: { $subject }
template-count = { $count ->
    [0] Ingen skabeloner
    [one] 1 skabelon
   *[other] { $count } skabeloner
}
template-no-match = Ingen skabelon passer
template-folder = Dine egne skabeloner er tekstfiler (.txt) i { $folder }
template-unreadable = { $name } kan ikke læses og er udeladt. Luk den i andre programmer, eller spørg it.
template-too-large = { $name } er for stor til en skabelon (højst 256 kB) og er udeladt.
template-not-text = { $name } er ikke en tekst i UTF-8 og er udeladt. Gem den som ren tekst.
template-no-folder = Mappen { $name } kan ikke læses, så dens skabeloner mangler. Spørg it.
template-formatted = En formateret tekst sendes uændret og kan ikke få en skabelon
template-inserted = { $name } er indsat. Ctrl+Z fortryder
template-inserted-open = { $name } er indsat. Det markerede skal udfyldes
template-unfilled = { $what } er ikke udfyldt. Udfyld det, eller send igen for at sende sådan
do-templates = Skabeloner …

## Signatur og citeret tekst
signature-unread = Signaturen { $name } kan ikke læses, så den mangler i mailen. Ret filen, eller spørg it.
signature-kept = Signaturen er ændret og bliver stående. Ret den, hvis den ikke passer til afsenderen
guard-subject = Emnet kan læses undervejs, og det røber: { $list }
do-move-subject = Flyt emnet ned i teksten
tell-subject-tells = Intet er sendt. { $sentence }. Flyt det ned i teksten, eller tryk Ctrl+Enter igen for at sende det, som det er
tell-subject-moved = Emnet står nu øverst i teksten. Skriv et, der intet røber om sagen
tell-no-subject = Der er intet emne at flytte
guard-quoted = { $lines ->
    [one] 1 citeret linje går med uden kryptering til { $who }
   *[other] { $lines } citerede linjer går med uden kryptering til { $who }
}
guard-formatted = Den formaterede tekst citerer en anden mail ({ $lines ->
    [one] 1 linje
   *[other] { $lines } linjer
}), som går med uden kryptering til { $who }. Segl sender den uændret: fjern citatet i det program, den kommer fra.
tell-quote-formatted = Den formaterede tekst sendes uændret. Fjern citatet i det program, den kommer fra
