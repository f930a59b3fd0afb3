# Mail that others made, opened.
read-too-large = The message is larger than { $limit } and was not opened.
read-too-deep = The message is nested too deeply, or has too many parts, and was not opened.
read-malformed = The message cannot be read: it is damaged or was made wrongly. Nothing of it is shown.
read-no-key = The message is encrypted to others: none of your keys opens it.
read-closed = The message does not open with your key. It was altered on the way, cut, or made wrongly. Nothing of it is shown.
read-key-away = The key that opens the message cannot be reached.
read-unsupported = The message uses a method that Segl does not read ({ $oid }). Nothing of it is shown.
read-next-sender = Ask the sender to send it again.
read-next-key = Give the key file with --key, or ask the sender to encrypt it to your certificate.
read-next-token = Insert the card or token, and try again.
key-file-password = The password does not open the key file.
key-file-broken = The key file is damaged, or it is no key file.
key-file-unsupported = The key file is protected in a way that Segl does not read ({ $oid }).
key-file-no-key = The key file holds no private key with its certificate.
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
read-subject = Subject: { $text }
read-part = File { $number }: { $name } ({ $media }, { $size })
read-part-nameless = without a name
read-warn-unauthenticated = The encryption does not show whether the text was altered on the way, and nobody signed it. Do not act on it alone.
read-warn-weak-cipher = It is encrypted in an outdated way that can be broken.
read-warn-part = A protected part stands beside unprotected ones. It was not opened: save it and open it by itself.
read-warn-from = The sender inside the mail is another than the one outside, and nothing vouches for either. Shown is the one outside.
read-warn-signature = There should be a signature, but it cannot be read. Treat the mail as not signed.
read-warn-nobody = The mail says that it is signed, but nobody signed it.
read-warn-several-from = The mail names more than one sender. Programs may show different ones.
read-warn-legacy = The subject was protected in an older way.
read-warn-html = The text was taken out of a formatted mail. Pictures and links were left out, and nothing was fetched.
read-warn-unreadable = A part cannot be read and is listed as it stands.
read-signer-unknown = somebody unknown
read-signer-good = Signed by { $who }. The signature holds.
read-signer-bad = Do not rely on the signature by { $who }.
read-signer-other = The signer's certificate is for { $named }, not for the sender.
read-signer-no-address = The signer's certificate names no mail address.
read-signer-ahead = It claims to have been signed in the future.
read-fault-changed = The mail was altered after it was signed.
read-fault-invalid = The signature was not made with this certificate's key.
read-fault-no-certificate = The signer's certificate is missing.
read-fault-attributes = The signature does not say clearly what was signed.
read-fault-other = The signature names another certificate as its own.
read-fault-weak = It was signed in an outdated way ({ $digest }).
read-fault-unsupported = It was signed in a way that Segl does not know ({ $oid }).
read-part-missing = The message has no part { $number }.
