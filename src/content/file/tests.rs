//! Files of every kind that are read, made here; and hostile ones.

use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::*;
use crate::content::Category;

const LETTER: &str = "Klienten (CPR 070761-4285) er sygemeldt.";

fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, octets) in parts {
        zip.start_file(*name, options).unwrap();
        zip.write_all(octets).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn categories(name: &str, octets: &[u8]) -> (Vec<Category>, Vec<Unread>) {
    let found = examine_file(name, octets);
    (
        found.findings.iter().map(|f| f.category).collect(),
        found.not_examined,
    )
}

fn both() -> (Vec<Category>, Vec<Unread>) {
    (vec![Category::Cpr, Category::Health], vec![])
}

fn word(text: &str) -> Vec<u8> {
    // Broken into runs, as Word does when somebody corrected a digit.
    let runs: Vec<String> = text
        .split_inclusive('4')
        .map(|t| ["<w:r><w:t xml:space=\"preserve\">", t, "</w:t></w:r>"].concat())
        .collect();
    let runs = runs.concat();
    let xml = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body><w:p>{runs}</w:p></w:body></w:document>"
    );
    packed(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", xml.as_bytes()),
    ])
}

fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    for (at, object) in objects.iter().enumerate() {
        file.extend_from_slice(format!("{} 0 obj\n", at + 1).as_bytes());
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    file.extend_from_slice(b"trailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n");
    file
}

fn stream(dictionary: &str, octets: &[u8]) -> Vec<u8> {
    let packed = miniz_oxide::deflate::compress_to_vec_zlib(octets, 6);
    let mut object = format!(
        "<<{dictionary}/Filter/FlateDecode/Length {}>>\nstream\n",
        packed.len()
    )
    .into_bytes();
    object.extend_from_slice(&packed);
    object.extend_from_slice(b"\nendstream");
    object
}

fn page(font: &str, content: &str) -> Vec<u8> {
    pdf(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1/Resources<</Font<</F1 5 0 R>>>>>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R>>".to_vec(),
        stream("", content.as_bytes()),
        font.as_bytes().to_vec(),
    ])
}

const PLAIN: &str = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>";

#[test]
fn text_is_found_in_every_kind_of_file_that_offices_send() {
    let latin: Vec<u8> = "Pasienten fra Århus: CPR 070761-4285, sygemeldt"
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let odt = packed(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        (
            "content.xml",
            b"<o:d xmlns:text=\"t\"><text:p>CPR <text:span>0707</text:span>61-4285</text:p>\
              <text:p>syge<text:soft-page-break/>meldt</text:p></o:d>",
        ),
    ]);
    let sheet = packed(&[
        ("xl/workbook.xml", b"<workbook/>"),
        (
            "xl/worksheets/sheet1.xml",
            b"<sheetData><row><c t=\"s\"><v>0</v></c><c><v>707614285</v></c></row>\
              <row><c t=\"inlineStr\"><is><t>sygemeldt</t></is></c></row></sheetData>",
        ),
        (
            "xl/sharedStrings.xml",
            b"<sst><si><r><t>C</t></r><r><t>PR</t></r></si></sst>",
        ),
    ]);
    let mail = format!(
        "From: a@x.example\r\nTo: b@y.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{LETTER}\r\n"
    );
    let nested = packed(&[("mappe/brev.docx", &word(LETTER))]);
    let html = format!(
        "<!DOCTYPE html><p>{}</p>",
        LETTER.replace("syge", "<b>syge</b>")
    );
    let slides = format!("<p:sld><a:p><a:r><a:t>{LETTER}</a:t></a:r></a:p></p:sld>");
    let slides = packed(&[
        ("ppt/presentation.xml", b"<p/>"),
        ("ppt/slides/slide1.xml", slides.as_bytes()),
    ]);
    let files: [(&str, &[u8]); 10] = [
        ("brev.txt", LETTER.as_bytes()),
        ("liste.csv", b"navn;cpr\r\nBo;070761-4285\r\n;sygemeldt\r\n"),
        ("brev.txt", &latin),
        ("brev.docx", &word(LETTER)),
        ("brev.odt", &odt),
        ("liste.xlsx", &sheet),
        ("dias.pptx", &slides),
        ("brev.eml", mail.as_bytes()),
        ("alt.zip", &nested),
        ("side.html", html.as_bytes()),
    ];
    for (name, octets) in files {
        assert_eq!(categories(name, octets), both(), "{name}");
    }
}

