# The outbox, the drafts and the send log.

## Why a mail waits
outbox-unreachable = The mail server cannot be reached.
outbox-busy = The mail server is busy ({ $reply }).
outbox-directory = { $name } does not answer. It is not known whether { $who } can get this mail encrypted.
outbox-computer = The keyring, the store or the send log of this computer could not be used.
outbox-exposed = { $who } cannot get this mail encrypted.
outbox-forbidden = Your IT department does not allow unencrypted mail to { $who }.
outbox-rejected = The mail server refused the mail ({ $reply }).
outbox-stopped = Something has to be put right first, such as a file that was changed or is gone.
outbox-next = Next try { $time }
outbox-asks = Waits for your answer
outbox-not-taken = The outbox cannot take this mail: it may have been sent, or this computer cannot keep it.
next-send-later = The draft is still here. Send it again later.
outbox-empty = No mail waits.
outbox-taken = Another Segl is working through the outbox just now.
outbox-sent = Sent from the outbox to { $who }.
outbox-waits = The mail to { $who } waits. { $why } Nothing was sent. Next try { $time }.
outbox-needs-answer = The mail to { $who } needs your answer. { $why } Nothing was sent.
outbox-perhaps-sent = The mail to { $who } may have been sent from the outbox. It is among the drafts now: open it and see what to do.
outbox-partly = The mail to { $who } did not reach everybody. It is among the drafts now, for those who are missing.

## The window
lists-title = Drafts, outbox and send log - Segl
lists-tabs = Lists
lists-drafts = Drafts
lists-outbox = Outbox
lists-log = Send log
lists-not-encrypted = Send log, not encrypted only
lists-loaded = { $name }: { $count ->
    [0] no rows
    [one] 1 row
   *[other] { $count } rows
}
lists-row = { $text }. Row { $n } of { $m }
lists-sorted-down = { $name }, sorted, largest or newest first
lists-sorted-up = { $name }, sorted, smallest or oldest first
lists-none-begins = No row begins with { $text }
lists-time = Time
lists-to = To
lists-size = Size
lists-why = Why it waits
lists-next = Next try
lists-how = How
lists-reason = Reason
lists-server = Mail server
lists-nobody = No recipient yet
lists-open-elsewhere = (open in another window)
lists-in-doubt = (perhaps sent)
lists-unreadable = Cannot be read by this version
lists-removed = The details were removed because their time is over
lists-how-under-way = On its way
lists-how-not-sent = Not sent
lists-how-rejected = Refused by the mail server
lists-how-unconfirmed = Perhaps sent
lists-how-written = Written to a file
lists-how-person = Encrypted
lists-how-organisation = Encrypted · organisation
lists-how-internal = Stayed in house
lists-how-clear = Not encrypted
lists-loading = Loading …
lists-log-hint = One row for each recipient. The subject is not kept in the log, so that it can be shown without telling of the cases.
lists-none-filtered = Everything was sent encrypted: no row passes the filter.
lists-no-drafts = There are no drafts. A mail that you close without sending is kept here.
lists-no-outbox = No mail waits. Mail lies here when the mail server cannot be reached, or when a directory does not answer.
lists-no-log = Nothing was sent yet. Every mail that Segl sends gets a row here for each recipient.
lists-do-open = Open
lists-do-delete = Delete …
lists-do-delete-now = Delete the draft
lists-do-keep = Keep the draft
lists-do-back = Back to draft
lists-do-save = Save the row …
lists-do-wrong-person = Sent to the wrong person?
lists-do-filter = Show not encrypted only
lists-do-all = Show all
lists-do-leave = Back to the list
lists-do-reload = Load again
lists-do-wait = Put in the outbox
lists-do-when-answered = Send when the directory answers
lists-do-answer = Open and answer
lists-do-send-now = Send now
lists-do-read = Read the mail
lists-trying = Trying to send
lists-busy = The mail is no longer in the outbox, or it is being sent
lists-is-open = The draft is open in another window
lists-is-draft = The mail is a draft again. Nothing was sent
lists-deleted = The draft is deleted
lists-not-taken = The draft cannot be opened here: it is open in another window, or it was sent or deleted.
lists-not-taken-means = Nothing is lost.
lists-delete-title = Delete the draft to { $who }?
lists-delete-text = The draft cannot be brought back.
lists-delete-doubt = This mail may have been sent. If you delete the draft, Segl will not ask again. The draft cannot be brought back.
lists-wrong-title = Sent to the wrong person: { $who }
lists-wrong-gone = The mail cannot be called back.
lists-wrong-sealed = It was encrypted: only this recipient, or their organisation, can read it.
lists-wrong-clear = It was not encrypted to the recipient: others on the way may have read it too.
lists-wrong-call = 1. Call the recipient and ask for the mail to be deleted unread. Write down what was answered.
lists-wrong-report = 2. Tell your data protection officer or manager today. If the mail holds personal data, the breach may have to be reported within 72 hours.
lists-wrong-save = 3. Save the row (Ctrl+S). It shows who got the mail, when and how, and others can check it.
lists-mail-from = From
lists-mail-to = To
lists-mail-cc = Cc
lists-mail-date = Date
lists-mail-files = Attached
lists-mail-bcc = Bcc recipients stand in the send log only.

## The outbox in a mail's window
lists-queued = { $why } Nothing was sent. The mail is in the outbox; next try { $time }.
lists-queued-asks = { $why } Nothing was sent. The mail is in the outbox and waits for your answer.
lists-not-silent = Only a mail that waits for nothing but a directory can wait for it
lists-asks-again = You can try again, or put the mail in the outbox. It will not leave from there without encryption: Segl asks you again.
lists-count-asking = { $count ->
    [one] 1 mail in the outbox waits for your answer.
   *[other] { $count } mails in the outbox wait for your answer.
}
lists-count-waiting = { $count ->
    [one] 1 mail waits in the outbox.
   *[other] { $count } mails wait in the outbox.
}
lists-count-drafts = { $count ->
    [one] 1 draft is kept.
   *[other] { $count } drafts are kept.
}
log-not-exported = The row cannot be taken from the send log.
log-not-shown = The send log cannot be shown.
