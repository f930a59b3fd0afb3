//! Writes the mutants into a copy of the source, by insertions into its text alone: each stands on a line of its own, so
//! that the compiler's messages lead back to it, and what it was made from stands beside it unchanged.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use proc_macro2::LineColumn;
use quote::ToTokens;
use syn::{BinOp, Expr, spanned::Spanned, visit::Visit};

use crate::{Fallible, Mutant};

/// What the copy asks. `SEGL_REACHED` names a file that takes the number of every mutant that was come by.
const SWITCH: &str = r#"//! Which mutant is on.
#![allow(missing_docs)]
use std::{fs::File, io::Write, sync::{Mutex, OnceLock}};

struct Reached { seen: Vec<bool>, file: File }

static ON: OnceLock<u32> = OnceLock::new();
static REACHED: OnceLock<Option<Mutex<Reached>>> = OnceLock::new();

pub fn on(number: u32) -> bool {
    let reached = REACHED.get_or_init(|| {
        let path = std::env::var_os("SEGL_REACHED")?;
        let file = File::options().append(true).create(true).open(path).ok()?;
        Some(Mutex::new(Reached { seen: vec![false; 100_000], file }))
    });
    if let Some(reached) = reached && let Ok(mut reached) = reached.lock() && !reached.seen[number as usize] {
        reached.seen[number as usize] = true;
        let _ = reached.file.write_all(format!("{number}\n").as_bytes());
    }
    let one = || std::env::var("SEGL_MUTANT").ok().and_then(|n| n.parse().ok()).unwrap_or(u32::MAX);
    *ON.get_or_init(one) == number
}
"#;

pub fn weave(
    all: &[Mutant],
    dropped: &BTreeSet<usize>,
    source: &Path,
    copy: &Path,
) -> Fallible<()> {
    let files: BTreeSet<&Path> = all.iter().map(|mutant| mutant.file.as_path()).collect();
    let (mut woven, mut others) = (0, Vec::new());
    for file in files {
        let text = fs::read_to_string(source.join(file))?;
        let mut places: BTreeMap<(&str, usize, usize), Vec<usize>> = BTreeMap::new();
        for (number, mutant) in all.iter().enumerate() {
            if mutant.file == file && !dropped.contains(&number) {
                let key = (mutant.genre.as_str(), mutant.at.0, mutant.at.1);
                places.entry(key).or_default().push(number);
            }
        }
        let mut weaver = Weaver {
            all,
            places,
            is_const: false,
            wraps: Vec::new(),
            woven: 0,
            others: Vec::new(),
            lines: text.split_inclusive('\n').map(str::to_owned).collect(),
        };
        weaver.visit_file(&syn::parse_file(&text)?);
        woven += weaver.woven;
        others.append(&mut weaver.others);
        others.extend(weaver.places.values().flatten().map(|n| (*n, "const")));
        fs::write(copy.join(file), applied(&text, weaver.wraps))?;
    }
    fs::write(copy.join("src/mutant.rs"), SWITCH)?;
    let lib = fs::read_to_string(source.join("src/lib.rs"))?;
    let (head, items) = lib.split_at(lib.find("pub mod").ok_or("no module in lib.rs")?);
    let lib = format!("{head}#![allow(warnings)]\npub mod mutant;\n{items}");
    fs::write(copy.join("src/lib.rs"), lib)?;
    for (number, why) in &others {
        println!("{number}\t{why}\t{}", all[*number].name);
    }
    println!(
        "{woven} woven, {} not, {} dropped",
        others.len(),
        dropped.len()
    );
    Ok(())
}

/// Text before and after a part of the source.
struct Wrap {
    start: usize,
    end: usize,
    before: String,
    after: String,
}

