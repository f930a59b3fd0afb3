//! What a trace field says of TLS, in the forms of the usual mail servers.

use serde::{Deserialize, Serialize};

/// What a mail server wrote of a TLS connection.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TlsClause {
    /// Such as `TLSv1.3`, in the same form whoever wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The cipher suite, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cipher: Option<String>,
    /// The length of the key, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bits: Option<String>,
    /// How the key was agreed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_exchange: Option<String>,
    /// What the server signed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_signature: Option<String>,
    /// The digest of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_digest: Option<String>,
    /// Whether the writer verified the other side's certificate, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verify: Option<String>,
}

/// Why encryption that was used is worth little.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weakness {
    /// Older than TLS 1.2.
    OldVersion,
    /// A cipher that is broken, or none.
    Cipher,
    /// Nobody proved who they are.
    Anonymous,
}

impl Weakness {
    /// The code for `--json`.
    pub fn code(self) -> &'static str {
        match self {
            Self::OldVersion => "old-version",
            Self::Cipher => "cipher",
            Self::Anonymous => "anonymous",
        }
    }
}

/// What a protocol name says: over TLS, signed in, and the cipher suite that some put behind it.
pub(super) fn protocol(with: &str) -> (bool, bool, Option<&str>) {
    // Cisco: "ESMTP/TLS/DHE-RSA-AES256-SHA"; CommuniGate: "ESMTP-TLS".
    let mut parts = with.splitn(3, '/');
    let (name, second, cipher) = (parts.next().unwrap_or(with), parts.next(), parts.next());
    let name = name.to_ascii_uppercase();
    let is_tls = |text: &str| text.eq_ignore_ascii_case("tls");
    let over_tls = match name.as_str() {
        "ESMTPS" | "ESMTPSA" | "LMTPS" | "LMTPSA" | "UTF8SMTPS" | "UTF8SMTPSA" | "UTF8LMTPS"
        | "UTF8LMTPSA" | "SMTPS" | "ASMTPS" | "HTTPS" => true,
        other => other.ends_with("-TLS") || second.is_some_and(is_tls),
    };
    let signed_in = matches!(
        name.as_str(),
        "ESMTPA"
            | "ESMTPSA"
            | "LMTPA"
            | "LMTPSA"
            | "UTF8SMTPA"
            | "UTF8SMTPSA"
            | "UTF8LMTPA"
            | "UTF8LMTPSA"
            | "ASMTP"
            | "ASMTPS"
    );
    let cipher = cipher.filter(|c| over_tls && !c.is_empty());
    (over_tls, signed_in, cipher)
}

impl TlsClause {
    /// One of which the cipher suite alone is known.
    pub(super) fn of_cipher(cipher: &str) -> Self {
        Self {
            cipher: word(cipher),
            ..Self::default()
        }
    }

    /// What a comment says, where it begins as one of the known forms does: names that the other side chose itself
    /// (HELO, the subject of its certificate) stand in comments too, behind a word of the writer's.
    pub(super) fn of_comment(comment: &str) -> Option<Self> {
        let lower = |prefix: &str| {
            let head = comment.get(..prefix.len())?;
            head.eq_ignore_ascii_case(prefix)
                .then(|| comment[prefix.len()..].trim_start())
        };
        if let Some(rest) = lower("using ") {
            return Self::using(rest);
        }
        if comment
            .get(..8)
            .is_some_and(|h| h.eq_ignore_ascii_case("version="))
        {
            return Self::equations(comment);
        }
        // qmail: "(DHE-RSA-AES256-SHA encrypted)".
        if let Some(cipher) = comment.strip_suffix(" encrypted")
            && !cipher.contains(' ')
        {
            return Some(Self::of_cipher(cipher));
        }
        let rest = lower("TLS: ")
            .or_else(|| lower("Cipher "))
            .unwrap_or(comment);
        Self::list(rest)
    }

    /// Postfix, Stalwart, MessageLabs: `TLSv1.3 with cipher X (256/256 bits) key-exchange Y server-signature Z (…)`.
    fn using(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        let behind = |name: &str| {
            let place = words.iter().position(|w| *w == name)?;
            words.get(place + 1..)
        };
        let plain = |name: &str| word(behind(name)?.first()?);
        // The parentheses behind a word belong to it.
        let with_more = |name: &str| {
            let behind = behind(name)?;
            let mut all = word(behind.first()?)?;
            if let Some(more) = behind.get(1).filter(|m| m.starts_with('(')) {
                all = format!("{all} {more}");
                if let (false, Some(last)) = (more.contains(')'), behind.get(2)) {
                    all = format!("{all} {last}");
                }
            }
            Some(all.replace("))", ")"))
        };
        let bits = behind("cipher").and_then(|b| {
            let bits = b.get(1)?.strip_prefix('(')?;
            Some(bits.trim_end_matches(')').to_owned())
        });
        Some(Self {
            version: Some(version(words.first()?)?),
            cipher: plain("cipher"),
            bits,
            key_exchange: plain("key-exchange"),
            server_signature: with_more("server-signature"),
            server_digest: plain("server-digest"),
            verify: None,
        })
    }

