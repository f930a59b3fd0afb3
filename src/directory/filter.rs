//! The search filter for one address (RFC 4515), made from the template in the settings.
//!
//! This is the only place where text from outside goes into a filter, and [`escape`] is its only door: no address can
//! change what the filter asks. A placeholder may only be compared for equality, so no search is for more than one
//! address.

use ldap3::asn1::{ASNTag as _, PL, StructureTag};

use crate::mail::Address;

/// Characters of a template at most. ldap3 reads a filter by recursion.
const MAX_TEMPLATE: usize = 1000;
/// The tags of a filter (RFC 4511 §4.5.1.7) that are walked; placeholders elsewhere are refused.
const AND: u64 = 0;
const OR: u64 = 1;
const EQUALITY: u64 = 3;

/// A filter with `{address}`, `{local}` and `{domain}` in place of the address, such as `(mail={address})`.
#[derive(Debug, Clone)]
pub struct FilterTemplate {
    parts: Vec<Part>,
    comparisons: Vec<Comparison>,
    /// Whether every placeholder is in one of `comparisons`.
    is_by_address: bool,
}

/// Why a filter template cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// Not a filter of RFC 4515 in its parentheses, or too long.
    #[error("not a search filter of RFC 4515")]
    Syntax,
    /// Asks for the same, whoever the recipient is.
    #[error("the search filter has none of {{address}}, {{local}} and {{domain}}")]
    NoPlaceholder,
    /// A brace that begins or ends no placeholder; as itself it is written `\7b` or `\7d`.
    #[error("the search filter has an unknown placeholder at “{0}”")]
    UnknownPlaceholder(String),
    /// A placeholder in a substring, approximate, ordering or extensible match, or under a `!`: that would ask for
    /// more than one address.
    #[error("the search filter has a placeholder that is not compared for equality")]
    NotEquality,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Address,
    Local,
    Domain,
}

/// An equality match on the whole address: `attribute = before {address} after`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Comparison {
    pub(super) attribute: String,
    before: String,
    after: String,
}

impl FilterTemplate {
    /// Reads a template.
    pub fn parse(template: &str) -> Result<Self, FilterError> {
        if template.len() > MAX_TEMPLATE || !template.starts_with('(') {
            return Err(FilterError::Syntax);
        }
        let parts = split(template)?;
        let placeholders = parts.iter().filter(|p| !matches!(p, Part::Text(_))).count();
        let filter = ldap3::parse_filter(template).map_err(|()| FilterError::Syntax)?;
        if placeholders == 0 {
            return Err(FilterError::NoPlaceholder);
        }
        let mut leaves = Vec::new();
        equalities(filter.into_structure(), &mut leaves);
        // A placeholder that was written as escapes counts here and not above, so the numbers differ for it too.
        let compared: usize = leaves.iter().map(|(_, value)| count(value)).sum();
        if compared != placeholders {
            return Err(FilterError::NotEquality);
        }
        leaves.retain(|(_, value)| count(value) > 0);
        let comparisons: Vec<_> = leaves.iter().filter_map(Comparison::read).collect();
        Ok(Self {
            parts,
            is_by_address: comparisons.len() == leaves.len(),
            comparisons,
        })
    }

    /// The filter for one address. A domain that people read otherwise than it is sent (RFC 5891) is asked for in both
    /// forms: directories hold either.
    pub fn filter(&self, address: &Address) -> String {
        let sent = self.with_domain(address, address.domain());
        let read = self.with_domain(address, &address.domain_unicode());
        if sent == read {
            sent
        } else {
            format!("(|{sent}{read})")
        }
    }

    fn with_domain(&self, address: &Address, domain: &str) -> String {
        let parts = self.parts.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Address => escape(&format!("{}@{domain}", address.local())),
            Part::Local => escape(address.local()),
            Part::Domain => escape(domain),
        });
        parts.collect()
    }

    /// The attributes that the whole address is compared with.
    pub(super) fn comparisons(&self) -> &[Comparison] {
        &self.comparisons
    }

    /// Whether the filter asks by whole addresses and nothing else, so that every entry of its answer must hold it.
    pub(super) fn is_by_address(&self) -> bool {
        self.is_by_address
    }
}

impl Comparison {
    /// Reads `attribute = before {address} after`, or `None` if another placeholder is in it.
    fn read((attribute, value): &(String, String)) -> Option<Self> {
        let (before, after) = value.split_once("{address}")?;
        (count(value) == 1).then(|| Self {
            attribute: attribute.clone(),
            before: before.to_owned(),
            after: after.to_owned(),
        })
    }