/// At one place, what ends there comes before what begins there, and the outer of two opens first and closes last.
/// Outer ones are found first.
fn applied(text: &str, wraps: Vec<Wrap>) -> String {
    let mut events: Vec<(usize, u8, i64, i64, &str)> = Vec::new();
    for (place, wrap) in wraps.iter().enumerate() {
        let place = i64::try_from(place).unwrap_or_default();
        events.push((wrap.start, 1, -(wrap.end as i64), place, &wrap.before));
        if !wrap.after.is_empty() {
            events.push((wrap.end, 0, -(wrap.start as i64), -place, &wrap.after));
        }
    }
    events.sort_unstable();
    let (mut made, mut done) = (String::new(), 0);
    for (at, _, _, _, insertion) in events {
        made.push_str(&text[done..at]);
        made.push_str(insertion);
        done = at;
    }
    made + &text[done..]
}

struct Weaver<'a> {
    all: &'a [Mutant],
    places: BTreeMap<(&'a str, usize, usize), Vec<usize>>,
    is_const: bool,
    wraps: Vec<Wrap>,
    woven: usize,
    others: Vec<(usize, &'static str)>,
    lines: Vec<String>,
}

impl Weaver<'_> {
    /// The mutants of one place; none where the compiler itself would have to ask which is on.
    fn taken(&mut self, genre: &'static str, at: LineColumn) -> Vec<usize> {
        let numbers = self.places.remove(&(genre, at.line, at.column + 1));
        let numbers = numbers.unwrap_or_default();
        if self.is_const {
            self.others.extend(numbers.iter().map(|n| (*n, "const")));
            return Vec::new();
        }
        self.woven += numbers.len();
        numbers
    }

    fn leave(&mut self, numbers: &[usize], why: &'static str) {
        self.woven -= numbers.len();
        self.others.extend(numbers.iter().map(|n| (*n, why)));
    }

    fn octet(&self, at: LineColumn) -> usize {
        let before: usize = self.lines[..at.line - 1].iter().map(String::len).sum();
        let line = &self.lines[at.line - 1];
        let column = line.char_indices().nth(at.column);
        before + column.map_or(line.len(), |(octet, _)| octet)
    }

    fn wrap(&mut self, part: &impl Spanned, before: String, after: &str) {
        let span = part.span();
        self.wraps.push(Wrap {
            start: self.octet(span.start()),
            end: self.octet(span.end()),
            before,
            after: after.to_owned(),
        });
    }

    /// `if on(1) { first } else if on(2) { second } else { as it was }`
    fn choice(&mut self, part: &impl Spanned, mutated: &[(usize, String)]) {
        if mutated.is_empty() {
            return;
        }
        let arms = mutated
            .iter()
            .map(|(number, text)| format!("\nif crate::mutant::on({number}) {{ {text} }}\nelse "));
        self.wrap(part, format!("({}{{", arms.collect::<String>()), "})");
    }

    fn function(
        &mut self,
        signature: &syn::Signature,
        block: &syn::Block,
        inside: impl FnOnce(&mut Self),
    ) {
        let outer = std::mem::replace(&mut self.is_const, signature.constness.is_some());
        if let Some(first) = block.stmts.first() {
            let mut numbers = self.taken("FnValue", first.span().start());
            let output = signature.output.to_token_stream().to_string();
            if output.contains("impl ") {
                self.leave(&numbers, "another type for impl");
                numbers.clear();
            }
            let line = |number: &usize| {
                let value = self.all[*number].replacement.replace('\n', " ");
                format!("\nif crate::mutant::on({number}) {{ return {value}; }}\n")
            };
            let text: String = numbers.iter().map(line).collect();
            let start = self.octet(block.brace_token.span.open().end());
            let (end, after) = (start, String::new());
            self.wraps.push(Wrap {
                start,
                end,
                before: text,
                after,
            });
        }
        inside(self);
        self.is_const = outer;
    }
}

fn holds_let(part: &Expr) -> bool {
    match part {
        Expr::Let(_) => true,
        Expr::Binary(both) => holds_let(&both.left) || holds_let(&both.right),
        _ => false,
    }
}

