//! Pages and the tree of what stands on them (tagged PDF, ISO 32000-1 §14.7 and §14.8): whatever is drawn is either a
//! part of the tree, in reading order, or an artifact.

use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::{
    Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr,
    types::{StructRole, TabOrder, TableHeaderScope, TextRenderingMode},
};

use super::letters::Letters;

/// A4, lying (points).
pub(super) const WIDTH: f32 = 842.0;
/// Height of a page.
pub(super) const HEIGHT: f32 = 595.0;
/// Distance from the edges.
pub(super) const MARGIN: f32 = 40.0;
/// The name of the one font in the resources of a page.
const FONT: Name<'_> = Name(b"F");

/// How a text is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Type {
    pub(super) size: f32,
    pub(super) is_bold: bool,
}

/// An element of the tree.
struct Element {
    role: StructRole,
    parent: Option<usize>,
    kids: Vec<Kid>,
    alternative: Option<String>,
    bounds: Option<Rect>,
    scope: Option<TableHeaderScope>,
}

enum Kid {
    Element(usize),
    /// Page and number on it.
    Marked(usize, i32),
}

#[derive(Default)]
struct Sheet {
    content: Vec<u8>,
    /// The element of each number.
    marked: Vec<usize>,
}

pub(super) struct Sheets {
    pub(super) letters: Letters,
    /// Where the next line's upper edge is.
    pub(super) y: f32,
    done: Vec<Sheet>,
    content: Content,
    marked: Vec<usize>,
    elements: Vec<Element>,
}

impl Sheets {
    /// Begins the first page, with the document as the one root.
    pub(super) fn new(letters: Letters) -> Self {
        let root = Element {
            role: StructRole::Document,
            parent: None,
            kids: Vec::new(),
            alternative: None,
            bounds: None,
            scope: None,
        };
        Self {
            letters,
            y: HEIGHT - MARGIN,
            done: Vec::new(),
            content: Content::new(),
            marked: Vec::new(),
            elements: vec![root],
        }
    }

    /// Adds an element; the root is 0.
    pub(super) fn element(&mut self, role: StructRole, parent: usize) -> usize {
        let id = self.elements.len();
        self.elements.push(Element {
            role,
            parent: Some(parent),
            kids: Vec::new(),
            alternative: None,
            bounds: None,
            scope: None,
        });
        self.elements[parent].kids.push(Kid::Element(id));
        id
    }

    /// A table header cell says what it is the header of.
    pub(super) fn scope(&mut self, element: usize, scope: TableHeaderScope) {
        self.elements[element].scope = Some(scope);
    }

    /// A figure says in words what it shows, and where it lies.
    pub(super) fn alternative(&mut self, element: usize, text: &str, bounds: Rect) {
        self.elements[element].alternative = Some(text.to_owned());
        self.elements[element].bounds = Some(bounds);
    }

    /// Draws something that belongs to an element.
    pub(super) fn mark(&mut self, element: usize, draw: impl FnOnce(&mut Content, &mut Letters)) {
        let id = i32::try_from(self.marked.len()).unwrap_or(i32::MAX);
        self.content
            .begin_marked_content_with_properties(Name(b"P"))
            .properties()
            .identify(id);
        draw(&mut self.content, &mut self.letters);
        self.content.end_marked_content();
        self.elements[element]
            .kids
            .push(Kid::Marked(self.done.len(), id));
        self.marked.push(element);
    }

    /// Draws something that is not part of what is read.
    pub(super) fn artifact(&mut self, draw: impl FnOnce(&mut Content, &mut Letters)) {
        self.content.begin_marked_content(Name(b"Artifact"));
        draw(&mut self.content, &mut self.letters);
        self.content.end_marked_content();
    }

    /// Whether this much height is left.
    pub(super) fn has_room(&self, height: f32) -> bool {
        self.y - height >= MARGIN
    }

    /// Ends the page and begins the next.
    pub(super) fn turn(&mut self) {
        let number = (self.done.len() + 1).to_string();
        self.artifact(|content, letters| {
            let style = Type {
                size: 8.0,
                is_bold: false,
            };
            text(
                content,
                letters,
                (WIDTH - MARGIN, MARGIN - 18.0),
                style,
                &number,
            );
        });
        let content = std::mem::replace(&mut self.content, Content::new());
        self.done.push(Sheet {
            content: content.finish().to_vec(),
            marked: std::mem::take(&mut self.marked),
        });
        self.y = HEIGHT - MARGIN;
    }

