## Vinduet
window-title = Ny mail - Segl
window-title-receipt = Kvittering - Segl
window-test = Testudgave: certifikater herfra beskytter ingen.
window-others = { $count ->
    [one] Der ligger endnu en kladde:
   *[other] Der ligger { $count } kladder mere:
}
window-draft = Åbn kladden til { $who }
window-draft-nobody = Åbn kladden uden modtager

field-from = Fra
field-to = Til
field-cc = Cc
field-bcc = Bcc
field-subject = Emne
field-text = Mailens tekst
field-formatted = Formateret tekst fra et andet program. Den sendes uændret.
field-own = Din egen linje øverst
field-files = Vedhæftet ({ $count })
field-remove = Fjern { $name }
field-no-sender = Ingen afsender: indstillingerne mangler
field-drop = Slip filer her for at vedhæfte dem
field-reason = Begrundelse (kræves ved 3 og 4)
hint-recipients = navn@firma.dk, flere med komma
hint-bcc = Ingen modtager ser disse adresser; hver får sin egen mail.
hint-subject = Emnet kan læses undervejs, også når mailen er krypteret.

## Modtageres lys
look-green = Grøn
look-red = Rød
look-grey = Kontrolleres
look-house = Grå
look-chip = { $light }: { $name }, { $word }. { $place } af { $all }
look-checking = Certifikatdatabasen spørges.
look-cpr = Et CPR-nummer må ikke stå i en mailadresse over internettet. Brug Digital Post.
standing-cpr = Der står et CPR-nummer i en modtagers adresse
tell-cpr = Et CPR-nummer må ikke stå i en mailadresse over internettet. Slet fjerner den; brug Digital Post
look-invalid = »{ $text }« er ikke en mailadresse.
look-internal = Bliver på jeres egen mailserver; ikke krypteret til modtageren.
look-refused = Jeres it-afdeling tillader ikke ukrypteret mail til { $domain }.
look-known = Krypteres · kendt { $when }
look-stale = Certifikatdatabasen svarer ikke. Certifikatet, som den viste { $when }, er stadig gyldigt og ikke spærret.
look-organisation = Krypteres til { $organisation }. Organisationens medarbejdere og mailsystem kan læse den.
look-person = Krypteres til { $who }. Certifikat fra { $issuer }, gyldigt til { $date }.
look-today = i dag { $time }
look-yesterday = i går { $time }

## Hvor mailen står
standing-two = { $one } og { $two }
standing-many = { $one } og { $rest } andre
standing-not-ready = Der kan skrives, men ikke sendes
standing-empty = Skriv mindst én modtager
standing-invalid = »{ $text }« er ikke en mailadresse
standing-checking = { $all ->
    [one] Kontrollerer modtageren
   *[other] Kontrollerer { $unknown } af { $all } modtagere
}
standing-armed = Mailen sendes, når alle er kontrolleret. Esc fortryder
standing-encrypted = { $all ->
    [one] Modtageren får mailen krypteret
    [2] Begge modtagere får mailen krypteret
   *[other] Alle { $all } modtagere får mailen krypteret
}
standing-organisation = { $all ->
    [one] Modtageren får mailen krypteret til organisationen
    [2] Begge modtagere får mailen krypteret, { $organisations } til organisationen
   *[other] Alle { $all } modtagere får mailen krypteret, { $organisations } til organisationen
}
standing-in-house = { $house ->
    [one] { $all ->
        [one] Mailen bliver på jeres egen mailserver, ikke krypteret til modtageren
       *[other] 1 af { $all } modtagere er på jeres egen mailserver og får mailen ukrypteret dér
    }
   *[other] { $house } af { $all } modtagere er på jeres egen mailserver og får mailen ukrypteret dér
}
standing-exposed-one = Modtageren kan ikke få mailen krypteret
standing-exposed-all = Ingen af de { $all } modtagere kan få mailen krypteret
standing-exposed = { $count } af { $all } modtagere kan ikke få mailen krypteret: { $who }
standing-not-checked = { $all ->
    [one] Modtageren kunne ikke kontrolleres: { $directory } svarer ikke
   *[other] { $count } af { $all } modtagere kunne ikke kontrolleres: { $directory } svarer ikke
}
standing-refused = Mailen kan ikke sendes til { $who }
standing-transport = Transport: { $level }. Mailen er krypteret til jeres egen mailserver.

button-send = Send
button-when-checked = Send, når kontrollen er færdig
button-encrypted = Send krypteret
button-in-house = Send
button-without = Send uden kryptering…
button-some-without = Send - { $count } uden kryptering…
button-try-again = Prøv igen

