# At bede et domæne om en kvittering, og hvad der kommer tilbage
tls-ask-subject = Anmodning om kvittering
tls-ask-text =
    { $who } beder om en kvittering for denne mail for at se, om mail mellem os er krypteret undervejs. Mailen indeholder ikke andet.

    Lad venligst dit mailprogram sende den kvittering, som det tilbyder, eller besvar denne mail, som den er.
tls-asked = { $address } bliver bedt om en kvittering.
tls-asked-both = Modtagerens mailprogram og mailserverne undervejs bliver spurgt.
tls-asked-program = Modtagerens mailprogram bliver spurgt. Din mailserver tilbyder ikke at spørge serverne undervejs.
tls-asked-servers = Mailserverne undervejs bliver spurgt.
tls-asked-neither = Ingen andre end modtageren kunne spørges.
tls-asked-next = Når kvitteringen kommer, så gem den som fil og slip den på vinduet, eller giv den til: segl tls receipt FIL.eml
tls-ask-unneeded = Mail til { $address } er krypteret til den, den er til, eller bliver i huset. Der er intet at spørge om.
tls-ask-unneeded-next = Spørg en adresse hos domænet, som mail ikke bliver krypteret til.
tls-receipt-no-mail = Denne fil er ikke en mail.
tls-receipt-no-mail-next = Gem kvitteringen fra dit mailprogram som .eml, og giv den fil.
tls-receipt-busy = En anden Segl er ved at arkivere en kvittering.
tls-receipt-from = { $kind ->
    [disposition] Kvittering (modtagerens mailprogram)
    [delivery] Kvittering (en mailserver)
   *[other] Mail
 }{ $from ->
    [none] {""}
   *[other] { " " }fra { $from }
 }{ $reporting ->
    [none] .
   *[other] { " " }({ $reporting }).
 }
tls-receipt-action = Den siger om anmodningen: { $action ->
    [delivered] afleveret i postkassen
    [relayed] givet videre til en server, der ikke fortæller mere
    [expanded] givet videre til flere
    [delayed] forsinket
    [failed] ikke afleveret
    [displayed] vist for modtageren
    [deleted] slettet
    [dispatched] sendt videre
    [processed] behandlet af et program
   *[other] noget andet
 }.
tls-receipt-filed = Den besvarer anmodningen til { $address } fra { $date } og er arkiveret i sendeloggen (nr. { $row }).
tls-receipt-not-ours = Den nævner ingen anmodning fra denne Segl. Den vises og arkiveres ikke.
tls-receipt-other-domain = Den nævner anmodningen til { $address }, men kommer fra et andet domæne ({ $from }). Den vises og arkiveres ikke.
tls-receipt-second = Den besvarer anmodningen til { $address }, og det samme svar er allerede arkiveret (nr. { $row }). Den vises og arkiveres ikke igen.
tls-receipt-from-them = Denne mails vej til os, den nyeste linje først:
tls-receipt-to-them = Anmodningens vej til dem, som den kom tilbage i denne mail, den nyeste linje først:
tls-receipt-hop = { $by } tog imod den{ $from ->
    [none] {""}
   *[other] { " " }fra { $from }
 }: { $tls }{ $date ->
    [none] .
   *[other] , { $date }.
 } { $witness }
tls-receipt-unnamed = En server
tls-receipt-over = { $version } med { $cipher }
tls-receipt-over-some = { $version }
tls-receipt-over-unknown = TLS, version ikke nævnt
tls-receipt-over-nothing = intet sagt om kryptering
tls-receipt-weak = { $tls } (for svag)
tls-receipt-observed = Set af vores egen mailserver.
tls-receipt-claimed-domain = Påstået af { $domain }, som har underskrevet det.
tls-receipt-claimed = Påstået; af hvem er ikke bekræftet.
tls-receipt-left-out = { $count ->
    [one] En linje mere blev ikke læst.
   *[other] { $count } linjer mere blev ikke læst.
 }
tls-receipt-no-hops = Den indeholder ingen linjer fra mailservere: den siger intet om kryptering.
tls-receipt-signature = Underskrift fra { $domain }: { $verdict }
tls-receipt-valid = den holder og dækker hele teksten.
tls-receipt-partial = den dækker kun begyndelsen af teksten. Den tæller ikke.
tls-receipt-body = teksten er ændret. Den tæller ikke.
tls-receipt-broken = den holder ikke.
tls-receipt-no-key = domænet har ikke længere en sådan nøgle. Den tæller ikke.
tls-receipt-key-unknown = dens nøgle kunne ikke fås fra DNS. Ingen ved, om den holder.
tls-receipt-key-bogus = DNS svarer om dens nøgle med underskrifter, der ikke holder. Ingen ved, om den holder.
tls-receipt-key-unusable = dens nøgle er af en anden slags eller for kort. Den tæller ikke.
tls-receipt-testing = domænet siger, at det kun prøver det af. Den tæller ikke.
tls-receipt-expired = den er udløbet. Den tæller ikke.
tls-receipt-unsupported = den er af en gammel eller ukendt slags. Den tæller ikke.
tls-receipt-malformed = den er ikke skrevet, som den skal være. Den tæller ikke.
tls-receipt-key-proved = Nøglen er bevist med DNSSEC.
tls-receipt-key-plain = Nøglen er fra DNS uden underskrifter.
tls-receipt-wants = Den beder selv om en kvittering. Segl sender ingen.
tls-filed-observed = Vores egen mailserver tog imod en kvittering fra { $domain } over { $tls } den { $date } ({ $age }).
tls-filed-observed-nothing = Vores egen mailserver tog imod en kvittering fra { $domain } den { $date } ({ $age }) og siger intet om kryptering.
tls-filed-claimed-all = En kvittering fra { $domain }, arkiveret { $date } ({ $age }), siger { $who ->
    [domain] på domænets underskrevne ord
   *[other] på ingens bekræftede ord
 }, at mailen { $way ->
    [to-them] til
   *[other] fra
 } dem gik over { $tls }.
tls-filed-claimed-some = En kvittering fra { $domain }, arkiveret { $date } ({ $age }), siger om { $encrypted } af { $hops } led, at de var krypteret, { $who ->
    [domain] på domænets underskrevne ord
   *[other] på ingens bekræftede ord
 }.
tls-filed-silent = En kvittering fra { $domain } blev arkiveret { $date } ({ $age }). Den siger intet om kryptering.
tls-filed-age = { $days ->
    [0] i dag
    [one] 1 dag gammel
   *[other] { $days } dage gammel
 }
tls-filed-one-mail = Det er én mail og ændrer intet ved det ovenstående.
receipts-heading = En kvittering
receipts-ask-heading = { $count ->
    [one] Bed om en kvittering
   *[other] Bed { $count } domæner om en kvittering
 }
receipts-ask-what = En tom mail sendes nu, ikke krypteret, i dit navn, til:
receipts-ask-why = Den siger, at du beder om en kvittering for at se, om mail mellem jer er krypteret undervejs. Intet fra din mail er i den. At den blev sendt, står i sendeloggen.
receipts-ask-then = Når kvitteringen kommer, så gem den som fil og slip den på dette vindue. Din egen mail bliver her imens.
do-receipt-propose = Bed om en kvittering…
do-receipt-ask = Send anmodningen
reason-receipt-request = den beder om en kvittering og indeholder intet
doctor-own-hosts = I kvitteringer tæller det, disse værter skrev, som set, fordi de er jeres egen grænse: { $hosts }.
