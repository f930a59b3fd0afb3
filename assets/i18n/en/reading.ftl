# Mail that others made, opened.
read-too-large = The message is larger than { $limit } and was not opened.
read-too-deep = The message is nested too deeply, or has too many parts, and was not opened.
read-malformed = The message cannot be read: it is damaged or was made wrongly. Nothing of it is shown.
read-not-mail = The file is no mail. Nothing of it is shown.
read-no-key = The message is encrypted to others: none of your keys opens it.
read-closed = The message does not open with your key. It was altered on the way, cut, or made wrongly. Nothing of it is shown.
read-key-away = The key that opens the message cannot be reached.
read-unsupported = The message uses a method that Segl does not read ({ $oid }). Nothing of it is shown.
read-next-sender = Ask the sender to send it again.
read-next-smaller = Ask the sender to divide it into several mails: sent again as it is, it would not be opened either.
read-next-simpler = Ask the sender to make it anew, with the files packed into one: sent again as it is, it would not be opened either.
read-next-method = Ask the sender to use a usual method, such as AES and SHA-256: sent again as it is, it would not be opened either.
read-next-file = Choose a file that a mail program saved as .eml or .p7m. From Outlook, save the mail in the format .eml: Segl does not read .msg.
read-next-key = Give the key file with --key, or ask the sender to encrypt it to your certificate.
read-next-token = Insert the card or token, and try again.
key-file-password = The password does not open the key file.
key-file-broken = The key file is damaged, or it is no key file.
key-file-unsupported = The key file is protected in a way that Segl does not read ({ $oid }).
key-file-no-key = The key file holds no private key with its certificate.
key-file-costly = Opening the key file would take many minutes: it asks for far more computing than any usual program does. It was not opened, and no key was taken from it.
key-file-next-costly = If the file is yours, export it again from the program that it comes from, with its usual settings. If somebody sent it to you, delete it.
key-file-next-password = Check the password and try again.
key-file-next-export = Export it again from the program that it comes from, as PKCS #12 with the private key.
read-layer-encrypted = Encrypted ({ $cipher })
read-layer-signed = { $count ->
    [0] Signed layer without a signature
    [one] Signed
   *[other] Signed by { $count }
}
read-layer-compressed = Compressed
read-not-protected = Not protected: neither encrypted nor signed
read-subject-hidden = The subject could not be read on the way.
read-from = From: { $text }
read-to = To: { $text }
read-cc = Cc: { $text }
read-date = Date: { $text }
read-subject = Subject: { $text }
read-part = File { $number }: { $name } ({ $media }, { $size })
read-part-nameless = without a name
read-warn-unauthenticated = The encryption does not show whether the text was altered on the way, and nobody signed it. Do not act on it alone.
read-warn-weak-cipher = It is encrypted in an outdated way that can be broken.
read-warn-part = A protected part stands beside unprotected ones. It was not opened: save it and open it by itself.
read-warn-part-signed = A part of this mail was signed. The signature was not checked, because text stands beside it that it does not cover (a mailing list may have added it). Treat the mail as not signed.
read-warn-from = The sender inside the mail is another than the one outside, and nothing vouches for either. Shown is the one outside.
read-warn-signature = There should be a signature, but it cannot be read. Treat the mail as not signed.
read-warn-nobody = The mail says that it is signed, but nobody signed it.
read-warn-several-from = The mail names more than one sender. Programs may show different ones.
read-warn-legacy = The subject was protected in an older way.
read-warn-html = The text was taken out of a formatted mail. Pictures and links were left out, and nothing was fetched.
read-warn-unreadable = A part cannot be read and is listed as it stands.
read-warn-other = It is signed or encrypted in a way that Segl does not read (such as OpenPGP). Nothing of that was checked.
read-warn-name = The sender's name looks like an address, and the mail comes from another one. Go by the address in angle brackets.
read-warn-date = The mail has another date than the one on which it was signed: it may be an old mail sent once more.
read-warn-certificates = The mail brings certificates and nothing to read. To write to their holders encrypted, import it: segl cert import, or Ctrl+I in the window where one writes.
read-warn-cut = The text is very long, and only its beginning is shown. Save it to read all of it.
read-signer-unknown = somebody unknown
read-signer-good = Signed by { $who }. The signature holds.
read-signer-bad = Do not rely on the signature by { $who }.
read-signer-other = The signer's certificate is for { $named }, not for the sender.
read-signer-no-sender = The mail names no sender. The signer's certificate is for { $named }.
read-signer-no-address = The signer's certificate names no mail address.
read-signer-ahead = It claims to have been signed in the future.
read-signer-when = The signature says that it was made on { $when }.
read-signer-usage = The signer's certificate may not be used for signatures.
read-signer-expired = The signer's certificate expired on { $date }.
read-signer-test = The signer's certificate was issued for testing ({ $root }). It shows nothing about who signed.
read-signer-unsupported = Segl does not know the kind of key in the signer's certificate ({ $presented }).
read-signer-malformed = The signer's certificate cannot be read.
read-fault-changed = The mail was altered after it was signed.
read-fault-invalid = The signature was not made with this certificate's key.
read-fault-no-certificate = The signer's certificate is missing.
read-fault-attributes = The signature does not say clearly what was signed.
read-fault-other = The signature names another certificate as its own.
read-fault-weak = It was signed in an outdated way ({ $digest }).
read-fault-unsupported = It was signed in a way that Segl does not know ({ $oid }).
read-fault-while-encrypted = It was made over the encrypted mail, not over its text: whoever made it need not know what the mail says.
read-part-missing = The message has no part { $number }.

