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
own-good = Der er ikke noget galt med det.
own-imported = { $count ->
    [one] Nøglen er gemt forseglet og bliver liggende for altid.
   *[other] { $count } nøgler er gemt forseglet og bliver liggende for altid.
}
own-import-backup = Gem filen og dens adgangskode et sikkert sted: De er sikkerhedskopien af nøglen.
own-export-which = Der er ikke præcis ét af dine certifikater, der har det fingeraftryk.
own-export-next-list = segl cert list viser dem.
own-exported = Nøglen er skrevet til filen: { $fingerprint }
own-fault-address = Det gælder ikke for nogen af dine afsenderes adresser.
own-only-signing = Det kan ikke underskrive: { $problem }
own-only-reading = Andre kan ikke kryptere til det: { $problem }
own-both = { $problem }
own-ends = Det udløber inden for { $days } dage. Bestil et nyt nu, og behold dette til ældre mails.
own-chain-ends = Et certifikat over det udløber den { $date }. Bed IT om et nyt.
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
