# The report (segl report): what an authority asks of the record

report-title = Report on sent mail, { $from } to { $to }
report-made = Made { $at } by Segl { $version }. Days and weeks are those of the time zone { $zone }. It rests on the send log of the installations that are named here. The log holds neither subjects nor texts nor file names, and so does this report.
report-count-unit = Numbers are recipients unless something else is said: one mail to three people counts three.
report-none = None.
report-contents = Contents
report-yes = yes
report-no = no

report-short = In short
report-short-mails =
    { $mails ->
        [one] 1 mail left, to { $recipients } recipients.
       *[other] { $mails } mails left, to { $recipients } recipients.
    }
report-short-routes = Encrypted to the recipient or to their organisation: { $encrypted }. Stayed on the firm's own mail server: { $internal }. Not encrypted end to end: { $exposed }.
report-short-unchecked = Of those not encrypted end to end, { $count } went to a domain whose transport nobody had examined.
report-short-checked = Wherever mail was not encrypted end to end, the transport to the recipient's domain had been examined.
report-short-failed = Failed or not confirmed: { $failed ->
        [one] 1 delivery
       *[other] { $failed } deliveries
    }. Refused by a rule: { $refused ->
        [one] 1 mail
       *[other] { $refused } mails
    }.
report-short-signed = Signed: { $signed } of { $mails } mails.

report-covers = What this report covers
report-covers-caption = Installations and the check of their send logs
report-desk = Installation
report-source = Read from
report-here = this computer
report-accounts = Accounts
report-versions = Versions of Segl
report-first-last = First and last mail
report-chain = The send log
report-chain-intact = unbroken, { $records } rows, newest { $head }
report-chain-broken = BROKEN from row { $seq }: { $reason }
report-chain-shipped = as shipped, { $records } rows up to { $head }
report-anchored = Row { $seq } existed by { $time }, says { $by }.
report-anchored-untrusted = Row { $seq } existed by { $time }, says { $by }, whose certificate the settings do not vouch for.
report-anchor-broken = A time stamp for row { $seq } does not hold: the log, or the stamp, was changed.
report-anchor-none = No head of this log was anchored outside. That no rows were written anew rests on the computer and its key alone.
report-absent-caption = Installations that are missing
report-absent-warning =
    { $count ->
        [one] 1 installation is missing: this report does not say what was sent from there.
       *[other] { $count } installations are missing: this report does not say what was sent from there.
    }
report-absent-why = Why
report-absent-not-shipped = it has shipped nothing
report-absent-stale = it last shipped { $last }, before the period was over
report-absent-unreadable = its file cannot be read or does not hold
report-absent-other-key = it is sealed for another certificate
report-last-shipped = Last shipped

report-gone = What the log does not say any more
report-gone-none = Nothing in this period was removed, and everything opens.
report-gone-removed =
    { $count ->
        [one] The content of 1 row of this period was removed after its time, as the firm's rule for keeping says. The row itself is there, and the chain holds without the content.
       *[other] The content of { $count } rows of this period was removed after its time, as the firm's rule for keeping says. The rows themselves are there, and the chain holds without the content.
    }
report-gone-months = Months whose content was removed: { $months }.
report-gone-unreadable =
    { $count ->
        [one] 1 row of this period is there and does not open: its key is missing, it is damaged, or a later version wrote it. What it says is not in this report.
       *[other] { $count } rows of this period are there and do not open: their key is missing, they are damaged, or a later version wrote them. What they say is not in this report.
    }
report-not-recorded = Not recorded, because an earlier version wrote it or nothing was asked: class of the mail { $class }, risk { $risk }, level of transport { $transport }, consent { $consent } (recipients).
report-limits = What the check shows: no row was changed, left out or put in before the newest one since it was written. What it cannot show by itself: that the computer's clock was right, that mail was not sent by other programs, and, without anchors, that the whole log was not written anew by somebody with its key.

report-senders = Who can send encrypted, and from which addresses
report-senders-text = From each address that the settings name, Segl encrypts to every recipient for whom a usable certificate is found. The others have been used in the period.
report-senders-caption = Addresses that mail is sent from
report-address = Address
report-can = In the settings of this computer
report-mails = Mails
report-encrypted = Encrypted
report-exposed = Not encrypted end to end
report-signed-by = Signed with
report-signed-none = not signed
report-last-sent = Last sent

report-routes = How much went which way
report-routes-caption = Recipients by way and outcome
report-route = Way
report-way-person = encrypted to the person
report-way-organisation = encrypted to the organisation
report-way-tunnel = encrypted to the organisation's gateway
report-way-internal = stayed on the firm's own mail server
report-way-tls = not end to end, over the mail servers on the way
report-way-none = no way was allowed
report-sent = Handed to the mail server
report-unconfirmed = Perhaps sent
report-written = Written to a file
report-rejected = Rejected
report-not-sent = Not sent
report-open = Not ended yet
report-weeks-caption = Recipients by week and way
report-week = Week
report-weeks-alt = Bar chart with one bar for each week from { $first } to { $last }. The numbers are in the table below it.
report-no-mail = No mail left in this period.