## The window
read-title = Received mail - Segl
read-begin = Read a received mail
read-begin-text = Segl opens mail that is encrypted to you or signed: a file that your mail program saved (.eml or .p7m). Nothing is fetched from the network, and nothing is kept.
read-begin-drop = You can also drop the file here.
read-drop = Drop the mail here to open it
read-opening = Opening the mail …
read-not-opened = The mail was not opened
read-is-sealed = Encrypted, and signed by { $who }. The signature holds.
read-is-signed = Signed by { $who }. The signature holds. The mail is not encrypted: others may have read it on the way.
read-is-weak = Signed by { $who }. The signature holds.
read-is-encrypted = Encrypted, but not signed: nothing shows who wrote it.
read-is-enveloped = Encrypted. The signature by { $who } is around the encryption and says nothing about the text.
read-is-unprotected = Neither encrypted nor signed: others may have read and altered it on the way.
read-is-other = Segl cannot tell whether this mail is protected.
read-is-doubtful = Do not rely on this mail.
read-next-doubtful = Call the sender on a number that you know already before you do what it says.
read-next-key-file = If you have the key in a file (.p12 or .pfx), choose it. Else ask the sender to encrypt the mail to your certificate.
read-outside = Outside it says: { $text }
read-outside-only = Only outside it says { $name }: { $text }
read-outside-nothing = Outside it says nothing.
read-head-outside = Subject, sender, recipients and date are not protected: they stand outside only and may have been altered on the way.
read-head-signed = Subject, sender, recipients and date are covered by the signature.
read-head-encrypted = Subject, sender, recipients and date stand inside the encryption, but nobody signed them.
read-head-doubtful = Nobody whom you can rely on vouches for subject, sender, recipients and date.
read-head-neither = Subject, sender, recipients and date stand inside the mail, but are not protected.
read-subject-clear = The subject could be read on the way.
read-no-subject = (no subject)
read-no-text = The mail has no text.
read-large = The text is { $size }. Only its beginning is shown; save it to read all of it.
read-hidden = { $count ->
    [one] 1 hidden character was taken out of the text.
   *[other] { $count } hidden characters were taken out of the text.
}
read-files = Attached ({ $count })
read-part-name = part-{ $number }.{ $ending }
read-part-locked = { $name }, protected and not opened
read-protection = Protection
read-detail-layer = { $layer }: { $method }, { $readers ->
    [one] 1 reader
   *[other] { $readers } readers
}
read-detail-own = Opened with the key to the certificate { $fingerprint }
read-detail-signer = Signed { $when } with the certificate { $subject }, issued by { $issuer }, { $fingerprint }
read-detail-time-unknown = at an unknown time
read-saved = Saved as { $path }. The file comes from outside: open it only if you expect it.
read-nothing-to-save = There is no attached file to save
read-which-to-save = Go to the file that is to be saved
read-key-title = Password of the key file
read-key-text = { $name } is protected with a password. It is used now only, and not kept.
read-key-again = The password does not open { $name }. Check it and try again.
read-key-unlock = Unlock
do-read-received = Read a received mail
do-read-pick = Open a mail…
do-read-again = Open it again
do-read-key = Choose a key file…
do-read-save = Save the attached file…
do-read-save-one = Save { $name } ({ $size })…
do-read-back = Back
