# Asking a domain for a receipt, and what comes back
tls-ask-subject = Request for a receipt
tls-ask-text =
    { $who } asks for a receipt for this mail, to see whether mail between us is encrypted on its way. The mail holds nothing else.

    Please let your mail program send the receipt that it offers, or answer this mail as it is.
tls-asked = { $address } is asked for a receipt.
tls-asked-both = The recipient's mail program and the mail servers on the way are asked.
tls-asked-program = The recipient's mail program is asked. Your mail server does not offer to ask the servers on the way.
tls-asked-servers = The mail servers on the way are asked.
tls-asked-neither = Nobody could be asked but the recipient.
tls-asked-next = When the receipt comes, save it as a file and drop it on the window, or give it to: segl tls receipt FILE.eml
tls-ask-unneeded = Mail to { $address } is encrypted to whom it is for, or stays in the house. There is nothing to ask about.
tls-ask-unneeded-next = Ask an address of the domain that mail is not encrypted to.
tls-receipt-no-mail = This file is no mail.
tls-receipt-no-mail-next = Save the receipt from your mail program as .eml, and give that file.
tls-receipt-busy = Another Segl is filing a receipt.
tls-receipt-from = { $kind ->
    [disposition] Receipt (the recipient's mail program)
    [delivery] Receipt (a mail server)
   *[other] Mail
 }{ $from ->
    [none] {""}
   *[other] { " " }from { $from }
 }{ $reporting ->
    [none] .
   *[other] { " " }({ $reporting }).
 }
tls-receipt-action = It says of the request: { $action ->
    [delivered] delivered to the mailbox
    [relayed] handed on to a server that tells no more
    [expanded] handed on to several
    [delayed] delayed
    [failed] not delivered
    [displayed] shown to the recipient
    [deleted] deleted
    [dispatched] sent on
    [processed] dealt with by a program
   *[other] something else
 }.
tls-receipt-filed = It answers the request to { $address } of { $date }, and is filed in the send log (no. { $row }).
tls-receipt-not-ours = It names no request of this Segl. It is shown, and not filed.
tls-receipt-other-domain = It names the request to { $address }, but comes from another domain ({ $from }). It is shown, and not filed.
tls-receipt-second = It answers the request to { $address }, and the same answer is filed already (no. { $row }). It is shown, and not filed again.
tls-receipt-from-them = The way of this mail to us, the newest line first:
tls-receipt-to-them = The way of the request to them, as it came back in this mail, the newest line first:
tls-receipt-hop = { $by } took it{ $from ->
    [none] {""}
   *[other] { " " }from { $from }
 }: { $tls }{ $date ->
    [none] .
   *[other] , { $date }.
 } { $witness }
tls-receipt-unnamed = A server
tls-receipt-over = { $version } with { $cipher }
tls-receipt-over-some = { $version }
tls-receipt-over-unknown = TLS, version not said
tls-receipt-over-nothing = nothing said of encryption
tls-receipt-weak = { $tls } (too weak)
tls-receipt-observed = Seen by our own mail server.
tls-receipt-claimed-domain = Claimed by { $domain }, which signed it.
tls-receipt-claimed = Claimed; by whom is not verified.
tls-receipt-left-out = { $count ->
    [one] One more line was not read.
   *[other] { $count } more lines were not read.
 }
tls-receipt-no-hops = It holds no lines of mail servers: it says nothing of encryption.
tls-receipt-signature = Signature of { $domain }: { $verdict }
tls-receipt-valid = it holds, and covers the whole text.
tls-receipt-partial = it covers only the beginning of the text. It does not count.
tls-receipt-body = the text was changed. It does not count.
tls-receipt-broken = it does not hold.
tls-receipt-no-key = the domain has no such key any more. It does not count.
tls-receipt-key-unknown = its key could not be had from DNS. Nobody knows whether it holds.
tls-receipt-key-bogus = DNS answers of its key with broken signatures. Nobody knows whether it holds.
tls-receipt-key-unusable = its key is of another kind, or too short. It does not count.
tls-receipt-testing = the domain says that it is only trying it out. It does not count.
tls-receipt-expired = it has expired. It does not count.
tls-receipt-unsupported = it is of an old or unknown kind. It does not count.
tls-receipt-malformed = it is not written as one must be. It does not count.
tls-receipt-key-proved = The key is proved by DNSSEC.
tls-receipt-key-plain = The key is from DNS without signatures.
tls-receipt-wants = It asks for a receipt itself. Segl sends none.
tls-filed-observed = Our own mail server took a receipt of { $domain } over { $tls } on { $date } ({ $age }).
tls-filed-observed-nothing = Our own mail server took a receipt of { $domain } on { $date } ({ $age }), and says nothing of encryption.
tls-filed-claimed-all = A receipt of { $domain }, filed { $date } ({ $age }), says { $who ->
    [domain] on the domain's signed word
   *[other] on nobody's verified word
 } that the mail { $way ->
    [to-them] to
   *[other] from
 } them went over { $tls }.
tls-filed-claimed-some = A receipt of { $domain }, filed { $date } ({ $age }), says of { $encrypted } of { $hops } steps that they were encrypted, { $who ->
    [domain] on the domain's signed word
   *[other] on nobody's verified word
 }.
tls-filed-silent = A receipt of { $domain } was filed { $date } ({ $age }). It says nothing of encryption.
tls-filed-age = { $days ->
    [0] today
    [one] 1 day old
   *[other] { $days } days old
 }
tls-filed-one-mail = That is one mail, and changes nothing of the above.
receipts-heading = A receipt
receipts-ask-heading = { $count ->
    [one] Ask for a receipt
   *[other] Ask { $count } domains for a receipt
 }
receipts-ask-what = An empty mail leaves now, not encrypted, in your name, to:
receipts-ask-why = It says that you ask for a receipt, to see whether mail between you is encrypted on its way. Nothing of your mail is in it. That it was sent stands in the send log.
receipts-ask-then = When the receipt comes, save it as a file and drop it on this window. Your own mail stays here meanwhile.
do-receipt-propose = Ask for a receipt…
do-receipt-ask = Send the request
reason-receipt-request = it asks for a receipt, and holds nothing
doctor-own-hosts = Of receipts, what these hosts wrote counts as observed, because they are your own border: { $hosts }.
