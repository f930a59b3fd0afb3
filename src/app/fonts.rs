//! Letters that the window's own fonts lack, such as Arabic, Chinese or emoji: they are taken from the fonts of the
//! computer, which are looked at when the first such letter is shown and not before.

use std::sync::OnceLock;

use egui::epaint::text::{FallbackRequest, FontInsert, FontProvider};
use egui_system_font_provider::SystemFontProvider;

/// The fonts of the computer, once they are needed.
#[derive(Default)]
pub(super) struct OnDemand(OnceLock<SystemFontProvider>);

impl FontProvider for OnDemand {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        self.0
            .get_or_init(SystemFontProvider::new)
            .font_for(request)
    }
}
