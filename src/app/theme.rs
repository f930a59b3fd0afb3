//! Colours, sizes and fonts: the only file that names a colour. A test holds every pair to its contrast (WCAG 2.2:
//! text at least 7 to 1, shapes and borders at least 3 to 1, focus rings in two tones).

use egui::{
    Color32, Context, CornerRadius, FontId, Margin, Stroke, TextStyle, Theme as Egui, Visuals,
};

/// Which colours to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, clap::ValueEnum)]
pub enum Theme {
    /// Light or dark as the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// Light, with the strongest contrast.
    ContrastLight,
    /// Dark, with the strongest contrast.
    ContrastDark,
}

impl Theme {
    /// Its name, as arguments and preferences have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::ContrastLight => "contrast-light",
            Self::ContrastDark => "contrast-dark",
        }
    }
}

/// The colours of one theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// Behind everything.
    pub ground: Color32,
    /// Behind fields, lists and dialogs.
    pub sheet: Color32,
    /// Behind buttons and chips.
    pub raised: Color32,
    /// Behind them while the pointer is over them.
    pub hovered: Color32,
    /// Text.
    pub text: Color32,
    /// Text of less weight.
    pub faint: Color32,
    /// Lines around fields and buttons.
    pub line: Color32,
    /// Encrypted: border and shape.
    pub green: Color32,
    /// Not encrypted: border and shape.
    pub red: Color32,
    /// Not known yet: border and shape.
    pub grey: Color32,
    /// Behind the bar of the test edition.
    pub test: Color32,
    /// Text on it.
    pub on_test: Color32,
    /// The main button.
    pub primary: Color32,
    /// Text on it.
    pub on_primary: Color32,
    /// Behind selected text.
    pub selection: Color32,
    /// The outer tone of the focus ring.
    pub ring: Color32,
    /// Its inner tone.
    pub ring_inner: Color32,
    /// Behind a dialog, over the window.
    pub veil: Color32,
}

const LIGHT: Palette = Palette {
    ground: Color32::from_rgb(0xF6, 0xF6, 0xF4),
    sheet: Color32::WHITE,
    raised: Color32::from_rgb(0xFC, 0xFC, 0xFB),
    hovered: Color32::from_rgb(0xEC, 0xEF, 0xF4),
    text: Color32::from_rgb(0x1A, 0x1C, 0x20),
    faint: Color32::from_rgb(0x48, 0x4D, 0x56),
    line: Color32::from_rgb(0x80, 0x86, 0x90),
    green: Color32::from_rgb(0x0B, 0x6B, 0x3A),
    red: Color32::from_rgb(0xA3, 0x12, 0x2A),
    grey: Color32::from_rgb(0x5C, 0x62, 0x6C),
    test: Color32::from_rgb(0xFF, 0xDD, 0x57),
    on_test: Color32::from_rgb(0x1A, 0x1C, 0x20),
    primary: Color32::from_rgb(0x1D, 0x3F, 0x72),
    on_primary: Color32::WHITE,
    selection: Color32::from_rgb(0xC5, 0xDA, 0xF8),
    ring: Color32::from_rgb(0x12, 0x48, 0xA8),
    ring_inner: Color32::WHITE,
    veil: Color32::from_rgba_premultiplied(0, 0, 0, 0x70),
};

const DARK: Palette = Palette {
    ground: Color32::from_rgb(0x1B, 0x1B, 0x1B),
    sheet: Color32::from_rgb(0x14, 0x14, 0x15),
    raised: Color32::from_rgb(0x27, 0x28, 0x2B),
    hovered: Color32::from_rgb(0x33, 0x35, 0x3A),
    text: Color32::from_rgb(0xF0, 0xF0, 0xEE),
    faint: Color32::from_rgb(0xC4, 0xC7, 0xCC),
    line: Color32::from_rgb(0x84, 0x89, 0x92),
    green: Color32::from_rgb(0x7B, 0xE0, 0xA8),
    red: Color32::from_rgb(0xFF, 0x9A, 0xA8),
    grey: Color32::from_rgb(0xA6, 0xAB, 0xB3),
    test: Color32::from_rgb(0xF2, 0xC9, 0x3B),
    on_test: Color32::from_rgb(0x14, 0x14, 0x15),
    primary: Color32::from_rgb(0xA9, 0xC8, 0xFF),
    on_primary: Color32::from_rgb(0x10, 0x18, 0x28),
    selection: Color32::from_rgb(0x2B, 0x49, 0x77),
    ring: Color32::from_rgb(0x8F, 0xB9, 0xFF),
    ring_inner: Color32::from_rgb(0x0B, 0x0B, 0x0C),
    veil: Color32::from_rgba_premultiplied(0, 0, 0, 0xA0),
};

