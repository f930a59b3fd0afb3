# Tunnelmail: krypteret til gatewayen hos modtagerens organisation, og listen over, hvem der har en.
word-encrypted-tunnel = Krypteres · gateway
state-tunnel = Krypteres til organisationens gateway: { $organisation }. Gatewayen åbner mailen og sender den videre inde i organisationen. Certifikatet er gyldigt til { $date }.
state-tunnel-unconfirmed = Endnu ikke bekræftet med denne organisation: der er ikke kommet svar gennem gatewayen.
state-tunnel-person-failed = Det kunne ikke kontrolleres, om modtageren selv har et certifikat.
state-tunnel-person-unusable = Modtagerens eget certifikat bruges ikke: { $why }
state-tunnel-old-list = Tunnellisten er fra { $date }; det er længere siden, end jeres regler tillader. Sig det til it-afdelingen.
state-tunnel-none = { $domain } står på tunnellisten, men gatewayen har intet certifikat, der kan bruges.
state-tunnel-no-mailbox = { $domain } står på tunnellisten, men listen siger ikke, hvilken postkasse mailen skal til.
delivery-tunnel = krypteret til organisationens gateway
handed-line-tunnel = { $who }: krypteret til organisationens gateway, { $organisation }
lists-how-tunnel = Krypteret · gateway
word-list-mismatch = Ikke som listen siger
problem-list-mismatch = Tunnellisten nævner { $expected }; certifikatet tilhører { $found }.
details-by-domain = Det tilhører gatewayen hos { $domain }, som åbner mail til alle domænets adresser, og bruges kun til det domæne.
options-host-tunnel-list = Leverer tunnellisten: hvilke organisationer der læser krypteret mail til alle deres adresser. Den får ikke at vide, hvem du skriver til.
rule-tunnel-list = Hvor tunnellisten kommer fra
rule-tunnel-signer = Hvem der skal have underskrevet tunnellisten
rule-tunnel-mode = Hvordan mail sendes til en gateway, når listen ikke siger det
rule-tunnel-main-mailbox = Fra hvilken postkasse en mail med en anden mail i sendes til en gateway
rule-tunnel-age = Hvor gammel tunnellisten må være
rule-tunnel-mailboxes = Under hvilke navne gatewayers certifikater slås op

tunnel-no-list = Der er ingen tunnelliste. Mail krypteres kun til modtagere, der selv har et certifikat.
tunnel-in-force = Gældende tunnelliste: { $count } domæner, fra { $date }, hentet fra { $source }
tunnel-same = Denne tunnelliste gælder allerede: { $count } domæner, fra { $date }, hentet fra { $source }
tunnel-taken = Tunnellisten gælder nu: { $count } domæner, fra { $date }, hentet fra { $source }
tunnel-waits = En tunnelliste venter på, at du har set forskellene: { $count } domæner, fra { $date }, hentet fra { $source }. Den forrige gælder stadig.
tunnel-facts = SHA-256 { $sha256 }, { $octets } oktetter, { $keys ->
    [0] ingen certifikater nævnt
    [one] 1 certifikat nævnt
   *[other] { $keys } certifikater nævnt
}
tunnel-signed = Underskrevet af { $signer }
tunnel-unsigned = Ikke underskrevet: den gælder på den persons ord, der lagde filen.
tunnel-membership-only = Ikke underskrevet og hentet over nettet: den fortæller kun, hvilke domæner der er med. Nøgler, postkasser og numre i den bruges ikke.
tunnel-left-out = { $count ->
    [one] 1 linje er forkert og er udeladt.
   *[other] { $count } linjer er forkerte og er udeladt.
}
tunnel-old = Den er ældre, end jeres regler tillader. Bed udgiveren eller it-afdelingen om en nyere.
tunnel-trouble = Den kunne ikke opdateres ({ $date }): { $detail }
tunnel-waits-next = Sammenlign med den, der udgiver listen. Derefter: segl tunnel confirm eller segl tunnel discard.
tunnel-shrinks = { $gone } af { $before } domæner er væk; { $after } ville være tilbage.
tunnel-gone = Væk: { $domains }
tunnel-own = Den nævner jeres egne domæner: { $domains }
tunnel-changes = { $count ->
    [one] 1 domæne ville få mail på en anden måde:
   *[other] { $count } domæner ville få mail på en anden måde:
}
tunnel-changed = { $domain }: { $what } var { $before }, ville blive { $after }
tunnel-changed-more = og { $count } mere
tunnel-nothing = ingenting
tunnel-field-key = certifikat
tunnel-field-mailbox = postkasse
tunnel-field-mode = måde
tunnel-field-number = CVR
tunnel-confirmed = { $count ->
    [one] Tunnellisten med 1 domæne gælder nu.
   *[other] Tunnellisten med { $count } domæner gælder nu.
}
tunnel-discarded = Tunnellisten, der ventede, er væk. Den forrige gælder stadig.
tunnel-answered = Noteret: gatewayen hos { $domain } har åbnet mail fra jer.

