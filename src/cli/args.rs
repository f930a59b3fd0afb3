//! What can be typed. Help, completions and the man page come from these definitions.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Sends confidential mail so that only its recipient can read it, and proves afterwards that it did.
#[derive(Debug, Parser)]
#[command(
    name = "segl",
    version,
    disable_help_subcommand = true,
    max_term_width = 100
)]
#[command(
    after_help = "Exit codes: 0 all end to end, sent, written, intact or usable; 1 not, and nothing has left; \
    2 Segl could not do it, and nothing has left; 3 something left or may have left: do not simply run it again."
)]
pub(super) struct Cli {
    /// Settings file; else SEGL_CONFIG, else the platform's configuration folder
    #[arg(long, global = true, value_name = "FILE", env = "SEGL_CONFIG")]
    pub(super) config: Option<PathBuf>,
    /// Language of sentences: da or en; else the locale. Codes do not change with it
    #[arg(long, global = true, value_name = "LANG")]
    pub(super) lang: Option<LangArg>,
    /// One JSON object on one line on standard output
    #[arg(long, global = true)]
    pub(super) json: bool,
    #[command(subcommand)]
    pub(super) verb: Verb,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum LangArg {
    Da,
    En,
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Say of each address whether a mail would be encrypted end to end
    #[command(after_help = "Examples:\n  segl check karen@advokat-eksempel.dk\n  \
        segl check --json post@eksempelby-eksempel.dk klaus@privat.example")]
    Check(Check),
    /// Send a message, or write it to files
    #[command(after_help = "Examples:\n  \
        segl send --to karen@advokat-eksempel.dk --subject Hej --body 'Kære Karen'\n  \
        segl send --to 'karen@advokat-eksempel.dk; klaus@privat.example' --body Hej --only-encrypted\n  \
        segl send --to klaus@privat.example --body Hej --accept-fallback assessed --to-eml out\n  \
        segl send --to karen@advokat-eksempel.dk --body Hej --confirm-addresses\n  \
        segl send --to karen@advokat-eksempel.dk --body Hej --class sensitive\n  \
        segl send --batch list.csv --template letter.txt --rate 60/m --confirm-addresses\n\n\
        A batch that was interrupted is run again with the same two files: the record knows what was sent.\n\n\
        What the window asks about, this asks about too: a recipient who may not be the one who is meant (a look-alike,\n\
        a domain never written to, somebody who never stood with the others, many who see each other) is told on\n\
        standard error, and nothing is sent without --confirm-addresses. IT can switch it off: [policy] alerts.\n\n\
        Arguments can be seen by other users of this computer: give text that is confidential with --body-file,\n\
        --subject-file and --reason-file, where - means standard input.")]
    Send(Box<Send>),
    /// Say what files hold that others should not read: saved mails, letters, tables. Sends and records nothing
    #[command(
        after_help = "Examples:\n  segl examine mail.eml\n  segl examine --json kontakter.csv mail.eml\n\n\
        Exit code 0: nothing found, and everything examined, which does not mean that it is ordinary; 1: something\n\
        was found, or could not be examined. Numbers are shown with all but their beginning covered."
    )]
    Examine(Examine),
    /// Encrypt a message from a file or standard input; nothing is sent or recorded
    #[command(
        after_help = "Examples:\n  segl seal --to karen@advokat-eksempel.dk --in mail.eml --out sealed.eml\n  \
        segl seal --to karen@advokat-eksempel.dk --cert karen.cer < mail.eml > sealed.eml"
    )]
    Seal(Seal),
    /// Show or check certificates in files, and keep your own
    #[command(subcommand)]
    Cert(Cert),
    /// Read, verify and export the send log
    #[command(subcommand)]
    Log(Log),
    /// Import, list, forget and export confirmed addresses: what the window suggests
    #[command(subcommand)]
    Contacts(Contacts),
    /// Show what waits to be sent, or try to send it now
    #[command(subcommand)]
    Outbox(Outbox),
    /// What the mail server or relay service promises of the way on
    #[command(subcommand)]
    Relay(Relay),
    /// What was accepted for later mail without encryption: list it, or end it
    #[command(subcommand)]
    Assessment(Assessment),
    /// Who was asked for a certificate: the window looks for it once a day
    #[command(subcommand)]
    Watch(Watch),
    /// The tunnel list: organisations that read encrypted mail for all of their addresses
    #[command(subcommand)]
    Tunnel(Tunnel),
    /// Show the settings in force
    #[command(subcommand)]
    Config(ConfigVerb),
    /// Say what is wrong with this set-up, and what to do; fit to paste into a ticket
    #[command(after_help = "Examples:\n  segl doctor\n  segl doctor --json")]
    Doctor,
    /// Sign in to the mail server with the browser, where the settings have [submission.oauth]
    #[command(after_help = "Examples:\n  segl login\n  segl login --device\n\n\
        With --device a short code is shown, to be typed on any computer or phone; for terminals without a browser.\n\
        Segl keeps what it needs to stay signed in sealed under its key in the operating system's keyring.")]
    Login(Login),
    /// Forget the sign-in to the mail server
    #[command(after_help = "Examples:\n  segl logout")]
    Logout,
    /// Put a password into the operating system's keyring, or take it out
    #[command(subcommand)]
    Password(Password),
    /// Back up and restore the key of drafts, sent copies and send log
    #[command(subcommand)]
    Keys(Keys),
    /// Print completions for a shell
    Completions {
        /// bash, elvish, fish, powershell or zsh
        shell: clap_complete::Shell,
    },
    /// Print the man page
    Man,
    /// Open a message that was encrypted or signed: show it, or save one part. Fetches nothing
    #[command(
        after_help = "Examples:\n  segl open --key karen.p12 --key-password-file password.txt mail.eml\n  \
        segl open --json mail.eml\n  \
        segl open --part 2 --out replik.pdf mail.eml\n\n\
        Exit code 0: opened, and every signature holds; 1: opened with a warning, or it does not open."
    )]
    Open(Box<Open>),
    /// Say of each domain whether mail to it travels encrypted, before anything is sent
    #[command(after_help = "Examples:\n  segl tls advokat-eksempel.dk\n  \
        segl tls --json advokat-eksempel.dk privat.example\n  \
        segl tls --all --export evidence.json\n\n\
        The newest receipt of a domain (segl tls ask, segl tls receipt) is shown beside its level, with its age.\n\n\
        Asks DNS (mail servers, DANE with its signatures, MTA-STS) and the domain's policy host, and with probe = true in\n\
        [tls] the mail servers themselves, which are never sent any mail. What takes longer than the deadline could not\n\
        be checked; that is not the same as none. What was seen is kept for an hour. The worst mail server counts:\n  \
        guaranteed  your own mail server enforces it ([submission] honours)\n  \
        published   the domain publishes it (DANE, or MTA-STS enforce); holds if your mail server follows that\n  \
        verified    its mail servers proved it when they were asked\n  \
        offered     they offer it, and do not prove who they are\n  \
        unknown     it could not be checked from here\n  \
        none        one of them has none, or an older one than TLS 1.2\n\n\
        One computer can ask for all: it writes what it saw, signed, with --export, and the others name that file and the\n\
        key that is shown in their settings: [tls] evidence and evidence_key. After seven days it no longer counts.\n\n\
        Exit code 0: each is guaranteed, published or verified; 1: one is not, or takes no mail; 2: nothing was checked.\n\
        With --export 0: the file is written.")]
    Tls(Tls),
    /// Answer what an authority asks: who can send encrypted, what went which way, what was not end to end and why
    #[command(
        after_help = "Examples:\n  segl report --from 2026-10-01 --to 2026-10-31\n  \
        segl report --from 2026-01-01 --to 2026-12-31 --format html --out rapport.html\n  \
        segl report --from 2026-10-01 --to 2026-10-31 --format csv --lang da\n  \
        segl report --from 2026-10-01 --to 2026-10-31 --format pdf --out rapport.pdf\n  \
        segl report --from 2026-10-01 --to 2026-10-31 --include ship --key it.pem\n\n\
        Exit code 1: the report is made, and a send log is broken or an installation is missing."
    )]
    Report(Report),
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Tls {
    #[command(subcommand)]
    pub(super) verb: Option<TlsVerb>,
    /// Also every domain of the contacts
    #[arg(long)]
    pub(super) all: bool,
    /// Ask anew, though what was seen within the hour is kept
    #[arg(long)]
    pub(super) anew: bool,
    /// Write what was seen to this file, signed, in place of the one before
    #[arg(long, value_name = "FILE")]
    pub(super) export: Option<PathBuf>,
    /// Domains, or mail addresses
    #[arg(required_unless_present = "all", value_name = "DOMAIN")]
    pub(super) domains: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum TlsVerb {
    /// Ask somebody for a receipt, with an empty mail that holds no word of yours
    #[command(
        after_help = "Examples:\n  segl tls ask --to-eml request klaus@privat.example\n  \
        segl tls ask --json klaus@privat.example\n\n\
        For where it cannot be checked whether mail to a domain is encrypted. The mail says who asks and why, and nothing\n\
        else; it asks the recipient's mail program (RFC 8098) and, where your mail server offers it, the mail servers on\n\
        the way (RFC 3461). It is recorded before it leaves. The firm's rules hold: where no mail without encryption may\n\
        go, nobody is asked.\n\n\
        Exit code 0: sent, or written; 1: not, and nothing has left; 3: it may have been sent."
    )]
    Ask(AskReceipt),
    /// Say what a receipt says of the way that mail took, and file it with the request that it answers
    #[command(
        after_help = "Examples:\n  segl tls receipt receipt.eml\n  segl tls receipt --json receipt.eml\n\n\
        The lines that mail servers wrote (Received) are told one by one, each with who says it: observed by your own border\n\
        hosts ([tls] own_hosts), which speaks of mail from them to you; claimed by the domain, where its signature (DKIM)\n\
        holds and covers the line; or claimed by nobody who is verified. No level of the domain is raised by it.\n\
        What names no request of this Segl, is from another domain, or was filed already is shown and not filed.\n\n\
        Exit code 0: filed; 1: shown only; 2: it could not be read or filed."
    )]
    Receipt {
        /// The receipt as a file (.eml); - is standard input
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(super) struct AskReceipt {
    /// Sender; else the first of the settings
    #[arg(long, value_name = "ADDRESS")]
    pub(super) from: Option<String>,
    /// Write the mail to this folder, and ask no mail server
    #[arg(long, value_name = "DIR")]
    pub(super) to_eml: Option<PathBuf>,
    /// Who is asked
    pub(super) address: String,
}

#[derive(Debug, Args)]
pub(super) struct Report {
    /// The first day, such as 2026-10-01, in this computer's time zone
    #[arg(long, value_name = "DAY")]
    pub(super) from: String,
    /// The last day; it belongs to the report
    #[arg(long, value_name = "DAY")]
    pub(super) to: String,
    /// In which form. CSV has one row for each recipient of each mail
    #[arg(long, value_enum, default_value = "json")]
    pub(super) format: ReportFormat,
    /// Where it goes: a new file, never over one; else standard output
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
    /// Also what other desks shipped (record.ship_to): a folder of theirs, or files; several by repeating it
    #[arg(long, value_name = "PATH")]
    pub(super) include: Vec<PathBuf>,
    /// The installations that should have shipped: a line for each with its number (32 digits) and a name; one that did
    /// not is named in the report
    #[arg(long, value_name = "FILE", requires = "include")]
    pub(super) expect: Option<PathBuf>,
    /// Key file of the certificate for recovery, beside the keys that are kept: PKCS #12, or PEM
    #[arg(long, value_name = "FILE", requires = "include")]
    pub(super) key: Vec<PathBuf>,
    /// File that holds the password of the key files; - is standard input
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(super) key_password_file: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    Json,
    Html,
    Csv,
    Pdf,
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Mail addresses, with or without a display name
    #[arg(required = true, value_name = "ADDRESS")]
    pub(super) addresses: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Relay {
    /// Ask the service, or take a mail that came back for want of TLS as proof that the server's rule holds
    #[command(
        after_help = "Examples:\n  segl relay test\n  segl relay test --json bounce.eml\n\n\
        With profile = \"exchange\" every mail that is not encrypted to its recipient carries X-Segl-Transport: tls-required,\n\
        for a rule such as (Exchange Online PowerShell):\n\
        New-TransportRule -Name 'Segl: TLS' -HeaderMatchesMessageHeader X-Segl-Transport -HeaderMatchesPatterns \
        '^tls-required$' -RouteMessageOutboundRequireTls $true\n\
        It counts once it was proven: send an ordinary mail to a domain without TLS, and give this the mail that comes back.\n\
        With profile = \"sendgrid\" the service is asked about the account, with the key of: segl password set relay.\n\n\
        Exit code 0: guaranteed, and nothing is tracked; 1: not."
    )]
    Test {
        /// The mail that came back (.eml)
        file: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Assessment {
    /// List the assessments in force: for whom, up to which class, until when
    #[command(after_help = "Examples:\n  segl assessment list\n  segl assessment list --json")]
    List,
    /// End one: whoever writes there without encryption is asked again
    #[command(after_help = "Examples:\n  segl assessment end klaus@privat.example")]
    End {
        /// The address or domain that it covers
        whom: String,
    },
}

#[derive(Debug, Args)]
#[group(id = "recipients", multiple = true)]
pub(super) struct Recipients {
    /// Recipient; several by repeating it or with ; or , between them
    #[arg(long, value_name = "ADDRESS")]
    pub(super) to: Vec<String>,
    /// Recipient of a copy
    #[arg(long, value_name = "ADDRESS")]
    pub(super) cc: Vec<String>,
    /// Recipient of a copy whom no other recipient sees
    #[arg(long, value_name = "ADDRESS")]
    pub(super) bcc: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct Examine {
    /// Files: txt, csv, html, docx, xlsx, pptx, odt, ods, pdf, eml, zip; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
}

/// A class as it is typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum ClassArg {
    Ordinary,
    Confidential,
    Sensitive,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Args)]
pub(super) struct Send {
    #[command(flatten)]
    pub(super) pin: PinFrom,
    /// Sender; else the first of the settings
    #[arg(long, value_name = "ADDRESS")]
    pub(super) from: Option<String>,
    #[command(flatten)]
    pub(super) recipients: Recipients,
    /// Subject. It can be read on the way, even when the mail is encrypted, unless the settings hide it
    #[arg(long, conflicts_with_all = ["subject_file", "eml"])]
    pub(super) subject: Option<String>,
    /// Subject from a file; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "eml")]
    pub(super) subject_file: Option<PathBuf>,
    /// Text
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["body_file", "eml"])]
    pub(super) body: Option<String>,
    /// Text from a file; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "eml")]
    pub(super) body_file: Option<PathBuf>,
    /// File that goes with the mail
    #[arg(long, value_name = "FILE")]
    pub(super) attach: Vec<PathBuf>,
    /// What the mail holds: ordinary, confidential (numbers of people, family, money) or sensitive (health, offences, beliefs); else what the rules say
    #[arg(long, value_name = "CLASS")]
    pub(super) class: Option<ClassArg>,
    /// A category that was found and is not there, as segl examine names it: cpr, health, …; several by repeating it
    #[arg(long, value_name = "CATEGORY")]
    pub(super) dismiss: Vec<String>,
    /// Where answers go
    #[arg(long, value_name = "ADDRESS")]
    pub(super) reply_to: Option<String>,
    /// Message-ID of the mail that this answers
    #[arg(long, value_name = "ID")]
    pub(super) in_reply_to: Option<String>,
    /// A whole message from a file instead of subject and text; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(super) eml: Option<PathBuf>,
    /// Send also to those who cannot be encrypted to, for this reason: nothing-confidential, assessed, "urgent: …", "other: …"
    #[arg(long, value_name = "REASON", conflicts_with_all = ["reason_file", "only_encrypted"])]
    pub(super) accept_fallback: Option<String>,
    /// The same, with the reason from a file; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "only_encrypted")]
    pub(super) reason_file: Option<PathBuf>,
    /// The reason holds for later mail too, up to this mail's class, as long as policy lets an assessment stand
    #[arg(long, conflicts_with = "only_encrypted")]
    pub(super) also_later: bool,
    /// Send to those who can be encrypted to, and leave the others out
    #[arg(long)]
    pub(super) only_encrypted: bool,
    /// Send also where a recipient may not be the one who is meant (look-alike, first-time-domain, odd-one-out, open-recipients): they were looked at and are right
    #[arg(long)]
    pub(super) confirm_addresses: bool,
    /// Send also where the subject can be read on the way and holds a CPR number or another telling word
    #[arg(long)]
    pub(super) confirm_subject: bool,
    /// If the mail server refuses some recipients, send to the rest
    #[arg(long)]
    pub(super) to_rest: bool,
    /// One letter to many: a CSV file with a column "to", and one for each {name} in the template; "attach" names files
    #[arg(long, value_name = "FILE", requires = "template", conflicts_with_all = ["recipients", "subject", "subject_file", "body", "body_file", "eml", "to_rest"])]
    pub(super) batch: Option<PathBuf>,
    /// The letter: a first line "Subject: …" or "Emne: …", an empty line, and the text; {name} is filled in from the list
    #[arg(long, value_name = "FILE", requires = "batch")]
    pub(super) template: Option<PathBuf>,
    /// At most so many mails in a time: 10/s, 60/m, 500/h
    #[arg(long, value_name = "RATE", requires = "batch")]
    pub(super) rate: Option<String>,
    /// Write what would be submitted to this folder, and connect to no mail server
    #[arg(long, value_name = "DIR")]
    pub(super) to_eml: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Trust {
    /// Trust anchor; replaces the configured ones
    #[arg(long, value_name = "FILE")]
    pub(super) anchor: Vec<PathBuf>,
    /// Further intermediate certificate
    #[arg(long, value_name = "FILE")]
    pub(super) intermediate: Vec<PathBuf>,
    /// Further revocation list
    #[arg(long, value_name = "FILE")]
    pub(super) crl: Vec<PathBuf>,
    /// How much must be known of revocation: require, when-available or grace:DURATION
    #[arg(long, value_name = "POLICY")]
    pub(super) revocation: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Seal {
    /// Reader; several by repeating it
    #[arg(long, value_name = "ADDRESS", required = true)]
    pub(super) to: Vec<String>,
    /// Candidate certificate; with it no directory is asked
    #[arg(long, value_name = "FILE")]
    pub(super) cert: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) trust: Trust,
    /// Message to encrypt; else standard input
    #[arg(long = "in", value_name = "FILE")]
    pub(super) input: Option<PathBuf>,
    /// Where the encrypted message goes; else standard output
    #[arg(long = "out", value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct PinFrom {
    /// File that holds the PIN of the card or USB key; - is standard input. It is tried once; else it is asked for in
    /// the terminal
    #[arg(long, value_name = "FILE")]
    pub(super) pin_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Open {
    /// Key file beside the keys that are kept (segl cert import): PKCS #12, or PEM with key and certificate; several by
    /// repeating it
    #[arg(long, value_name = "FILE")]
    pub(super) key: Vec<PathBuf>,
    /// File that holds the password of the key files; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(super) key_password_file: Option<PathBuf>,
    #[command(flatten)]
    pub(super) pin: PinFrom,
    #[command(flatten)]
    pub(super) trust: Trust,
    /// The time for which signers are checked, RFC 3339; else now
    #[arg(long, value_name = "TIME")]
    pub(super) at: Option<String>,
    /// Save only this part, by its number in the list, counted from 1
    #[arg(long, value_name = "N")]
    pub(super) part: Option<usize>,
    /// Where the part goes: a new file, never over one; else standard output
    #[arg(long = "out", value_name = "FILE", requires = "part")]
    pub(super) output: Option<PathBuf>,
    /// The message; - is standard input
    pub(super) file: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(super) enum Cert {
    /// Show what certificates say of themselves
    #[command(
        after_help = "Examples:\n  segl cert show karen.cer\n  segl cert show --json bundle.p7b"
    )]
    Show {
        /// DER, PEM or PKCS #7
        file: PathBuf,
    },
    /// Check certificates
    #[command(
        after_help = "Examples:\n  segl cert check --address karen@advokat-eksempel.dk karen.cer\n  \
        segl cert check --purpose path --anchor root.pem --crl root.crl karen.cer\n  \
        segl cert check --purpose path --policy 1.2.208.169.1.1.1.2.7 --explicit-policy karen.cer"
    )]
    Check(Box<CertCheck>),
    /// Take in your own key (PKCS #12, or PEM with its key), or certificates of others: from a file or a signed mail
    #[command(
        after_help = "Examples:\n  segl cert import --password-file password.txt karen.p12\n  \
        segl cert import karen.cer\n  \
        segl cert import --address klaus@privat.example --pin karen.cer\n\n\
        A key of your own is kept sealed and for ever, so that older mail opens. Keep the file and its password: they\n\
        are the backup of the key.\n\n\
        Certificates of others (DER, PEM, PKCS #7) and those of a signed mail (.eml, .p7m) are kept and judged like\n\
        any other. From a mail nothing is taken unless its signature holds; what the sender's mail program opens is\n\
        noted too. Nothing is fetched. One that does not name the address is used for it only with --pin, which says\n\
        that you checked whose it is, and lifts nothing else that is wrong with it.\n\n\
        Exit code 0: kept, and each is usable for its address; 1: something speaks against one."
    )]
    Import(CertImport),
    /// Take a pin back: the address is no longer encrypted to a certificate that does not name it
    #[command(after_help = "Examples:\n  segl cert unpin klaus@privat.example")]
    Unpin {
        /// Only this certificate: the beginning of its SHA-256, as segl cert list shows it
        #[arg(long)]
        sha256: Option<String>,
        /// The address
        address: String,
    },
    /// Take somebody else's certificate out again that was imported, with its pins and what was learned from its mail
    #[command(after_help = "Examples:\n  segl cert remove 0123456789abcdef\n\n\
        Where a directory has it too, it is still found there. Your own keys are never removed.")]
    Remove {
        /// The beginning of its SHA-256, as segl cert list shows it
        sha256: String,
    },
    /// List your own certificates, and those of others that were taken in, with the addresses that you pinned them to
    #[command(after_help = "Examples:\n  segl cert list\n  segl cert list --json")]
    List,
    /// Say all that is wrong with your own certificates; their issuers are asked whether they are revoked
    #[command(
        after_help = "Examples:\n  segl cert test\n  segl cert test --json\n\n\
        Exit code 0: nothing is wrong; 1: something is."
    )]
    Test,
    /// Write one of your own keys with its certificates to a PKCS #12 file, for a backup or another program
    Export(CertExport),
    /// Take back a key that was sealed for recovery, with IT's key
    #[command(
        after_help = "Examples:\n  segl cert restore --key it.p12 --key-password-file password.txt key.eml\n\n\
        The file comes from the folder recovery in the data folder of the computer that is gone. The plain key is never\n\
        written: it is kept sealed here at once."
    )]
    Restore(CertRestore),
    /// Forget a card or USB key that is gone for good, so that mail is no longer held back for its signature
    #[command(after_help = "Examples:\n  segl cert forget 0123456789abcdef\n\n\
        No key is lost: a key in a card or USB key never leaves it.")]
    Forget {
        /// Its name or serial number, as segl cert list shows them
        token: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct CertImport {
    /// File that holds the password of the key file; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(super) password_file: Option<PathBuf>,
    /// The address that somebody else's certificate is for; else the sender of the mail, or what the certificate names
    #[arg(long, value_name = "ADDRESS")]
    pub(super) address: Option<String>,
    /// Use the certificate for the address though it does not name it: you checked whose it is
    #[arg(long)]
    pub(super) pin: bool,
    /// Key file (.p12, .pfx, PEM), certificates (.cer, .crt, .pem, .p7b), or a signed mail (.eml, .p7m)
    pub(super) file: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct CertRestore {
    /// Key file of IT's recovery certificate: PKCS #12, or PEM with key and certificate
    #[arg(long, value_name = "FILE", required = true)]
    pub(super) key: Vec<PathBuf>,
    /// File that holds the password of the key file; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(super) key_password_file: Option<PathBuf>,
    /// A file of the recovery folder
    pub(super) file: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct CertExport {
    /// File that holds the password that will open the key file; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(super) password_file: PathBuf,
    /// New file; never over an existing one
    #[arg(long = "out", value_name = "FILE")]
    pub(super) output: PathBuf,
    /// Which: the beginning of its SHA-256, as segl cert list shows it
    pub(super) sha256: String,
}

#[derive(Debug, Args)]
pub(super) struct CertCheck {
    /// What it is to be used for
    #[arg(long, value_enum, default_value = "encrypt")]
    pub(super) purpose: Purpose,
    /// The address that it must be for
    #[arg(long, value_name = "ADDRESS")]
    pub(super) address: Option<String>,
    #[command(flatten)]
    pub(super) trust: Trust,
    /// A certificate policy that must hold, by its OID; several: one of them. 2.5.29.32.0 is any
    #[arg(long = "policy", value_name = "OID")]
    pub(super) policies: Vec<String>,
    /// A policy must hold even where no certificate of the path asks for one
    #[arg(long)]
    pub(super) explicit_policy: bool,
    /// Policies of one authority are not translated into those of another
    #[arg(long)]
    pub(super) inhibit_mapping: bool,
    /// "Any policy" in a certificate stands for none
    #[arg(long)]
    pub(super) inhibit_any: bool,
    /// The time for which to check, RFC 3339; else now
    #[arg(long, value_name = "TIME")]
    pub(super) at: Option<String>,
    /// DER, PEM or PKCS #7
    pub(super) file: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Purpose {
    Encrypt,
    Sign,
    Path,
}

#[derive(Debug, Subcommand)]
pub(super) enum Log {
    /// List the rows
    #[command(after_help = "Examples:\n  segl log list\n  segl log list --json")]
    List,
    /// Show one row
    #[command(after_help = "Examples:\n  segl log show 0")]
    Show {
        /// Its number
        seq: u64,
    },
    /// Verify the chain: every changed, inserted, reordered or missing row, and a cut tail against a head kept elsewhere
    #[command(
        after_help = "Examples:\n  segl log verify\n  segl log verify --json\n  segl log verify --every-signature\n  \
        segl log verify --note hoved-2026-11.txt"
    )]
    Verify(Verify),
    /// Have the newest row time-stamped outside (RFC 3161, `[record] tsa`), so that a log that is written anew shows
    #[command(
        after_help = "Examples:\n  segl log anchor\n  segl log anchor --copy anchors\n  \
        segl log anchor --note hoved-2026-11.txt\n\n\
        The stamp is kept beside the record. Keep a copy where nobody with this computer's key can write."
    )]
    Anchor {
        /// Keep a copy of the stamp in this folder too
        #[arg(long, value_name = "DIR")]
        copy: Option<PathBuf>,
        /// Ask no authority: write the newest row's number and link into this new file, signed, to be kept elsewhere
        #[arg(long, value_name = "FILE", conflicts_with = "copy")]
        note: Option<PathBuf>,
    },
    /// Ship what is new to the folder that IT names (record.ship_to), sealed for IT; the window and `segl send` do it
    /// by themselves, hourly
    #[command(
        after_help = "Examples:\n  segl log ship\n  segl log ship --anew\n  segl log ship --json"
    )]
    Ship {
        /// From the first row on, whatever was shipped before: where files in the folder were lost
        #[arg(long)]
        anew: bool,
    },
    /// Export the rows of one message, signed and self-contained
    #[command(after_help = "Examples:\n  segl log export 0")]
    Export {
        /// The number of one of its rows
        seq: u64,
    },
}