## Advarslen
warn-heading = { $count } af { $all } modtagere kan ikke få mailen krypteret
warn-instead = I stedet: bed om et certifikat (Ctrl+M), indlæs et (Ctrl+I), eller brug en anden vej.
warn-instead-try-again = I stedet: prøv igen (F5), eller brug en anden vej.
warn-stale = Certifikatdatabasens svar er fra { $when }.
warn-forbidden = Jeres it-afdeling tillader ikke ukrypteret mail til { $domain }.
warn-no-guarantee = Jeres it-afdeling tillader kun ukrypteret mail, hvis transporten er garanteret krypteret, og det vides ikke om { $domain }.
warn-policy-newer = It-afdelingens regler er nyere end dette Segl, så ukrypteret mail til { $domain } sendes ikke.
warn-question = Hvorfor må mailen sendes uden kryptering?
warn-question-optional = Hvorfor må mailen sendes uden kryptering? (kan udelades)
warn-note = Begrundelsen gemmes i sendeloggen. Skriv ikke oplysninger fra sagen.
warn-only-encrypted = { $safe ->
    [one] Send til den ene krypteret, behold { $who } som kladde
   *[other] Send til de { $safe } krypteret, behold { $who } som kladde
}
warn-send-to-all = Send til alle - { $who } uden kryptering
warn-send-without = Send uden kryptering
reason-nothing-confidential = Mailen indeholder ikke fortrolige eller følsomme oplysninger
reason-assessed = Modtagerens mailserver er undersøgt, og vurderingen er skrevet ned
reason-urgent = Det haster af hensyn til modtageren eller en frist (skriv hvilken)
reason-other = Andet (skriv)
reason-not-required = Ingen begrundelse krævet

ask-organisation-title = Anden organisation end før
ask-organisation = Sidst tilhørte certifikatet { $before }; nu tilhører det { $now }. Ring til modtageren på et nummer, du kender, hvis du er i tvivl. Er det rigtigt?
ask-lose-title = Kladden kan ikke gemmes
ask-lose = Hvis vinduet lukkes nu, går mailen tabt. Kopiér teksten, hvis du skal bruge den.

## Detaljer
details-certificate = Certifikat { $number } af { $count }: { $subject }. Udsteder: { $issuer }. Gyldigt til { $date }.
details-unreadable = Certifikat { $number } af { $count } kan ikke læses.
details-by-address = Adressen står i certifikatet.
details-by-organisation = Bundet til adressen ved organisationens nummer ({ $number }), efter it-afdelingens tabel.
details-by-certificate = Bundet til adressen ved netop dette certifikat, efter it-afdelingens tabel.
details-by-directory = Bundet til adressen, fordi it-afdelingen stoler på { $directory }.
details-not-revoked = Ikke spærret ifølge spærrelisten fra { $when }.
details-not-revoked-answer = Ikke spærret ifølge svaret fra udstederen fra { $when }.
details-set-aside = Bruges ikke: et andet certifikat går forud.
details-fingerprint = Fingeraftryk { $sha256 }
details-source = Hentet { $when } fra { $directory }.
details-checked = Kontrolleret { $when }.

## Nederst
foot-holding = { $seconds ->
    [one] Sendes om 1 sekund.
   *[other] Sendes om { $seconds } sekunder.
}
foot-sending = Sender { $percent } %
foot-closes = { $seconds ->
    [one] Vinduet lukkes om 1 sekund. Tryk på en tast for at holde det åbent.
   *[other] Vinduet lukkes om { $seconds } sekunder. Tryk på en tast for at holde det åbent.
}
foot-not-kept = Kladden gemmes ikke: computeren har ingen nøglering. Den går tabt, når vinduet lukkes.
foot-keeping-failed = Kladden er ikke gemt.