#[test]
fn a_pdf_is_read_whatever_its_fonts_and_streams_are() {
    let simple = "BT /F1 11 Tf 72 700 Td (Klienten \\(CPR 0707) Tj [(61-) -20 (4285\\)) ] TJ \
        0 -14 Td (er ) Tj (sygemeldt) Tj ET";
    let mut files = vec![("plain", page(PLAIN, simple))];

    // Codes of two octets and a table: "A" is 1, each letter behind it one more.
    let table = "1 begincodespacerange <0000> <FFFF> endcodespacerange \
        1 beginbfrange <0001> <0060> <0020> endbfrange";
    let numbers = "CPR 070761-4285 sygemeldt".bytes();
    let numbers = numbers.map(|o| format!("{:04X}", u32::from(o) - 0x20 + 1));
    let coded = numbers.collect::<Vec<_>>().concat();
    files.push((
        "table",
        pdf(&[
            b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
            b"<</Type/Page/Parent 2 0 R/Contents [4 0 R]/Resources<</Font<</F1 5 0 R>>>>>>"
                .to_vec(),
            stream("", format!("BT /F1 9 Tf <{coded}> Tj ET").as_bytes()),
            b"<</Type/Font/Subtype/Type0/Encoding/Identity-H/ToUnicode 6 0 R>>".to_vec(),
            stream("", table.as_bytes()),
        ]),
    ));

    // Names of glyphs, and all but the content inside an object stream.
    let differences = "<</Type/Font/Subtype/Type1/Encoding<</Differences[1/C/P/R/space/zero/seven/six/one/hyphen\
        /four/two/eight/five/s/y/g/e/m/l/d/t]>>>>";
    let by_name = |text: &str| -> String {
        let order = "CPR 0761-4285sygemldt";
        let numbers = text.chars().map(|c| order.find(c).unwrap() + 1);
        numbers
            .map(|n| format!("{n:02x}"))
            .collect::<Vec<_>>()
            .concat()
    };
    let inside = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/Contents 10 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        "null",
        differences,
    ];
    let (mut index, mut body) = (String::new(), String::new());
    for (at, object) in inside.iter().enumerate() {
        write!(index, "{} {} ", at + 1, body.len()).unwrap();
        body.push_str(object);
        body.push(' ');
    }
    let packed = format!("/Type/ObjStm/N 5/First {}", index.len());
    let mut file = b"%PDF-1.5\n9 0 obj\n".to_vec();
    file.extend(stream(&packed, format!("{index}{body}").as_bytes()));
    file.extend_from_slice(b"\nendobj\n10 0 obj\n");
    let content = format!(
        "BT /F1 9 Tf <{}> Tj 0 -12 TD <{}> Tj ET",
        by_name("CPR 070761-4285"),
        by_name("sygemeldt")
    );
    file.extend(stream("", content.as_bytes()));
    file.extend_from_slice(b"\nendobj\n");
    files.push(("object stream", file));

    // Each letter placed by itself, as some printers do.
    let mut placed = "BT /F1 10 Tf ".to_owned();
    for (at, letter) in "CPR 070761-4285 sygemeldt".chars().enumerate() {
        if letter != ' ' {
            write!(placed, "1 0 0 1 {} 700 Tm ({letter}) Tj ", 72 + at * 5).unwrap();
        }
    }
    files.push(("placed", page(PLAIN, &format!("{placed} ET"))));

    // In a field of a form.
    let mut form = page(PLAIN, "BT /F1 9 Tf (Skema: sygemeldt) Tj ET");
    form.extend_from_slice(b"20 0 obj <</FT/Tx/T(cpr)/V(070761-4285)>> endobj\n");
    files.push(("form", form));
    for (what, file) in files {
        assert_eq!(categories("brev.pdf", &file), both(), "{what}");
    }
}

