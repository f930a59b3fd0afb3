//! What a server offers: its reply to EHLO inside TLS (RFC 5321 §4.1.1.1), kept whole.

use jiff::Timestamp;

use super::reply::RawReply;

/// What a server offers inside TLS. Nothing that it said outside TLS is in here (RFC 3207 §4.2).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServerFacts {
    extensions: Vec<(String, String)>,
    /// What time it was there, by its greeting.
    pub(super) time: Option<Timestamp>,
}

impl ServerFacts {
    /// Reads a reply to EHLO. The first line is the server's name and greeting. Lines that are not printable ASCII,
    /// as RFC 5321 wants them, are passed over.
    pub(super) fn of(reply: &RawReply) -> Self {
        let extensions = reply.lines.iter().skip(1).filter_map(|line| {
            let line = str::from_utf8(line).ok()?;
            if !line.bytes().all(|b| b == b' ' || b.is_ascii_graphic()) {
                return None;
            }
            // "AUTH=PLAIN LOGIN" is how some old servers say "AUTH PLAIN LOGIN".
            let (keyword, parameters) = line.split_once([' ', '=']).unwrap_or((line, ""));
            Some((keyword.to_ascii_uppercase(), parameters.trim().to_owned()))
        });
        Self {
            extensions: extensions.collect(),
            time: None,
        }
    }

    /// What time it was there when the connection was opened: as the greeting said inside TLS, if it said so.
    pub fn time(&self) -> Option<Timestamp> {
        self.time
    }

    /// All extensions in the server's order: keyword in upper case, and parameters.
    pub fn extensions(&self) -> impl Iterator<Item = (&str, &str)> {
        self.extensions
            .iter()
            .map(|(k, p)| (k.as_str(), p.as_str()))
    }

    /// Whether the server offers an extension, such as `SIZE`; the keyword in upper case.
    pub fn offers(&self, keyword: &str) -> bool {
        self.extensions().any(|(offered, _)| offered == keyword)
    }

    /// The largest message that the server takes, in octets (RFC 1870). `None`: it does not say, or has no limit.
    pub fn size(&self) -> Option<u64> {
        let (_, limit) = self.extensions().find(|(keyword, _)| *keyword == "SIZE")?;
        limit.parse().ok().filter(|limit| *limit > 0)
    }

    /// Whether addresses may be in UTF-8 (RFC 6531).
    pub fn smtputf8(&self) -> bool {
        self.offers("SMTPUTF8")
    }

    /// Whether messages may hold 8-bit octets (RFC 6152).
    pub fn eight_bit_mime(&self) -> bool {
        self.offers("8BITMIME")
    }

    /// Whether delivery notifications can be asked for (RFC 3461).
    pub fn dsn(&self) -> bool {
        self.offers("DSN")
    }

    /// Whether the server takes REQUIRETLS (RFC 8689).
    pub fn requiretls(&self) -> bool {
        self.offers("REQUIRETLS")
    }

    /// Whether commands may be sent without waiting (RFC 2920).
    pub fn pipelining(&self) -> bool {
        self.offers("PIPELINING")
    }

    /// The SASL mechanisms that the server offers (RFC 4954), in upper case.
    pub fn mechanisms(&self) -> Vec<String> {
        let mut mechanisms: Vec<String> = Vec::new();
        for (keyword, parameters) in self.extensions() {
            for name in parameters.split(' ').filter(|name| !name.is_empty()) {
                let name = name.to_ascii_uppercase();
                if keyword == "AUTH" && !mechanisms.contains(&name) {
                    mechanisms.push(name);
                }
            }
        }
        mechanisms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(lines: &[&str]) -> ServerFacts {
        ServerFacts::of(&RawReply {
            code: 250,
            lines: lines.iter().map(|line| line.as_bytes().to_vec()).collect(),
        })
    }

    #[test]
    fn everything_that_a_server_offers_is_kept() {
        let facts = facts(&[
            "SIZE greets you",
            "size 35651584",
            "PIPELINING",
            "8bitmime",
            "SMTPUTF8",
            "DSN",
            "REQUIRETLS",
            "AUTH PLAIN login",
            "AUTH=LOGIN XOAUTH2",
            "X-ODD a=b c",
        ]);
        assert_eq!(facts.size(), Some(35_651_584));
        assert!(facts.smtputf8() && facts.eight_bit_mime() && facts.dsn());
        assert!(facts.requiretls() && facts.pipelining());
        assert_eq!(facts.mechanisms(), ["PLAIN", "LOGIN", "XOAUTH2"]);
        assert!(facts.extensions().any(|e| e == ("X-ODD", "a=b c")));
        assert!(!facts.offers("GREETS"));
    }

    #[test]
    fn a_size_without_a_number_or_of_zero_is_no_limit() {
        for line in ["SIZE", "SIZE 0", "SIZE many", "SIZE -1"] {
            let facts = facts(&["mail.example", line]);
            assert!(facts.offers("SIZE"));
            assert_eq!(facts.size(), None, "{line}");
        }
        assert!(!facts(&["SIZE 5"]).offers("SIZE"));
    }
}
