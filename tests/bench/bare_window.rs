//! A window that shows one line: what any eframe window costs, with the renderer and options of Segl's.

fn main() -> eframe::Result {
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default().with_inner_size([760.0, 640.0]),
        multisampling: 0,
        depth_buffer: 0,
        stencil_buffer: 0,
        ..eframe::NativeOptions::default()
    };
    eframe::run_native("bare", options, Box::new(|_| Ok(Box::<Bare>::default())))
}

/// Whether the title was set: asking for it again would draw again.
#[derive(Default)]
struct Bare(bool);

impl eframe::App for Bare {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        if !std::mem::replace(&mut self.0, true) {
            ui.ctx()
                .send_viewport_cmd(egui::ViewportCommand::Title("Bare".to_owned()));
        }
        ui.label("Bare");
    }
}
