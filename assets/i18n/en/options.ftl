### The settings window, all commands, and waiting for a certificate.

window-title-settings = Settings - Segl
options-title = Settings
options-search = Search the settings
options-sections = Sections
options-appearance = Appearance
options-writing = Writing
options-rules = Rules in force
options-recorded = What is recorded about me
options-network = Network
options-doctor = Check this set-up
options-waiting = Waiting for certificates
options-none = Nothing in the settings matches “{ $text }”.
options-loading = Being read…
options-found = { $count ->
    [one] 1 place in the settings
   *[other] { $count } places in the settings
}
do-copy-section = Copy as text
do-look-again = Look again
do-keep-receipts = Keep receipts open

## Appearance
options-theme = Colours
options-theme-system = As the system
options-theme-light = Light
options-theme-dark = Dark
options-theme-contrast-light = Strong contrast, light
options-theme-contrast-dark = Strong contrast, dark
options-size = Size of everything in the window
options-size-value = { $percent } %
options-receipts = Keep receipts open
options-receipts-text = A receipt closes by itself after a few seconds when everybody got the mail encrypted. Here you can keep it open until you close it.
options-on = On
options-off = Off
options-own = These are your own choices. They are kept in { $file } and change no rule of your IT department.
options-own-title = Where these choices are kept

## Writing
options-senders = Who you write as
options-no-senders = Nobody is set up yet.
options-own-words = Own words in the spelling
options-own-words-text = { $count ->
    [0] None. F7 on a wrong word in a mail adds it.
    [one] One word. Delete removes it.
   *[other] { $count } words. Delete removes one.
}
do-forget-word = Remove “{ $word }”
do-forget-selected = Remove the own word
tell-word-forgotten = “{ $word }” is no own word any more. A mail that is open already still takes it for right
tell-not-removable = Only own words and certificates of others can be removed here
options-hold = Undo time
options-hold-text = { $seconds ->
    [0] A mail leaves at once.
    [one] A mail waits 1 second before it leaves; Ctrl+Z stops it.
   *[other] A mail waits { $seconds } seconds before it leaves; Ctrl+Z stops it.
}

## Rules
options-rule = { $value }
    From: { $origin }.
options-rule-locked = { $value }
    From: { $origin }. Locked: only your IT department can change it.
options-empty-value = (nothing)

## What is recorded
options-log = Send log
options-log-text = { $rows ->
    [one] 1 entry, { $from } to { $to }.
   *[other] { $rows } entries, { $from } to { $to }.
}
options-log-none = Nothing has been recorded yet.
options-log-what = What an entry holds
options-log-what-text = For each mail: when, from which sender, your account at this computer ({ $account }), the addresses of the recipients, how it went to each, which certificates were used, what the mail server answered, and the reason you gave where something was sent without encryption. Never the subject, the text or the names of files.
options-log-mails = { $count ->
    [one] 1 sending
   *[other] { $count } sendings
}
options-log-outcomes = { $count ->
    [one] 1 outcome
   *[other] { $count } outcomes
}
options-log-other = { $count ->
    [one] 1 other entry
   *[other] { $count } other entries
}
options-log-kinds = What it counts
options-log-kinds-text = { $sendings }, { $outcomes }, { $other }.
options-log-people = { $addresses ->
    [one] 1 recipient's address
   *[other] { $addresses } different addresses of recipients
}
options-log-consents = { $count ->
    [one] 1 consent to send without encryption
   *[other] { $count } consents to send without encryption
}
options-log-people-title = People in it
options-log-people-text = { $addresses } and { $consents }.
options-log-destroyed = { $count ->
    [one] Of 1 entry the content was destroyed when its time was over; that it was there can still be seen.
   *[other] Of { $count } entries the content was destroyed when its time was over; that they were there can still be seen.
}
options-not-read = It cannot be read now: { $detail }
options-store = Drafts, sent mail and recipients
options-store-text = Drafts and mail in the outbox: { $drafts }. Copies of sent mail: { $sent } ({ $size }). Answers of directories: { $answers }. Organisations of recipients: { $organisations }. Certificates from files: { $imported }. Waiting for a certificate: { $awaited }. All of it is encrypted, except certificates from files, which are public.
options-store-span = Sent mail from { $from } to { $to }.
options-retention = How long
options-retention-text = { $days ->
    [one] The content of the send log and the copies of sent mail are destroyed after 1 day.
   *[other] The content of the send log and the copies of sent mail are destroyed after { $days } days, at the next start after the month is over.
}
options-retention-years = { $years ->
    [one] The content of the send log and the copies of sent mail are destroyed after 1 year, at the next start after the month is over.
   *[other] The content of the send log and the copies of sent mail are destroyed after { $years } years, at the next start after the month is over.
}
options-where = Where it is kept
options-where-text = In the folder { $folder } on this computer. Segl sends it to nobody.
options-where-copy = Your firm also keeps a readable copy of each sent mail in { $folder }. Whoever can open that folder can read it.
options-who = Who can read it
options-who-private = Only your account at this computer may open the folder.
options-who-open = Other accounts at this computer may list the folder; its databases are readable for yours only.
options-who-unknown = The operating system decides who may open the folder.
options-who-keyring = The content is encrypted with a key in your keyring: whoever signs in as you can read it. Somebody who administers this computer can take over your account.
options-who-file = The content is encrypted with a key in the file { $file }: whoever can read that file can read it.
options-rights = Your rights
options-rights-text = This is personal data about you and about the people you write to. Your employer decides why it is kept, and is who you ask to see, correct or delete it (GDPR articles 15 to 17). Entries of the send log are not changed one by one, because it is evidence; they go when their time is over.
options-export = Getting a copy
options-export-text = “segl log list” shows all entries, “segl log show NUMBER” one of them, and “segl log export NUMBER” writes it to a file that can be checked without Segl.

