//! Which value holds, and where it comes from.

use std::collections::BTreeSet;

use serde::Serialize;
use toml::{Table, Value};

use super::{schema, source::Source};

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The machine's policy file.
    Policy,
    /// The settings file.
    File,
    /// Nobody set it.
    Default,
}

/// Every value in force, with its origin.
#[derive(Debug, Clone, Default)]
pub struct Effective {
    values: Vec<(String, Value, Origin)>,
    locked: BTreeSet<String>,
}

impl Effective {
    /// Key such as `policy.hold`, value, origin; in the order of the keys.
    pub fn values(&self) -> &[(String, Value, Origin)] {
        &self.values
    }

    /// Whether IT locked this key.
    pub fn is_locked(&self, key: &str) -> bool {
        self.locked.contains(key)
    }

    /// The origin of a key.
    pub fn origin(&self, key: &str) -> Origin {
        self.values
            .iter()
            .find(|(k, ..)| k == key)
            .map_or(Origin::Default, |(.., origin)| *origin)
    }
}

/// Merges key by key: policy before file before default. A key that the policy locks is not taken from the file. Lists of
/// tables, such as `[[directory]]`, count as one key.
pub(super) fn merge(
    policy: Option<&Source>,
    file: Option<&Source>,
    defaults: &Table,
) -> (Table, Effective) {
    let locked = policy.map(|p| locked(&p.table)).unwrap_or_default();
    let mut merged = Table::new();
    let mut effective = Effective {
        values: Vec::new(),
        locked,
    };
    put(
        &mut merged,
        &mut effective.values,
        defaults,
        Origin::Default,
        &BTreeSet::new(),
    );
    if let Some(file) = file {
        put(
            &mut merged,
            &mut effective.values,
            &file.table,
            Origin::File,
            &effective.locked,
        );
    }
    if let Some(policy) = policy {
        put(
            &mut merged,
            &mut effective.values,
            &policy.table,
            Origin::Policy,
            &BTreeSet::new(),
        );
    }
    effective.values.sort_by(|a, b| a.0.cmp(&b.0));
    (merged, effective)
}

fn locked(table: &Table) -> BTreeSet<String> {
    let list = table
        .get("policy")
        .and_then(|p| p.get("locked"))
        .and_then(Value::as_array);
    list.map(|l| {
        l.iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    })
    .unwrap_or_default()
}

fn put(
    merged: &mut Table,
    values: &mut Vec<(String, Value, Origin)>,
    from: &Table,
    origin: Origin,
    locked: &BTreeSet<String>,
) {
    for (name, value) in from {
        put_value(merged, values, name, (name, value), origin, locked);
    }
}

/// Puts one value under its whole name, such as `submission.oauth.client_id`; a table that is a section key by key.
fn put_value(
    merged: &mut Table,
    values: &mut Vec<(String, Value, Origin)>,
    path: &str,
    (key, value): (&String, &Value),
    origin: Origin,
    locked: &BTreeSet<String>,
) {
    if locked.contains(path) {
        return;
    }
    let section = value
        .as_table()
        .filter(|_| schema::section(path).is_some() || !path.contains('.'));
    let Some(inner) = section else {
        values.retain(|(k, ..)| k != path);
        values.push((path.to_owned(), value.clone(), origin));
        merged.insert(key.clone(), value.clone());
        return;
    };
    let target = merged
        .entry(key.clone())
        .or_insert_with(|| Value::Table(Table::new()));
    if let Value::Table(target) = target {
        for (name, value) in inner {
            let path = format!("{path}.{name}");
            put_value(target, values, &path, (name, value), origin, locked);
        }
    }
}
