# Hvad der vides om transporten til en modtagers domæne
tls-guaranteed = Vejen til { $domain } er krypteret, ellers bliver mailen ikke afleveret: det sørger din mailserver for.
tls-published = { $domain } har offentliggjort, at mail til det sendes krypteret. Det bliver den, hvis din mailserver følger det.
tls-verified = Mailserverne hos { $domain } tog imod kryptering og beviste, hvem de er, da de blev spurgt. Intet binder dem til det.
tls-offered = Mailserverne hos { $domain } tilbyder kryptering, men beviser ikke, hvem de er.
tls-unknown = Det kunne ikke kontrolleres herfra, om mail til { $domain } sendes krypteret.
tls-none = Mindst én mailserver hos { $domain } modtager kun mail uden kryptering eller med kryptering, der er for gammel.
tls-word-guaranteed = garanteret
tls-word-published = offentliggjort
tls-word-verified = bekræftet
tls-word-offered = tilbudt
tls-word-unknown = kunne ikke kontrolleres
tls-word-none = ingen
tls-line = { $domain }: { $level }. { $sentence }
tls-server = { $host }: { $version } med { $cipher }.
tls-kept = Kontrolleret { $date } { $time }.
tls-by-evidence = Set { $date } { $time } af en anden Segl, hvis nøgle begynder med { $key }.
tls-bad-domain = »{ $domain }« er ikke et domæne. Intet blev kontrolleret.
tls-no-domain = Der er intet domæne at kontrollere.
tls-no-domain-next = Nævn et, eller importér kontakter.
tls-exported = { $count ->
    [one] Det, der blev set af et domæne,
   *[other] Det, der blev set af { $count } domæner,
 } ligger i { $file }. Computere, der læser det, nævner denne nøgle i deres indstillinger ([tls] evidence_key): { $key }
tls-not-exported = Det, der blev set, kunne ikke skrives til { $file } ({ $detail }). Den fil, der lå der før, er uændret.
tls-evidence-unreadable = Det, en anden Segl har set af modtageres domæner, kan ikke læses ({ $detail }). Det bruges ikke: flere domæner kan ikke kontrolleres.
tls-evidence-format = Filen med det, en anden Segl har set af modtageres domæner, er af en anden slags. Den bruges ikke: flere domæner kan ikke kontrolleres.
tls-evidence-no-key = Indstillingerne nævner en fil med det, en anden Segl har set af modtageres domæner, men ikke hvis underskrift der tæller. Den bruges ikke.
tls-evidence-other-key = Det, en anden Segl har set af modtageres domæner, er underskrevet med en anden nøgle end den, indstillingerne nævner ({ $key }). Det bruges ikke.
tls-evidence-signature = Det, en anden Segl har set af modtageres domæner, er ændret, efter at det blev underskrevet. Det bruges ikke.
tls-evidence-old = Det, en anden Segl har set af modtageres domæner, er fra { $date } og ældre end syv dage. Det bruges ikke.
tls-evidence-future = Det, en anden Segl har set af modtageres domæner, er fra { $date }, som ikke er kommet endnu: et ur går forkert. Det bruges ikke.
doctor-tls-evidence = En anden Segl har set { $count ->
    [one] et domæne
   *[other] { $count } domæner
 } hos modtagere, { $date }.
doctor-tls-resolver = DNS bliver spurgt om modtageres domæner hos den server, som indstillingerne nævner ([tls] resolver).
doctor-tls-seams = Indstillinger, der er beregnet til test, er ændret ([tls] { $keys }): det, der siges om modtageres domæner, behøver ikke at passe.

tls-note-null-mx = Domænet oplyser, at det ikke modtager mail.
tls-note-no-such-domain = Domænet findes ikke, eller intet hos det modtager mail. Se efter, om det er stavet rigtigt.
tls-note-mx-unchecked = DNS svarede ikke i tide på, hvem der modtager dets mail. Prøv igen senere.
tls-note-bogus = Underskrevne svar fra DNS er ødelagt eller mangler. Nogen kan have ændret dem, eller DNS-serveren her fjerner underskrifterne: sig det til it.
tls-note-implicit-mx = Domænet nævner ingen mailserver og modtager selv mail.
tls-note-too-many-mx = Domænet nævner flere mailservere, end der undersøges.
tls-note-alias-mx = { $host } er kun et andet navn for en mailserver, hvilket ikke er tilladt, og blev ikke fulgt.
tls-note-no-address = { $host } har ingen adresse.
tls-note-address-unchecked = DNS oplyste ikke adressen på { $host } i tide.
tls-note-dane-unchecked = Det kunne ikke undersøges, om { $host } offentliggør sit certifikat (DANE).
tls-note-dane-unusable = Det, som { $host } offentliggør om sit certifikat (DANE), kan ikke bruges.
tls-note-dane-mismatch = Certifikatet hos { $host } er ikke det, der er offentliggjort (DANE).
tls-note-sts-invalid = Domænet bekendtgør en politik (MTA-STS) på en måde, der ikke tæller.
tls-note-sts-unchecked = Det kunne ikke hentes, om domænet har en politik (MTA-STS), eller hvilken.
tls-note-sts-testing = Domænets politik (MTA-STS) er kun på prøve.
tls-note-sts-withdrawn = Domænets politik (MTA-STS) er trukket tilbage.
tls-note-sts-remembered = Domænets politik (MTA-STS) er hentet tidligere og gælder stadig; den kunne ikke hentes nu.
tls-note-sts-not-named = Domænets politik (MTA-STS) nævner ikke { $host }.
tls-note-sts-certificate = Certifikatet hos { $host } er ikke det, som domænets politik (MTA-STS) kræver.
tls-note-wants-reports = Domænet beder om rapporter om kryptering: nogen holder øje med det.
tls-note-nta7516 = Domænet oplyser, at det er med i sikker mail på sundhedsområdet (NTA 7516).
tls-note-not-probed = Mailserverne selv blev ikke spurgt.
tls-note-probed-elsewhere = En anden Segl har spurgt mailserverne, ikke denne.
tls-note-unreachable = { $host } kunne ikke nås. Det kan den ikke fra mange kontorer.
tls-note-private = { $host } har en adresse i et privat netværk og blev ikke spurgt.
tls-note-refused = { $host } ville ikke tale med denne computer.
tls-note-stalled = { $host } holdt op med at svare, før den var færdig.
tls-note-broken = { $host } svarede ikke som en mailserver eller afbrød.
tls-note-no-starttls = { $host } modtager kun mail uden kryptering.
tls-note-starttls-refused = { $host } tilbyder kryptering, men afviste den, da den blev spurgt.
tls-note-injected = { $host } eller nogen undervejs lagde ord ind, før krypteringen begyndte. Sig det til it.
tls-note-handshake-failed = Der kunne ikke aftales kryptering med { $host }.
tls-note-old-tls = Krypteringen hos { $host } er ældre end TLS 1.2 og tæller som ingen.
tls-note-self-signed = Certifikatet hos { $host } står kun inde for sig selv.
tls-note-untrusted-issuer = Certifikatet hos { $host } er fra en udsteder, der ikke stoles på.
tls-note-wrong-name = Certifikatet hos { $host } er til et andet navn.
tls-note-expired = Certifikatet hos { $host } er udløbet.
tls-note-not-yet-valid = Certifikatet hos { $host } gælder ikke endnu.
tls-note-weak-certificate = Certifikatet hos { $host } er for svagt.
tls-note-no-certificate = { $host } viser intet certifikat.
tls-note-invalid-certificate = Certifikatet hos { $host } er ikke gyldigt.
