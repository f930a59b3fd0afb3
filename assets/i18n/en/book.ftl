## The address book
book-off = Address suggestions are switched off (policy.suggestions), so no addresses are kept. Nothing was imported.
book-off-next = Your IT department decides whether to switch them on.
book-unreadable = The file cannot be read. Nothing was imported.
book-not-text = The file is no text file. Segl reads CSV and vCard. Nothing was imported.
book-empty = The file holds no entry with a mail address. Nothing was imported.
book-columns = The first line names no column with mail addresses. Found: { $found }. Expected, for example: { $expected }. Nothing was imported.
book-columns-none = The first line is empty. Expected a column with mail addresses, for example: { $expected }. Nothing was imported.
book-too-many = The file holds more than { $most } entries. Nothing was imported.
book-rows = { $count ->
    [one] 1 entry cannot be read, so nothing was imported:
   *[other] { $count } entries cannot be read, so nothing was imported:
}
book-row = Row { $number }, column “{ $column }”: “{ $value }” { $why }
book-card = Card { $number }, { $column }: “{ $value }” { $why }
book-row-whole = Row { $number } { $why }
book-card-whole = Card { $number } { $why }
book-why-address = is not a mail address.
book-why-forbidden = holds a character that hides or turns text.
book-why-long = is too long. A quotation mark may not be closed.
book-why-fields = has { $found } fields; the first line names { $columns } columns.
book-why-card = does not end, or is no vCard.
book-next-correct = Correct the file and import it again.
book-not-kept = The address book cannot be read or written.

book-imported = { $new } new addresses imported, { $changed } changed, { $same } as before.
book-imported-without = { $without ->
    [one] 1 entry has no mail address and was left out.
   *[other] { $without } entries have no mail address and were left out.
}
book-forgotten = { $address } forgotten
book-not-there = { $address } is not in the address book.
book-none = The address book is empty.

book-list = Suggestions
book-found = { $count ->
    [one] 1 suggestion, arrow down chooses
   *[other] { $count } suggestions, arrow down chooses
}
book-chosen = { $row }. { $place } of { $all }. Enter takes it, Delete forgets it
book-none-chosen = No suggestion chosen. Enter takes what is typed
book-written = last written to { $when }
book-never-written = imported, not written to yet
book-namesake = one of { $count } with this name
book-ending = ends in { $ending }
book-new = new address
book-new-ending = new address, ends in { $ending }
book-first-mail = This is the first mail to this address. Others at { $domain } have been written to.

do-book-next = Next suggestion
do-book-previous = Previous suggestion
do-book-take = Take the suggestion
do-book-forget = Forget the suggested address
do-book-import = Import addresses…
do-book-confirm = The recipients are right
do-book-to-bcc = Move them to Bcc

## Alerts before sending
alert-heading = { $count ->
    [one] Is this recipient right?
   *[other] Are these recipients right?
}
alert-like-domain = { $who }: { $domain } looks like { $like }, but is another domain.
alert-like-person = { $who }: the address looks like { $like }, but is another one.
alert-how-letters = Some letters only look the same.
alert-how-ending = The ending is .{ $new }, not .{ $old }.
alert-how-spelling = One letter differs, or two have changed places.
alert-how-hyphen = There is a hyphen more or less.
alert-how-inside = A domain belongs to whoever owns its end: { $ending }.
alert-like-means = Whoever owns the address gets the mail.
alert-like-next = Compare it letter by letter with a letter or mail from the recipient, or call on a number you know.
alert-first = { $who }: nobody at { $domain } has been written to before.
alert-first-means = If the domain is wrong, a stranger gets the mail.
alert-first-next = Compare the address with where you have it from.
alert-odd = { $who } has never been on a mail together with the others.
alert-odd-means = The others have been written to together { $times } times, never with this recipient.
alert-odd-next = Check that the recipient belongs to this matter.
alert-open = { $count } recipients outside the firm, at { $domains } domains, will see each other's addresses.
alert-open-means = Who else gets the mail may be confidential in itself.
alert-open-next = Move them to Bcc ({ $keys }): then each gets a mail of its own.
alert-moved = { $count } recipients moved to Bcc. Nothing was sent yet
alert-waits = The address book has changed. Check the recipients
alert-unconfirmed = Nobody has confirmed that the recipients are right.
subject-tells = The text would be encrypted, but the subject can be read on the way, and it tells: { $list }.
next-confirm-subject = Write another subject, or send again with --confirm-subject.
next-confirm-addresses = Check the addresses, and send again with --confirm-addresses.
