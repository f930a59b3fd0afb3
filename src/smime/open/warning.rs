//! What was noticed of a message beside its layers: none of it keeps the message shut.

/// What the reader must know, although the message opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Warning {
    /// Encrypted in a way that does not notice alteration, and no good signature inside.
    Unauthenticated,
    /// Encrypted by a cipher that counts as broken.
    WeakCipher,
    /// A protected part stands beside unprotected ones and was not opened.
    PartNotOpened,
    /// A part is signed, and stands beside text that its signature does not cover: it was not checked.
    PartSigned,
    /// The sender in the protected header is another than the one outside, and nothing vouches for it.
    FromDiffers,
    /// The structure that should hold a signature cannot be read.
    SignatureUnreadable,
    /// A signed layer without any signature.
    NoSigners,
    /// More than one From field: which of them a program shows is chance.
    SeveralFrom,
    /// The protected fields came by an older way than RFC 9788.
    LegacyProtection,
    /// The text was made from HTML.
    TextFromHtml,
    /// A part could not be read, or not all of it.
    PartUnreadable,
    /// Signed or encrypted in a way that is not S/MIME (OpenPGP): not looked at.
    OtherProtection,
    /// The sender's name holds another address than the one that it stands before.
    NameShowsAddress,
    /// The date of the mail lies more than a day from when it was signed: perhaps an old mail sent once more.
    DateDiffers,
    /// It brings certificates and nothing to read (RFC 8551 §3.8).
    CertificatesOnly,
    /// The text is larger than what is shown of one.
    TextCut,
}

impl Warning {
    /// Its code in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unauthenticated => "unauthenticated",
            Self::WeakCipher => "weak-cipher",
            Self::PartNotOpened => "part-not-opened",
            Self::PartSigned => "part-signed",
            Self::FromDiffers => "from-differs",
            Self::SignatureUnreadable => "signature-unreadable",
            Self::NoSigners => "no-signers",
            Self::SeveralFrom => "several-from",
            Self::LegacyProtection => "legacy-protection",
            Self::TextFromHtml => "text-from-html",
            Self::PartUnreadable => "part-unreadable",
            Self::OtherProtection => "other-protection",
            Self::NameShowsAddress => "name-shows-address",
            Self::DateDiffers => "date-differs",
            Self::CertificatesOnly => "certificates-only",
            Self::TextCut => "text-cut",
        }
    }
}
