//! What a picture costs where the processor draws it.

use egui::{Color32, Context, FullOutput, Rect, Shape, TextureFilter, TextureId, vec2};
use segl::{
    app::{
        theme::{Palette, Theme},
        window::Window,
    },
    words::Lang,
};

use crate::support::{Desk, setup, start};

const SIZE: egui::Vec2 = vec2(760.0, 640.0);

fn window(theme: Theme) -> Window {
    let mut setup = setup(Lang::Da);
    setup.theme = theme;
    Window::new(Desk::with(setup).state, Box::new(|_| start()))
}

fn pass(ctx: &Context, window: &mut Window) -> FullOutput {
    let input = egui::RawInput {
        screen_rect: Some(Rect::from_min_size(egui::Pos2::ZERO, SIZE)),
        ..egui::RawInput::default()
    };
    ctx.run_ui(input, |ui| window.ui(ui))
}

/// How much of the window is painted in a colour, as a share.
fn share(shapes: &[Shape], color: Color32) -> f32 {
    let parts = shapes.iter().map(|shape| match shape {
        Shape::Rect(rect) if rect.fill == color => rect.rect.area() / (SIZE.x * SIZE.y),
        Shape::Vec(shapes) => share(shapes, color),
        _ => 0.0,
    });
    parts.sum()
}

fn ground(ctx: &Context, window: &mut Window, color: Color32) -> f32 {
    let output = pass(ctx, window);
    let shapes: Vec<Shape> = output.shapes.iter().map(|s| s.shape.clone()).collect();
    output.drop_without_applying_deltas();
    share(&shapes, color)
}

#[test]
fn the_ground_is_painted_unless_the_picture_was_cleared_to_it() {
    for theme in [Theme::Light, Theme::Dark] {
        let ctx = Context::default();
        let mut window = window(theme);
        pass(&ctx, &mut window).drop_without_applying_deltas();
        let color = Palette::of(theme, &ctx).ground;

        assert!(ground(&ctx, &mut window, color) > 0.95, "{theme:?}");

        window.set_cleared(Color32::RED);
        assert!(ground(&ctx, &mut window, color) > 0.95, "{theme:?}");

        window.set_cleared(color);
        assert!(ground(&ctx, &mut window, color) < 0.05, "{theme:?}");
    }
}

#[test]
fn letters_are_read_point_by_point() {
    let ctx = Context::default();
    let output = pass(&ctx, &mut window(Theme::Light));
    let letters = output.textures_delta.set[&TextureId::default()].clone();
    output.drop_without_applying_deltas();
    assert!(!letters.is_empty());
    for part in letters {
        assert_eq!(part.options.magnification, TextureFilter::Nearest);
        assert_eq!(part.options.minification, TextureFilter::Nearest);
    }
}