#[test]
fn what_cannot_be_read_is_not_examined_and_says_why() {
    let sealed_pdf = [
        page(PLAIN, "BT (x) Tj ET"),
        b"trailer <</Encrypt 9 0 R>>".to_vec(),
    ]
    .concat();
    let ole = |inside: &str| {
        let inside: Vec<u8> = inside.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [&b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"[..], &[0; 512], &inside].concat()
    };
    let scanned = pdf(&[
        b"<</Type/Catalog>>".to_vec(),
        b"<</Type/Page/Contents 3 0 R/Resources<</XObject<</I 4 0 R>>>>>>".to_vec(),
        stream("", b"q 500 0 0 700 0 0 cm /I Do Q"),
        stream("/Subtype/Image/Width 1", b"\0\0\0"),
    ]);
    let no_table = page(
        "<</Type/Font/Subtype/Type0/Encoding/Identity-H>>",
        "BT /F1 9 Tf <000100020003000400050006> Tj ET",
    );
    let scan_in_word = packed(&[
        ("word/document.xml", b"<w:p/>"),
        ("word/media/image1.png", b"\x89PNG"),
    ]);
    let entities = packed(&[(
        "word/document.xml",
        b"<!DOCTYPE d [<!ENTITY a \"x\">]><w:t>&a;</w:t>",
    )]);
    let sealed_mail = b"From: a@x.example\r\nTo: b@y.example\r\nSubject: [...]\r\n\
        Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nMIIBAAAA\r\n";
    let files: [(&str, &[u8], Unread); 16] = [
        ("a.pdf", &sealed_pdf, Unread::Encrypted),
        ("a.docx", &ole("EncryptedPackage"), Unread::Encrypted),
        ("a.doc", &ole("WordDocument"), Unread::Kind),
        ("a.pdf", &scanned, Unread::Picture),
        ("a.pdf", &no_table, Unread::Letters),
        ("a.docx", &scan_in_word, Unread::Picture),
        ("a.docx", &entities, Unread::Damaged),
        ("a.eml", sealed_mail, Unread::Encrypted),
        ("a.p7m", b"\x30\x80", Unread::Encrypted),
        ("a.png", b"\x89PNG\r\n", Unread::Picture),
        ("a.heic", b"\0\0\0\x18ftypheic", Unread::Picture),
        ("a.rtf", b"{\\rtf1 x}", Unread::Kind),
        ("a.exe", b"MZ\x90\0\x03\0\0\0", Unread::Kind),
        ("a.pdf", b"%PDF-1.4 and nothing else", Unread::Damaged),
        ("a.zip", b"PK\x03\x04 and nothing else", Unread::Damaged),
        ("a.7z", b"7z\xBC\xAF\x27\x1C\0\x04", Unread::Kind),
    ];
    for (name, octets, why) in files {
        assert_eq!(categories(name, octets), (vec![], vec![why]), "{name}");
    }
}

#[test]
fn what_grows_without_end_or_goes_too_deep_ends_early() {
    let zeros = vec![b'a'; 100 << 20];
    let bomb = packed(&[("a.txt", &zeros)]);
    assert!(bomb.len() < 200_000);
    assert_eq!(categories("a.zip", &bomb).1, [Unread::TooLarge]);

    let mut deep = packed(&[("brev.txt", LETTER.as_bytes())]);
    for _ in 0..=MAX_DEPTH {
        deep = packed(&[("a.zip", &deep)]);
    }
    assert_eq!(categories("a.zip", &deep), (vec![], vec![Unread::TooLarge]));

    let many: Vec<(String, &[u8])> = (0..3_000)
        .map(|n| (format!("{n}.txt"), &b"x"[..]))
        .collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(n, o)| (n.as_str(), *o)).collect();
    assert_eq!(categories("a.zip", &packed(&many)).1, [Unread::TooLarge]);

    let flat = vec![b' '; 60 << 20];
    let grown = pdf(&[b"<</Type/Page/Contents 2 0 R>>".to_vec(), stream("", &flat)]);
    assert!(categories("a.pdf", &grown).1.contains(&Unread::TooLarge));

    let nested = [
        &b"%PDF-1.4\n1 0 obj\n"[..],
        "<</A[".repeat(200_000).as_bytes(),
    ]
    .concat();
    assert_eq!(categories("a.pdf", &nested).1, [Unread::Damaged]);

    // Each object points at the next and the last at the first; parents go in a circle.
    let mut circle: Vec<Vec<u8>> = (1..=50)
        .map(|n| format!("{} 0 R", n % 50 + 1).into_bytes())
        .collect();
    circle.push(b"<</Type/Page/Parent 51 0 R/Contents 1 0 R>>".to_vec());
    assert_eq!(categories("a.pdf", &pdf(&circle)).1, [Unread::Damaged]);

    // Thousands of objects that have no end: each look at one would go through the whole file.
    let endless = format!("%PDF-1.4\n{}", "1 0 obj <</A (".repeat(60_000));
    let numbered: Vec<String> = (0..60_000).map(|n| format!("{n} 0 obj <</A [")).collect();
    let numbered = numbered.concat();
    for file in [endless, format!("%PDF-1.4\n{numbered}")] {
        let (found, why) = categories("a.pdf", file.as_bytes());
        assert!(found.is_empty() && !why.is_empty());
    }
    let parts = "--b\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
    let mails = format!("From: a@x.example\r\n{}", parts.repeat(500));
    let (_, _ends) = categories("a.eml", mails.as_bytes());
}

/// Numbers that look random and are always the same.
fn scattered(seed: &mut u64) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    usize::try_from(*seed >> 33).unwrap()
}

#[test]
fn files_that_are_cut_or_changed_never_stop_the_program() {
    let files = [
        ("a.docx", word(&LETTER.repeat(20))),
        (
            "a.pdf",
            page(PLAIN, &format!("BT /F1 9 Tf ({}) Tj ET", "CPR 070761-4285 ".repeat(20))),
        ),
        ("a.zip", packed(&[("brev.docx", &word(LETTER)), ("b.txt", LETTER.as_bytes())])),
        ("a.eml", format!("From: a@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{LETTER}\r\n--b--\r\n").into_bytes()),
    ];
    let mut seed = 7;
    for (name, file) in files {
        for cut in (0..file.len()).step_by(file.len() / 60 + 1) {
            let found = examine_file(name, &file[..cut]);
            let is_told = !found.not_examined.is_empty() || !found.findings.is_empty();
            assert!(
                is_told || cut < 60 || name == "a.eml",
                "{name} cut at {cut} says nothing"
            );
        }
        for _ in 0..300 {
            let mut changed = file.clone();
            for _ in 0..=scattered(&mut seed) % 8 {
                let at = scattered(&mut seed) % changed.len();
                changed[at] = u8::try_from(scattered(&mut seed) % 256).unwrap();
            }
            let _survived = examine_file(name, &changed);
        }
    }
}
