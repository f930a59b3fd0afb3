//! What a message can do to people if others read it, and how likely that is: impact × probability, by the firm's own
//! matrix. Pure.
//!
//! The scale and the default cells are those of a data protection authority's own impact assessments: five by five, with
//! low, medium and high risk. Green and red belong to the light alone: a risk is a word.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    mail::{Class, Digest},
    tls::Level,
};

/// The file that is in force where the firm names none.
const DEFAULT: &str = include_str!("../assets/risk/default.toml");

/// What a risk comes to. The order is that of the risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Band {
    /// Can be accepted as a matter of routine.
    Low,
    /// Can be accepted for a reason.
    Medium,
    /// Is not accepted, unless policy lifts it.
    High,
}

/// The way that a message takes to one recipient, as far as the risk depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Encrypted end to end; the certificate names the address.
    Person,
    /// Encrypted end to end; the certificate is bound by its organisation.
    Organisation,
    /// Encrypted to the gateway of the recipient's organisation.
    Tunnel,
    /// Stays on the firm's own mail server.
    Internal,
    /// In the clear to every mail server on its way, over transport of this level.
    Transport(Level),
}

/// The risk of one message by one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Risk {
    /// 1 to 5.
    pub impact: u8,
    /// 1 to 5.
    pub probability: u8,
    /// What the two come to.
    pub band: Band,
}

/// The firm's scores, cells and criteria. Read from a file and checked, or the default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    version: String,
    sha256: Digest,
    file: File,
}

