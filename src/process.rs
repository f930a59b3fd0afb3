//! What every program of Segl does first: no core dumps, and panics that tell where and nothing of what.
//!
//! A core file holds the memory, and with it the text of mails. A panic's message may hold a piece of one.

/// Switches core dumps off and makes panics print their place only. Call it once, first.
pub fn harden() {
    no_core_dumps();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map_or_else(|| "?".to_owned(), |l| format!("{}:{}", l.file(), l.line()));
        let thread = std::thread::current();
        let thread = thread.name().unwrap_or("?");
        report(&format!("segl: a fault at {place} in {thread}"));
    }));
}

#[expect(clippy::print_stderr, reason = "there is nowhere else to say it")]
fn report(text: &str) {
    eprintln!("{text}");
}

#[cfg(unix)]
fn no_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    if setrlimit(Resource::Core, none).is_err() {
        report("segl: core dumps could not be switched off");
    }
}

/// Windows writes no core files; error reports are for IT's policy to switch off.
#[cfg(not(unix))]
fn no_core_dumps() {}

#[cfg(all(test, unix))]
mod tests {
    #[test]
    fn core_dumps_are_off_and_stay_off() {
        super::no_core_dumps();
        let limit = rustix::process::getrlimit(rustix::process::Resource::Core);
        assert_eq!((limit.current, limit.maximum), (Some(0), Some(0)));
    }
}
