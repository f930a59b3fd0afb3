//! Its columns of the tables.

use super::{
    super::{
        matrix::judge,
        people,
        programs::{Folder, PASSWORD},
        signing::authors,
        verifying,
    },
    Shown, Thunderbird,
};

/// Which column of the matrix.
const THUNDERBIRD: usize = 5;

/// What stands above the text in each message of the matrix.
const HEAD: &str = "Content-Type: text/plain; charset=utf-8\r\n\r\n";

#[test]
fn thunderbird_opens_its_column() {
    let Some(mut bird) = Thunderbird::start() else {
        return;
    };
    let folder = Folder::new();
    let mut owner = None;
    judge(THUNDERBIRD, |row, message| {
        if owner != Some(row.person) {
            // Keys of newer kinds are refused here, and then nothing opens.
            bird.becomes(&folder.pkcs12("pkcs12", row.person()), PASSWORD);
            owner = Some(row.person);
        }
        let Shown {
            encrypted, text, ..
        } = bird.shows(message);
        match (encrypted.as_deref(), text) {
            // It shows lines where the entity has the octets of lines.
            (Some("ok"), Some(text)) => Some([HEAD, &text.replace('\n', "\r\n")].concat().into()),
            (Some("notok"), None) => None,
            // AuthEnvelopedData is an empty mail to it.
            (None, Some(text)) if text.is_empty() => None,
            odd => panic!("{:?}: {odd:?}", row.names),
        }
    });
}

/// Alone and inside an encryption, where the subject is hidden, it says the same of a signature.
#[test]
fn thunderbird_verifies_its_column_up_to_the_root() {
    let Some(mut bird) = Thunderbird::start() else {
        return;
    };
    bird.trust(&authors()[0].root);
    let reader = &people::of_each_kind()[0];
    let folder = Folder::new();
    assert!(bird.becomes(&folder.pkcs12("pkcs12", reader), PASSWORD));
    verifying::judge(verifying::THUNDERBIRD, |author, is_altered| {
        let alone = bird.shows(&verifying::given(author.signed(), is_altered));
        let is_good = alone.signed.as_deref() == Some("ok");
        assert_eq!(is_good, alone.verdict == 0, "{}: {alone:?}", author.name);
        if !is_altered {
            let inside = bird.shows(&author.sealed(reader));
            assert_eq!(inside.encrypted.as_deref(), Some("ok"), "{inside:?}");
            let seal = inside.signed.as_deref() == Some("ok");
            assert_eq!(seal, is_good, "{}: {inside:?}", author.name);
        }
        is_good
    });
}