report-risk = Risk by class
report-risk-caption = Recipients by class of the mail and risk
report-risk-alt = Bar chart with one bar for each class of mail, divided by risk. The numbers are in the table below it.
report-class = Class
report-risk-not-recorded = not recorded
report-categories-caption = What was found in mails
report-category = Category
report-categories-none = No category was found in any mail, or the version that sent it did not look.

report-clear = Every mail that was not end to end
report-clear-text = Each line is one recipient. The row is that of the send log: segl log show tells all of it, segl log export makes a file of it that others can check.
report-clear-caption = Mail that was not encrypted end to end
report-clear-none = Every mail that left was encrypted to its recipient or stayed on the firm's own mail server.
report-when = When
report-from = From
report-to = To
report-risk-level = Risk
report-transport = Transport
report-reason = Reason
report-rule = Rule
report-outcome = Outcome
report-row = Row
report-risk-of = { $band } ({ $impact } × { $probability })
report-level-same = { $seen }, checked { $at }
report-level-differs = seen: { $seen }, checked { $at }; decided by: { $level } (the firm's mail server: { $promised })
report-level-unchecked = { $seen }, not checked
report-accepted = { $reason } (accepted by { $who })
report-accepted-standing = { $reason } (assessment of row { $row }, { $who })
report-accepted-not = no consent is recorded
report-not-examined =
    { $count ->
        [one] 1 file was not examined
       *[other] { $count } files were not examined
    }

report-domains = Recipients' domains
report-domains-caption = Domains that were written to, and the transport to them
report-domain = Domain
report-domain-state = Transport as it was known
report-domain-encrypted = everything was encrypted
report-domain-level = { $seen } ({ $recipients } from { $first } to { $last }; checked { $at })
report-domain-level-unchecked = { $seen } ({ $recipients } from { $first } to { $last }; not checked)
report-last-checked = Last checked
report-unchecked = Unchecked

report-force = Assessment and policy in force
report-force-text = Fingerprints are SHA-256 of the files. The firm shows the files that have them.
report-force-caption = What mail was sent under
report-period = From and to
report-risk-file = Risk file
report-assessment = Written assessment
report-assessment-none = none in the settings
report-policy = IT's policy
report-policy-none = none
report-policies-caption = Changes of IT's policy
report-standing-caption = Assessments for later mail
report-covers-whom = Covers
report-until = Valid to
report-used = Used for
report-made-by = Made by

report-failed = What failed
report-failed-caption = Deliveries that failed or were not confirmed
report-failed-none = Nothing failed.
report-reply = The mail server said
report-refused-caption = Mails that a rule refused
report-why = Why

report-bad-days = The days are to be written 2026-11-01, and the first comes before the last.
report-next-days = segl report --from 2026-10-01 --to 2026-10-31
report-not-made = The PDF could not be made: { $detail }.
report-next-html = Take --format html, which holds the same.
anchor-no-authority = The settings name no time-stamping authority, so the send log was not anchored.
anchor-unreachable = The time-stamping authority gave no answer ({ $detail }), so the send log was not anchored this time.
anchor-unfit = What came from the time-stamping authority, or is kept of it, cannot be used: { $detail }. The send log was not anchored.
next-anchor-setting = Your IT department sets [record] tsa, and tsa_ca for its certificate.
anchor-noted = The newest row stands in the note: { $head }. Keep it where nobody with this computer's key can write.
anchor-note-broken = { $file } is no note of a send log, or its signature does not hold.
anchor-note-other = The note is of another send log: another computer's, or this one was begun anew.
anchor-none-here = There is no time stamp for this send log in { $folder }: the folder is another computer's, or the log was begun anew.
next-anchor-folder = Name the folder that the stamps of this computer were copied to. If it is that one, tell your IT department.
report-not-purged = What is kept longer than your firm wants could not be removed: { $detail }. The mail and the log are not affected; it is tried again the next time.
report-refused-not-recorded = The mail was not sent, and the log does not say so: { $detail }.
report-set-aside = An earlier send log was set aside because it did not hold: { $files }. What it says is not in this report; segl log verify examines the file.

# The log, shipped for the firm's report (segl log ship, [record] ship_to)
shipping-done =
    { $count ->
        [0] Nothing was new; the folder says so.
        [one] 1 row was shipped.
       *[other] { $count } rows were shipped.
    }
shipping-busy = Another Segl is shipping just now.
shipping-no-folder = The settings name no folder to ship the send log to.
shipping-no-certificate = The settings name no certificate for recovery, so IT could not read what is shipped. Nothing was shipped.
shipping-failed = The send log was not shipped: { $detail }. No mail waits for it.
next-ship-setting = The IT department sets [record] ship_to, and [identity] recovery for its certificate.
shipping-failing = The send log has not been shipped to { $folder } since { $since }: the folder cannot be reached or written. { $count } rows wait; it is tried again by itself.
shipping-works = The send log was last shipped to { $folder } { $last }; { $count } rows wait.
shipping-never = The send log was not yet shipped to { $folder }; { $count } rows wait.
report-not-included = What other desks shipped cannot be read: { $detail }.
report-bad-list = { $file }: “{ $line }” does not begin with the number of an installation (32 digits).
