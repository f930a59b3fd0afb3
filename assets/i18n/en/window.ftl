## The window
window-title = New mail - Segl
window-title-receipt = Receipt - Segl
window-test = Test edition: these certificates protect nobody.
window-others = { $count ->
    [one] There is another draft:
   *[other] There are { $count } more drafts:
}
window-draft = Open the draft to { $who }
window-draft-nobody = Open the draft without a recipient

field-from = From
field-to = To
field-cc = Cc
field-bcc = Bcc
field-subject = Subject
field-text = Text of the mail
field-formatted = Formatted text from another program. It is sent unchanged.
field-own = A line of your own on top
field-files = Attached ({ $count })
field-remove = Remove { $name }
field-no-sender = No sender: there are no settings
field-drop = Drop files here to attach them
field-reason = Reason (needed for 3 and 4)
hint-recipients = name@company.dk, several with comma
hint-bcc = No recipient sees these addresses; each gets a mail of its own.
hint-subject = The subject can be read on the way, even when the mail is encrypted.

## Lights of recipients
look-green = Green
look-red = Red
look-grey = Checking
look-house = Grey
look-chip = { $light }: { $name }, { $word }. { $place } of { $all }
look-checking = Asking the directory.
look-cpr = A CPR number must not stand in a mail address on the internet. Use Digital Post.
standing-cpr = There is a CPR number in a recipient's address
tell-cpr = A CPR number must not stand in a mail address on the internet. Delete removes it; use Digital Post
look-invalid = “{ $text }” is not a mail address.
look-internal = Stays on your own mail server; not encrypted to the recipient.
look-refused = Your IT department does not allow unencrypted mail to { $domain }.
look-known = Encrypted · known { $when }
look-stale = The directory does not answer. The certificate that it showed { $when } is still valid and not revoked.
look-organisation = Will be encrypted to { $organisation }. Its staff and mail system can read it.
look-person = Will be encrypted to { $who }. Certificate by { $issuer }, valid to { $date }.
look-today = today { $time }
look-yesterday = yesterday { $time }

## Where the mail stands
standing-two = { $one } and { $two }
standing-many = { $one } and { $rest } others
standing-not-ready = You can write but not send
standing-empty = Add at least one recipient
standing-invalid = “{ $text }” is not a mail address
standing-checking = { $all ->
    [one] Checking the recipient
   *[other] Checking { $unknown } of { $all } recipients
}
standing-armed = Will be sent when all are checked. Esc undoes
standing-encrypted = { $all ->
    [one] The recipient will get this mail encrypted
    [2] Both recipients will get this mail encrypted
   *[other] All { $all } recipients will get this mail encrypted
}
standing-organisation = { $all ->
    [one] The recipient will get this mail encrypted to the organisation
    [2] Both recipients will get this mail encrypted, { $organisations } to the organisation
   *[other] All { $all } recipients will get this mail encrypted, { $organisations } to the organisation
}
standing-in-house = { $house ->
    [one] { $all ->
        [one] This mail stays on your own mail server, not encrypted to the recipient
       *[other] 1 of { $all } recipients is on your own mail server and gets this mail unencrypted there
    }
   *[other] { $house } of { $all } recipients are on your own mail server and get this mail unencrypted there
}
standing-exposed-one = The recipient cannot get this mail encrypted
standing-exposed-all = None of the { $all } recipients can get this mail encrypted
standing-exposed = { $count } of { $all } recipients cannot get this mail encrypted: { $who }
standing-not-checked = { $all ->
    [one] The recipient could not be checked: { $directory } does not answer
   *[other] { $count } of { $all } recipients could not be checked: { $directory } does not answer
}
standing-refused = This mail cannot be sent to { $who }
standing-transport = Transport: { $level }. The mail is encrypted to your own mail server.

button-send = Send
button-when-checked = Send when the check is done
button-encrypted = Send encrypted
button-in-house = Send
button-without = Send without encryption…
button-some-without = Send - { $count } without encryption…
button-try-again = Try again

## The warning
warn-heading = { $count } of { $all } recipients cannot get this mail encrypted
warn-instead = Instead: ask for a certificate (Ctrl+M), import one (Ctrl+I), or use another way.
warn-instead-try-again = Instead: try again (F5), or use another way.
warn-stale = The directory's answer is from { $when }.
warn-forbidden = Your IT department does not allow unencrypted mail to { $domain }.
warn-no-guarantee = Your IT department allows unencrypted mail only where transport is guaranteed to be encrypted, and that is not known of { $domain }.
warn-policy-newer = Your IT department's rules are newer than this Segl, so no unencrypted mail is sent to { $domain }.
warn-question = Why may this mail be sent without encryption?
warn-question-optional = Why may this mail be sent without encryption? (can be left out)
warn-note = The reason is kept in the send log. Do not write details of the case.
warn-only-encrypted = { $safe ->
    [one] Send to the other one encrypted, keep { $who } as a draft
   *[other] Send to the { $safe } encrypted, keep { $who } as a draft
}
warn-send-to-all = Send to all - { $who } without encryption
warn-send-without = Send without encryption
reason-nothing-confidential = It holds no confidential or sensitive information
reason-assessed = The recipient's mail server has been examined and the assessment is on file
reason-urgent = It is urgent for the recipient or a deadline (say which)
reason-other = Other (say)
reason-not-required = No reason required

