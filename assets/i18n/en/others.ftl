# Other people's certificates: taken in from files and signed mail, and pinned to addresses.
word-encrypted-pinned = Encrypted · pinned
state-pinned = Will be encrypted to { $name } with the certificate that you pinned to this address on { $at }. Certificate by { $issuer }, valid to { $date }.
details-by-pin = You pinned this certificate to the address on { $at }; the certificate itself does not name the address.
others-names-none = no address
others-organisation = { $name }, organisation { $organisation }
others-for = For { $address }: the certificate names this address.
others-for-bound = For { $address }: bound to the address by your IT department's table.
others-for-pinned = For { $address }: you pinned it to this address on { $at }. The certificate names { $named }.
others-not-tied = Not used for { $address }: the certificate names { $named }. It belongs to { $who }.
others-no-address = Not used for anybody: the certificate names no address. It belongs to { $who }.
others-refused-policy = Your organisation does not allow pinning certificates to addresses.
others-refused-rule = Your IT department's table gives { $address } to somebody else.
others-for-signing = This one is for signatures only. Mail cannot be encrypted to it, and it is not kept.
others-usable = Mail to the address is encrypted to it.
others-kept = { $count ->
    [0] No certificate that mail can be encrypted to was kept.
    [one] 1 certificate is kept.
   *[other] { $count } certificates are kept.
}
others-learned = What the sender's mail program opens was noted.
others-prefers-other = The sender wants answers encrypted to a certificate that did not come with this mail. Ask for it.
others-unreadable = { $count ->
    [one] 1 certificate of the file could not be read.
   *[other] { $count } certificates of the file could not be read.
}
others-next-pin = If the certificate really is that person's, import it again with --address { $address } --pin. Check the fingerprint by telephone first.
others-next-address = If you know whose it is, import it again with --address ADDRESS --pin. Check the fingerprint by telephone first.
others-none = No certificates of other people have been taken in.
others-list = Certificates of other people that were taken in:
others-unpinned = { $count ->
    [one] 1 certificate is no longer pinned to { $address }.
   *[other] { $count } certificates are no longer pinned to { $address }.
}
others-not-pinned = No such certificate is pinned to { $address }.
others-next-list = segl cert list shows what is pinned.
import-unverified = No signature of this mail holds, so nothing was taken from it.
import-mail = The mail cannot be opened, so nothing was taken from it.
import-next-sender = Ask the sender to send a signed mail again.
unpinned-policy = Nothing was kept: your organisation does not allow pinning certificates to addresses.
unpinned-rule = Nothing was kept: your IT department's table gives the address to somebody else.
unpinned-address = Nothing was kept: nobody said to which address the certificate belongs.
unpinned-several = Nothing was kept: the file holds certificates of several people, and only one can be pinned to the address.
unpinned-nothing = Nothing was kept: there is nothing to pin. Every certificate is tied to the address already, or is for signing only.
unpinned-next-address = Say it with --address.
unpinned-next-single = Take the one that is meant into a file of its own.
unpinned-next-without = Import it without pinning it.
readers-not-kept = The pin cannot be kept, because what Segl keeps would be gone when the program ends.
import-heading = Certificates in { $name }
import-check-first = Check the fingerprint by telephone before you pin the certificate to the address. If it is somebody else's, they can read the mail.
do-import-take = Keep the certificate
do-import-pin = Pin to the address
do-import-pin-to = Pin to { $address }
do-import-attach = Attach the file instead
do-import-unpin = Take the pin back
tell-pinned = The certificate is kept and pinned to the address
ending-notice-own = Your certificate ends { $date }, in at most { $days } days: { $subject }. Order a new one now, and keep this one for older mail.
ending-notice-own-issuer = A certificate above your own ends { $date }: { $subject }. Ask your IT department for a new one.
ending-notice-other = A recipient's certificate ends { $date }: { $subject }. Ask the recipient for a new one before then.
ending-notice-issuer = The issuer of a recipient's certificate ends { $date }: { $subject }. Tell your IT department if the recipient has no new one by then.
word-left-out = Left out
problem-left-out-kind = Your organisation's filter leaves the certificate out: only certificates for { $expected } are used, and this one is for { $presented }.
problem-left-out-policy = Your organisation's filter leaves the certificate out: it must have one of the policies { $expected }, and it has { $presented }.
kind-person = private persons
kind-employee = employees
kind-organisation = organisations
kind-mailbox = mailboxes without a checked name
kind-other = something else or unknown
rule-filter = Which certificates of others are used
rule-pins = Whether a certificate may be pinned to an address that it does not name
options-store-readers = Recipients with a pinned certificate, or of whose mail program Segl learned something: { $count }, encrypted.
others-which = Not exactly one of the imported certificates has that fingerprint.
others-removed = The certificate of { $name } was removed, and is no longer pinned to any address.
others-not-removed = The certificate could not be removed. It is no longer pinned to any address.
others-list-learned = From a mail by { $address }, signed on { $at }, this is known of the recipient's mail program: { $what }.
learned-gcm = it wants AES-256-GCM
learned-cbc = it wants AES-256-CBC
learned-oaep = it opens RSA-OAEP
learned-subject = it shows hidden subjects
learned-nothing = nothing in particular
details-learned = What the recipient's mail program opens is known from a mail that was signed on { $at }.
options-others = Certificates of others
options-others-none-title = None
options-others-none = No certificates of other people have been taken in. Ctrl+I in a mail takes one in from a file or a signed mail.
do-import-unpin-from = Take the pin to { $address } back
do-import-remove = Remove the certificate of { $name }
