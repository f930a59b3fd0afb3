//! A letter that is written once for many: a text with an optional subject on its first line, and names in braces that
//! are filled in for each recipient.

/// The text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The subject, where the first line gives one (`Subject:` or `Emne:`).
    pub subject: Option<String>,
    /// The text, lines ended by `\n`.
    pub text: String,
}

impl Letter {
    /// Reads one, with or without a byte order mark.
    pub fn parse(text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let first = text.lines().next().unwrap_or_default();
        let subject = ["Subject:", "Emne:"].iter().find_map(|field| {
            let begins = first.get(..field.len())?.eq_ignore_ascii_case(field);
            begins.then(|| first[field.len()..].trim().to_owned())
        });
        let body = match subject {
            Some(_) => text[first.len()..].trim_start_matches('\n').to_owned(),
            None => text,
        };
        Self {
            subject: subject.filter(|s| !s.is_empty()),
            text: body.trim_end().to_owned(),
        }
    }

    /// The same with every `{name}` filled in. Gives the names that have no value, or an empty one: such a letter is
    /// not finished. What is filled in is not looked at again.
    pub fn filled<'a>(&self, value: impl Fn(&str) -> Option<&'a str>) -> Result<Self, Vec<String>> {
        let mut missing = Vec::new();
        let mut fill = |text: &str| fill(text, &value, &mut missing);
        let (subject, text) = (self.subject.as_deref().map(&mut fill), fill(&self.text));
        if missing.is_empty() {
            Ok(Self { subject, text })
        } else {
            missing.sort();
            missing.dedup();
            Err(missing)
        }
    }
}

fn fill<'a>(
    text: &str,
    value: &impl Fn(&str) -> Option<&'a str>,
    missing: &mut Vec<String>,
) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let name = after.split_once('}').filter(|(name, _)| is_name(name));
        if let Some((name, behind)) = name {
            match value(name).filter(|v| !v.trim().is_empty()) {
                Some(value) => out.push_str(value),
                None => missing.push(name.to_owned()),
            }
            rest = behind;
        } else {
            out.push('{');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || "_- ".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_in_once_and_what_has_no_value_is_told() {
        let letter =
            Letter::parse("\u{feff}Emne: Sag {sag}\r\n\r\nKære {navn}\r\n{ikke et navn!} {}\r\n");
        assert_eq!(letter.subject.as_deref(), Some("Sag {sag}"));
        let value = |name: &str| match name {
            "sag" => Some("17"),
            "navn" => Some("Eva {sag}"),
            _ => None,
        };
        let filled = letter.filled(value).unwrap();
        assert_eq!(filled.subject.as_deref(), Some("Sag 17"));
        assert_eq!(filled.text, "Kære Eva {sag}\n{ikke et navn!} {}");
        let missing = letter.filled(|name| (name == "sag").then_some(" "));
        assert_eq!(missing, Err(vec!["navn".to_owned(), "sag".to_owned()]));
    }
}