ask-organisation-title = Other organisation than before
ask-organisation = Last time the certificate belonged to { $before }; now it belongs to { $now }. Call the recipient on a number you know if you are in doubt. Is this right?
ask-lose-title = The draft cannot be kept
ask-lose = If the window closes now, the mail is lost. Copy the text if you need it.

## Details
details-certificate = Certificate { $number } of { $count }: { $subject }. Issuer: { $issuer }. Valid to { $date }.
details-unreadable = Certificate { $number } of { $count } cannot be read.
details-by-address = The address is in the certificate.
details-by-organisation = Bound to the address by the organisation's number ({ $number }), by your IT department's table.
details-by-certificate = Bound to the address by exactly this certificate, by your IT department's table.
details-by-directory = Bound to the address because your IT department trusts { $directory }.
details-not-revoked = Not revoked according to the revocation list from { $when }.
details-not-revoked-answer = Not revoked according to the answer of its issuer from { $when }.
details-set-aside = Not used: another certificate goes before it.
details-fingerprint = Fingerprint { $sha256 }
details-source = Fetched { $when } from { $directory }.
details-checked = Checked { $when }.

## Below
foot-holding = { $seconds ->
    [one] Sends in 1 second.
   *[other] Sends in { $seconds } seconds.
}
foot-sending = Sending { $percent } %
foot-closes = { $seconds ->
    [one] The window closes in 1 second. Any key keeps it open.
   *[other] The window closes in { $seconds } seconds. Any key keeps it open.
}
foot-not-kept = The draft is not kept: this computer has no keyring. It is lost when the window closes.
foot-keeping-failed = The draft is not saved.

## Receipt
handed-over = Handed to your mail server at { $time }
handed-partly = Sent to { $sent } of { $all }. Not sent to { $who }
handed-nobody = Nothing was sent: the mail server refused { $who }
handed-perhaps = This mail may have been sent
handed-broke = The link broke after the mail was handed over and before the server answered.
handed-perhaps-next = Do not send it again before you have looked in Sent or asked the recipient.
handed-encrypted = { $count ->
    [one] 1 recipient: encrypted, not signed.
   *[other] { $count } recipients: encrypted, not signed.
}
handed-clear = { $count ->
    [one] 1 recipient: without encryption.
   *[other] { $count } recipients: without encryption.
}
handed-line-person = { $who }: encrypted to the person
handed-line-organisation = { $who }: encrypted to the organisation { $organisation }
handed-line-internal = { $who }: on your own mail server, not encrypted to the recipient
handed-line-clear = { $who }: without encryption. Reason: { $reason }
handed-urgent = Urgent: { $text }
handed-line-refused = { $who }: not sent. The mail server answered: { $reply }
handed-line-unknown = { $who }: not confirmed
handed-left-out = Not sent to { $who }; the mail to them is kept as a draft.
handed-reply = The mail server answered: { $reply } ({ $tls })
handed-record = Send log no. { $seq }. Delivery to the recipient is not confirmed.
handed-not-recorded = Sent, but not in the send log. Segl writes it as soon as the log can be written. Delivery to the recipient is not confirmed.

## No settings
welcome-title = Welcome to Segl
welcome-text = There are no settings on this computer yet. Set Segl up, try it with invented recipients, or open the settings file.

