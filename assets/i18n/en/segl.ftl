# Segl: sentences that all surfaces share. One word for each thing: mail, recipient, draft, subject, certificate,
# directory, revoked, expired, encrypted to the person, encrypted to the organisation, send log, receipt.

## Words on a recipient
word-encrypted = Encrypted
word-encrypted-organisation = Encrypted · organisation
word-internal = Stays in house
word-checking = Checking
word-not-found = No certificate
word-not-checked = Not checked
word-vanished = Certificate gone
word-expired = Expired
word-not-yet-valid = Not valid yet
word-revoked = Revoked
word-revocation-unknown = Revocation unknown
word-clock = Clock is wrong
word-other-address = Other address
word-usage = Not for encryption
word-untrusted = Unknown issuer
word-path-not-examined = Issuer not examined
word-test = Test certificate
word-weak = Too weak
word-unsupported = Key type not supported
word-not-allowed-by-issuer = Not allowed by the issuer
word-conflict = Two organisations
word-changed = Other organisation than before
word-malformed = Unreadable
word-cpr = CPR number in address
cpr-in-address = A CPR number must not stand in a mail address on the internet.
next-digital-post = Use Digital Post.
word-invalid = Invalid address
word-refused = Not allowed

## Why a recipient is red
problem-not-found = No certificate is published for { $address }.
problem-vanished = { $address } had a certificate on { $date }; now there is none.
problem-no-address = The certificate names no mail address, and no rule binds it to { $address }.
problem-other-address = The certificate is for { $other }, not { $address }.
problem-expired = The certificate expired on { $date }. The recipient may not be able to open the mail.
problem-issuer-expired = The issuer's certificate ({ $issuer }) expired on { $date }.
problem-not-yet-valid = The certificate is valid from { $date } only.
problem-issuer-not-yet-valid = The issuer's certificate ({ $issuer }) is valid from { $date } only.
problem-usage = This certificate may only sign.
problem-extended-usage = The certificate is not for mail.
problem-issuer-extended-usage = The issuer { $issuer } may not issue certificates for mail. The recipient needs one from another issuer.
problem-revoked = The certificate was revoked on { $date }. { $why }
problem-issuer-revoked = The issuer's certificate ({ $issuer }) was revoked on { $date }. { $why }
problem-on-hold = The certificate has been on hold since { $date }: its issuer will either lift that or revoke it. Until then it counts for nothing.
problem-issuer-on-hold = The issuer's certificate ({ $issuer }) has been on hold since { $date }. Until that is lifted, what it issued counts for nothing.
revoked-compromise = Its key is, or may be, in the hands of others.
revoked-affiliation = What it says of its holder is no longer true.
revoked-superseded = It was replaced by another: ask its holder for the new one.
revoked-cessation = It is no longer used.
revoked-privilege = Its holder may no longer use it.
revoked-unsaid = Others may hold the key.
problem-untrusted = { $issuer } is not among the issuers your IT department trusts.
problem-path-not-examined = Not everything that claims to be the issuer ({ $issuer }) was looked at: it is too much, or its keys are too large. Whether your IT department trusts the issuer is not known, so nothing is encrypted with this certificate. Ask IT to add the issuer's own certificate to the settings.
problem-test = The certificate was issued for testing ({ $root }). It protects nobody.
problem-weak-key = The key is too short: { $presented }; at least { $expected } is needed.
problem-weak-signature = The certificate was signed in an outdated way ({ $presented }).
problem-unsupported = Segl cannot encrypt to this kind of key yet ({ $presented }).
problem-path-rule = The issuer's rules do not allow this certificate.
problem-name-constraints = The issuer's rules for names ({ $expected }) do not allow this certificate ({ $presented }).
problem-path-length = The issuer allows at most { $expected } issuers below it; here are { $presented }.
problem-critical-extension = The certificate has a critical extension that Segl does not know ({ $presented }).
problem-policy = The certificate does not follow the certificate policy that is needed ({ $expected }), but { $presented }.
problem-policy-none = The certificate names no certificate policy; { $expected } is needed.
problem-conflict = Certificates of both { $one } and { $other } use the address. Segl will not choose for you.
problem-changed = Last time the certificate belonged to { $before }; now to { $now }. Confirm that this is right.
problem-malformed = The published certificate cannot be read.
ending-recipient = The recipient's certificate ends { $date }: { $subject }
ending-issuer = An issuer of the recipient's certificate ends { $date }: { $subject }
organisation-none = no organisation

