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
