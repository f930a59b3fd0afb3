//! Text in `format=flowed` (RFC 3676), as many mail programs send it.

/// That the lines of a text were broken for the way.
pub(crate) struct Flow {
    /// `DelSp=yes`: the space before a soft break is no part of the text.
    drops_space: bool,
}

impl Flow {
    /// What the parameters of a text's Content-Type say; none where its lines are as they were written.
    pub(crate) fn of<'a>(parameter: impl Fn(&str) -> Option<&'a str>) -> Option<Self> {
        let says = |name, value| parameter(name).is_some_and(|p| p.eq_ignore_ascii_case(value));
        says("format", "flowed").then(|| Self {
            drops_space: says("delsp", "yes"),
        })
    }

    /// The text with its soft line breaks taken out and its lines unstuffed (§4). Quoted lines stay as they are, each
    /// behind its own mark.
    pub(crate) fn unflowed(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            let line = line.strip_prefix(' ').unwrap_or(line);
            match line.strip_suffix(" \n") {
                // "-- " is the signature separator, not a soft break.
                Some(soft) if soft != "--" && !soft.starts_with('>') => {
                    out.push_str(soft);
                    if !self.drops_space {
                        out.push(' ');
                    }
                }
                _ => out.push_str(line),
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unflowed(text: &str, drops_space: bool) -> String {
        Flow { drops_space }.unflowed(text)
    }

    #[test]
    fn soft_line_breaks_are_taken_out() {
        let text = "a \nb\n c\n-- \nAnne\n";
        assert_eq!(unflowed(text, false), "a b\nc\n-- \nAnne\n");
        assert_eq!(unflowed(text, true), "ab\nc\n-- \nAnne\n");
    }

    #[test]
    fn quoted_lines_stay_behind_their_marks() {
        let text = "> a \n> b\n >c\n";
        assert_eq!(unflowed(text, false), "> a \n> b\n>c\n");
    }
}