## Kvittering
handed-over = Afleveret til jeres mailserver kl. { $time }
handed-partly = Sendt til { $sent } af { $all }. Ikke sendt til { $who }
handed-nobody = Intet er sendt: mailserveren afviste { $who }
handed-perhaps = Mailen er måske sendt
handed-broke = Forbindelsen brød, efter at mailen var afleveret, men før serveren svarede.
handed-perhaps-next = Send den ikke igen, før du har set efter i Sendt post eller spurgt modtageren.
handed-encrypted = { $count ->
    [one] 1 modtager: krypteret, ikke underskrevet.
   *[other] { $count } modtagere: krypteret, ikke underskrevet.
}
handed-clear = { $count ->
    [one] 1 modtager: uden kryptering.
   *[other] { $count } modtagere: uden kryptering.
}
handed-line-person = { $who }: krypteret til personen
handed-line-organisation = { $who }: krypteret til organisationen { $organisation }
handed-line-internal = { $who }: på jeres egen mailserver, ikke krypteret til modtageren
handed-line-clear = { $who }: uden kryptering. Begrundelse: { $reason }
handed-urgent = Det haster: { $text }
handed-line-refused = { $who }: ikke sendt. Mailserveren svarede: { $reply }
handed-line-unknown = { $who }: ikke bekræftet
handed-left-out = Ikke sendt til { $who }; mailen til dem er gemt som kladde.
handed-reply = Mailserveren svarede: { $reply } ({ $tls })
handed-record = Sendelog nr. { $seq }. Levering hos modtageren er ikke bekræftet.
handed-not-recorded = Sendt, men ikke skrevet i sendeloggen. Segl skriver det, så snart loggen kan skrives. Levering hos modtageren er ikke bekræftet.

## Ingen indstillinger
welcome-title = Velkommen til Segl
welcome-text = Der er ingen indstillinger på denne computer endnu. Sæt Segl op, prøv det med opfundne modtagere, eller åbn indstillingsfilen.

## Det, der siges
tell-decided = { $name }: { $light }, { $word }
tell-now-red = { $name } er nu rød: { $word }
tell-removed = { $left ->
    [one] { $name } fjernet. 1 modtager
   *[other] { $name } fjernet. { $left } modtagere
}
tell-red-removed = { $count } fjernet. { $left } tilbage
tell-double = { $name } er allerede modtager
tell-invalid = »{ $text }« er ikke en mailadresse. F2 retter, Slet fjerner
tell-checking-again = Kontrollerer igen
tell-no-problems = Ingen modtager er rød
tell-attached = { $name } vedhæftet, { $size }.
tell-file-removed = { $name } fjernet
tell-holding = Sendes om { $seconds } sekunder, Ctrl+Z fortryder
tell-no-attachment = Teksten nævner en vedhæftet fil, men der er ingen. Vedhæft den, eller tryk Send igen for at sende uden
tell-undone = Mailen sendes ikke. Kladden er her stadig
tell-changed-undone = Mailen er ændret og sendes ikke af sig selv
tell-disarmed = Mailen er ikke sendt. { $sentence }
tell-cannot-stop = Kan ikke afbrydes nu
tell-progress = { $percent } %
tell-warning-changed = Oplysningerne er ændret. Læs advarslen igen
tell-choose-reason = Vælg en begrundelse
tell-write-reason = Skriv begrundelsen
tell-use-space = Brug mellemrum
tell-use-space-or = Brug mellemrum eller { $keys }
tell-sent-encrypted = { $sent ->
    [one] Sendt krypteret til 1 modtager
   *[other] Sendt krypteret til { $sent } modtagere
}
tell-sent = { $sent ->
    [one] Sendt til 1 modtager
   *[other] Sendt til { $sent } modtagere
}
tell-sent-partly = Sendt til { $sent } af { $all } modtagere
tell-sent-to-nobody = Intet er sendt: mailserveren afviste alle modtagere
tell-perhaps-sent = Mailen er måske sendt. Læs kvitteringen
tell-noted-sent = Noteret: mailen blev sendt
tell-noted-not-sent = Noteret: mailen blev ikke sendt. Du kan sende den igen; modtageren får den måske to gange
tell-saved = Kladden er gemt { $time }
tell-reopened = { $others ->
    [0] Den gemte kladde er åbnet igen
    [one] Den nyeste kladde er åbnet igen. Der er én til
   *[other] Den nyeste kladde er åbnet igen. Der er { $others } andre
}
tell-ignored = Ikke taget med fra linket: { $names }
tell-imported = { $count ->
    [0] Filen indeholder intet certifikat
    [one] 1 certifikat indlæst
   *[other] { $count } certifikater indlæst
}
tell-organisation-confirmed = Organisationen er bekræftet
tell-copied = Kopieret
tell-nothing-to-copy = Der er intet at kopiere
tell-no-quote = Der er ingen citeret tekst
tell-quote-removed = { $lines ->
    [one] 1 citeret linje fjernet. Ctrl+Z fortryder
   *[other] { $lines } citerede linjer fjernet. Ctrl+Z fortryder
}
tell-saved-to-case = Gemt som { $path }
tell-settings-opened = Indstillingsfilen er { $path }. Udfyld den, og start Segl igen.
tell-policy-changed = It-afdelingen har ændret reglerne kl. { $time }. Kladden er her stadig.
tell-policy-stricter = It-afdelingen har ændret reglerne kl. { $time }: ukrypteret mail er ikke længere tilladt. Kladden er her stadig.
tell-close-sending = Mailen er ved at blive sendt. Vinduet kan lukkes bagefter
tell-close-holding = Mailen er ikke sendt endnu. Ctrl+Enter sender nu, Esc fortryder
tell-wait-for-sending = Vent, til mailen er sendt
tell-zoom = { $percent } procent

