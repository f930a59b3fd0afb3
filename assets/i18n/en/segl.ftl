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
word-other-address = Other address
word-usage = Not for encryption
word-untrusted = Unknown issuer
word-test = Test certificate
word-weak = Too weak
word-unsupported = Key type not supported
word-not-allowed-by-issuer = Not allowed by the issuer
word-conflict = Two organisations
word-changed = Other organisation than before
word-malformed = Unreadable
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
problem-revoked = The certificate was revoked on { $date }. Others may hold the key.
problem-issuer-revoked = The issuer's certificate ({ $issuer }) was revoked on { $date }.
problem-untrusted = { $issuer } is not among the issuers your IT department trusts.
problem-test = The certificate was issued for testing ({ $root }). It protects nobody.
problem-weak-key = The key is too short: { $presented }; at least { $expected } is needed.
problem-weak-signature = The certificate was signed in an outdated way ({ $presented }).
problem-unsupported = Segl cannot encrypt to this kind of key yet ({ $presented }).
problem-path-rule = The issuer's rules do not allow this certificate.
problem-conflict = Certificates of both { $one } and { $other } use the address. Segl will not choose for you.
problem-changed = Last time the certificate belonged to { $before }; now to { $now }. Confirm that this is right.
problem-malformed = The published certificate cannot be read.
organisation-none = no organisation

revocation-no-source = Whether it is revoked could not be found out: there is no revocation list of { $issuer }.
revocation-stale = Whether it is revoked could not be found out: the revocation list is of { $date } and too old.
revocation-not-yet = Whether it is revoked could not be found out: the revocation list is of { $date }. Is the clock right?
revocation-wrong-signer = Whether it is revoked could not be found out: the revocation list is not signed by { $issuer }.
revocation-scope = Whether it is revoked could not be found out: the revocation list does not cover it.
revocation-unreadable = Whether it is revoked could not be found out: the revocation list cannot be read.

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
cli-later = That is not in this version of Segl.
cli-no-home = This computer does not tell where the user's folders are.
cli-bad-address = “{ $address }” is not a mail address ({ $detail }). Nothing was sent.
cli-bad-time = “{ $time }” is not a time such as 2026-11-22T14:02:00Z.
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
