# Første gang: find mailserveren, log ind. Og alt om login med browser.

server-signed-out = Login hos mailserveren gælder ikke længere.
server-sign-in-locked = Login til mailserveren kan ikke læses eller gemmes, fordi nøgleringen ikke svarer.
server-sign-in-silent = Login-serveren svarer ikke, som den skal.
next-log-in = Log ind igen: segl login
next-unlock-sign-in = Lås nøgleringen op, og send igen.
next-sign-in-again = Log ind igen.
next-sign-in-browser = Log ind med browseren.

sign-in-not-lasting = Login-serveren gav ikke noget at blive logget ind med; login ville slutte inden for en time.
sign-in-not-kept = Login kan ikke gemmes på disken.
sign-in-busy = Et andet vindue er ved at logge ind.
sign-in-nobody = Ingen er logget ind hos mailserveren.
sign-in-unreachable = Login-serveren kan ikke spørges: { $detail }.
sign-in-nobody-came = Browseren kom ikke tilbage i tide. Ingen er logget ind.
sign-in-denied = Login blev afvist i browseren. Ingen er logget ind.
sign-in-foreign = Svaret hører ikke til dette login og er ikke taget imod. Ingen er logget ind.
sign-in-expired = Koden blev ikke skrevet i tide. Ingen er logget ind.
sign-in-void = Login gælder ikke længere: det er trukket tilbage eller udløbet.
sign-in-refused = Login-serveren afviste: { $code }.
sign-in-no-device = Login-serveren har ingen koder til andre enheder.
sign-in-rubbish = Login-serverens svar kan ikke læses.
sign-in-page-title = Segl
sign-in-page-text = Du kan lukke siden og gå tilbage til Segl, som viser, om login lykkedes.
sign-in-open-browser = Log ind i browseren. Åbner den ikke, så åbn selv denne adresse:
sign-in-type-code = Åbn { $page } på en computer eller telefon, og skriv koden { $code }
sign-in-done = Du er logget ind. Login gemmes låst på denne computer.
sign-in-out = Du er logget ud her. Adgangen kan også trækkes tilbage på login-serverens egen side.
sign-in-not-oauth = Indstillingerne bruger ikke login med browser: [submission.oauth] mangler.

http-not-asked = den kan ikke spørges sikkert
http-unreachable = ingen forbindelse
http-no-host = { $host } findes ikke
http-private = { $host } ligger på et lukket net
http-tls = dens certifikat kan ikke bekræftes
http-slow = { $host } svarer ikke i tide
http-large = svaret fra { $host } er for stort
http-rubbish = svaret fra { $host } kan ikke læses
http-redirect = { $host } viser videre til et andet sted
http-status = den svarede { $status }
dns-silent = navneserveren svarer ikke

found-autoconfig = domænets egen fil hos { $name }
found-srv = navneserverens post { $name }
found-provider = listen over kendte udbydere: { $name }
found-exchanger = listen over kendte udbydere; domænets mail går til { $name }
found-unreadable = filen kan ikke læses
found-without-tls = { $host } blev fundet ({ $source }), men uden kryptering. Segl bruger den ikke.
found-not-asked = Kunne ikke kontrolleres: { $source }; { $detail }.