## The computer's clock
clock-off = This computer's clock shows { $ours }, but at { $peer } it is { $theirs }. While the two are more than an hour apart, nobody can tell whether a certificate is valid or was revoked, and nothing turns green.
clock-off-next = Set date, time and time zone, and check again. If the clock is right, tell your IT department.
clock-disputed = At { $peer } it is { $theirs }, but this computer's clock shows { $ours }, and others say the same as it does. The certificates were judged by this computer's clock.
clock-disputed-next = Set the clock if it is wrong. If it is right, tell your IT department.
doctor-clock = The clock is right, as far as those who were asked say.

revocation-no-source = Whether it is revoked could not be found out: there is no revocation list of { $issuer }.
revocation-stale = Whether it is revoked could not be found out: what is known of it is of { $date } and too old.
revocation-not-yet = Whether it is revoked could not be found out: what is said of it is dated { $date }, which is yet to come. Is the clock right?
revocation-wrong-signer = Whether it is revoked could not be found out: the revocation list is not signed by { $issuer }.
revocation-weak-signer = Whether it is revoked could not be found out: { $signer }, who signed what is said of it, has too weak a key or certificate ({ $presented }), so that somebody else may have said it.
revocation-scope = Whether it is revoked could not be found out: the revocation list does not cover it.
revocation-unreadable = Whether it is revoked could not be found out: the revocation list cannot be read.
revocation-no-answer = Whether it is revoked could not be found out: { $host } did not answer.
revocation-declined = Whether it is revoked could not be found out: { $host } did not say ({ $status }).
revocation-not-known = Whether it is revoked could not be found out: { $host } does not know the certificate.
revocation-unfit = Whether it is revoked could not be found out: the answer of { $host } cannot be used.
revocation-wrong-responder = Whether it is revoked could not be found out: the answer of { $host } is signed by somebody who may not sign it.

failure-unreachable = { $directory } does not answer. The recipient may have a certificate.
failure-timeout = { $directory } did not answer in time. The recipient may have a certificate.
failure-tls = The connection to { $directory } is not safe enough. The recipient may have a certificate.
failure-refused = { $directory } would not answer. The recipient may have a certificate.
failure-protocol = { $directory } gave an invalid answer. The recipient may have a certificate.
failure-partial = { $directory } did not show everything. The recipient may have a certificate.
failure-none = The directory does not answer. The recipient may have a certificate.

## Settings
settings-missing = There are no settings: { $file } does not exist. Nothing was sent.
settings-unreadable = The settings cannot be read: { $file } ({ $detail }). Nothing was sent.
settings-syntax = The settings cannot be read: { $file } line { $line } ({ $detail }). Nothing was sent.
settings-unknown-key = The settings cannot be read: { $file } line { $line }, “{ $key }” is unknown. Nothing was sent.
settings-mistyped-key = The settings cannot be read: { $file } line { $line }, “{ $key }” is unknown (did you mean “{ $near }”?). Nothing was sent.
settings-later = { $file } line { $line }: “{ $key }” is not in this version of Segl. Nothing was sent.
settings-value = The settings cannot be used: { $file } line { $line }, { $key }: { $detail }. Nothing was sent.
settings-unprotected = Others may change your IT department's rules in { $file } ({ $detail }). Nothing was sent.
next-settings = Correct the file and try again.
next-settings-later = Take the line out, or get a newer version.
next-settings-missing = Make the file, or try Segl with invented recipients: segl-desktop --demo
next-it = Tell your IT department.
next-address = Correct the address and try again.
origin-policy = your IT department's rules
origin-file = the settings file
origin-default = default