/// Why a risk file does not do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RiskError {
    /// It is no TOML, or not of this shape.
    #[error("{0}")]
    Unreadable(String),
    /// It is of a later format.
    #[error("schema {0} is newer than this program")]
    Newer(u32),
    /// It has no version, so that nobody could say later which one was in force.
    #[error("the version is empty")]
    NoVersion,
    /// A score is not between 1 and 5.
    #[error("{0} is not between 1 and 5")]
    Score(&'static str),
    /// A cell is lower than one of a lower score.
    #[error("impact {impact}, probability {probability}: the risk is lower than at a lower score")]
    Falls {
        /// 1 to 5.
        impact: usize,
        /// 1 to 5.
        probability: usize,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u32,
    version: String,
    impact: Impact,
    probability: Probability,
    matrix: Cells,
    /// By language.
    criteria: BTreeMap<String, Criteria>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Impact {
    ordinary: u8,
    confidential: u8,
    sensitive: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Probability {
    person: u8,
    organisation: u8,
    tunnel: u8,
    internal: u8,
    guaranteed: u8,
    published: u8,
    verified: u8,
    offered: u8,
    unknown: u8,
    none: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cells {
    /// Rows: probability 5 down to 1; columns: impact 1 to 5.
    cells: [[Band; 5]; 5],
}

/// What the scores mean, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criteria {
    /// From 1 to 5.
    pub impact: [String; 5],
    /// From 1 to 5.
    pub probability: [String; 5],
    /// What low risk means for the sender.
    pub low: String,
    /// Medium.
    pub medium: String,
    /// High.
    pub high: String,
}

impl Band {
    /// The code in record and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl Matrix {
    /// Reads a risk file and checks that it makes sense: a higher score is never a lower risk.
    pub fn parse(text: &str) -> Result<Self, RiskError> {
        let file: File =
            toml::from_str(text).map_err(|e| RiskError::Unreadable(e.message().to_owned()))?;
        if file.schema != 1 {
            return Err(RiskError::Newer(file.schema));
        }
        let version = file.version.trim().to_owned();
        if version.is_empty() {
            return Err(RiskError::NoVersion);
        }
        for (name, score) in file.scores() {
            if !(1..=5).contains(&score) {
                return Err(RiskError::Score(name));
            }
        }
        let matrix = Self {
            version,
            sha256: Digest::of(text.as_bytes()),
            file,
        };
        matrix.never_falls()?;
        Ok(matrix)
    }

    /// The risk of a message of this class by this way.
    pub fn risk(&self, class: Class, way: Way) -> Risk {
        let impact = match class {
            Class::Ordinary => self.file.impact.ordinary,
            Class::Confidential => self.file.impact.confidential,
            Class::Sensitive => self.file.impact.sensitive,
        };
        let scores = &self.file.probability;
        let probability = match way {
            Way::Person => scores.person,
            Way::Organisation => scores.organisation,
            Way::Tunnel => scores.tunnel,
            Way::Internal => scores.internal,
            Way::Transport(Level::Guaranteed) => scores.guaranteed,
            Way::Transport(Level::Published) => scores.published,
            Way::Transport(Level::Verified) => scores.verified,
            Way::Transport(Level::Offered) => scores.offered,
            Way::Transport(Level::Unknown) => scores.unknown,
            Way::Transport(Level::None) => scores.none,
        };
        let band = self.cell(usize::from(impact), usize::from(probability));
        Risk {
            impact,
            probability,
            band,
        }
    }

    /// The version that the file gives itself.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// SHA-256 of the file.
    pub fn sha256(&self) -> Digest {
        self.sha256
    }

    /// What the scores mean, in a language such as `da`; in another one where the file does not have it.
    pub fn criteria(&self, language: &str) -> Option<&Criteria> {
        let criteria = &self.file.criteria;
        let wanted = criteria.get(language).or_else(|| criteria.get("en"));
        wanted.or_else(|| criteria.values().next())
    }

    /// The band of these scores, 1 to 5 each.
    pub fn cell(&self, impact: usize, probability: usize) -> Band {
        let row = self
            .file
            .matrix
            .cells
            .iter()
            .rev()
            .nth(probability.max(1) - 1);
        // Scores were checked; whatever else came would be the worst.
        row.and_then(|row| row.get(impact.max(1) - 1))
            .copied()
            .unwrap_or(Band::High)
    }

    fn never_falls(&self) -> Result<(), RiskError> {
        for impact in 1..=5 {
            for probability in 1..=5 {
                let here = self.cell(impact, probability);
                let lower = [(impact - 1, probability), (impact, probability - 1)];
                let falls = |&(i, p): &(usize, usize)| i > 0 && p > 0 && self.cell(i, p) > here;
                if lower.iter().any(falls) {
                    return Err(RiskError::Falls {
                        impact,
                        probability,
                    });
                }
            }
        }
        Ok(())
    }
}

impl Default for Matrix {
    fn default() -> Self {
        match Self::parse(DEFAULT) {
            Ok(matrix) => matrix,
            Err(e) => unreachable!("the default risk file: {e}"),
        }
    }
}

impl File {
    fn scores(&self) -> [(&'static str, u8); 13] {
        let (i, p) = (&self.impact, &self.probability);
        [
            ("impact.ordinary", i.ordinary),
            ("impact.confidential", i.confidential),
            ("impact.sensitive", i.sensitive),
            ("probability.person", p.person),
            ("probability.organisation", p.organisation),
            ("probability.tunnel", p.tunnel),
            ("probability.internal", p.internal),
            ("probability.guaranteed", p.guaranteed),
            ("probability.published", p.published),
            ("probability.verified", p.verified),
            ("probability.offered", p.offered),
            ("probability.unknown", p.unknown),
            ("probability.none", p.none),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Band::{High, Low, Medium},
        *,
    };

    const LEVELS: [Level; 6] = [
        Level::Guaranteed,
        Level::Published,
        Level::Verified,
        Level::Offered,
        Level::Unknown,
        Level::None,
    ];

    fn changed(from: &str, to: &str) -> Result<Matrix, RiskError> {
        assert!(DEFAULT.contains(from), "{from}");
        Matrix::parse(&DEFAULT.replacen(from, to, 1))
    }

    #[test]
    fn by_an_end_to_end_way_the_default_never_exceeds_low() {
        let matrix = Matrix::default();
        for class in Class::ALL {
            for way in [Way::Person, Way::Organisation, Way::Tunnel, Way::Internal] {
                assert_eq!(matrix.risk(class, way).band, Band::Low, "{class:?} {way:?}");
            }
        }
    }

    #[test]
    fn the_default_has_the_scores_and_the_cells_of_the_authoritys_table() {
        let matrix = Matrix::default();
        let probability = |way| matrix.risk(Class::Ordinary, way).probability;
        assert_eq!(
            LEVELS.map(|l| probability(Way::Transport(l))),
            [2, 3, 3, 4, 4, 5]
        );
        let impact = |class| matrix.risk(class, Way::Person).impact;
        assert_eq!(Class::ALL.map(impact), [2, 3, 4]);
        // By the product of the two, as the table gives it: up to 4 low, 5 to 12 medium, from 15 on high.
        for i in 1..=5 {
            for p in 1..=5 {
                let wanted = match i * p {
                    0..=4 => Band::Low,
                    5..=12 => Band::Medium,
                    _ => Band::High,
                };
                assert_eq!(matrix.cell(i, p), wanted, "impact {i}, probability {p}");
            }
        }
    }

    #[test]
    fn a_sensitive_message_over_transport_that_nobody_vouches_for_is_of_high_risk() {
        let matrix = Matrix::default();
        let band = |class, level| matrix.risk(class, Way::Transport(level)).band;
        let of = |class| LEVELS.map(|level| band(class, level));
        assert_eq!(
            of(Class::Ordinary),
            [Low, Medium, Medium, Medium, Medium, Medium]
        );
        assert_eq!(
            of(Class::Confidential),
            [Medium, Medium, Medium, Medium, Medium, High]
        );
        assert_eq!(
            of(Class::Sensitive),
            [Medium, Medium, Medium, High, High, High]
        );
    }

    #[test]
    fn the_firms_own_file_is_checked_and_told_by_version_and_digest() {
        let own = changed("version = \"segl-2026-11\"", "version = \"firmaet 3\"").unwrap();
        assert_eq!(own.version(), "firmaet 3");
        assert_ne!(own.sha256(), Matrix::default().sha256());
        assert!(own.criteria("da").unwrap().high.contains("anden vej"));
        assert!(own.criteria("de").is_some());
        let none = changed("version = \"segl-2026-11\"", "version = \" \"");
        assert_eq!(none, Err(RiskError::NoVersion));
        let score = changed("none = 5", "none = 6");
        assert_eq!(score, Err(RiskError::Score("probability.none")));
        assert_eq!(
            changed("schema = 1", "schema = 2"),
            Err(RiskError::Newer(2))
        );
        let unknown = changed("[impact]", "[impact]\nsecret = 5");
        assert!(matches!(unknown, Err(RiskError::Unreadable(_))));
    }

    #[test]
    fn a_higher_score_is_never_a_lower_risk() {
        let row = r#"["medium", "medium", "high",   "high",   "high"]"#;
        let falls = changed(row, r#"["medium", "medium", "high",   "low",   "high"]"#);
        assert!(
            matches!(
                falls,
                Err(RiskError::Falls {
                    impact: 4,
                    probability: 5
                })
            ),
            "{falls:?}"
        );
    }
}