    /// Whether a value of the attribute is what the filter asks for this address. Directories compare mail addresses
    /// without case, and hold domains in either form.
    pub(super) fn holds(&self, value: &[u8], address: &Address) -> bool {
        let inner = std::str::from_utf8(value).ok().and_then(|value| {
            let (before, rest) = value.split_at_checked(self.before.len())?;
            let (inner, after) =
                rest.split_at_checked(rest.len().checked_sub(self.after.len())?)?;
            (before.eq_ignore_ascii_case(&self.before) && after.eq_ignore_ascii_case(&self.after))
                .then_some(inner)
        });
        inner.is_some_and(|inner| Address::parse(inner).is_ok_and(|held| held == *address))
    }
}

/// Escapes a value for a filter (RFC 4515 §3): what has a meaning there, and every octet that is not ASCII.
fn escape(value: &str) -> String {
    let escaped = value.bytes().flat_map(|octet| match octet {
        b'\\' | b'*' | b'(' | b')' | 0 | 0x80.. => {
            vec!['\\', hex_digit(octet >> 4), hex_digit(octet & 0xf)]
        }
        plain => vec![char::from(plain)],
    });
    escaped.collect()
}

fn hex_digit(value: u8) -> char {
    char::from(b"0123456789abcdef"[usize::from(value & 0xf)])
}

fn split(template: &str) -> Result<Vec<Part>, FilterError> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let (text, brace) = rest.split_at(at);
        let placeholders = [
            ("{address}", Part::Address),
            ("{local}", Part::Local),
            ("{domain}", Part::Domain),
        ];
        let known = placeholders
            .into_iter()
            .find_map(|(name, part)| Some((part, brace.strip_prefix(name)?)));
        let Some((part, after)) = known else {
            return Err(FilterError::UnknownPlaceholder(brace.to_owned()));
        };
        parts.extend([Part::Text(text.to_owned()), part]);
        rest = after;
    }
    parts.push(Part::Text(rest.to_owned()));
    Ok(parts)
}

/// The equality matches of a filter that are under no `!`: attribute and value.
fn equalities(filter: StructureTag, found: &mut Vec<(String, String)>) {
    match (filter.id, filter.payload) {
        (AND | OR, PL::C(inner)) => inner.into_iter().for_each(|f| equalities(f, found)),
        (EQUALITY, PL::C(inner)) => {
            let texts: Vec<_> = inner
                .into_iter()
                .filter_map(|part| String::from_utf8(part.expect_primitive()?).ok())
                .collect();
            if let Ok([attribute, value]) = <[_; 2]>::try_from(texts) {
                found.push((attribute, value));
            }
        }
        _ => {}
    }
}