## Command line
cli-no-home = This computer does not tell where the user's folders are.
cli-bad-address = “{ $address }” is not a mail address ({ $detail }). Nothing was sent.
cli-bad-message-id = “{ $id }” is not a Message-ID such as <123@advokat-eksempel.dk>. Nothing was sent.
next-message-id = Copy it from the mail that is answered, and try again.
cli-bad-time = “{ $time }” is not a time such as 2026-11-22T14:02:00Z.
cli-bad-oid = “{ $oid }” is not an OID such as 1.2.208.169.1.1.1.2.7.
cli-no-certificate = There is no certificate in { $file }.
cli-trust-file = { $file } cannot be used: { $detail }.
cli-file-unreadable = { $file } cannot be read: { $detail }.
cli-cert-usable = The certificate can be used.
cli-no-address = none
cli-certificate =
    { $subject }
    Issued by: { $issuer }
    Mail addresses: { $addresses }
    Valid: { $from } to { $to }
    Key: { $key }, signature: { $signature }
    Fingerprint: { $fingerprint }

## What a stop means for the mail
means-nothing-sent = Nothing was sent.
means-in-memory = The draft is kept only until Segl closes.

## Why nothing was sent
stop-no-recipients = The mail has no recipients.
stop-unknown-sender = The sender is not one of those in the settings.
stop-no-mail-server = The settings name no mail server.
stop-no-password = The password of the mail server is not known.
stop-self-check = The finished mail did not pass Segl's own check.
stop-not-sealed = The mail could not be finished.
stop-control-character = The subject or a name holds a hidden character that would change the mail's header.
stop-address = An address cannot stand in a mail.
stop-formatted = The formatted text cannot be sent unchanged.
stop-file-exists = { $file } exists already and is not overwritten.
stop-file-not-written = { $file } cannot be written.
attachment-unreadable = { $name } cannot be read.
attachment-changed = { $name } changed while it was being read.
attachment-not-a-file = { $name } is not a regular file.
attachment-name = The name “{ $name }” hides what the file is.
changed-recipients = The recipients are not those that were approved.
changed-content = The mail was changed after you approved it.
changed-to-red = { $name } changed from green to red while you were writing.
changed-certificates = { $name } got another certificate while you were writing.
changed-organisation = The certificate for { $name } now belongs to another organisation.
refused-forbidden = Your IT department does not allow unencrypted mail.
refused-no-transport = Your IT department allows unencrypted mail only where transport is guaranteed to be encrypted, and that is not known of this recipient.
refused-newer-policy = Your IT department's rules are newer than this version of Segl, so only encrypted mail can be sent.

## The mail server
server-no-roots = The mail server's certificate cannot be checked: this computer has no root certificates.
server-unreachable = The mail server { $host }:{ $port } cannot be reached.
server-silent = The mail server { $host }:{ $port } does not answer.
server-closed = The mail server closed the connection at once.
server-dropped = The connection to the mail server broke before the mail was handed over.
server-slow = The mail server did not answer in time.
server-no-tls = The mail server offers no TLS 1.2 or newer.
server-injected = Somebody put answers into the connection to the mail server before it was encrypted.
server-rubbish = The mail server gave an invalid answer.
server-busy = The mail server is busy ({ $code }).
server-refused = The mail server refused the mail: “{ $reply }”.
server-no-mechanism = The mail server offers no way to sign in that Segl knows.
server-auth = The mail server refused the sign-in.
server-credentials = User name or password holds a character that cannot be used to sign in.
server-token = No access token for the mail server could be had.
server-too-large = Packed, this mail is { $size }; your mail server takes at most { $limit }.
server-no-smtputf8 = Your mail server cannot send to addresses with letters such as æ, ø or å before the @.
server-cancelled = Sending was stopped.
server-certificate = The mail server's certificate is not valid. Segl does not send through it.
server-certificate-expired = The mail server's certificate expired on { $date }. Segl does not send through it.
server-certificate-early = The mail server's certificate is not valid before { $date }. Segl does not send through it.
server-certificate-name = The mail server's certificate is not for { $host }. Segl does not send through it.
server-certificate-issuer = The mail server's certificate has an unknown issuer. Segl does not send through it.
server-host = “{ $host }” is not the name of a server.

