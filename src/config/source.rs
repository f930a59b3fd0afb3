//! One settings file: read, its keys held against the schema, its paths made absolute.

use std::path::{Path, PathBuf};

use toml::{
    Spanned, Table, Value,
    de::{DeTable, DeValue},
};

use super::{
    ConfigError,
    schema::{self, Kind, Section},
};

/// Octets of a settings file at most.
const MAX_OCTETS: u64 = 4 << 20;

/// A settings file that was read.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) text: String,
    /// Its values, with paths made absolute, without the keys that are unknown here.
    pub(super) table: Table,
    /// Keys that this version does not know or does not have yet, with their lines.
    pub(super) unknown: Vec<ConfigError>,
}

impl Source {
    /// Reads a file. Unknown keys are noted and left out; whether they are an error depends on whose file it is.
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        let unreadable = |source: std::io::Error| ConfigError::unreadable(path, &source);
        let metadata = std::fs::metadata(path).map_err(unreadable)?;
        if !metadata.is_file() || metadata.len() > MAX_OCTETS {
            return Err(unreadable(std::io::Error::other(
                "not a regular file of sensible size",
            )));
        }
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        Self::parse(path, text)
    }

    pub(super) fn parse(path: &Path, text: String) -> Result<Self, ConfigError> {
        let syntax = |e: &toml::de::Error| ConfigError::Syntax {
            file: path.to_owned(),
            line: e.span().map_or(1, |s| line_of(&text, s.start)),
            message: e.message().to_owned(),
        };
        let spanned = DeTable::parse(&text).map_err(|e| syntax(&e))?;
        let mut table: Table = toml::from_str(&text).map_err(|e| syntax(&e))?;
        let mut unknown = Vec::new();
        for finding in unknown_keys(spanned.get_ref()) {
            remove(&mut table, &finding);
            unknown.push(finding.error(path, &text));
        }
        absolute_paths(&mut table, path.parent().unwrap_or(Path::new(".")));
        Ok(Self {
            path: path.to_owned(),
            text,
            table,
            unknown,
        })
    }

    /// The line on which a key such as `directory[1].url` or `policy.hold` stands.
    pub(super) fn line(&self, key: &str) -> Option<usize> {
        let spanned = DeTable::parse(&self.text).ok()?;
        let (section, name) = key.split_once('.')?;
        let (section, index) = section.split_once('[').map_or((section, 0), |(s, i)| {
            (s, i.trim_end_matches(']').parse().unwrap_or(0))
        });
        let value = find(spanned.get_ref(), section)?;
        let table = match value.get_ref() {
            DeValue::Table(table) => match name.split_once('.') {
                Some((inner, name)) => {
                    let table = find(table, inner)?.get_ref().as_table()?;
                    return Some(line_of(&self.text, key_start(table, name)?));
                }
                None => table,
            },
            DeValue::Array(list) => list.get(index)?.get_ref().as_table()?,
            _ => return None,
        };
        let at = key_start(table, name);
        Some(line_of(
            &self.text,
            at.unwrap_or_else(|| value.span().start),
        ))
    }
}

fn key_start(table: &DeTable<'_>, name: &str) -> Option<usize> {
    table
        .iter()
        .find(|(k, _)| k.get_ref().as_ref() == name)
        .map(|(k, _)| k.span().start)
}

fn find<'a, 'i>(table: &'a DeTable<'i>, name: &str) -> Option<&'a Spanned<DeValue<'i>>> {
    table
        .iter()
        .find(|(k, _)| k.get_ref().as_ref() == name)
        .map(|(_, v)| v)
}

/// A key that is not in the schema, or not in this version.
struct Finding {
    section: Option<(String, usize)>,
    key: String,
    at: usize,
    is_later: bool,
    suggestion: Option<String>,
}

