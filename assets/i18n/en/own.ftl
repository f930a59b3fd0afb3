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
own-good = Nothing is wrong with it.
own-imported = { $count ->
    [one] The key is kept, sealed, and stays for ever.
   *[other] { $count } keys are kept, sealed, and stay for ever.
}
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
