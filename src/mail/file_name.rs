//! Names of files that came with a mail: made fit to be saved.

use super::is_forbidden;

/// Characters of a name at most: file systems hold 255 octets, and a name may be all of four octets.
const MAX_CHARACTERS: usize = 60;

/// Names that are devices on Windows, with any ending.
const RESERVED: [&str; 30] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "com¹", "com²",
    "com³", "lpt¹", "lpt²", "lpt³", "conin$", "conout$",
];

/// A name without path, control and bidirectional characters, and with one ending: `invoice.pdf.exe` becomes
/// `invoice_pdf.exe`, so that the ending that counts is the one that is read. Never empty, never hidden, never reserved.
pub fn safe_file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let cleaned: String = last
        .chars()
        .filter(|c| !c.is_control() && !is_forbidden(*c))
        .map(|c| match c {
            '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
            c if is_blank(c) => ' ',
            c => c,
        })
        .collect();
    // Of many blanks the last ones would push the ending out of sight.
    let cleaned = cleaned.split(' ').filter(|word| !word.is_empty());
    let cleaned = cleaned.collect::<Vec<_>>().join(" ");
    let trimmed = cleaned.trim_matches(|c| matches!(c, '.' | ' ' | '~'));
    let (stem, ending) = match trimmed.rsplit_once('.') {
        Some((stem, ending)) if ending.chars().count() <= 10 => (stem, Some(ending)),
        _ => (trimmed, None),
    };
    let mut stem: String = stem
        .replace('.', "_")
        .chars()
        .take(MAX_CHARACTERS)
        .collect();
    stem.truncate(stem.trim_end().len());
    if stem.is_empty() || RESERVED.contains(&stem.to_ascii_lowercase().trim_end()) {
        stem.insert_str(0, "file_");
    }
    match ending {
        Some(ending) if !ending.is_empty() => format!("{stem}.{ending}"),
        _ => stem,
    }
}

/// Whether nothing is seen of it: letters that fill a place in Korean, and the empty pattern of braille, too.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{115F}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_from_outside_can_neither_leave_its_folder_nor_hide_what_it_is() {
        for (given, saved) in [
            ("replik.pdf", "replik.pdf"),
            ("../../etc/passwd", "passwd"),
            (r"C:\Windows\evil.exe", "evil.exe"),
            ("faktura.pdf.exe", "faktura_pdf.exe"),
            ("faktura\u{202e}fdp.exe", "fakturafdp.exe"),
            ("a\r\nb\0.txt", "ab.txt"),
            (".bashrc", "bashrc"),
            ("con.txt", "file_con.txt"),
            ("AUX", "file_AUX"),
            ("x:y.txt", "x_y.txt"),
            ("", "file_"),
            ("...", "file_"),
            ("bilag .pdf.", "bilag.pdf"),
            ("COM¹.txt", "file_COM¹.txt"),
            ("lpt³", "file_lpt³"),
            ("CONIN$", "file_CONIN$"),
            ("conout$.log", "file_conout$.log"),
            (
                "replik.pdf\u{3164}\u{2800}\u{3164}\u{2800}.exe",
                "replik_pdf.exe",
            ),
            ("a\u{a0}\u{2003}  b.pdf", "a b.pdf"),
            ("a\u{180e}\u{e0061}\u{e007f}.pdf", "a.pdf"),
        ] {
            assert_eq!(safe_file_name(given), saved, "{given:?}");
        }
        let long = safe_file_name(&format!("{}.pdf", "æ".repeat(500)));
        assert!(
            long.len() <= 255 && long.rsplit_once('.').is_some_and(|(_, end)| end == "pdf"),
            "{long}"
        );
    }
}