impl<'ast> Visit<'ast> for Weaver<'_> {
    fn visit_item_const(&mut self, _: &'ast syn::ItemConst) {}
    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}
    fn visit_item_static(&mut self, _: &'ast syn::ItemStatic) {}

    fn visit_item_fn(&mut self, one: &'ast syn::ItemFn) {
        self.function(&one.sig, &one.block, |it| {
            syn::visit::visit_item_fn(it, one)
        });
    }
    fn visit_impl_item_fn(&mut self, one: &'ast syn::ImplItemFn) {
        self.function(&one.sig, &one.block, |it| {
            syn::visit::visit_impl_item_fn(it, one)
        });
    }
    fn visit_trait_item_fn(&mut self, one: &'ast syn::TraitItemFn) {
        match &one.default {
            Some(block) => self.function(&one.sig, block, |it| {
                syn::visit::visit_trait_item_fn(it, one)
            }),
            None => syn::visit::visit_trait_item_fn(self, one),
        }
    }

    fn visit_expr_binary(&mut self, both: &'ast syn::ExprBinary) {
        let numbers = self.taken("BinaryOperator", both.op.span().start());
        let is_chain = matches!(both.op, BinOp::And(_) | BinOp::Or(_));
        if is_chain && (holds_let(&both.left) || holds_let(&both.right)) {
            self.leave(&numbers, "let in a chain of &&");
        } else {
            let (left, right) = (both.left.to_token_stream(), both.right.to_token_stream());
            let text = |number: &usize| format!("{left} {} {right}", self.all[*number].replacement);
            let mutated: Vec<_> = numbers.iter().map(|n| (*n, text(n))).collect();
            self.choice(both, &mutated);
        }
        syn::visit::visit_expr_binary(self, both);
    }

    fn visit_expr_unary(&mut self, one: &'ast syn::ExprUnary) {
        let numbers = self.taken("UnaryOperator", one.op.span().start());
        let text = one.expr.to_token_stream().to_string();
        let mutated: Vec<_> = numbers.iter().map(|n| (*n, text.clone())).collect();
        self.choice(one, &mutated);
        syn::visit::visit_expr_unary(self, one);
    }

    fn visit_expr_match(&mut self, one: &'ast syn::ExprMatch) {
        let is_rest = |arm: &syn::Arm| matches!(arm.pat, syn::Pat::Wild(_)) && arm.guard.is_none();
        if !one.arms.iter().any(is_rest) {
            for arm in &one.arms {
                let numbers = self.taken("MatchArm", arm.span().start());
                self.leave(&numbers, "not every case would have an arm");
            }
        }
        syn::visit::visit_expr_match(self, one);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        let deleted = self.taken("MatchArm", arm.span().start());
        for number in deleted {
            let at = self.octet(arm.pat.span().end());
            let before = format!(" if !crate::mutant::on({number})\n");
            self.wraps.push(Wrap {
                start: at,
                end: at,
                before,
                after: String::new(),
            });
        }
        if let Some((_, guard)) = &arm.guard {
            let replaced = self.taken("MatchArmGuard", guard.span().start());
            let value = |number: &usize| (*number, self.all[*number].replacement.clone());
            let mutated: Vec<_> = replaced.iter().map(value).collect();
            self.choice(guard, &mutated);
        }
        syn::visit::visit_arm(self, arm);
    }

    fn visit_expr_struct(&mut self, one: &'ast syn::ExprStruct) {
        for field in &one.fields {
            let numbers = self.taken("StructField", field.span().start());
            if let Some(rest) = &one.rest {
                let text = format!(
                    "({}).{}",
                    rest.to_token_stream(),
                    field.member.to_token_stream()
                );
                let mutated: Vec<_> = numbers.iter().map(|n| (*n, text.clone())).collect();
                let is_short = field.colon_token.is_none();
                self.choice(&field.expr, &mutated);
                if let (true, false, Some(wrap)) =
                    (is_short, mutated.is_empty(), self.wraps.last_mut())
                {
                    let member = field.member.to_token_stream();
                    wrap.before.insert_str(0, &format!("{member}: "));
                }
            }
        }
        syn::visit::visit_expr_struct(self, one);
    }
}
