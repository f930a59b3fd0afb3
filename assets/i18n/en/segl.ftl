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