/// Placeholders in a value.
fn count(value: &str) -> usize {
    ["{address}", "{local}", "{domain}"]
        .iter()
        .map(|name| value.matches(name).count())
        .sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn template(text: &str) -> FilterTemplate {
        FilterTemplate::parse(text).unwrap()
    }

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap()
    }

    fn read(filter: &str) -> StructureTag {
        ldap3::parse_filter(filter).unwrap().into_structure()
    }

    #[test]
    fn the_address_goes_in_escaped() {
        let rows = [
            ("(mail={address})", "anne@x.dk", "(mail=anne@x.dk)"),
            ("(mail={address})", "*@x.dk", r"(mail=\2a@x.dk)"),
            (
                "(mail={address})",
                r#""a)(mail=*\\"@x.dk"#,
                r#"(mail="a\29\28mail=\2a\5c\5c"@x.dk)"#,
            ),
            ("(mail={address})", "søren@x.dk", r"(mail=s\c3\b8ren@x.dk)"),
            (
                "(&(uid={local})(o={domain})(objectClass=*))",
                "anne@x.dk",
                "(&(uid=anne)(o=x.dk)(objectClass=*))",
            ),
        ];
        for (text, of, wanted) in rows {
            assert_eq!(
                template(text).filter(&address(of)),
                wanted,
                "{text} of {of}"
            );
        }
    }

    #[test]
    fn a_domain_with_two_forms_is_asked_for_in_both_and_only_where_the_filter_has_it() {
        let bo = address("bo@æblehaven.dk");
        assert_eq!(
            template("(mail={address})").filter(&bo),
            r"(|(mail=bo@xn--blehaven-i0a.dk)(mail=bo@\c3\a6blehaven.dk))"
        );
        assert_eq!(template("(uid={local})").filter(&bo), "(uid=bo)");
    }

    #[test]
    fn a_template_that_is_no_filter_or_asks_for_more_than_one_address_is_refused() {
        use FilterError as E;
        let unknown = |at: &str| E::UnknownPlaceholder(at.to_owned());
        let rows = [
            ("mail={address}", E::Syntax),
            ("(mail={address}", E::Syntax),
            ("(mail={address})(o=x)", E::Syntax),
            ("({address}=x)", E::Syntax),
            ("(mail=anne@x.dk)", E::NoPlaceholder),
            ("(mail={adress})", unknown("{adress})")),
            ("(mail={address)", unknown("{address)")),
            ("(mail=}{address})", unknown("}{address})")),
            ("(mail={address}*)", E::NotEquality),
            ("(mail=*{domain})", E::NotEquality),
            ("(mail~={address})", E::NotEquality),
            ("(mail>={address})", E::NotEquality),
            ("(mail:caseIgnoreMatch:={address})", E::NotEquality),
            ("(!(mail={address}))", E::NotEquality),
            ("(&(o=x)(!(mail={address})))", E::NotEquality),
            // Written as escapes it is a text to search for, and no placeholder.
            (r"(|(mail={local})(cn=\7blocal\7d))", E::NotEquality),
        ];
        for (text, wanted) in rows {
            assert_eq!(FilterTemplate::parse(text).unwrap_err(), wanted, "{text}");
        }
        let deep = format!("{}(mail={{address}}){}", "(&".repeat(600), ")".repeat(600));
        assert_eq!(FilterTemplate::parse(&deep).unwrap_err(), E::Syntax);
    }

    #[test]
    fn an_attribute_holds_the_address_in_the_form_that_the_filter_asks_for() {
        let proxies = template("(|(mail={address})(proxyAddresses=smtp:{address}))");
        assert!(proxies.is_by_address());
        let [mail, proxy] = proxies.comparisons() else {
            panic!("two comparisons")
        };
        let anne = address("anne@æblehaven.dk");
        assert!(mail.holds("ANNE@Æblehaven.dk".as_bytes(), &anne));
        assert!(mail.holds(b"anne@xn--blehaven-i0a.dk", &anne));
        assert!(!mail.holds(b"smtp:anne@xn--blehaven-i0a.dk", &anne));
        assert!(proxy.holds(b"SMTP:anne@xn--blehaven-i0a.dk", &anne));
        assert!(!proxy.holds(b"anne@xn--blehaven-i0a.dk", &anne));
        assert!(!proxy.holds(b"smtp:bo@x.dk", &anne));
        assert!(!proxy.holds(b"smtp", &anne));
        assert!(!proxy.holds(&[0xff], &anne));

        assert!(!template("(|(mail={address})(uid={local}))").is_by_address());
        assert!(!template("(mail={local}@{domain})").is_by_address());
    }

    /// The filter with every value taken out: what is asked, whoever it is asked of.
    fn structure(filter: StructureTag) -> String {
        match (filter.id, filter.payload) {
            (EQUALITY, PL::C(mut inner)) => format!("{:?}=", inner.swap_remove(0).payload),
            (id, PL::C(inner)) => {
                let inner: Vec<_> = inner.into_iter().map(structure).collect();
                format!("{id}({})", inner.join(","))
            }
            (id, PL::P(_)) => format!("{id}"),
        }
    }

    proptest! {
        #[test]
        fn no_text_leaves_the_value_that_it_was_escaped_for(text in any::<String>()) {
            let value = PL::P(text.clone().into_bytes());
            let filter = read(&format!("(mail={})", escape(&text)));
            prop_assert_eq!(filter.id, EQUALITY);
            let PL::C(inner) = filter.payload else { panic!("attribute and value") };
            prop_assert_eq!(&inner[1].payload, &value);
        }

        #[test]
        fn no_address_changes_what_a_filter_asks(
            local in r#"([a-zæø*!&|=~{}/'\\()"<>.-]{1,20})|("[ -~]{1,30}")"#,
            domain in "[a-zæø]{1,10}[.][a-z]{2,5}",
        ) {
            let Ok(odd) = Address::parse(&format!("{local}@{domain}")) else { return Ok(()) };
            let has_one_form = odd.domain() == odd.domain_unicode();
            let plain = address(if has_one_form { "anne@x.dk" } else { "anne@æ.dk" });
            for text in [
                "(mail={address})",
                "(&(objectClass=*)(|(mail={address})(proxyAddresses=smtp:{address}))(!(o=x)))",
                "(|(uid={local})(&(cn={local})(o={domain})))",
            ] {
                let template = template(text);
                prop_assert_eq!(
                    structure(read(&template.filter(&odd))),
                    structure(read(&template.filter(&plain)))
                );
            }
        }
    }
}
