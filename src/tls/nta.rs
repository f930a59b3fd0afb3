//! NTA 7516 (Netherlands): a domain says by TXT record that it takes part in secure mail for care.

use serde::{Deserialize, Serialize};

/// What the record says. A claim of the domain, which raises no level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nta7516 {
    /// Begin, as `YYYY-MM`.
    pub start: Option<String>,
    /// End, as `YYYY-MM`.
    pub end: Option<String>,
    /// Who provides it.
    pub provider: Option<String>,
    /// Where its secure mail goes, as `10 host`. Segl does not follow it: our own mail server delivers.
    pub mx: Vec<String>,
}

/// The one record of this kind among the TXT records of the domain; several are none.
pub(super) fn of(records: &[Vec<u8>]) -> Option<Nta7516> {
    let texts = records.iter().filter_map(|r| str::from_utf8(r).ok());
    let mut found = texts.filter_map(parse);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn parse(text: &str) -> Option<Nta7516> {
    let mut fields = text.split(';').map(str::trim);
    (fields.next()? == "v=NTA7516-1").then_some(())?;
    let mut says = Nta7516 {
        start: None,
        end: None,
        provider: None,
        mx: Vec::new(),
    };
    for (key, value) in fields.filter_map(|f| f.split_once('=')) {
        let value = value.trim().to_owned();
        match key.trim() {
            "startdate" => says.start = says.start.or(Some(value)),
            "enddate" => says.end = says.end.or(Some(value)),
            "provider" => says.provider = says.provider.or(Some(value)),
            "ntamx" => says.mx.push(value),
            _ => {}
        }
    }
    Some(says)
}

/// Whether one of the TXT records at `_smtp._tls.DOMAIN` asks for reports (RFC 8460 §3): exactly one that says where to.
pub(super) fn wants_reports(records: &[Vec<u8>]) -> bool {
    let mut found = records.iter().filter(|r| r.starts_with(b"v=TLSRPTv1"));
    let is_whole = |r: &Vec<u8>| {
        let text = String::from_utf8_lossy(r);
        let mut fields = text.split(';').map(str::trim);
        fields.next() == Some("v=TLSRPTv1")
            && fields.any(|f| f.starts_with("rua=mailto:") || f.starts_with("rua=https:"))
    };
    found.next().is_some_and(is_whole) && found.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(texts: &[&str]) -> Vec<Vec<u8>> {
        texts.iter().map(|t| t.as_bytes().to_vec()).collect()
    }

    #[test]
    fn the_fields_of_nta_7516_are_read_and_two_records_are_none() {
        let text = "v=NTA7516-1;startdate=2025-01;enddate=2027-12;provider=Zorg BV;ntamx=10 nta.zorg.example";
        let says = of(&records(&["v=spf1 -all", text])).unwrap();
        assert_eq!(says.start.as_deref(), Some("2025-01"));
        assert_eq!(says.end.as_deref(), Some("2027-12"));
        assert_eq!(says.provider.as_deref(), Some("Zorg BV"));
        assert_eq!(says.mx, ["10 nta.zorg.example"]);
        assert_eq!(of(&records(&[text, text])), None);
        assert_eq!(of(&records(&["v=NTA7516-10"])), None);
    }

    #[test]
    fn reports_are_wanted_where_one_record_says_where_to() {
        assert!(wants_reports(&records(&[
            "v=TLSRPTv1; rua=mailto:tls@a.example"
        ])));
        assert!(wants_reports(&records(&[
            "v=TLSRPTv1;rua=https://a.example/t"
        ])));
        assert!(!wants_reports(&records(&["v=TLSRPTv1;"])));
        assert!(!wants_reports(&records(
            &["v=TLSRPTv1;rua=mailto:a@b.example"; 2]
        )));
        assert!(!wants_reports(&[]));
    }
}