#[derive(Debug, Args)]
pub(super) struct Verify {
    /// A head that was kept elsewhere, such as from a receipt: SEQ:LINK
    #[arg(long, value_name = "SEQ:LINK")]
    pub(super) head: Option<String>,
    /// Compare with the time stamps in this folder too, where they were kept elsewhere; those beside the record are
    /// always compared with
    #[arg(long, value_name = "DIR", conflicts_with = "file")]
    pub(super) anchors: Option<PathBuf>,
    /// Compare with a signed note that was kept elsewhere (segl log anchor --note); several by repeating it
    #[arg(long, value_name = "FILE")]
    pub(super) note: Vec<PathBuf>,
    /// Check the signature of each row of a log of more than 10,000 too. The newest row's covers all before it, so this
    /// shows only damage to signatures
    #[arg(long)]
    pub(super) every_signature: bool,
    /// A database or an export; else the configured record
    pub(super) file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Contacts {
    /// Take a register in, all of it or nothing: CSV of Outlook, Google, Thunderbird or a spreadsheet, or vCard
    #[command(
        after_help = "Examples:\n  segl contacts import kontakter.csv\n  segl contacts import - < kontakter.vcf"
    )]
    Import {
        /// CSV with the names of columns in its first line, or vCard; - is standard input
        file: PathBuf,
    },
    /// List the addresses, the last written to first
    #[command(after_help = "Examples:\n  segl contacts list\n  segl contacts list --json karen")]
    List {
        /// Only those that this is the beginning of a word of
        text: Option<String>,
    },
    /// Forget an address
    #[command(after_help = "Examples:\n  segl contacts forget karen@advokat-eksempel.dk")]
    Forget {
        /// A mail address
        address: String,
    },
    /// Print all addresses as CSV
    #[command(after_help = "Examples:\n  segl contacts export > kontakter.csv")]
    Export,
}