## What is said
tell-decided = { $name }: { $light }, { $word }
tell-now-red = { $name } is red now: { $word }
tell-removed = { $left ->
    [one] { $name } removed. 1 recipient
   *[other] { $name } removed. { $left } recipients
}
tell-red-removed = { $count } removed. { $left } left
tell-double = { $name } is a recipient already
tell-invalid = “{ $text }” is not a mail address. F2 edits, Delete removes
tell-checking-again = Checking again
tell-no-problems = No recipient is red
tell-attached = { $name } attached, { $size }.
tell-file-removed = { $name } removed
tell-holding = Sends in { $seconds } seconds, Ctrl+Z undoes
tell-no-attachment = The text mentions an attachment, and there is none. Attach it, or press Send again to send without
tell-undone = The mail is not sent. The draft is still here
tell-changed-undone = The mail was changed and is not sent by itself
tell-disarmed = The mail was not sent. { $sentence }
tell-cannot-stop = Cannot be stopped now
tell-progress = { $percent } %
tell-warning-changed = Something has changed. Read the warning again
tell-choose-reason = Choose a reason
tell-write-reason = Write the reason
tell-use-space = Use Space
tell-use-space-or = Use Space or { $keys }
tell-sent-encrypted = { $sent ->
    [one] Sent encrypted to 1 recipient
   *[other] Sent encrypted to { $sent } recipients
}
tell-sent = { $sent ->
    [one] Sent to 1 recipient
   *[other] Sent to { $sent } recipients
}
tell-sent-partly = Sent to { $sent } of { $all } recipients
tell-sent-to-nobody = Nothing was sent: the mail server refused all recipients
tell-perhaps-sent = This mail may have been sent. Read the receipt
tell-noted-sent = Noted: the mail was sent
tell-noted-not-sent = Noted: the mail was not sent. You can send it again; the recipient may get it twice
tell-saved = Draft saved { $time }
tell-reopened = { $others ->
    [0] The kept draft is open again
    [one] The newest draft is open again. There is one more
   *[other] The newest draft is open again. There are { $others } more
}
tell-ignored = Not taken from the link: { $names }
tell-imported = { $count ->
    [0] The file holds no certificate
    [one] 1 certificate imported
   *[other] { $count } certificates imported
}
tell-organisation-confirmed = The organisation is confirmed
tell-copied = Copied
tell-nothing-to-copy = There is nothing to copy
tell-no-quote = There is no quoted text
tell-quote-removed = { $lines ->
    [one] 1 quoted line removed. Ctrl+Z undoes
   *[other] { $lines } quoted lines removed. Ctrl+Z undoes
}
tell-saved-to-case = Saved as { $path }
tell-settings-opened = The settings file is { $path }. Fill it in and start Segl again.
tell-policy-changed = Your IT department changed the rules at { $time }. The draft is still here.
tell-policy-stricter = Your IT department changed the rules at { $time }: unencrypted mail is no longer allowed. The draft is still here.
tell-close-sending = The mail is being sent. The window can be closed afterwards
tell-close-holding = The mail has not been sent yet. Ctrl+Enter sends now, Esc undoes
tell-wait-for-sending = Wait until the mail is sent
tell-zoom = { $percent } percent

## Failures
trouble-nothing-sent = Nothing was sent.
trouble-draft-is-there = The draft is still here.
trouble-file-missing = { $name } does not exist.
trouble-file-kind = { $name } is not a regular file.
trouble-file-unreadable = { $name } cannot be read.
trouble-file-next = Choose the file again or send without it.
trouble-doubt = Sending was interrupted. Whether { $who } got the mail is not known.
trouble-randomness = The computer gives no random numbers.
trouble-tell-it = Tell your IT department.

meter-alone = Packed { $packed }
meter-of = Packed { $packed } of { $limit }
meter-over = Packed { $packed }; your mail server takes at most { $limit }. Remove files or split the mail.

demo-subject = Try Segl
demo-text =
    These recipients are invented, each in a state of its own. Type their addresses into To and see what Segl says of them. The mail does not leave this computer.

    { $people }

letter-ask-certificate =
    Hello

    I would like to send you encrypted mail. That needs a valid certificate for your address, and I could not find one. Could you send me your certificate (a file that ends in .cer), or publish it in the directory?

    This mail is not encrypted and holds nothing confidential.

    Kind regards
    { $from }
    { $domain }

## Keys
keys-title = Keys
keys-shift = Shift
keys-delete = Delete

do-send = Send
do-undo = Undo
do-send-now = Send now
do-stop = Stop
do-recheck = Check again
do-other-options = Other options…
do-explain = Why can't this be sent?
do-details = Details of the recipient
do-edit = Edit
do-remove = Remove
do-copy-for-it = Copy for IT
do-ask-organisation = Confirm the organisation…
do-confirm-organisation = Yes, this is right
do-ask-certificate = Ask for a certificate
do-import = Import a certificate…
do-commit = Turn the text into a recipient
do-cc = + Cc
do-bcc = + Bcc
do-attach = Attach…
do-paste = Attach copied files
do-remove-quote = Remove the quoted text
do-back = Back to the mail
do-only-encrypted = Send to the encrypted ones, keep the rest as a draft
do-send-to-all = Send to all, some without encryption
do-choose = Choose the reason
do-remove-red = Remove all red
do-was-sent = It was sent
do-was-not-sent = It was not sent, send again…
do-correct-rest = Correct and send to the rest
do-correct = Correct the recipient
do-send-to-others = Send to the others
do-save-to-case = Save to the case…
do-copy-receipt = Copy receipt
do-new-mail = New mail
do-save-draft = Save the draft now
do-close = Close
do-close-anyway = Close and lose the mail
do-open-draft = Open the draft
do-dismiss = Hide
do-demo = Try with invented recipients
do-open-settings = Open the settings file
do-show-lists = Drafts, outbox, send log
do-show-settings = Settings
do-keys = Keys
do-zoom-in = Larger
do-zoom-out = Smaller
do-zoom-reset = Usual size
do-next-problem = Next red recipient
do-previous-problem = Previous red recipient
do-say-state = Say whether the mail can be sent encrypted
do-next-area = Next area
do-previous-area = Previous area
do-escape = Close what is open, undo

window-not-opened = The window cannot be opened: { $detail }
trouble-no-other-window = The window cannot be opened. The mail here is untouched.