## Fejl
trouble-nothing-sent = Intet er sendt.
trouble-draft-is-there = Kladden er her stadig.
trouble-file-missing = { $name } findes ikke.
trouble-file-kind = { $name } er ikke en almindelig fil.
trouble-file-unreadable = { $name } kan ikke læses.
trouble-file-next = Vælg filen igen, eller send uden den.
trouble-doubt = Afsendelsen blev afbrudt. Det vides ikke, om { $who } har fået mailen.
trouble-randomness = Computeren giver ingen tilfældige tal.
trouble-tell-it = Giv it-afdelingen besked.

meter-alone = Pakket { $packed }
meter-of = Pakket { $packed } af { $limit }
meter-over = Pakket { $packed }; jeres mailserver tager højst { $limit }. Fjern filer, eller del mailen.

demo-subject = Prøv Segl
demo-text =
    Disse modtagere er opfundet, og hver er i sin egen tilstand. Skriv deres adresser i Til, og se, hvad Segl siger om dem. Mailen forlader ikke denne computer.

    { $people }

letter-ask-certificate =
    Hej

    Jeg vil gerne sende dig krypteret mail. Det kræver et gyldigt certifikat for din adresse, og det har jeg ikke kunnet finde. Vil du sende mig dit certifikat (en fil, der ender på .cer) eller offentliggøre det i certifikatdatabasen?

    Denne mail er ikke krypteret og indeholder intet fortroligt.

    Venlig hilsen
    { $from }
    { $domain }

## Taster
keys-title = Taster
keys-shift = Skift
keys-delete = Slet

do-send = Send
do-undo = Fortryd
do-send-now = Send nu
do-stop = Afbryd
do-recheck = Slå op igen
do-other-options = Andre muligheder…
do-explain = Hvorfor kan mailen ikke sendes?
do-details = Detaljer om modtageren
do-edit = Ret
do-remove = Fjern
do-copy-for-it = Kopiér til it
do-ask-organisation = Bekræft organisationen…
do-confirm-organisation = Ja, det er rigtigt
do-ask-certificate = Bed om et certifikat
do-import = Indlæs et certifikat…
do-commit = Gør teksten til en modtager
do-cc = + Cc
do-bcc = + Bcc
do-attach = Vedhæft…
do-paste = Vedhæft kopierede filer
do-remove-quote = Fjern den citerede tekst
do-back = Tilbage til mailen
do-only-encrypted = Send til de krypterede, behold resten som kladde
do-send-to-all = Send til alle, nogle uden kryptering
do-choose = Vælg begrundelsen
do-remove-red = Fjern alle røde
do-was-sent = Den blev sendt
do-was-not-sent = Den blev ikke sendt, send igen…
do-correct-rest = Ret og send til resten
do-correct = Ret modtageren
do-send-to-others = Send til de andre
do-save-to-case = Gem til sagen…
do-copy-receipt = Kopiér kvittering
do-new-mail = Ny mail
do-save-draft = Gem kladden nu
do-close = Luk
do-close-anyway = Luk, og mist mailen
do-open-draft = Åbn kladden
do-dismiss = Skjul
do-demo = Prøv med opfundne modtagere
do-open-settings = Åbn indstillingsfilen
do-show-lists = Kladder, udbakke, sendelog
do-show-settings = Indstillinger
do-keys = Taster
do-zoom-in = Større
do-zoom-out = Mindre
do-zoom-reset = Almindelig størrelse
do-next-problem = Næste røde modtager
do-previous-problem = Forrige røde modtager
do-say-state = Læs op, om mailen kan sendes krypteret
do-next-area = Næste område
do-previous-area = Forrige område
do-escape = Luk det, der er åbent, eller fortryd

window-not-opened = Vinduet kan ikke åbnes: { $detail }
trouble-no-other-window = Vinduet kan ikke åbnes. Mailen her er uberørt.
