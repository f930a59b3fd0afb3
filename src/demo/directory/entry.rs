//! Directory entries and how their attributes are named and compared (RFC 4512 §2.5, RFC 4517).

/// One entry: a distinguished name and its attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Distinguished name in the form of RFC 4514.
    pub dn: String,
    /// Attributes as they are sent: description (`userCertificate;binary`) and values.
    pub attributes: Vec<(String, Vec<Vec<u8>>)>,
}

impl Entry {
    /// An entry without attributes.
    pub fn new(dn: &str) -> Self {
        Self {
            dn: dn.to_owned(),
            attributes: Vec::new(),
        }
    }

    /// The same with one value more of an attribute.
    #[must_use]
    pub fn with(mut self, attribute: &str, value: impl AsRef<[u8]>) -> Self {
        let value = value.as_ref().to_vec();
        match self
            .attributes
            .iter_mut()
            .find(|(name, _)| name.eq_ignore_ascii_case(attribute))
        {
            Some((_, values)) => values.push(value),
            None => self.attributes.push((attribute.to_owned(), vec![value])),
        }
        self
    }

    /// All values of the attributes that a description names.
    pub(super) fn values<'a>(&'a self, asked: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.attributes
            .iter()
            .filter(move |(stored, _)| names(asked, stored))
            .flat_map(|(_, values)| values.iter().map(Vec::as_slice))
    }

    /// The attributes that a search asked for: all where it named none or `*`, none for `1.1` (RFC 4511 §4.5.1.8).
    pub(super) fn selected(&self, asked: &[String]) -> Vec<&(String, Vec<Vec<u8>>)> {
        let all = asked.is_empty() || asked.iter().any(|name| name == "*");
        self.attributes
            .iter()
            .filter(|(stored, _)| all || asked.iter().any(|name| names(name, stored)))
            .collect()
    }
}

/// Whether a description names a stored attribute: the same type, and no option that the stored one lacks. So
/// `userCertificate` names `userCertificate;binary`, and not the other way round (RFC 4512 §2.5.2).
fn names(asked: &str, stored: &str) -> bool {
    let (asked, stored) = (asked.to_ascii_lowercase(), stored.to_ascii_lowercase());
    let mut asked = asked.split(';');
    let mut stored = stored.split(';');
    if asked.next().map(canonical) != stored.next().map(canonical) {
        return false;
    }
    let stored: Vec<_> = stored.collect();
    asked.all(|option| stored.contains(&option))
}

/// One name for the attributes that have several.
fn canonical(name: &str) -> &str {
    match name {
        "rfc822mailbox" | "0.9.2342.19200300.100.1.3" => "mail",
        "2.5.4.36" => "usercertificate",
        "2.16.840.1.113730.3.1.40" => "usersmimecertificate",
        "2.5.4.97" => "organizationidentifier",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_names_the_attribute_with_more_options_and_not_with_fewer() {
        for (asked, stored, wanted) in [
            ("userCertificate", "userCertificate;binary", true),
            ("USERCERTIFICATE;BINARY", "userCertificate;binary", true),
            ("userCertificate;binary", "userCertificate", false),
            ("userCertificate", "userSMIMECertificate;binary", false),
            ("rfc822Mailbox", "mail", true),
            ("2.5.4.36", "userCertificate;binary", true),
        ] {
            assert_eq!(names(asked, stored), wanted, "{asked} and {stored}");
        }
    }

    #[test]
    fn a_search_that_names_no_attribute_gets_all_and_one_for_1_1_gets_none() {
        let entry = Entry::new("cn=a")
            .with("cn", "a")
            .with("mail", "a@b.example");
        assert_eq!(entry.selected(&[]).len(), 2);
        assert_eq!(entry.selected(&["*".to_owned()]).len(), 2);
        assert_eq!(entry.selected(&["1.1".to_owned()]).len(), 0);
        assert_eq!(entry.selected(&["Mail".to_owned()]).len(), 1);
    }
}
