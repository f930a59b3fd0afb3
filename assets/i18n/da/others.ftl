# Andres certifikater: indlæst fra filer og underskrevne mails, og knyttet til adresser.
word-encrypted-pinned = Krypteres · tilknyttet
state-pinned = Krypteres til { $name } med det certifikat, du knyttede til adressen den { $at }. Certifikat fra { $issuer }, gyldigt til { $date }.
details-by-pin = Du knyttede certifikatet til adressen den { $at }; adressen står ikke selv i certifikatet.
others-names-none = ingen adresse
others-organisation = { $name }, organisation { $organisation }
others-for = Til { $address }: Adressen står i certifikatet.
others-for-bound = Til { $address }: bundet til adressen efter it-afdelingens tabel.
others-for-pinned = Til { $address }: Du knyttede det til adressen den { $at }. I certifikatet står { $named }.
others-not-tied = Bruges ikke til { $address }: I certifikatet står { $named }. Det tilhører { $who }.
others-no-address = Bruges ikke til nogen: Der står ingen adresse i certifikatet. Det tilhører { $who }.
others-refused-policy = Jeres regler tillader ikke, at certifikater knyttes til adresser.
others-refused-rule = It-afdelingens tabel giver { $address } til en anden.
others-for-signing = Dette er kun til underskrifter. Der kan ikke krypteres til det, og det gemmes ikke.
others-usable = Mails til adressen krypteres til det.
others-kept = { $count ->
    [0] Der blev ikke gemt noget certifikat, som der kan krypteres til.
    [one] 1 certifikat er gemt.
   *[other] { $count } certifikater er gemt.
}
others-learned = Det er noteret, hvad afsenderens mailprogram kan åbne.
others-prefers-other = Afsenderen vil have svar krypteret til et certifikat, som ikke fulgte med mailen. Bed om det.
others-unreadable = { $count ->
    [one] 1 certifikat i filen kunne ikke læses.
   *[other] { $count } certifikater i filen kunne ikke læses.
}
others-next-pin = Hvis certifikatet virkelig tilhører personen, så indlæs det igen med --address { $address } --pin. Kontrollér først fingeraftrykket over telefonen.
others-next-address = Hvis du ved, hvem det tilhører, så indlæs det igen med --address ADRESSE --pin. Kontrollér først fingeraftrykket over telefonen.
others-none = Der er ikke indlæst certifikater fra andre.
others-list = Indlæste certifikater, der tilhører andre:
others-unpinned = { $count ->
    [one] 1 certifikat er ikke længere knyttet til { $address }.
   *[other] { $count } certifikater er ikke længere knyttet til { $address }.
}
others-not-pinned = Der er ikke knyttet et sådant certifikat til { $address }.
others-next-list = segl cert list viser, hvad der er knyttet.
import-unverified = Ingen underskrift i mailen holder, så der blev ikke taget noget fra den.
import-mail = Mailen kan ikke åbnes, så der blev ikke taget noget fra den.
import-next-sender = Bed afsenderen om at sende en underskrevet mail igen.
unpinned-policy = Intet blev gemt: Jeres regler tillader ikke, at certifikater knyttes til adresser.
unpinned-rule = Intet blev gemt: It-afdelingens tabel giver adressen til en anden.
unpinned-address = Intet blev gemt: Det er ikke angivet, hvilken adresse certifikatet hører til.
unpinned-several = Intet blev gemt: Filen indeholder certifikater fra flere personer, og kun ét kan knyttes til adressen.
unpinned-nothing = Intet blev gemt: Der er ikke noget at knytte. Certifikaterne hører allerede til adressen eller er kun til underskrifter.
unpinned-next-address = Angiv den med --address.
unpinned-next-single = Gem det rigtige certifikat i en fil for sig.
unpinned-next-without = Indlæs det uden at knytte det.
readers-not-kept = Tilknytningen kan ikke gemmes, for det, Segl gemmer nu, er væk, når programmet slutter.
import-heading = Certifikater i { $name }
import-check-first = Kontrollér fingeraftrykket over telefonen, før du knytter certifikatet til adressen. Er det en andens, kan den anden læse mailen.
do-import-take = Gem certifikatet
do-import-pin = Knyt til adressen
do-import-pin-to = Knyt til { $address }
do-import-attach = Vedhæft filen i stedet
do-import-unpin = Ophæv tilknytningen
tell-pinned = Certifikatet er gemt og knyttet til adressen
ending-notice-own = Dit certifikat udløber { $date }, om højst { $days } dage: { $subject }. Bestil et nyt nu, og behold dette til ældre mails.
ending-notice-own-issuer = Et certifikat over dit eget udløber { $date }: { $subject }. Bed it-afdelingen om et nyt.
ending-notice-other = En modtagers certifikat udløber { $date }: { $subject }. Bed modtageren om et nyt inden da.
ending-notice-issuer = Udstederen af en modtagers certifikat udløber { $date }: { $subject }. Giv it-afdelingen besked, hvis modtageren ikke har fået et nyt inden da.
word-left-out = Frasorteret
problem-left-out-kind = Jeres egne regler sorterer certifikatet fra: I bruger kun certifikater til { $expected }, og dette er til { $presented }.
problem-left-out-policy = Jeres egne regler sorterer certifikatet fra: Det skal have en af politikkerne { $expected }, og det har { $presented }.
kind-person = privatpersoner
kind-employee = medarbejdere
kind-organisation = organisationer
kind-mailbox = postkasser uden kontrolleret navn
kind-other = andet eller ukendt
rule-filter = Hvilke af andres certifikater der bruges
rule-pins = Om et certifikat må knyttes til en adresse, der ikke står i det
options-store-readers = Modtagere med et tilknyttet certifikat, eller hvis mailprogram Segl har lært noget om: { $count }, krypteret.
others-which = Ikke netop ét af de indlæste certifikater har det fingeraftryk.
others-removed = Certifikatet for { $name } er fjernet og ikke længere knyttet til nogen adresse.
others-not-removed = Certifikatet kunne ikke fjernes. Det er ikke længere knyttet til nogen adresse.
others-list-learned = Af en mail fra { $address }, underskrevet den { $at }, vides om modtagerens mailprogram: { $what }.
learned-gcm = det vil have AES-256-GCM
learned-cbc = det vil have AES-256-CBC
learned-oaep = det åbner RSA-OAEP
learned-subject = det viser skjulte emner
learned-nothing = intet særligt
details-learned = Hvad modtagerens mailprogram kan åbne, vides fra en mail, der blev underskrevet den { $at }.
options-others = Andres certifikater
options-others-none-title = Ingen
options-others-none = Der er ikke indlæst certifikater fra andre. Ctrl+I i en mail indlæser et fra en fil eller en underskrevet mail.
do-import-unpin-from = Ophæv tilknytningen til { $address }
do-import-remove = Fjern certifikatet for { $name }