## This computer
key-no-keyring = This computer has no keyring.
key-locked = The keyring is locked.
key-missing = The keyring lacks the key that drafts and send log are locked with.
key-wrong = The key does not fit drafts and send log.
key-unnamed = Keys and secrets lie sealed in the data folder, and nothing is left that says which key of the keyring opens them. No new key was made, and nothing was changed.
key-fits-none = The key opens none of the sealed files in the data folder: they were locked with another key, or are damaged.
key-own-damaged = The file of one of your own keys does not open: it is damaged, or was locked with another key. What is encrypted to that key cannot be read; your other keys work. { $file }
key-sealed-broken = What Segl keeps sealed on this computer does not open: it is damaged, or was locked with another key.
key-library = A calculation with the key failed.
key-file-open = The key file can be read by others ({ $mode }).
key-file-unreadable = The key file cannot be read.
key-file-malformed = The key file holds no key.
key-file-missing = The key file is missing.
key-not-text = The environment variable { $variable } cannot be read.
key-failed = The keyring does not work.
record-name = The send log
store-name = The draft store
record-why = Segl does not send what it cannot document.
record-broken = The send log does not match. It is set aside, and a new one is begun.
record-set-aside-from = The send log does not match from no. { $seq }. It was set aside, a new one begun, and this is noted.
record-set-aside = The send log was gone or could not be read. A new one was begun, and this is noted.
record-open-intent = The draft is being sent, or it is not known whether it was sent.
record-failed = The send log cannot be written.
store-failed = The draft store does not work.
disk-newer = { $name } was written by a newer version of Segl.
disk-full = { $name } cannot be written: the disk is full.
disk-read-only = { $name } cannot be written: the folder is read-only.
disk-busy = { $name } is in use by another program.
disk-cannot-open = { $name } cannot be opened.
disk-damaged = { $name } is damaged.
disk-failed = { $name } cannot be read or written.

## What to do now
next-add-recipient = Add at least one recipient.
next-choose-sender = Choose one of the senders in the settings.
next-copy-it = Copy for IT, and send again when they have answered.
next-look-again = Look at the recipients and send again.
next-set-password = Type the password again: segl password set submission
next-sign-in = Sign in again and send again.
next-instead = Ask the recipient for a certificate, or use another way.
next-attach-again = Attach it again or remove it.
next-attach-file = Attach the files one by one.
next-close-file = Close it in the other program, attach it again and send again.
next-rename = Give the file another name and attach it again.
next-retype = Type the subject and the names again.
next-hand-over-again = Open the mail again in your mail program.
next-other-folder = Choose another folder.
next-again = Try again in a moment.
next-clock = Look whether this computer's clock is right, and send again.
next-later = Try again in some minutes.
next-smaller = Remove files or split it into { $parts } mails.
next-ascii-address = Ask the recipient for an address without such letters.
next-when-ready = Send again when you are ready.
next-unlock = Unlock it and try again.
next-key-file = Ask IT for a keyring or for a key file ([data] key_file).
next-unlock-or-restore = Unlock the keyring. If the key is gone, restore it from the backup: segl keys restore
next-restore = Restore the right key from the backup: segl keys restore
next-restore-or-copy = Restore the key from the backup (segl keys restore), or put the file key.mark back from a copy of the data folder.
next-import-again = Import the key's file or its backup again (segl cert import); for a card or USB key, connect it. The damaged file is set aside, never deleted. If there is no backup, move the file out of its folder.
next-restore-or-import = Restore the right key from the backup (segl keys restore), or import your key files again (segl cert import).
next-login-or-restore = Sign in again (segl login), or restore the right key from the backup (segl keys restore).
next-key-mode = Make it readable for you alone (0600).
next-newer-segl = Use the newer version of Segl.
next-free-space = Free some space and send again.
next-again-and-it = Send again, and tell IT.
next-look-in-log = Look in the send log before you send again.

## Light and state
light-green = Green
light-red = Red
state-person = Will be encrypted to { $name }. Certificate by { $issuer }, valid to { $date }.
state-person-organisation = Will be encrypted to { $name }, { $organisation }. Certificate by { $issuer }, valid to { $date }.
state-organisation = Will be encrypted to { $organisation }. Its staff and mail system can read it. The certificate is valid to { $date }.
state-organisation-directory = Will be encrypted to { $organisation }, because the directory says that the address is theirs. The certificate is valid to { $date }.
state-internal = Stays on your own mail server; not encrypted to the recipient.

