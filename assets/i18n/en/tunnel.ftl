# Tunnel mail: encrypted to the gateway of the recipient's organisation, and the list of who has one.
word-encrypted-tunnel = Encrypted · gateway
state-tunnel = Will be encrypted to the organisation's gateway: { $organisation }. The gateway opens it and passes it on inside the organisation. The certificate is valid to { $date }.
state-tunnel-unconfirmed = Not yet confirmed with this organisation: no answer has come back through the gateway.
state-tunnel-person-failed = Whether the recipient has a certificate of their own could not be checked.
state-tunnel-person-unusable = The recipient's own certificate is not used: { $why }
state-tunnel-old-list = The tunnel list is from { $date }, which is longer ago than your rules want. Tell your IT department.
state-tunnel-none = { $domain } is on the tunnel list, but no certificate of its gateway can be used.
state-tunnel-no-mailbox = { $domain } is on the tunnel list, but the list does not say to which mailbox the mail goes.
delivery-tunnel = encrypted to the organisation's gateway
handed-line-tunnel = { $who }: encrypted to the organisation's gateway, { $organisation }
lists-how-tunnel = Encrypted · gateway
word-list-mismatch = Not as the list says
problem-list-mismatch = The tunnel list names { $expected }; the certificate is of { $found }.
details-by-domain = It belongs to the gateway of { $domain }, which opens mail for all of its addresses, and is used for that domain only.
options-host-tunnel-list = Gives the tunnel list: which organisations read encrypted mail for all of their addresses. It is not told whom you write to.
rule-tunnel-list = Where the tunnel list comes from
rule-tunnel-signer = Who must have signed the tunnel list
rule-tunnel-mode = How mail travels to a gateway where the list does not say
rule-tunnel-main-mailbox = From which mailbox a mail that holds another goes to a gateway
rule-tunnel-age = How old the tunnel list may be
rule-tunnel-mailboxes = Under which names the certificates of gateways are looked up

tunnel-no-list = There is no tunnel list. Mail is encrypted to recipients with a certificate of their own only.
tunnel-in-force = Tunnel list in force: { $count } domains, of { $date }, from { $source }
tunnel-same = This tunnel list is in force already: { $count } domains, of { $date }, from { $source }
tunnel-taken = The tunnel list is in force now: { $count } domains, of { $date }, from { $source }
tunnel-waits = A tunnel list waits until you have seen the differences: { $count } domains, of { $date }, from { $source }. The one before stays in force.
tunnel-facts = SHA-256 { $sha256 }, { $octets } octets, { $keys ->
    [0] no certificates named
    [one] 1 certificate named
   *[other] { $keys } certificates named
}
tunnel-signed = Signed by { $signer }
tunnel-unsigned = Not signed: taken on the word of whoever put the file there.
tunnel-membership-only = Not signed, and fetched over the network: it tells only which domains are on it. Keys, mailboxes and numbers in it are not used.
tunnel-left-out = { $count ->
    [one] 1 line is wrong and was left out.
   *[other] { $count } lines are wrong and were left out.
}
tunnel-old = It is older than your rules want. Ask its publisher or your IT department for a newer one.
tunnel-trouble = It could not be brought up to date ({ $date }): { $detail }
tunnel-waits-next = Compare with whoever publishes the list. Then: segl tunnel confirm, or segl tunnel discard.
tunnel-shrinks = { $gone } of { $before } domains are gone; { $after } would be left.
tunnel-gone = Gone: { $domains }
tunnel-own = It names your own domains: { $domains }
tunnel-changes = { $count ->
    [one] 1 domain would be written to in another way:
   *[other] { $count } domains would be written to in another way:
}
tunnel-changed = { $domain }: { $what } was { $before }, would be { $after }
tunnel-changed-more = and { $count } more
tunnel-nothing = nothing
tunnel-field-key = certificate
tunnel-field-mailbox = mailbox
tunnel-field-mode = mode
tunnel-field-number = CVR
tunnel-confirmed = { $count ->
    [one] The tunnel list with 1 domain is in force now.
   *[other] The tunnel list with { $count } domains is in force now.
}
tunnel-discarded = The tunnel list that waited is gone. The one before stays in force.
tunnel-answered = Noted: the gateway of { $domain } has opened mail from you.

