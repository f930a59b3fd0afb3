//! The letters of the PDF: Ubuntu Light, which the window has too, embedded whole, so that any name can be written that
//! its letters can write. What they cannot write stands as an escape and never as an empty box.

use std::collections::BTreeMap;

use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::{
    Filter, Finish, Name, Pdf, Rect, Ref, Str,
    types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap},
};
use ttf_parser::Face;

use super::PdfError;

const BASE: Name<'_> = Name(b"UbuntuLight");
const SYSTEM: SystemInfo<'_> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// One letter as it is drawn: its number in the font, and its width in thousandths of the size.
type Glyph = (u16, f32);

pub(super) struct Letters {
    face: Face<'static>,
    known: BTreeMap<char, Option<Glyph>>,
}

impl Letters {
    pub(super) fn new() -> Result<Self, PdfError> {
        let face = Face::parse(epaint_default_fonts::UBUNTU_LIGHT, 0).map_err(PdfError::Font)?;
        Ok(Self {
            face,
            known: BTreeMap::new(),
        })
    }

    fn per_mille(&self, units: f32) -> f32 {
        units * 1000.0 / f32::from(self.face.units_per_em())
    }

    fn glyph(&mut self, letter: char) -> Option<Glyph> {
        if let Some(known) = self.known.get(&letter) {
            return *known;
        }
        let id = self.face.glyph_index(letter).filter(|id| id.0 != 0);
        let glyph = id.map(|id| {
            let width = self.face.glyph_hor_advance(id).unwrap_or(0);
            (id.0, self.per_mille(f32::from(width)))
        });
        self.known.insert(letter, glyph);
        glyph
    }

    /// The text in letters that the font has.
    pub(super) fn writable(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for letter in crate::words::visible(text).chars() {
            if letter == '\n' {
                out.push(' ');
            } else if self.glyph(letter).is_some() {
                out.push(letter);
            } else {
                let number = format!("{:04X}", u32::from(letter));
                out.extend(["\\u{", number.as_str(), "}"]);
            }
        }
        out
    }

    /// Width of a text in points.
    pub(super) fn width(&mut self, text: &str, size: f32) -> f32 {
        let sum: f32 = text
            .chars()
            .filter_map(|c| self.glyph(c))
            .map(|(_, width)| width)
            .sum();
        sum * size / 1000.0
    }

    /// The numbers of a text's letters, two octets each.
    pub(super) fn encoded(&mut self, text: &str) -> Vec<u8> {
        text.chars()
            .filter_map(|c| self.glyph(c))
            .flat_map(|(id, _)| id.to_be_bytes())
            .collect()
    }

    /// Lines no wider than `width`; a word that is wider is broken.
    pub(super) fn wrapped(&mut self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        for word in self.writable(text).split(' ') {
            let line = lines.last().cloned().unwrap_or_default();
            let joined = if line.is_empty() {
                word.to_owned()
            } else {
                format!("{line} {word}")
            };
            if self.width(&joined, size) <= width {
                lines.pop();
                lines.push(joined);
                continue;
            }
            if line.is_empty() {
                lines.pop();
            }
            lines.extend(self.broken(word, size, width));
        }
        lines
    }

    fn broken(&mut self, word: &str, size: f32, width: f32) -> Vec<String> {
        let mut parts = vec![String::new()];
        let mut used = 0.0;
        for letter in word.chars() {
            let wide = self.glyph(letter).map_or(0.0, |(_, w)| w * size / 1000.0);
            if used + wide > width && used > 0.0 {
                parts.push(String::new());
                used = 0.0;
            }
            used += wide;
            if let Some(part) = parts.last_mut() {
                part.push(letter);
            }
        }
        parts
    }

    /// Writes the font; `id` and the four after it are its.
    pub(super) fn write(&self, pdf: &mut Pdf, ids: [Ref; 5]) {
        let [font, cid, descriptor, cmap, data] = ids;
        pdf.type0_font(font)
            .base_font(BASE)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(cid)
            .to_unicode(cmap);
        let mut used: BTreeMap<u16, (f32, char)> = BTreeMap::new();
        for (letter, glyph) in &self.known {
            if let Some((id, width)) = glyph {
                used.entry(*id).or_insert((*width, *letter));
            }
        }
        let mut writer = pdf.cid_font(cid);
        writer
            .subtype(CidFontType::Type2)
            .base_font(BASE)
            .system_info(SYSTEM);
        writer
            .font_descriptor(descriptor)
            .default_width(0.0)
            .cid_to_gid_map_predefined(Name(b"Identity"));
        let mut widths = writer.widths();
        for (id, (width, _)) in &used {
            widths.same(*id, *id, *width);
        }
        widths.finish();
        writer.finish();
        let face = &self.face;
        let of = |units: i16| self.per_mille(f32::from(units));
        let bounds = face.global_bounding_box();
        pdf.font_descriptor(descriptor)
            .name(BASE)
            .flags(FontFlags::NON_SYMBOLIC)
            .bbox(Rect::new(
                of(bounds.x_min),
                of(bounds.y_min),
                of(bounds.x_max),
                of(bounds.y_max),
            ))
            .italic_angle(0.0)
            .ascent(of(face.ascender()))
            .descent(of(face.descender()))
            .cap_height(of(face.capital_height().unwrap_or(face.ascender())))
            .stem_v(60.0)
            .font_file2(data);
        let mut unicode = UnicodeCmap::new(Name(b"Custom"), SYSTEM);
        for (id, (_, letter)) in &used {
            unicode.pair(*id, *letter);
        }
        pdf.cmap(cmap, &unicode.finish());
        let octets = epaint_default_fonts::UBUNTU_LIGHT;
        let packed = compress_to_vec_zlib(octets, 6);
        let mut stream = pdf.stream(data, &packed);
        stream.filter(Filter::FlateDecode);
        stream.pair(Name(b"Length1"), i32::try_from(octets.len()).unwrap_or(0));
    }
}