## Warning
warning-heading = { $count ->
    [one] 1 recipient cannot get this mail encrypted:
   *[other] { $count } recipients cannot get this mail encrypted:
}
next-consent = Ask for a certificate, use another way, send to the others (--only-encrypted), or say why the mail may be sent without encryption (--accept-fallback).
next-reason = Choose a reason: nothing-confidential, assessed, "urgent: …" or "other: …".

## Receipt
receipt-sent = Handed to your mail server on { $time }.
receipt-partial = Sent to some of the recipients only ({ $time }). Do not send it again to those who have it.
receipt-rejected = The mail server refused the mail. Nothing was sent.
receipt-unconfirmed = This mail may have been sent. The link broke after the mail was handed over and before the server answered. Do not send it again before you have looked in Sent or asked the recipient.
receipt-written = Written to files on { $time }. No mail server was asked.
receipt-left-out = { $name }: not sent; the mail is kept as a draft
receipt-log = Send log no. { $seq } ({ $head })
receipt-not-delivery = Delivery to the recipient is not confirmed.
delivery-person = encrypted to the person
delivery-organisation = encrypted to the organisation
delivery-internal = on your own mail server, not encrypted to the recipient
delivery-clear = without encryption
delivery-rejected = not sent, refused by the mail server
delivery-not-sent = not sent
delivery-unconfirmed = perhaps sent
delivery-reply = The mail server answered: { $reply }
remark-not-recorded = Sent, but not noted in the send log. Segl notes it when it is started next.
remark-no-sent-copy = The copy of the sent mail could not be kept.
remark-no-readable-copy = The readable copy could not be written to the folder.
remark-not-remembered = The draft store could not be brought up to date.
remark-interrupted = The connection to the mail server broke on the way.

## Send log
log-bad-head = That is not a head (a number, a colon and 64 digits).
log-signatures = Every row follows the one before, and no row was changed. The signatures of { $count } rows were looked at, the newest one's among them, which covers all rows; --every-signature looks at each.
log-intact = { $count ->
    [one] The send log is intact: 1 row. Head { $head }
   *[other] The send log is intact: { $count } rows. Head { $head }
}
log-broken = The send log does not match from no. { $seq }: { $reason }.
log-no-row = There is no row no. { $seq } in the send log.
log-deleted = The send log was deleted; the last known row is no. { $seq }.
log-not-a-record = The file is not a send log.
log-head-not-in-file = The file does not hold row no. { $seq }, which the head names.
log-unreadable = The send log cannot be read.
next-log-list = See the rows with: segl log list
reason-empty = it is empty
reason-missing = a row is missing
reason-out-of-order = the rows are out of order
reason-unreadable = the row cannot be read
reason-signature = the signature does not fit
reason-installation = the row belongs to another log
reason-previous = the row does not follow the one before
reason-changed = the row was changed
reason-payload = the content was changed
reason-payload-missing = the content is missing
reason-tail-cut = the newest rows are missing
reason-head = the row is not the one that the head names

## Keys on the command line
keys-unknown-name = “{ $name }” is neither submission nor the name of a directory.
keys-done = Done.
keys-no-password = No password came on standard input.
keys-not-a-file = The file is not a backup of the key.
keys-newer = The backup was made by a newer version of Segl.
keys-wrong-password = The password does not open the backup.