## Network
options-host = { $host }, port { $port }
options-host-server = Your mail server. It gets the finished mail and the addresses of its recipients, whenever you send or the outbox does; and it is asked for its size limit when a window opens.
options-host-token = The program { $program } fetches the access token for it, and may contact others.
options-host-sign-in = Your sign-in server. It issues the access token for the mail server and learns that you sign in: the first time, and when an access token expires.
options-host-issuers = A certification authority. It is asked for its own certificate where a directory left it out, and learns that somebody here writes to one of its customers.
options-host-account = Your mail service’s own interface. It is asked what your account enforces and tracks, before mail leaves unencrypted, at most once an hour. It learns nothing of the mail.
options-host-resolver = Answers questions about recipients' domains instead of this computer's name service, and learns which domains you write to unencrypted.
options-host-time-stamps = Puts its time stamp on the newest link of the send log when segl log anchor is run. It gets a digest and nothing else.
options-host-signed = Protection: what it sends is signed, and is checked like anything that a stranger hands over. Others on the network can see that it is asked.
options-host-not-noted = When it was last asked is not noted.
options-host-directory = The directory { $name }. It gets the addresses you write to, each at most every { $fresh } hours ({ $negative } minutes where it had nothing), and those you wait for once a day.
options-host-user = Segl signs in there as { $user }.
options-host-tls = Protection: TLS from the first octet; the certificate is checked.
options-host-starttls = Protection: TLS (STARTTLS); without it nothing is sent. The certificate is checked.
options-host-plain = Protection: none. Others on the network can see whom you write to.
options-host-own-roots = Only an issuer that your settings name can vouch for it.
options-host-last = Last contact: { $when }.
options-host-never = No contact is known.
options-network-all = That is all
options-network-all-text = These settings name no other host. Where a revocation list is missing or due, Segl fetches it from the host that a verified certificate or its issuer names, when a recipient is looked up. Where no list tells, Segl asks the host that the certificate names for it whether it was revoked; that host then knows to whom you are about to write. Where a recipient is not green, Segl asks DNS about the mail servers of that domain, and the host mta-sts of that domain for its policy; only where IT switched it on (tls.probe) does it also connect to those mail servers. Segl fetches nothing while you read, reports nothing to its maker, and looks for no updates by itself. When you set Segl up with your mail address, it asks the domain of that address for the mail server, once. Names of hosts are looked up by this computer's name service.

## Doctor
options-doctor-asking = Mail server and directories are being asked…
options-doctor-done = { $bad ->
    [0] Nothing has to be repaired
    [one] 1 thing has to be repaired
   *[other] { $bad } things have to be repaired
}

## Waiting
options-waiting-none = You are waiting for nobody. Ctrl+M at a recipient without a certificate asks for one.
options-waiting-none-title = Nobody
options-waiting-text = Asked on { $since }. Segl looks once a day until { $ends }.
options-waiting-looked = The directories last answered on { $when }.
options-waiting-green = Can get encrypted mail since { $when }.
do-write-to = Write to { $name }
do-end-watch = Wait no longer for { $name }
do-hide-news = Hide
tell-certified = { $name } can now get encrypted mail
tell-no-longer-waiting = { $name } has published no certificate in 90 days. Segl no longer looks for one
tell-not-waiting = Segl no longer looks for a certificate of { $name }
tell-asked-for-certificate = A mail to { $name } is open in a new window. Segl looks for the certificate once a day
tell-nobody-to-ask = Everybody has a certificate: there is nobody to ask
letter-ask-subject = Could you send me your certificate?

## All commands
options-commands = All commands
options-commands-search = Search all commands
options-commands-hint = Enter runs the chosen one. What sends is run only by its own keys.
options-commands-none = No command matches “{ $text }”.
do-commands = All commands
tell-own-keys = That sends, and is run only by its own keys: { $keys }
tell-commands = { $count ->
    [one] 1 command
   *[other] { $count } commands
}

## Preferences
options-broken = Your own window settings ({ $file }) cannot be read. Colours and size are as by default; nothing else is touched. The file is put aside at the next change.
options-unknown-value = In { $file }, “{ $key }” has a value that Segl does not know. The default is used.
options-not-kept = The choice counts for this window, but cannot be kept: { $file } cannot be written.

## What settings are for
rule-sender = Who you write as
rule-server = Mail server
rule-server-security = How the connection to the mail server is protected
rule-server-sign-in = How Segl signs in to the mail server
rule-server-secret = Where the password for the mail server comes from
rule-server-roots = Further issuers that may vouch for the mail server
rule-server-profile = Kind of mail server
rule-directory = Where certificates are looked up
rule-binding = Which organisation belongs to which address
rule-files = Certificates from files
rule-anchors = Issuers that are trusted
rule-intermediates = Certificates between issuer and recipient
rule-crls = Lists of revoked certificates
rule-cipher = How mail is encrypted
rule-rsa = How the key of a mail is encrypted for RSA certificates
rule-subject = Whether the subject can be read on the way
rule-private = Whether addresses inside a private network are allowed
rule-fallback = Mail to recipients without a certificate
rule-internal = Domains whose mail stays in the house
rule-revocation = How much must be known of revocation
rule-reason = Whether a reason is needed to send without encryption
rule-test-roots = Whether certificates for testing count
rule-fresh = How long a directory's answer counts
rule-stale = How long it counts while the directory is down
rule-negative = How long “has none” counts
rule-hold = Undo time
rule-locked = What only your IT department can change
rule-retention = How long send log and sent mail are kept
rule-data = Where data and key are kept
rule-copy = Folder for readable copies of sent mail
rule-texts = Your firm's own words
