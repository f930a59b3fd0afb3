# What is known of the transport to a recipient's domain
tls-guaranteed = The way to { $domain } is encrypted, or the mail is not delivered: your mail server sees to that.
tls-published = { $domain } publishes that mail to it travels encrypted. It does if your mail server follows that.
tls-verified = The mail servers of { $domain } took encryption and proved who they are when they were asked. Nothing holds them to it.
tls-offered = The mail servers of { $domain } offer encryption, but do not prove who they are.
tls-unknown = It could not be checked from here whether mail to { $domain } travels encrypted.
tls-none = At least one mail server of { $domain } takes mail without encryption only, or with encryption that is too old.
tls-word-guaranteed = guaranteed
tls-word-published = published
tls-word-verified = verified
tls-word-offered = offered
tls-word-unknown = could not be checked
tls-word-none = none
tls-line = { $domain }: { $level }. { $sentence }
tls-server = { $host }: { $version } with { $cipher }.
tls-kept = Checked { $date } { $time }.
tls-by-evidence = Seen { $date } { $time } by another Segl, whose key begins with { $key }.
tls-bad-domain = “{ $domain }” is not a domain. Nothing was checked.
tls-no-domain = There is no domain to check.
tls-no-domain-next = Name one, or import contacts.
tls-exported = { $count ->
    [one] What was seen of one domain
   *[other] What was seen of { $count } domains
 } is in { $file }. Desks that read it name this key in their settings ([tls] evidence_key): { $key }
tls-not-exported = What was seen could not be written to { $file } ({ $detail }). The file that was there before is unchanged.
tls-evidence-unreadable = What another Segl saw of recipients' domains cannot be read ({ $detail }). It is not used: more domains could not be checked.
tls-evidence-format = The file with what another Segl saw of recipients' domains is of another kind. It is not used: more domains could not be checked.
tls-evidence-no-key = The settings name a file with what another Segl saw of recipients' domains, but not whose signature counts. It is not used.
tls-evidence-other-key = What another Segl saw of recipients' domains is signed with another key than the settings name ({ $key }). It is not used.
tls-evidence-signature = What another Segl saw of recipients' domains was changed after it was signed. It is not used.
tls-evidence-old = What another Segl saw of recipients' domains is of { $date }, older than seven days. It is not used.
tls-evidence-future = What another Segl saw of recipients' domains is of { $date }, which is to come: a clock is wrong. It is not used.
doctor-tls-evidence = Another Segl saw { $count ->
    [one] one domain
   *[other] { $count } domains
 } of recipients, { $date }.
doctor-tls-resolver = DNS is asked about recipients' domains at the server that the settings name ([tls] resolver).
doctor-tls-seams = Settings that are meant for tests are changed ([tls] { $keys }): what is said of recipients' domains need not be true.

tls-note-null-mx = The domain says that it takes no mail.
tls-note-no-such-domain = There is no such domain, or nothing of it takes mail. Check how it is spelled.
tls-note-mx-unchecked = DNS did not tell in time who takes its mail. Try again later.
tls-note-bogus = Signed answers of DNS are broken or missing. Somebody may be tampering, or the DNS server here takes the signatures out: tell IT.
tls-note-implicit-mx = The domain names no mail server and takes mail itself.
tls-note-too-many-mx = The domain names more mail servers than are examined.
tls-note-alias-mx = { $host } is only another name for a mail server, which is not allowed, and was not followed.
tls-note-no-address = { $host } has no address.
tls-note-address-unchecked = DNS did not tell the address of { $host } in time.
tls-note-dane-unchecked = It could not be asked whether { $host } publishes its certificate (DANE).
tls-note-dane-unusable = What { $host } publishes of its certificate (DANE) cannot be used.
tls-note-dane-mismatch = The certificate of { $host } is not the one that it publishes (DANE).
tls-note-sts-invalid = The domain announces a policy (MTA-STS) in a way that does not count.
tls-note-sts-unchecked = Whether the domain has a policy (MTA-STS), or which, could not be had.
tls-note-sts-testing = The policy of the domain (MTA-STS) is only being tried out.
tls-note-sts-withdrawn = The policy of the domain (MTA-STS) is withdrawn.
tls-note-sts-remembered = The policy of the domain (MTA-STS) was fetched earlier and still holds; it could not be fetched now.
tls-note-sts-not-named = The policy of the domain (MTA-STS) does not name { $host }.
tls-note-sts-certificate = The certificate of { $host } is not what the policy of the domain (MTA-STS) asks for.
tls-note-wants-reports = The domain asks for reports on encryption: somebody looks after it.
tls-note-nta7516 = The domain says that it takes part in secure mail for care (NTA 7516).
tls-note-not-probed = The mail servers themselves were not asked.
tls-note-probed-elsewhere = Another Segl asked the mail servers, not this one.
tls-note-unreachable = { $host } could not be reached. From many offices it cannot.
tls-note-private = { $host } has an address inside a private network, and was not asked.
tls-note-refused = { $host } did not want to talk to this computer.
tls-note-stalled = { $host } stopped answering before it was done.
tls-note-broken = { $host } did not answer as a mail server does, or broke off.
tls-note-no-starttls = { $host } takes mail without encryption only.
tls-note-starttls-refused = { $host } offers encryption, and refused it when asked.
tls-note-injected = { $host } or somebody on the way slipped words in before the encryption began. Tell IT.
tls-note-handshake-failed = No encryption could be agreed on with { $host }.
tls-note-old-tls = The encryption of { $host } is older than TLS 1.2 and counts as none.
tls-note-self-signed = The certificate of { $host } vouches for itself.
tls-note-untrusted-issuer = The certificate of { $host } is from somebody who is not trusted.
tls-note-wrong-name = The certificate of { $host } is for another name.
tls-note-expired = The certificate of { $host } has expired.
tls-note-not-yet-valid = The certificate of { $host } is not valid yet.
tls-note-weak-certificate = The certificate of { $host } is too weak.
tls-note-no-certificate = { $host } shows no certificate.
tls-note-invalid-certificate = The certificate of { $host } is not valid.