tunnel-fault-line = Line { $number }: { $why }: { $value }
tunnel-fault-item = Item { $number }: { $why }: { $value }
tunnel-fault-text = not UTF-8 text
tunnel-fault-forbidden = a character that hides or turns text
tunnel-fault-long = too long
tunnel-fault-fields = the fields do not fit the columns
tunnel-fault-domain = not a domain name
tunnel-fault-looks-alike = a domain name in letters that look like others
tunnel-fault-mailbox = not a mail address
tunnel-fault-elsewhere = a mailbox of another domain
tunnel-fault-mode = neither direct nor wrapped
tunnel-fault-number = not a CVR number
tunnel-fault-day = not a date such as 2026-01-31
tunnel-fault-fingerprint = not a SHA-256 fingerprint
tunnel-fault-certificate = not a certificate, or not that of the fingerprint
tunnel-broken-text = The list is not UTF-8 text. Nothing of it was taken; the one before stays in force.
tunnel-broken-large = The list is larger than { $limit } octets. Nothing of it was taken; the one before stays in force.
tunnel-broken-empty = There is no domain in the list. The one before stays in force.
tunnel-broken-columns = The list has columns that Segl does not know, or one twice: { $found }. Nothing of it was taken; the one before stays in force.
tunnel-broken-json = The list is not a JSON list: { $detail }. Nothing of it was taken; the one before stays in force.
tunnel-broken-twice = The list says two different things of { $domain }, the second time at { $number }. Nothing of it was taken; the one before stays in force.
tunnel-broken-faults = { $count } of { $all } lines of the list are wrong, which is too many. Nothing of it was taken; the one before stays in force.
tunnel-is-unsigned = The list is not signed, and your rules want it to be. Nothing of it was taken; the one before stays in force.
tunnel-other-signer = The list is signed, but not by the certificate of your rules, or it was changed since. Nothing of it was taken; the one before stays in force.
tunnel-bad-signature = The signature of the list cannot be read. Nothing of it was taken; the one before stays in force.
tunnel-signer-file = The certificate that signs the list cannot be used: { $detail }. The list before stays in force.
tunnel-older = The list was signed before the one in force: somebody hands out an old one. The one in force stays.
tunnel-no-answer = The tunnel list could not be fetched: { $detail }. The one before stays in force.
tunnel-policy = Your organisation's rules name the tunnel list. No other can be imported.
tunnel-not-configured = The settings name no tunnel list.
tunnel-nothing-waits = No such tunnel list waits.
tunnel-damaged = What is kept of the tunnel list is damaged, and counts for nothing.
tunnel-not-kept = The tunnel list cannot be kept: { $detail }. The one before stays in force.
tunnel-next-file = Check the name of the file.
tunnel-next-author = Ask whoever publishes the list for a right one.
tunnel-next-import = Import a list: segl tunnel import FILE.
tunnel-next-status = segl tunnel status shows what there is.
tunnel-answer-not-mail = The file is no mail with a sender. Nothing was noted.
tunnel-answer-unrelated = The mail answers none that left through its sender's gateway. Nothing was noted.
tunnel-next-answer = Save the answer itself as an .eml file, and give that.

options-tunnel = Tunnel list
options-tunnel-now = In force now
options-tunnel-waits = A new list waits for you
options-tunnel-next = Ask whoever publishes the list whether the differences are right before you use it.
options-tunnel-more = All of them: segl tunnel status --json
do-list-confirm = Use the new list
do-list-discard = Discard the new list
tell-list-waits = A new tunnel list changes who reads your mail, and waits until somebody has seen the differences: settings, “Tunnel list”.