const CONTRAST_LIGHT: Palette = Palette {
    ground: Color32::WHITE,
    raised: Color32::WHITE,
    hovered: Color32::from_rgb(0xE4, 0xE8, 0xEF),
    text: Color32::BLACK,
    faint: Color32::BLACK,
    line: Color32::BLACK,
    green: Color32::from_rgb(0x00, 0x48, 0x22),
    red: Color32::from_rgb(0x7A, 0x00, 0x18),
    grey: Color32::from_rgb(0x30, 0x30, 0x30),
    primary: Color32::BLACK,
    ring: Color32::from_rgb(0x00, 0x2B, 0x80),
    ..LIGHT
};

const CONTRAST_DARK: Palette = Palette {
    ground: Color32::BLACK,
    sheet: Color32::BLACK,
    raised: Color32::BLACK,
    hovered: Color32::from_rgb(0x22, 0x22, 0x22),
    text: Color32::WHITE,
    faint: Color32::WHITE,
    line: Color32::WHITE,
    green: Color32::from_rgb(0x9A, 0xFF, 0xC8),
    red: Color32::from_rgb(0xFF, 0xB4, 0xBE),
    grey: Color32::from_rgb(0xD0, 0xD0, 0xD0),
    primary: Color32::WHITE,
    on_primary: Color32::BLACK,
    ring: Color32::from_rgb(0xFF, 0xE1, 0x4A),
    ring_inner: Color32::BLACK,
    ..DARK
};

/// No colour at all.
pub const NONE: Color32 = Color32::TRANSPARENT;
/// Everything that takes a click is at least this wide and high.
pub const TARGET: f32 = 32.0;
/// The width of the focus ring, both tones together.
pub const RING: f32 = 3.0;
/// Between things.
pub const GAP: f32 = 8.0;
/// Round corners.
pub const CORNER: u8 = 6;

impl Palette {
    /// The colours in use now.
    pub fn of(theme: Theme, ctx: &Context) -> Self {
        match (theme, ctx.theme()) {
            (Theme::ContrastLight, _) => CONTRAST_LIGHT,
            (Theme::ContrastDark, _) => CONTRAST_DARK,
            (_, Egui::Light) => LIGHT,
            (_, Egui::Dark) => DARK,
        }
    }
}

/// The text of a sentence or button.
pub fn body() -> FontId {
    FontId::proportional(15.0)
}

/// Small text: hints, keys.
pub fn small() -> FontId {
    FontId::proportional(13.0)
}

/// A heading.
pub fn heading() -> FontId {
    FontId::proportional(20.0)
}

/// Gives egui the colours and sizes. Once at start, and when the theme changes.
pub fn install(ctx: &Context, theme: Theme) {
    let preference = match theme {
        Theme::System => egui::ThemePreference::System,
        Theme::Light | Theme::ContrastLight => egui::ThemePreference::Light,
        Theme::Dark | Theme::ContrastDark => egui::ThemePreference::Dark,
    };
    ctx.set_theme(preference);
    // Where the window system does not say (X11), paper and not night. Where it does, winit tells each change, and egui
    // follows it. The contrast setting of Windows is told by neither: there it is chosen in the settings.
    ctx.options_mut(|options| options.fallback_theme = Egui::Light);
    let (light, dark) = match theme {
        Theme::ContrastLight | Theme::ContrastDark => (CONTRAST_LIGHT, CONTRAST_DARK),
        _ => (LIGHT, DARK),
    };
    for (which, palette) in [(Egui::Light, light), (Egui::Dark, dark)] {
        ctx.style_mut_of(which, |style| {
            style.visuals = visuals(&palette, which);
            style.animation_time = 0.0;
            style.scroll_animation = egui::style::ScrollAnimation::none();
            style.spacing.item_spacing = egui::vec2(GAP, 6.0);
            style.spacing.button_padding = egui::vec2(12.0, 6.0);
            style.spacing.interact_size.y = 20.0;
            style.spacing.window_margin = Margin::same(16);
            // Bars have a place of their own: they cover no text.
            style.spacing.scroll = egui::style::ScrollStyle {
                foreground_color: true,
                // Text that fades out at an edge has no contrast there.
                fade: egui::style::ScrollFadeStyle {
                    strength: 0.0,
                    ..egui::style::ScrollFadeStyle::default()
                },
                ..egui::style::ScrollStyle::solid()
            };
            style.text_styles.insert(TextStyle::Body, body());
            style.text_styles.insert(TextStyle::Button, body());
            style.text_styles.insert(TextStyle::Small, small());
            style.text_styles.insert(TextStyle::Heading, heading());
        });
    }
}

