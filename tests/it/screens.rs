//! Screens that are smaller than the window, or become so. Segl remembers no place and no size of its window: it has to
//! fit the screen it opens on, and be reached when the monitor it stood on is unplugged.

use super::{
    desk::Desk,
    reader::Reader,
    screen::{Running, Screen, wait_until},
    tools::tool,
};

fn open(desk: &Desk, screen: &Screen) -> Running {
    let config = desk.demo.config_path();
    screen.open(&["--config", config.to_str().unwrap()])
}

/// All of the window is on a screen of this size.
fn fits(screen: &Screen, width: i32, height: i32) -> bool {
    let [left, top, wide, high] = screen.place();
    // Above it there is room for its title.
    left >= 0 && top >= 10 && left + wide <= width && top + high <= height
}

#[test]
fn the_window_fits_the_screen_that_it_opens_on_whatever_size_was_remembered() {
    for (size, width, height) in [("800x600", 800, 600), ("640x400", 640, 400)] {
        let Some(screen) = Screen::sized(size) else {
            return;
        };
        let desk = Desk::new();
        // Another, large screen was used before, and everything four times as large.
        for zoom in [100, 400] {
            let data = desk.demo.config().unwrap().data;
            std::fs::create_dir_all(&data).unwrap();
            std::fs::write(data.join("window.toml"), format!("zoom = {zoom}\n")).unwrap();
            let _window = open(&desk, &screen);
            let what = format!("{size} at {zoom} %");
            wait_until(&what, || fits(&screen, width, height));
            screen.keep(&format!("fits-{size}-{zoom}.png"));
        }
    }
}

#[test]
fn a_second_monitor_is_unplugged_and_the_window_can_be_reached_with_its_text() {
    let Some(screen) = Screen::with_bus() else {
        return;
    };
    let Some(mut reader) = Reader::on(&screen) else {
        return;
    };
    if tool("xrandr").is_none() || tool("xwininfo").is_none() {
        return;
    }
    let desk = Desk::new();
    let _window = open(&desk, &screen);
    reader.see_focus("Til");
    reader.write("Mailens tekst", "Teksten er der endnu.");
    let found = screen.run("xdotool", &["search", "--onlyvisible", "--name", "Segl"]);
    let window = found.lines().next_back().unwrap();
    screen.run("xdotool", &["windowmove", window, "600", "100"]);
    wait_until("it stands in the corner", || screen.place()[0] > 500);
    let size = &screen.place()[2..];
    screen.shrink(1024, 700);
    // X11 leaves this to the window manager, and winit is not told of it there; elsewhere Segl itself comes back.
    // Its title, by which it is moved, is on the screen, and nothing was lost or squeezed.
    wait_until("its title can be reached", || {
        let [left, top, ..] = screen.place();
        (0..1024 - 40).contains(&left) && (10..700).contains(&top)
    });
    assert_eq!(&screen.place()[2..], size);
    screen.keep("unplugged.png");
    screen.run("xdotool", &["windowmove", window, "10", "10"]);
    wait_until("it is whole", || fits(&screen, 1024, 700));
    let text = reader.see("Teksten er der endnu.");
    assert_eq!(text.name, "Mailens tekst");
    reader.judge("on the other screen");
    // It can still be written in.
    screen.activate();
    reader.focus("Mailens tekst");
    screen.write("Her. ");
    reader.see("Her. ");
}
