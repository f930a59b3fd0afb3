# The first run: find the mail server, sign in. And everything about signing in with the browser.

server-signed-out = The sign-in to the mail server is no longer valid.
server-sign-in-locked = The sign-in to the mail server cannot be read or kept, because the keyring does not answer.
server-sign-in-silent = The sign-in server does not answer as it should.
next-log-in = Sign in again: segl login
next-unlock-sign-in = Unlock the keyring and send again.
next-sign-in-again = Sign in again.
next-sign-in-browser = Sign in with the browser.

sign-in-not-lasting = The sign-in server gave nothing to stay signed in with; the sign-in would end within the hour.
sign-in-not-kept = The sign-in cannot be kept on disk.
sign-in-busy = Another window is signing in.
sign-in-nobody = Nobody is signed in to the mail server.
sign-in-unreachable = The sign-in server cannot be asked: { $detail }.
sign-in-nobody-came = The browser did not come back in time. Nobody is signed in.
sign-in-denied = Signing in was declined in the browser. Nobody is signed in.
sign-in-foreign = The answer does not belong to this sign-in and was not taken. Nobody is signed in.
sign-in-expired = The code was not typed in time. Nobody is signed in.
sign-in-void = The sign-in is no longer valid: it was revoked or has expired.
sign-in-refused = The sign-in server refused: { $code }.
sign-in-no-device = The sign-in server has no codes for other devices.
sign-in-rubbish = The sign-in server's answer cannot be read.
sign-in-page-title = Segl
sign-in-page-text = You can close this page and go back to Segl, which shows whether signing in worked.
sign-in-open-browser = Sign in with the browser. If it does not open, open this address yourself:
sign-in-type-code = Open { $page } on a computer or phone and type the code { $code }
sign-in-done = You are signed in. The sign-in is kept locked on this computer.
sign-in-out = You are signed out here. The access can also be revoked on the sign-in server's own page.
sign-in-not-oauth = The settings do not sign in with a browser: [submission.oauth] is missing.

http-not-asked = it cannot be asked securely
http-unreachable = no connection
http-no-host = there is no { $host }
http-private = { $host } lies on a closed network
http-tls = its certificate cannot be verified
http-slow = { $host } does not answer in time
http-large = the answer of { $host } is too large
http-rubbish = the answer of { $host } cannot be read
http-redirect = { $host } points elsewhere
http-status = it answered { $status }
dns-silent = DNS does not answer

found-autoconfig = the domain's own file at { $name }
found-srv = the DNS record { $name }
found-provider = the list of known providers: { $name }
found-exchanger = the list of known providers; the domain's mail goes to { $name }
found-unreadable = the file cannot be read
found-without-tls = { $host } was found ({ $source }), but without encryption. Segl does not use it.
found-not-asked = Could not be checked: { $source }; { $detail }.