fn visuals(palette: &Palette, which: Egui) -> Visuals {
    let mut visuals = which.default_visuals();
    visuals.override_text_color = Some(palette.text);
    visuals.weak_text_color = Some(palette.faint);
    visuals.panel_fill = palette.ground;
    visuals.window_fill = palette.sheet;
    visuals.window_stroke = Stroke::new(1.0, palette.line);
    visuals.extreme_bg_color = palette.sheet;
    visuals.text_edit_bg_color = Some(palette.sheet);
    visuals.selection.bg_fill = palette.selection;
    visuals.selection.stroke = Stroke::new(1.0, palette.ring);
    visuals.text_cursor.stroke = Stroke::new(2.0, palette.text);
    // A blinking caret would wake an idle window twice a second.
    visuals.text_cursor.blink = false;
    visuals.window_shadow = egui::Shadow::NONE;
    visuals.popup_shadow = egui::Shadow::NONE;
    visuals.window_corner_radius = CornerRadius::same(CORNER);
    let widgets = &mut visuals.widgets;
    for state in [
        &mut widgets.noninteractive,
        &mut widgets.inactive,
        &mut widgets.hovered,
        &mut widgets.active,
        &mut widgets.open,
    ] {
        state.bg_stroke = Stroke::new(1.0, palette.line);
        state.fg_stroke = Stroke::new(1.0, palette.text);
        state.bg_fill = palette.raised;
        state.weak_bg_fill = palette.raised;
        state.corner_radius = CornerRadius::same(CORNER);
        state.expansion = 0.0;
    }
    visuals
}

/// The frame around a field.
pub fn field_frame(palette: &Palette) -> egui::Frame {
    egui::Frame::new()
        .fill(palette.sheet)
        .stroke(Stroke::new(1.0, palette.line))
        .corner_radius(CORNER)
        .inner_margin(Margin::symmetric(8, 6))
}

/// The frame around a dialog.
pub fn dialog_frame(palette: &Palette) -> egui::Frame {
    egui::Frame::new()
        .fill(palette.sheet)
        .stroke(Stroke::new(2.0, palette.line))
        .corner_radius(CORNER)
        .inner_margin(Margin::same(16))
}

/// The frame around a panel of text: details, failures.
pub fn panel_frame(palette: &Palette) -> egui::Frame {
    egui::Frame::new()
        .fill(palette.sheet)
        .stroke(Stroke::new(1.0, palette.line))
        .corner_radius(CORNER)
        .inner_margin(Margin::same(10))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.2).
    fn luminance(color: Color32) -> f64 {
        let channel = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(color.r()) + 0.7152 * channel(color.g()) + 0.0722 * channel(color.b())
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_has_seven_to_one_and_shapes_three_to_one_in_every_theme() {
        for (name, p) in [
            ("light", LIGHT),
            ("dark", DARK),
            ("contrast light", CONTRAST_LIGHT),
            ("contrast dark", CONTRAST_DARK),
        ] {
            for ground in [p.ground, p.sheet, p.raised, p.hovered, p.selection] {
                assert!(
                    contrast(p.text, ground) >= 7.0,
                    "{name}: text {}",
                    contrast(p.text, ground)
                );
            }
            for ground in [p.ground, p.sheet, p.raised] {
                assert!(
                    contrast(p.faint, ground) >= 7.0,
                    "{name}: faint {}",
                    contrast(p.faint, ground)
                );
                for shape in [p.green, p.red, p.grey, p.line] {
                    assert!(
                        contrast(shape, ground) >= 3.0,
                        "{name}: shape {}",
                        contrast(shape, ground)
                    );
                }
            }
            assert!(contrast(p.on_test, p.test) >= 7.0, "{name}: test bar");
            assert!(
                contrast(p.on_primary, p.primary) >= 7.0,
                "{name}: main button"
            );
            for ground in [p.ground, p.sheet, p.raised, p.primary] {
                // One of the two tones stands out wherever the ring is.
                let best = contrast(p.ring, ground).max(contrast(p.ring_inner, ground));
                assert!(best >= 3.0, "{name}: ring {best}");
            }
            assert!(contrast(p.ring, p.ring_inner) >= 3.0, "{name}: ring tones");
        }
    }

    #[test]
    fn green_and_red_are_as_the_design_computed_them() {
        let ratio = |a, b| format!("{:.1}", contrast(a, b));
        let dark = Color32::from_rgb(0x1B, 0x1B, 0x1B);
        assert_eq!(ratio(LIGHT.green, Color32::WHITE), "6.6");
        assert_eq!(ratio(LIGHT.red, Color32::WHITE), "7.8");
        assert_eq!(ratio(DARK.green, dark), "10.7");
        assert_eq!(ratio(DARK.red, dark), "8.6");
    }
}