    /// Gmail, Exchange, Sendmail, Proofpoint: `version=TLS1_3 cipher=X bits=128/128 verify=NO`.
    fn equations(text: &str) -> Option<Self> {
        let mut found = Self::default();
        for part in text.split([' ', ',', '\t']) {
            let Some((name, value)) = part.split_once('=') else {
                continue;
            };
            match name.to_ascii_lowercase().as_str() {
                "version" => found.version = version(value),
                "cipher" => found.cipher = word(value),
                "bits" => found.bits = word(value),
                "verify" => found.verify = word(value),
                _ => {}
            }
        }
        // Sendmail writes "version= cipher=" of a connection without TLS.
        found.version.is_some().then_some(found)
    }

    /// Exim, OpenSMTPD, Courier, mox: the version first, then the rest behind `:`, `,` or blanks.
    fn list(text: &str) -> Option<Self> {
        let mut parts = text
            .split([':', ',', ' '])
            .map(str::trim)
            .filter(|p| !p.is_empty());
        let first = parts.next()?;
        if first.eq_ignore_ascii_case("tls") && text.trim().eq_ignore_ascii_case("tls") {
            return Some(Self::default());
        }
        let mut found = Self {
            version: Some(version(first)?),
            ..Self::default()
        };
        for part in parts {
            let number = part.strip_suffix("bits").unwrap_or(part);
            if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) {
                found.bits.get_or_insert_with(|| number.to_owned());
            } else if ["YES", "NO", "FAIL", "OK", "NOT"].contains(&part) {
                found.verify.get_or_insert_with(|| part.to_owned());
            } else if part.bytes().any(|b| b == b'-' || b == b'_') && found.cipher.is_none() {
                found.cipher = word(part);
            }
        }
        Some(found)
    }

    /// Adds what the other says and this one does not.
    pub(super) fn complete(&mut self, other: Self) {
        let pairs = [
            (&mut self.version, other.version),
            (&mut self.cipher, other.cipher),
            (&mut self.bits, other.bits),
            (&mut self.verify, other.verify),
        ];
        for (mine, theirs) in pairs {
            if mine.is_none() {
                *mine = theirs;
            }
        }
    }

    /// Why it is worth little, by version and name of the cipher suite.
    pub fn weakness(&self) -> Option<Weakness> {
        let version = self.version.as_deref();
        if version.is_some_and(|v| !matches!(v, "TLSv1.2" | "TLSv1.3")) {
            return Some(Weakness::OldVersion);
        }
        let cipher = self.cipher.as_deref()?.to_ascii_uppercase();
        let mut parts = cipher.split(['-', '_']);
        if parts
            .clone()
            .any(|p| matches!(p, "ADH" | "AECDH" | "ANON" | "DHANON"))
        {
            return Some(Weakness::Anonymous);
        }
        parts
            .any(|p| {
                matches!(
                    p,
                    "NULL" | "RC4" | "RC2" | "DES" | "3DES" | "EXP" | "EXPORT" | "MD5" | "IDEA"
                )
            })
            .then_some(Weakness::Cipher)
    }
}

/// A version in one form: `TLS1_2`, `TLS-1.2`, `TLSv1/SSLv3` and `TLS1.2` are `TLSv1.2` and so on.
fn version(text: &str) -> Option<String> {
    let text = text.split('/').next().unwrap_or(text);
    let upper = text.to_ascii_uppercase();
    let (family, number) = match (upper.strip_prefix("TLS"), upper.strip_prefix("SSL")) {
        (Some(number), _) => ("TLSv", number),
        (_, Some(number)) => ("SSLv", number),
        _ => return None,
    };
    let number = number.trim_start_matches(['V', '-', '_', ' ']);
    let number = number.replace('_', ".");
    let is_number = !number.is_empty()
        && number.len() <= 4
        && number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let number = number.strip_suffix(".0").unwrap_or(&number);
    is_number.then(|| format!("{family}{number}"))
}

/// A word of a comment, without what closes it.
fn word(text: &str) -> Option<String> {
    let text = text.trim_matches(['(', ')', ',', ';', '"']);
    (!text.is_empty() && text.len() <= 100).then(|| text.to_owned())
}
