//! MTA-STS (RFC 8461): the announcement in DNS, the policy, and which mail servers it names.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::StsHost;

/// A policy counts for a year at most (RFC 8461 §3.2).
const LONGEST: u32 = 31_557_600;
/// Names in one policy at most.
const NAMES_MAX: usize = 1000;

/// What a sender that follows the policy does (RFC 8461 §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// It delivers only to a server that the policy names and that proves its name.
    Enforce,
    /// It delivers anyway, and reports.
    Testing,
    /// As if there were no policy.
    None,
}

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StsPolicy {
    /// The id of the announcement.
    pub id: String,
    /// What it wants.
    pub mode: Mode,
    /// How long it holds, in seconds.
    pub max_age: u32,
    /// The mail servers that it names; `*.` stands for one label.
    pub mx: Vec<String>,
    /// When it was fetched.
    pub fetched_at: Timestamp,
}

/// Why a text is no policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFault {
    /// Not UTF-8, or a line that is no field.
    #[error("not lines of fields")]
    Syntax,
    /// Another version, or none at the beginning.
    #[error("not of version STSv1")]
    Version,
    /// A field is missing or wrong.
    #[error("the field {0} is missing or wrong")]
    Field(&'static str),
}

/// The id of the one announcement among the TXT records at `_mta-sts.DOMAIN` (RFC 8461 §3.1): `Ok(None)` where none
/// announces anything, `Err` where one is wrong or there are several.
pub(super) fn announced(records: &[Vec<u8>]) -> Result<Option<String>, ()> {
    let mut found = records.iter().filter(|r| r.starts_with(b"v=STSv1"));
    let Some(record) = found.next() else {
        return Ok(None);
    };
    if found.next().is_some() {
        return Err(());
    }
    id(record).map(Some).ok_or(())
}

fn id(record: &[u8]) -> Option<String> {
    let text = str::from_utf8(record).ok()?;
    let mut fields = text.split(';');
    (fields.next()?.trim_end_matches([' ', '\t']) == "v=STSv1").then_some(())?;
    let id = fields.find_map(|field| {
        let (key, value) = field.trim_matches([' ', '\t']).split_once('=')?;
        (key == "id").then_some(value)
    })?;
    let is_good = (1..=32).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric());
    is_good.then(|| id.to_owned())
}

impl StsPolicy {
    /// Reads a policy (RFC 8461 §3.2). Of a field that may stand once the first counts; unknown ones are passed over.
    pub fn parse(octets: &[u8], id: &str, fetched_at: Timestamp) -> Result<Self, PolicyFault> {
        let text = str::from_utf8(octets).map_err(|_not_text| PolicyFault::Syntax)?;
        let mut version = None;
        let (mut mode, mut max_age, mut mx) = (None, None, Vec::new());
        for line in text.split('\n') {
            let line = line.strip_suffix('\r').unwrap_or(line);
            if line.trim_matches([' ', '\t']).is_empty() {
                continue;
            }
            let (key, value) = line.split_once(':').ok_or(PolicyFault::Syntax)?;
            let value = value.trim_matches([' ', '\t']);
            match key.trim_matches([' ', '\t']) {
                "version" => version = version.or(Some(value)),
                "mode" => mode = mode.or(Some(value)),
                "max_age" => max_age = max_age.or(Some(value)),
                "mx" if mx.len() < NAMES_MAX => mx.push(name(value)?),
                "mx" => return Err(PolicyFault::Field("mx")),
                _ => {}
            }
        }
        if version != Some("STSv1") {
            return Err(PolicyFault::Version);
        }
        let mode = match mode {
            Some("enforce") => Mode::Enforce,
            Some("testing") => Mode::Testing,
            Some("none") => Mode::None,
            _ => return Err(PolicyFault::Field("mode")),
        };
        let digits = max_age
            .filter(|d| (1..=10).contains(&d.len()) && d.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|d| d.parse::<u64>().ok())
            .ok_or(PolicyFault::Field("max_age"))?;
        let max_age = u32::try_from(digits).unwrap_or(LONGEST).min(LONGEST);
        if mode != Mode::None && mx.is_empty() {
            return Err(PolicyFault::Field("mx"));
        }
        Ok(Self {
            id: id.to_owned(),
            mode,
            max_age,
            mx,
            fetched_at,
        })
    }

    /// Whether it still counts. One from the future does not: the clock was set back.
    pub fn holds_at(&self, at: Timestamp) -> bool {
        let age = at.duration_since(self.fetched_at);
        !age.is_negative() && age < SignedDuration::from_secs(i64::from(self.max_age))
    }

    /// Whether it names a mail server (RFC 8461 §4.1): `*.` is exactly one label, and only the first.
    pub fn names(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        self.mx
            .iter()
            .any(|pattern| match pattern.strip_prefix("*.") {
                None => *pattern == host,
                Some(rest) => host
                    .split_once('.')
                    .is_some_and(|(label, parent)| !label.is_empty() && parent == rest),
            })
    }

    /// What it says of a mail server.
    pub fn of(&self, host: &str) -> StsHost {
        match (self.mode, self.names(host)) {
            (Mode::Enforce, true) => StsHost::Enforced,
            (Mode::Enforce, false) => StsHost::NotNamed,
            (Mode::Testing, true) => StsHost::Testing,
            (Mode::Testing, false) | (Mode::None, _) => StsHost::Nothing,
        }
    }
}

