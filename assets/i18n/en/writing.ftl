## Spelling
spell-word = Word { $number } of { $all } not found: “{ $word }”
spell-danish = Danish dictionary
spell-english = English dictionary
spell-checking = Checking the spelling …
spell-looking = Looking for suggestions …
spell-no-suggestion = No suggestions
spell-suggestions = Suggestions: { $list }
spell-replaced = “{ $old }” is now “{ $new }”.
spell-nothing-replaced = No word was replaced here
spell-none = Every word is in the dictionary
spell-added = “{ $word }” is one of your words now
spell-not-added = The word could not be kept. It holds in this window until it is closed.
spell-off = Spelling is off for this mail. F7 switches it on again
spell-off-settings = Spelling is switched off in the settings (writing.spelling)
spell-no-dictionary = The dictionaries cannot be read, so spelling is not checked. The mail is not touched. Tell IT.
do-next-word = Next word that is not in the dictionary
do-take = Choose
do-put-back = Put the old word back
do-add-word = Add to my words
do-ignore-word = Ignore in this mail
do-speak-danish = The whole mail is Danish
do-speak-english = The whole mail is English
do-speak-each = Danish or English for each paragraph
do-spelling-off = No spelling in this mail

## Templates
template-title = Templates
template-search = Search the templates
template-insert = Insert at the caret
template-reading = Reading the templates …
template-own = { $name } (own)
template-firm = { $name } (the firm's)
template-subject = Subject: { $subject }
template-count = { $count ->
    [0] No templates
    [one] 1 template
   *[other] { $count } templates
}
template-no-match = No template matches
template-folder = Your own templates are text files (.txt) in { $folder }
template-unreadable = { $name } cannot be read and is left out. Close it in other programs, or ask IT.
template-too-large = { $name } is too large for a template (at most 256 kB) and is left out.
template-not-text = { $name } is no text in UTF-8 and is left out. Save it as plain text.
template-no-folder = The folder { $name } cannot be read, so its templates are missing. Ask IT.
template-formatted = A formatted text is sent unchanged and cannot get a template
template-inserted = { $name } is inserted. Ctrl+Z undoes
template-inserted-open = { $name } is inserted. What is selected is still to be filled in
template-unfilled = { $what } is not filled in. Fill it in, or send again to send it like this
do-templates = Templates …

## Signature and quoted text
signature-unread = The signature { $name } cannot be read, so the mail has none. Repair the file, or ask IT.
signature-kept = The signature was edited and stays. Change it if it does not fit the sender
guard-subject = The subject can be read on the way, and it tells: { $list }
do-move-subject = Move the subject into the text
tell-subject-tells = Nothing was sent. { $sentence }. Move it into the text, or press Ctrl+Enter again to send it as it is
tell-subject-moved = The subject stands on top of the text now. Write one that tells nothing of the matter
tell-no-subject = There is no subject to move
guard-quoted = { $lines ->
    [one] 1 quoted line goes along without encryption to { $who }
   *[other] { $lines } quoted lines go along without encryption to { $who }
}
guard-formatted = The formatted text quotes another mail ({ $lines ->
    [one] 1 line
   *[other] { $lines } lines
}), which goes along without encryption to { $who }. Segl sends it unchanged: remove the quote in the program that it comes from.
tell-quote-formatted = The formatted text is sent unchanged. Remove the quote in the program that it comes from
