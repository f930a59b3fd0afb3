//! Segl sends confidential mail so that only its recipient can read it, and proves afterwards that it did.
//!
//! # The picture
//! Everything Segl does is three verbs on one struct, [`segl::Segl`]. Every surface (window, command line) calls only
//! these:
//!
//! ```text
//! assess(address)       -> Assessment   all that is known about one recipient; never fails: failures are findings
//! decide(draft, found)  -> Decision     pure: green, red with a warning, or refused
//! send(draft, approved) -> Receipt      make -> check -> record the intent -> submit -> record the outcome
//! ```
//!
//! The green or red light is not state. It is [`decide::decide`], computed again from what is known.
//! [`decide::Approved`] is made only there: where nobody is exposed, or by [`decide::Warning::accept`], because somebody
//! saw who is exposed, and why, and accepted it. Sending takes it by value and its fields are private, so no code path
//! reaches a mail server without the decision or the consent, and the compiler says so. The one mail that nobody writes,
//! an empty one that asks for a receipt, has a proof of its own, [`decide::Asking`], which takes no text.
//!
//! A newcomer reads this page, then [`decide`], then [`segl`], and knows the program.
//!
//! # The main job
//! ```text
//! Draft -- for each recipient, at once, each with a deadline:
//!            directory.find -> cert::path -> revocation -> cert::judge -> Assessment
//! Assessments -> decide -> EndToEnd(Approved) | InHouse(Approved)            -> send
//!                       -> Assessed(Approved): accepted before, and that still holds -> send
//!                       -> Warn(w): who is exposed, why, and the risk -> w.accept(..) -> send
//!                       -> Refuse: says which rule, and what to do
//! send: 1 recipients, content and evidence are what was approved, or better; weaker or other stops it
//!       2 one message for To and Cc of each route, one for each Bcc (a RecipientInfo names its reader); the header stands
//!         inside too, and is signed with the rest where the sender has a key: each signature is verified once it is made
//!       3 self-check: what leaves is one S/MIME part that names exactly the approved readers
//!       4 the intent is recorded durably; if that cannot be written, nothing is sent
//!       5 RCPT of every message before the first DATA, over verified TLS
//!       6 for each message: Started, DATA, Outcome: sent, rejected, or unconfirmed
//! ```
//! What cannot leave now may wait in the outbox, a mark on the draft in the store. Each later try is the whole main job
//! from its first line: it sends on `EndToEnd`, `InHouse` and `Assessed` only, and nothing else than a new decision lets it.
//!
//! # Layers: who may import whom
//! | layer | modules | may import | touches |
//! |---|---|---|---|
//! | 0 ground | `disk` (files and SQLite, done right once), `process`, `ber` | nothing | disk |
//! | 1 values | [`mail`], [`cert`], [`book`], [`spelling`], [`content`], [`identity`] (own keys), [`tunnel`] (the list) | `mail`; `identity` also `cert`, `ber`; `tunnel` also `cert` | nothing |
//! | 1½ | [`net`] | 1 | sockets (only this one) |
//! | 2 parts | [`directory`], [`revocation`], [`submit`] | 1, `net`; `revocation` also `ber` | files that settings name |
//! | | [`discovery`], [`oauth`], [`tls`] (transport to a domain), [`dkim`], [`relay`] | 1, `net` | nothing |
//! | | [`smime`] | 1, `ber` | nothing |
//! | | [`keys`], [`store`], [`record`] | 0, 1; the two databases also `keys` | disk, keyring (only these) |
//! | | [`config`] | 1, the types of the rule | settings files |
//! | 3 rule | [`risk`], [`decide`], [`alert`] | 1 and the values of `directory` and `tls`; `decide` also `risk` | nothing |
//! | 4 whole | [`segl`] | 0 to 3 | wires them |
//! | | [`report`] | values of `record` and `tls`, [`words`] | nothing |
//! | 5 surfaces | [`words`], `app`, [`cli`] | `segl`, `decide`, `config`, value types | screen, terminal |
//! | beside | `demo` (feature `demo`) | anything | loopback only |
//!
//! Parts never import each other; surfaces never import ldap3, lettre, OpenSSL or SQLite. `tests/it/layers.rs` holds
//! every `crate::x`, every touch of disk, network, process and clock, and the number of places where a warning is
//! accepted, against this table.
//!
//! # Where building showed better than the first plan
//! - The user's own keys are no rows of the store: the store may be deleted at any time, and a key must open mail for
//!   ever. They lie in files of their own beside it, sealed under the same key, so that the export of that key and a copy
//!   of the folder hold everything; one key alone is exported as PKCS #12, which other programs read.
//! - The further readers of a mail (own, archive) are part of the rules that a decision is made by, for the draft's
//!   sender: so they come into `Approved` by the same door as everything else, and no function has a second way.
//! - Revocation lists are asked one by one in [`revocation`], not by OpenSSL inside path validation: so each certificate
//!   of a path has an answer of its own with its age, and other sources join without touching the path. OpenSSL also
//!   takes no list of a list's own signer, which PKITS calls valid (4.14.30).
//! - OpenSSL builds one path and never goes back. Candidates are found by `cert::search`, at a counted cost, and OpenSSL
//!   validates each; what it is lenient about without its strict mode, which PKITS 4.6.4 forbids, is judged on top.
//! - `decide` has an outcome more than green, red and refused: mail that stays on the firm's own server exposes nobody,
//!   and is not green either.
//! - The store key and the ground for both databases stand below `store` and `record` (`keys`, `disk`), because both are
//!   sealed by the one and must get pragmas, locks and errors right in the same way.
//! - `--to-rest` is the surface's: after a refusal nothing has left, so the rest is a new decision and a new intent that
//!   a second call of `send` makes, and `send` itself needs no second way through.
//! - The outbox is no table of its own: a mail waits as a draft with a mark, so that moving it is one write, and the mark
//!   "may have been sent", made durable before the first octet leaves, takes it out of turn by itself. A window that
//!   starts takes no kept drafts any more but those that a crash left; a draft that is open is marked in its lock file,
//!   and a mark without a lock is a crash.
//!
//! # Rules of the house
//! Time is an argument: only surfaces read the clock. Anything wrong with a *recipient* is a value that is shown and
//! recorded; `Err` is only for when Segl itself could not do its job. Nothing found is dropped. Unknown is not good, and
//! down is not absent. Secrets have types without `Debug` that are overwritten when dropped. Sentences for people stand
//! in [`words`] and its catalogue, nowhere else.

pub mod alert;
#[cfg(feature = "gui")]
pub mod app;
mod ber;
pub mod book;
pub mod cert;
pub mod cli;
pub mod config;
pub mod content;
pub mod decide;
#[cfg(feature = "demo")]
pub mod demo;
pub mod directory;
pub mod discovery;
pub mod disk;
pub mod dkim;
pub mod identity;
pub mod keys;
pub mod mail;
pub mod net;
pub mod oauth;
pub mod process;
pub mod record;
pub mod relay;
pub mod report;
pub mod revocation;
pub mod risk;
pub mod segl;
pub mod smime;
#[cfg(feature = "gui")]
pub mod spelling;
pub mod store;
pub mod submit;
pub mod tls;
pub mod tunnel;
pub mod words;
