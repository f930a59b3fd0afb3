# One's own certificates.
own-none = You have no certificate of your own. Mail is encrypted to its recipients and not signed.
own-certificate = { $subject }
    For: { $senders }
    Valid until: { $to }
    SHA-256: { $fingerprint }
own-no-sender = none of your senders
own-signs = Signs, and opens what is encrypted to it.
own-reads = Opens what is encrypted to it. Mail to others is also encrypted to it, so that you can read what you sent.
own-older = Kept so that older mail opens.
own-signs-only = Signs. It is for signing alone: nothing is encrypted to it.
own-unused = Does not sign now. It is for signing alone: nothing is encrypted to it.
own-no-password = The password is empty. Without one anybody could use the key, so no file was written.
own-good = Nothing is wrong with it.
own-imported = { $count ->
    [one] The key is kept, sealed, and stays for ever.
   *[other] { $count } keys are kept, sealed, and stay for ever.
}
own-import-no-key-next = Choose a file that holds the private key too (.p12 or .pfx). Certificates of others are imported by Ctrl+I in a mail or with segl cert import.
own-import-backup = Keep the file and its password in a safe place: they are the backup of the key.
own-export-which = Not exactly one of your certificates has that fingerprint.
own-export-next-list = segl cert list shows them.
own-exported = The key is written to the file: { $fingerprint }
own-fault-address = It is for none of your senders' addresses.
own-only-signing = It cannot sign: { $problem }
own-only-reading = Others cannot encrypt to it: { $problem }
own-both = { $problem }
own-ends = It ends within { $days } days. Order a new one now, and keep this one for older mail.
own-chain-ends = A certificate above it ends on { $date }. Ask IT for a new one.
own-locked = Your kept keys cannot be used now: { $detail }
doctor-own-good = Own certificate { $fingerprint }: nothing is wrong.
doctor-own-older = Own certificate { $fingerprint }: kept so that older mail opens.
doctor-own-faults = Own certificate { $fingerprint }: { $faults }
doctor-own-next = segl cert test tells more.
also-readable = Can also be read by { $who }
also-you = yourself
also-archive = the archive ({ $name })
receipt-signed = The mail is signed.
receipt-partly-signed = The mail is signed only where it is encrypted.
receipt-not-signed = The mail is not signed.
archive-not-one = It does not hold exactly one certificate.
stop-archive = The firm's archive must be able to read every encrypted mail, and cannot now. { $file }: { $detail }
changed-archive = The firm's archive is another than the one that was shown.
handed-encrypted-signed = { $count ->
    [one] 1 recipient: encrypted and signed.
   *[other] { $count } recipients: encrypted and signed.
}
hint-subject-hidden = The subject cannot be read on the way: outside stands only [...].
receipt-subject-hidden = The subject could not be read on the way.
own-outlook-verifies-not = It signs in a way that Outlook does not verify: there, your mail looks as if its signature were invalid.
own-signs-not-by-rule = It does not sign, because Outlook would not verify it. IT can allow it ([identity] ed25519 or signature).
own-outlook-encrypts-not = Outlook and most other programs cannot encrypt to it.
# Own keys in cards and USB keys (PKCS #11).
token-place-ready = On the card or USB key “{ $label }”, which is open.
token-place-locked = On the card or USB key “{ $label }”, which asks for its PIN when it is used.
token-place-absent = On the card or USB key “{ $label }”, which is not connected.
token-place-unreachable = On the card or USB key “{ $label }”, which cannot be reached now.
token-tries-last = One wrong PIN more locks it for good.
token-tries-none = It is locked after too many wrong PINs. Whoever issued it can open it.
token-absent = The mail is to be signed by the card or USB key “{ $label }”, and it is not connected.
token-absent-any = The card or USB key “{ $label }” is not connected.
token-locked = The mail is to be signed by the card or USB key “{ $label }”, and it wants its PIN.
token-locked-any = The card or USB key “{ $label }” wants its PIN.
token-late = The card or USB key “{ $label }” did not answer in time.
token-wrong-pin = The PIN is wrong.
token-wrong-pin-last = The PIN is wrong. One wrong PIN more locks “{ $label }” for good.
token-blocked = The card or USB key “{ $label }” is locked after too many wrong PINs.
token-pin-length = The PIN is too short or too long for the card or USB key “{ $label }”. It was not tried.
token-pin-expired = The PIN of the card or USB key “{ $label }” has expired.
token-no-key = The card or USB key “{ $label }” holds the certificate and not its private key.
token-pin-each-time = The card or USB key “{ $label }” wants its PIN for each signature, which this version of Segl cannot do.
token-refused = The card or USB key “{ $label }” did not do it: { $detail }
token-module = The program for cards and USB keys cannot be used: { $module }: { $detail }
token-next-insert = Connect it and try again.
token-next-pin = Type its PIN.
token-next-pin-file = Run it in a terminal, where the PIN can be typed, or give --pin-file.
token-next-again = Take it out, put it in again, and try again.
token-next-pin-again = Type the PIN again with care.
token-next-issuer = Ask whoever issued it, or IT, to open it.
token-next-change-pin = Change the PIN with the program that belongs to it.
token-pin-prompt = PIN of the card or USB key “{ $label }”:{" "}
token-pin-last = Only one try is left: a wrong PIN locks “{ $label }” for good.
token-pin-on-reader = Type the PIN of “{ $label }” on the reader.
token-forgotten = { $count ->
    [one] One certificate is forgotten. Mail is no longer held back for it.
   *[other] { $count } certificates are forgotten. Mail is no longer held back for them.
}
token-none = No card or USB key of that name or serial number is remembered.
# In the window.
ask-pin = PIN of the card or USB key “{ $label }”
ask-pin-text = The card signs your mail. The PIN goes to it once and is kept nowhere. Nothing is sent by this.
label-pin = PIN
do-ask-pin = Type the PIN…
do-give-pin = Open the card
do-choose-key-file = Import a key file…
do-take-in-key = Import the key
ask-key-password = Password of the key file
ask-key-password-text = { $file }. Leave the field empty where the file has no password. The key is kept sealed on this computer.
tell-no-pin = No PIN was typed.
tell-token-open = The card is open. Ctrl+Enter sends.
tell-no-password = No password was typed.
tell-passwords-differ = The two passwords are not the same. Type the second one again.
tell-key-file-again = The key file was not imported. Choose it again in the settings.
do-back-up-key = Save a backup…
do-write-backup = Choose a file…
do-test-own = Test my certificates
ask-backup-password = Password of the backup
ask-backup-password-text = The key is written to a key file (.p12) that opens only with this password. Keep file and password in different places. The backup is imported like any other key file.
label-password-again = The password once more
tell-backed-up = The backup is saved: { $file }
tell-testing-own = The issuers are asked about your certificates.
tell-tested-own = { $bad ->
    [0] Your certificates are tested. Nothing is wrong.
    [one] Your certificates are tested. Something is wrong in one place.
   *[other] Your certificates are tested. Something is wrong in { $bad } places.
}
own-not-kept = That key is not on this computer. A key in a card or USB key cannot be copied.
own-not-made = The backup could not be made. Nothing was written.
options-own-certificates = Own certificates
options-own-keys = Keys that sign your mail and open what is encrypted to you
options-own-keys-text = { $count ->
    [0] You have none. A key file (.p12 or .pfx) can be imported here. A card or USB key is shown here by itself once IT has set it up.
    [one] You have one certificate. Another key file (.p12 or .pfx) can be imported here.
   *[other] You have { $count } certificates. Another key file (.p12 or .pfx) can be imported here.
}
key-not-read = The key file cannot be read.
# IT's recovery certificate.
recovery-failed = IT cannot recover your own keys if this computer is lost: { $detail }
recovery-no-key = The file holds no key.
recovery-made = { $count ->
    [one] One key is also sealed for IT to recover: { $folder }
   *[other] { $count } keys are also sealed for IT to recover: { $folder }
}