## State of the set-up
doctor-good = ok
doctor-note = note
doctor-bad = problem
doctor-managed = The settings can be read; your IT department's rules are in force.
doctor-unmanaged = The settings can be read; there are no rules of an IT department.
doctor-no-sender = No sender is set up.
doctor-no-server = No mail server is set up.
doctor-no-directory = No directory and no certificate files are set up: no recipient can turn green.
doctor-no-anchor = No issuer is trusted: no recipient can turn green.
doctor-not-every-program = Mail is encrypted with { $what }, as the settings say. Not every mail program opens it; the README shows which.
doctor-not-every-program-next = Ask the recipients, or let the default hold: everybody opens it.
doctor-plain-directory = { $directory } is asked without encryption: others on the network can see whom one writes to.
doctor-anchor = Trusted root: { $root }, valid to { $date }.
doctor-anchor-expired = The trusted root { $root } expired on { $date }.
doctor-test-anchor = The trusted root { $root } is for testing and protects nobody.
doctor-key-file = The key lies in a file, not in a keyring.
doctor-keyring = The key lies in the keyring.
doctor-record = { $count ->
    [one] The send log is intact (1 row).
   *[other] The send log is intact ({ $count } rows).
}
doctor-directory = { $directory } answers.
doctor-server = The mail server answers over { $version }; largest mail: { $size }.
doctor-no-size = not told
directory-unreachable = { $directory } cannot be reached ({ $detail }).
directory-timeout = { $directory } did not answer in time ({ $detail }).
directory-tls = The connection to { $directory } is not safe enough ({ $detail }).
directory-refused = { $directory } would not answer ({ $detail }).
directory-protocol = { $directory } gave an invalid answer ({ $detail }).
directory-partial = { $directory } did not show everything ({ $detail }).
settings-directory = The directory { $directory } is set up wrongly: { $detail }.

cli-check-line = { $light }: { $address }. { $sentence }
cli-pending = Not all recipients have been checked. Nothing was sent.
cli-eml-protected = The mail in { $file } is already encrypted or signed. Nothing was sent.
cli-eml-field-twice = In { $file } the field { $field } stands more than once, and mail programs differ in which one counts. Nothing was sent.
cli-eml-unreadable = { $file } is not a mail. Nothing was sent.
cli-reason-missing = A reason is missing. Nothing was sent.
cli-reason-text-missing = The reason lacks a text. Nothing was sent.
cli-nothing-written = Nothing was written.
cli-file-unwritable = { $file } cannot be written: { $detail }.
cli-not-sealed = The mail could not be encrypted: { $detail }.
seal-protected = The mail is encrypted or signed already ({ $kind }).
seal-empty = There is no mail to encrypt.
seal-header-large = The mail's header is larger than { $limit } bytes.
seal-header-malformed = Line { $line } of the mail's header is no field.
seal-field-twice = The field { $field } stands there more than once, and mail programs differ in which one counts.
seal-field-no-text = The field { $field } is no text in UTF-8.
seal-field-long = A line of the field { $field } has { $octets } bytes; at most { $limit } can be sent.
seal-ambiguous = Two certificates of one issuer have the same number. The recipients' mail programs cannot tell them apart.
next-seal-other-message = Correct the mail, and try again.
next-seal-tell = Try again. If it happens again, it is a fault in Segl: tell your IT department.
cli-seal-dropped = Left out of the encrypted mail: { $fields }.

## The demo in the terminal
demo-begin = Segl tries the whole job with invented recipients and servers of its own on this computer. Nothing leaves it.
demo-failed = The demo did not come to its end: { $detail }
demo-opened = { $name } opened the mail with a key of their own.
demo-not-opened = { $name } can NOT open the mail.

server-unknown-host = The mail server { $host } does not exist, or there is no connection to the internet.
server-refused-some = The mail server refused { $count } of { $all }: { $who }.
next-correct-or-rest = Correct the recipient, or send to the others.
copy-missing = There is no copy of the mail.
copy-exists = The file exists already and is not overwritten.
copy-not-written = The file cannot be written.
copy-failed = The copy of the mail cannot be read.
import-failed = The file holds no certificate that can be read.
import-not-kept = The certificate could not be kept.
kept-unreadable = What Segl keeps cannot be read.
draft-unreadable = A draft that was kept cannot be read.
handed-over-unreadable = The mail from the other program cannot be read.
handed-over-protected = The mail from the other program is already encrypted or signed.
handed-over-field-twice = In the mail from the other program the field { $field } stands more than once, and mail programs differ in which one counts.
file-unreadable = The file cannot be read.
stop-fault = Something went wrong in Segl. It is not known whether the mail was sent.
next-look-before-again = Look in the send log before you send again, and tell IT.
next-choose-other-file = Choose another file.
demo-unavailable = The demo with invented recipients is not part of this edition.
settings-not-opened = The settings file cannot be opened: { $file }.