/// A name or pattern, in lower case.
fn name(text: &str) -> Result<String, PolicyFault> {
    let lower = text.trim_end_matches('.').to_ascii_lowercase();
    let labels = lower.strip_prefix("*.").unwrap_or(&lower);
    let is_label = |l: &str| {
        (1..=63).contains(&l.len())
            && l.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    if lower.len() <= 255 && labels.split('.').all(is_label) {
        Ok(lower)
    } else {
        Err(PolicyFault::Field("mx"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp::constant(1_760_000_000, 0);

    fn parse(text: &str) -> Result<StsPolicy, PolicyFault> {
        StsPolicy::parse(text.as_bytes(), "1", AT)
    }

    fn of(records: &[&str]) -> Result<Option<String>, ()> {
        let records: Vec<Vec<u8>> = records.iter().map(|r| r.as_bytes().to_vec()).collect();
        announced(&records)
    }

    #[test]
    fn exactly_one_announcement_counts() {
        assert_eq!(
            of(&["v=STSv1; id=20251109T1;"]),
            Ok(Some("20251109T1".to_owned()))
        );
        assert_eq!(
            of(&["v=spf1 -all", "v=STSv1;id=a"]),
            Ok(Some("a".to_owned()))
        );
        assert_eq!(of(&["v=STSv1; x=y ; id=a"]), Ok(Some("a".to_owned())));
        assert_eq!(of(&[]), Ok(None));
        assert_eq!(of(&["hello"]), Ok(None));
        let id33 = format!("v=STSv1; id={}", "a".repeat(33));
        for wrong in [
            &["v=STSv1; id=a", "v=STSv1; id=b"][..],
            &["v=STSv1;"],
            &["v=STSv1; id=;"],
            &["v=STSv1; id=a-b"],
            &["v=STSv11; id=a"],
            &["v=STSv1; ID=a"],
            &[&id33],
        ] {
            assert_eq!(of(wrong), Err(()), "{wrong:?}");
        }
    }

    #[test]
    fn a_policy_is_read_with_either_line_end_and_the_first_of_two_fields_counts() {
        let text = "version: STSv1\r\nmode: enforce\nmode: none\nmx: Mail.Example.COM\nmx: *.example.net\n\
            max_age: 604800\nfuture: thing\n";
        let policy = parse(text).unwrap();
        assert_eq!(policy.mode, Mode::Enforce);
        assert_eq!(policy.mx, ["mail.example.com", "*.example.net"]);
        assert_eq!(policy.max_age, 604_800);
    }

    #[test]
    fn what_is_no_policy_is_none() {
        let good = "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 1\n";
        assert!(parse(good).is_ok());
        for (from, to) in [
            ("STSv1", "STSv2"),
            ("enforce", "Enforce"),
            ("mx: a.example\n", ""),
            ("max_age: 1", "max_age: -1"),
            ("max_age: 1", "max_age: 12345678901"),
            ("max_age: 1\n", ""),
            ("a.example", "a..example"),
            ("a.example", "*.*.example"),
            ("a.example", "a.*.example"),
            ("a.example", "*"),
            ("version: STSv1\n", "<html>\n"),
        ] {
            assert!(parse(&good.replace(from, to)).is_err(), "{from} -> {to}");
        }
        assert!(StsPolicy::parse(b"version: STSv1\n\xff", "1", AT).is_err());
        assert!(parse("version: STSv1\nmode: none\nmax_age: 1\n").is_ok());
    }

    #[test]
    fn a_star_is_one_whole_label() {
        let policy = parse(
            "version: STSv1\nmode: enforce\nmx: *.example.net\nmx: mx.example.com\nmax_age: 9\n",
        )
        .unwrap();
        for named in [
            "a.example.net",
            "A.EXAMPLE.NET",
            "mx.example.com",
            "mx.example.com.",
        ] {
            assert!(policy.names(named), "{named}");
        }
        for other in [
            "example.net",
            "a.b.example.net",
            ".example.net",
            "aexample.net",
            "b.mx.example.com",
            "example.com",
        ] {
            assert!(!policy.names(other), "{other}");
        }
    }

    #[test]
    fn a_policy_holds_for_its_time_and_not_before_it_was_fetched() {
        let policy = parse("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 10\n").unwrap();
        let after = |s| AT + SignedDuration::from_secs(s);
        assert!(policy.holds_at(AT) && policy.holds_at(after(9)));
        assert!(!policy.holds_at(after(10)) && !policy.holds_at(after(-1)));
        let long = parse("version: STSv1\nmode: testing\nmx: a.example\nmax_age: 9999999999\n");
        assert_eq!(long.unwrap().max_age, LONGEST);
    }

    #[test]
    fn only_enforce_that_names_the_server_counts() {
        let text = "version: STSv1\nmode: MODE\nmx: a.example\nmax_age: 10\n";
        let of = |mode: &str, host: &str| parse(&text.replace("MODE", mode)).unwrap().of(host);
        assert_eq!(of("enforce", "a.example"), StsHost::Enforced);
        assert_eq!(of("enforce", "b.example"), StsHost::NotNamed);
        assert_eq!(of("testing", "a.example"), StsHost::Testing);
        assert_eq!(of("none", "a.example"), StsHost::Nothing);
    }
}