tunnel-fault-line = Linje { $number }: { $why }: { $value }
tunnel-fault-item = Nr. { $number }: { $why }: { $value }
tunnel-fault-text = ikke UTF-8-tekst
tunnel-fault-forbidden = et tegn, der skjuler eller vender tekst
tunnel-fault-long = for lang
tunnel-fault-fields = felterne passer ikke til kolonnerne
tunnel-fault-domain = ikke et domænenavn
tunnel-fault-looks-alike = et domænenavn med bogstaver, der ligner andre
tunnel-fault-mailbox = ikke en mailadresse
tunnel-fault-elsewhere = en postkasse på et andet domæne
tunnel-fault-mode = hverken direct eller wrapped
tunnel-fault-number = ikke et CVR-nummer
tunnel-fault-day = ikke en dato som 2026-01-31
tunnel-fault-fingerprint = ikke et SHA-256-fingeraftryk
tunnel-fault-certificate = ikke et certifikat, eller ikke det, fingeraftrykket gælder
tunnel-broken-text = Listen er ikke UTF-8-tekst. Intet af den er taget ind; den forrige gælder stadig.
tunnel-broken-large = Listen er større end { $limit } oktetter. Intet af den er taget ind; den forrige gælder stadig.
tunnel-broken-empty = Der er intet domæne på listen. Den forrige gælder stadig.
tunnel-broken-columns = Listen har kolonner, som Segl ikke kender, eller en af dem to gange: { $found }. Intet af den er taget ind; den forrige gælder stadig.
tunnel-broken-json = Listen er ikke en JSON-liste: { $detail }. Intet af den er taget ind; den forrige gælder stadig.
tunnel-broken-twice = Listen siger to forskellige ting om { $domain }, anden gang ved { $number }. Intet af den er taget ind; den forrige gælder stadig.
tunnel-broken-faults = { $count } af { $all } linjer på listen er forkerte, og det er for mange. Intet af den er taget ind; den forrige gælder stadig.
tunnel-is-unsigned = Listen er ikke underskrevet, og det kræver jeres regler. Intet af den er taget ind; den forrige gælder stadig.
tunnel-other-signer = Listen er underskrevet, men ikke med det certifikat, jeres regler nævner, eller den er ændret siden. Intet af den er taget ind; den forrige gælder stadig.
tunnel-bad-signature = Listens underskrift kan ikke læses. Intet af den er taget ind; den forrige gælder stadig.
tunnel-signer-file = Certifikatet, der underskriver listen, kan ikke bruges: { $detail }. Den forrige liste gælder stadig.
tunnel-older = Listen er underskrevet før den, der gælder: nogen deler en gammel ud. Den gældende bliver.
tunnel-no-answer = Tunnellisten kunne ikke hentes: { $detail }. Den forrige gælder stadig.
tunnel-policy = Jeres organisations regler nævner tunnellisten. Der kan ikke tages en anden ind.
tunnel-not-configured = Indstillingerne nævner ingen tunnelliste.
tunnel-nothing-waits = Der venter ikke sådan en tunnelliste.
tunnel-damaged = Det, der er gemt af tunnellisten, er beskadiget og gælder ikke.
tunnel-not-kept = Tunnellisten kan ikke gemmes: { $detail }. Den forrige gælder stadig.
tunnel-next-file = Kontrollér filens navn.
tunnel-next-author = Bed den, der udgiver listen, om en rigtig.
tunnel-next-import = Tag en liste ind: segl tunnel import FIL.
tunnel-next-status = segl tunnel status viser, hvad der er.
tunnel-answer-not-mail = Filen er ikke en mail med en afsender. Intet er noteret.
tunnel-answer-unrelated = Mailen svarer ikke på nogen, der er sendt gennem afsenderens gateway. Intet er noteret.
tunnel-next-answer = Gem selve svaret som en .eml-fil, og giv den.

options-tunnel = Tunnelliste
options-tunnel-now = Gælder nu
options-tunnel-waits = En ny liste venter på dig
options-tunnel-next = Spørg den, der udgiver listen, om forskellene er rigtige, før du bruger den.
options-tunnel-more = Dem alle: segl tunnel status --json
do-list-confirm = Brug den nye liste
do-list-discard = Kassér den nye liste
tell-list-waits = En ny tunnelliste ændrer, hvem der læser jeres mail, og venter på, at nogen har set forskellene: indstillingerne, »Tunnelliste«.