#[derive(Debug, Subcommand)]
pub(super) enum Outbox {
    /// List the mails that wait, why, and when each is tried next
    #[command(after_help = "Examples:\n  segl outbox list\n  segl outbox list --json")]
    List,
    /// Try all of them now; only what exposes nobody is sent
    #[command(after_help = "Examples:\n  segl outbox send\n  segl outbox send --json")]
    Send,
}

#[derive(Debug, Subcommand)]
pub(super) enum Watch {
    /// List who was asked for a certificate, since when, and who can get encrypted mail by now
    #[command(after_help = "Examples:\n  segl watch list\n  segl watch list --json")]
    List,
    /// Look for a certificate of this address no longer
    #[command(after_help = "Examples:\n  segl watch end klaus@privat.example")]
    End {
        /// The address
        address: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Tunnel {
    /// Show the list in force with its age, source and digest, and one that waits with its differences
    #[command(
        after_help = "Examples:\n  segl tunnel status\n  segl tunnel status --json\n\n\
        Exit code 1: there is none, it is old, another one waits, or it could not be brought up to date."
    )]
    Status,
    /// Take in a list from a file: a table with ; , or tab, JSON, or one domain a line
    #[command(after_help = "Examples:\n  segl tunnel import tunnel.csv\n\n\
        Columns: domain;mailbox;mode;cvr;organisation;valid_from;cert_sha256. A domain speaks of itself only, and *. before it\n\
        of everything below it. A signature beside the file (tunnel.csv.p7s) or around it is verified where the settings\n\
        name a signer. A list that loses more than a fifth of its domains, names your own, or changes a key, mailbox, mode\n\
        or CVR waits, with exit code 1, until segl tunnel confirm; a broken one is never taken.")]
    Import {
        /// The list
        file: PathBuf,
    },
    /// Fetch the list that the settings name now
    #[command(after_help = "Examples:\n  segl tunnel update")]
    Update,
    /// Put the list that waits into force: its differences were seen
    #[command(after_help = "Examples:\n  segl tunnel confirm\n\n\
        With the beginning of its SHA-256 only the list that was looked at is confirmed, and not one that came since.")]
    Confirm {
        /// SHA-256 of the list that was seen, or its beginning
        sha256: Option<String>,
    },
    /// Let go of the list that waits
    #[command(after_help = "Examples:\n  segl tunnel discard")]
    Discard,
    /// Note that a mail through a gateway was answered: until then Segl says that it is not confirmed
    #[command(after_help = "Examples:\n  segl tunnel answered answer.eml")]
    Answered {
        /// The answer, as a mail file
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum ConfigVerb {
    /// Each value in force with its source: machine policy, file or default
    #[command(after_help = "Examples:\n  segl config effective\n  segl config effective --json")]
    Effective,
}

#[derive(Debug, Args)]
pub(super) struct Login {
    /// Show a code to be typed on another computer or phone
    #[arg(long)]
    pub(super) device: bool,
    /// Only print the address; open no browser
    #[arg(long, conflicts_with = "device")]
    pub(super) no_browser: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Password {
    /// Read a password from standard input and keep it in the keyring
    #[command(after_help = "Examples:\n  segl password set submission < password.txt")]
    Set {
        /// submission, relay, or the name of a directory
        name: String,
    },
    /// Take a password out of the keyring
    #[command(after_help = "Examples:\n  segl password delete submission")]
    Delete {
        /// submission, or the name of a directory
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Keys {
    /// Write the key to a file that a password opens; the password is read from standard input
    #[command(after_help = "Examples:\n  segl keys export segl-key.json < password.txt")]
    Export {
        /// New file; never over an existing one
        file: PathBuf,
    },
    /// Take the key from such a file back into the keyring; the password is read from standard input
    #[command(after_help = "Examples:\n  segl keys restore segl-key.json < password.txt")]
    Restore {
        /// A file made by export
        file: PathBuf,
    },
}
