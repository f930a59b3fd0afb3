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
outbox-taken = Another Segl is going through the outbox just now.
outbox-sent = Sent from the outbox to { $who }.
outbox-waits = The mail to { $who } waits. { $why } Nothing was sent. Next try { $time }.
outbox-needs-answer = The mail to { $who } needs your answer. { $why } Nothing was sent.
outbox-perhaps-sent = The mail to { $who } may have been sent from the outbox. It is among the drafts now: open it and see what to do.
outbox-partly = The mail to { $who } did not reach everybody. It is among the drafts now, for those who are missing.