impl Finding {
    fn error(&self, path: &Path, text: &str) -> ConfigError {
        let (file, line) = (path.to_owned(), line_of(text, self.at));
        let key = match &self.section {
            Some((section, _)) => format!("{section}.{}", self.key),
            None => self.key.clone(),
        };
        if self.is_later {
            ConfigError::NotInThisVersion { file, line, key }
        } else {
            ConfigError::UnknownKey {
                file,
                line,
                key: self.key.clone(),
                suggestion: self.suggestion.clone(),
            }
        }
    }
}

fn unknown_keys(table: &DeTable<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, value) in table {
        let name_text: &str = name.get_ref();
        let Some(section) = schema::section(name_text) else {
            if !schema::POLICY_KEYS.contains(&name_text) {
                let known = schema::SECTIONS.iter().map(|s| s.name);
                findings.push(Finding {
                    section: None,
                    key: name_text.to_owned(),
                    at: name.span().start,
                    is_later: false,
                    suggestion: schema::nearest(name_text, known),
                });
            }
            continue;
        };
        let tables: Vec<&DeTable<'_>> = match value.get_ref() {
            DeValue::Table(table) => vec![table],
            DeValue::Array(list) => list.iter().filter_map(|v| v.get_ref().as_table()).collect(),
            _ => Vec::new(),
        };
        for (index, table) in tables.into_iter().enumerate() {
            findings.extend(unknown_in(section, index, table));
        }
    }
    findings
}

fn unknown_in(section: &Section, index: usize, table: &DeTable<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (key, value) in table {
        let key_text: &str = key.get_ref();
        let kind = schema::kind(section, key_text);
        let inner = schema::section(&format!("{}.{key_text}", section.name));
        match (kind, inner, value.get_ref()) {
            (Some(Kind::Table), Some(inner), DeValue::Table(table)) => {
                findings.extend(unknown_in(inner, 0, table));
            }
            // Where a table is wanted and there is none, the type is wrong, which is found where types are.
            (Some(Kind::Value | Kind::Path | Kind::Table), ..) => {}
            _ => findings.push(Finding {
                section: Some((section.name.to_owned(), index)),
                key: key_text.to_owned(),
                at: key.span().start,
                is_later: kind == Some(Kind::Later),
                suggestion: schema::nearest(key_text, section.keys.iter().map(|(k, _)| *k)),
            }),
        }
    }
    findings
}

fn remove(table: &mut Table, finding: &Finding) {
    let Some((section, index)) = &finding.section else {
        table.remove(&finding.key);
        return;
    };
    let (outer, nested) = section
        .split_once('.')
        .map_or((section.as_str(), None), |(o, n)| (o, Some(n)));
    let found = table.get_mut(outer);
    let found = match nested {
        Some(name) => found.and_then(|t| t.as_table_mut()?.get_mut(name)),
        None => found,
    };
    match found {
        Some(Value::Table(inner)) => {
            inner.remove(&finding.key);
        }
        Some(Value::Array(list)) => {
            if let Some(inner) = list.get_mut(*index).and_then(Value::as_table_mut) {
                inner.remove(&finding.key);
            }
        }
        _ => {}
    }
}

fn absolute_paths(table: &mut Table, base: &Path) {
    for section in schema::SECTIONS {
        let tables: Vec<&mut Table> = match table.get_mut(section.name) {
            Some(Value::Table(inner)) => vec![inner],
            Some(Value::Array(list)) => list.iter_mut().filter_map(Value::as_table_mut).collect(),
            _ => Vec::new(),
        };
        for inner in tables {
            for (key, kind) in section.keys {
                if let Some(value) = inner.get_mut(*key).filter(|_| *kind == Kind::Path) {
                    absolute(value, base);
                }
            }
        }
    }
}

/// A path, a list of paths, or a list of `{ file = …, sha256 = … }`.
fn absolute(value: &mut Value, base: &Path) {
    match value {
        Value::String(path) => *path = base.join(&path).to_string_lossy().into_owned(),
        Value::Array(list) => list.iter_mut().for_each(|v| absolute(v, base)),
        Value::Table(pinned) => {
            if let Some(file) = pinned.get_mut("file") {
                absolute(file, base);
            }
        }
        _ => {}
    }
}

pub(super) fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|b| *b == b'\n').count()
}