    /// The whole file.
    pub(super) fn finish(mut self, title: &str, lang: &str) -> Vec<u8> {
        self.turn();
        let mut next = 0;
        let mut id = || {
            next += 1;
            Ref::new(next)
        };
        let [catalog, pages, metadata, info, root, parents] = std::array::from_fn(|_| id());
        let fonts = std::array::from_fn(|_| id());
        let elements: Vec<Ref> = self.elements.iter().map(|_| id()).collect();
        let sheets: Vec<[Ref; 3]> = self
            .done
            .iter()
            .map(|_| std::array::from_fn(|_| id()))
            .collect();
        let mut pdf = Pdf::new();
        pdf.set_version(1, 7);
        let mut writer = pdf.catalog(catalog);
        writer.pages(pages).metadata(metadata).lang(TextStr(lang));
        writer.mark_info().marked(true);
        writer.viewer_preferences().display_doc_title(true);
        writer.pair(Name(b"StructTreeRoot"), root);
        writer.finish();
        pdf.document_info(info)
            .title(TextStr(title))
            .creator(TextStr("Segl"));
        pdf.metadata(metadata, about(title, lang).as_bytes());
        pdf.pages(pages)
            .kids(sheets.iter().map(|s| s[0]))
            .count(i32::try_from(sheets.len()).unwrap_or(i32::MAX));
        for (n, (sheet, ids)) in self.done.iter().zip(&sheets).enumerate() {
            write_sheet(&mut pdf, sheet, n, (*ids, pages, fonts[0]), &elements);
        }
        let mut tree = pdf.indirect(root).dict();
        tree.pair(Name(b"Type"), Name(b"StructTreeRoot"));
        tree.pair(Name(b"K"), elements[0]);
        tree.pair(Name(b"ParentTree"), parents);
        tree.pair(
            Name(b"ParentTreeNextKey"),
            i32::try_from(sheets.len()).unwrap_or(i32::MAX),
        );
        tree.finish();
        let mut tree = pdf.number_tree::<Ref>(parents);
        let mut entries = tree.nums();
        for (n, ids) in sheets.iter().enumerate() {
            entries.insert(i32::try_from(n).unwrap_or(i32::MAX), ids[2]);
        }
        entries.finish();
        tree.finish();
        for (element, id) in self.elements.iter().zip(&elements) {
            write_element(&mut pdf, element, *id, root, (&elements, &sheets));
        }
        self.letters.write(&mut pdf, fonts);
        pdf.finish()
    }
}

fn write_sheet(
    pdf: &mut Pdf,
    sheet: &Sheet,
    number: usize,
    ([page, content, list], pages, font): ([Ref; 3], Ref, Ref),
    elements: &[Ref],
) {
    let mut writer = pdf.page(page);
    writer
        .parent(pages)
        .media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT))
        .contents(content)
        .struct_parents(i32::try_from(number).unwrap_or(i32::MAX))
        .tab_order(TabOrder::StructureOrder);
    writer.resources().fonts().pair(FONT, font);
    writer.finish();
    let packed = compress_to_vec_zlib(&sheet.content, 6);
    pdf.stream(content, &packed).filter(Filter::FlateDecode);
    // To which element each number of the page belongs.
    pdf.indirect(list)
        .array()
        .items(sheet.marked.iter().map(|element| elements[*element]));
}

fn write_element(
    pdf: &mut Pdf,
    element: &Element,
    id: Ref,
    root: Ref,
    (elements, sheets): (&[Ref], &[[Ref; 3]]),
) {
    let mut writer = pdf.struct_element(id);
    writer
        .kind(element.role)
        .parent(element.parent.map_or(root, |p| elements[p]));
    if let Some(text) = &element.alternative {
        writer.alt(TextStr(text));
    }
    if let Some(bounds) = element.bounds {
        let mut attributes = writer.attributes();
        attributes.push().layout().bbox(bounds);
    }
    if let Some(scope) = element.scope {
        let mut attributes = writer.attributes();
        attributes.push().table().scope(scope);
    }
    let mut kids = writer.children();
    for kid in &element.kids {
        match kid {
            Kid::Element(kid) => {
                kids.struct_element(elements[*kid]);
            }
            Kid::Marked(page, number) => {
                kids.marked_content_ref()
                    .page(sheets[*page][0])
                    .marked_content_id(*number);
            }
        }
    }
}

/// What the file says of itself (XMP): title, language, and that it follows PDF/UA-1 (ISO 14289-1 §5).
fn about(title: &str, lang: &str) -> String {
    let title = super::super::html::escaped(title);
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\
         <pdfuaid:part>1</pdfuaid:part><dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt>\
         </dc:title><dc:language><rdf:Bag><rdf:li>{lang}</rdf:li></rdf:Bag></dc:language></rdf:Description></rdf:RDF>\
         </x:xmpmeta><?xpacket end=\"w\"?>"
    )
}

/// Draws one line; `at` is the left end of its base line.
pub(super) fn text(
    content: &mut Content,
    letters: &mut Letters,
    at: (f32, f32),
    style: Type,
    text: &str,
) {
    let encoded = letters.encoded(text);
    content
        .begin_text()
        .set_font(FONT, style.size)
        .set_text_matrix([1.0, 0.0, 0.0, 1.0, at.0, at.1]);
    if style.is_bold {
        // The font has one weight: its outlines are drawn too.
        content
            .set_line_width(style.size / 28.0)
            .set_text_rendering_mode(TextRenderingMode::FillStroke);
    } else {
        content.set_text_rendering_mode(TextRenderingMode::Fill);
    }
    content.show(Str(&encoded)).end_text();
}
