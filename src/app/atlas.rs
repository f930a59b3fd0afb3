//! How the picture with all letters is read while a window is drawn.
//!
//! egui asks for four of its points for each point on the screen, and mixes them. Its letters lie on whole points, one to
//! one, and a plain area reads a single white one: the mixture is always the nearest of the four. Where the processor
//! draws, asking for that one alone saves half of a frame.

use egui::{Context, FullOutput, Plugin, TextureFilter, TextureId};

/// Reads letters point by point.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Exact;

impl Plugin for Exact {
    fn debug_name(&self) -> &'static str {
        "exact letters"
    }

    fn setup(&mut self, ctx: &Context) {
        // The only shapes that are pictures of another size than on the screen: small discs.
        ctx.options_mut(|options| options.tessellation_options.prerasterized_discs = false);
    }

    fn output_hook(&mut self, _ctx: &Context, output: &mut FullOutput) {
        let letters = output.textures_delta.set.get_mut(&TextureId::default());
        for part in letters.into_iter().flatten() {
            part.options.magnification = TextureFilter::Nearest;
            part.options.minification = TextureFilter::Nearest;
        }
    }
}
