//! Message identifiers that somebody names: what another mail answers.

/// A message identifier (RFC 5322 §3.6.4) in its angle brackets, which may be left out; `None` where it is none.
pub fn message_id(text: &str) -> Option<String> {
    let text = text.trim();
    let inner = text.strip_prefix('<').unwrap_or(text);
    let inner = inner.strip_suffix('>').unwrap_or(inner);
    let holds = inner.contains('@')
        && inner
            .bytes()
            .all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>');
    holds.then(|| format!("<{inner}>"))
}
