//! Which tests reach which mutants, and which mutants they notice. Both files only grow, so that a run can be ended at
//! any time and goes on where it was; of two lines about one mutant the later counts.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::Write,
    os::unix::process::CommandExt,
    path::Path,
    process::{Command, Stdio},
    sync::Mutex,
    time::{Duration, Instant},
};

use crate::{Fallible, Mutant};

/// A test that takes longer by itself is no judge.
const LONGEST: Duration = Duration::from_secs(60);
/// From here a test may fail because of the machine: it must fail twice.
const SLOW_MS: u64 = 200;

struct Test {
    program: String,
    name: String,
    ms: u64,
    reached: BTreeSet<usize>,
}

/// Runs tests of one program. None where the time was over.
fn run(
    program: &str,
    names: &[&str],
    variable: (&str, &str),
    limit: Duration,
) -> Fallible<Option<bool>> {
    let mut child = Command::new("sh")
        // A mutant may ask for memory without end.
        .args([
            "-c",
            "ulimit -v 12000000; ulimit -c 0; exec \"$@\"",
            "sh",
            program,
            "--exact",
        ])
        .args(names)
        .env(variable.0, variable.1)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()?;
    let end = Instant::now() + limit;
    let mut pause = Duration::from_millis(2);
    loop {
        if let Some(status) = child.try_wait()? {
            if !status.success() {
                end_group(child.id());
            }
            return Ok(Some(status.success()));
        }
        if Instant::now() > end {
            end_group(child.id());
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// What a test started and did not end, servers above all.
fn end_group(leader: u32) {
    let mut kill = Command::new("kill");
    let _ = kill
        .args(["-9", "--", &format!("-{leader}")])
        .stderr(Stdio::null())
        .status();
}

fn workers() -> usize {
    let number = std::env::var("SEGL_WORKERS")
        .ok()
        .and_then(|n| n.parse().ok());
    number.unwrap_or(2)
}

/// Does the work on each item, several at once. The first failure ends it.
fn each<T: Send>(items: Vec<T>, work: impl Fn(T) -> Fallible<()> + Sync) -> Fallible<()> {
    let items = Mutex::new(items.into_iter());
    let failure = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..workers() {
            scope.spawn(|| {
                loop {
                    let next = items.lock().ok().and_then(|mut items| items.next());
                    let Some(item) = next else { return };
                    if let Err(error) = work(item) {
                        let _ = failure.lock().map(|mut it| *it = Some(error.to_string()));
                        return;
                    }
                }
            });
        }
    });
    failure
        .into_inner()?
        .map_or(Ok(()), |error| Err(error.into()))
}

fn appended(path: &Path) -> Fallible<Mutex<File>> {
    Ok(Mutex::new(
        File::options().append(true).create(true).open(path)?,
    ))
}

fn say(file: &Mutex<File>, line: &str) -> Fallible<()> {
    let mut file = file.lock().map_err(|_| "another thread failed")?;
    Ok(file.write_all(format!("{line}\n").as_bytes())?)
}

/// Runs each test by itself and notes what it reached: `program, test, ms, ok or not, mutants`. A filter that begins
/// with `-` leaves tests out.
pub fn reach(folder: &Path, program: &Path, filters: &[&str]) -> Fallible<()> {
    fs::create_dir_all(folder)?;
    let known: BTreeSet<(String, String)> = lines(&folder.join("reached.tsv"))
        .map(|l| (l[0].clone(), l[1].clone()))
        .collect();
    let program = program.to_str().ok_or("the program's path is no text")?;
    let list = Command::new(program)
        .args(["--list", "--format", "terse"])
        .output()?;
    let list = String::from_utf8(list.stdout)?;
    let (without, with): (Vec<&str>, Vec<&str>) = filters.iter().partition(|f| f.starts_with('-'));
    let names = list.lines().filter_map(|line| line.strip_suffix(": test"));
    let wanted = |name: &&str| {
        (with.is_empty() || with.iter().any(|f| name.contains(f)))
            && !without.iter().any(|f| name.contains(&f[1..]))
            && !known.contains(&(program.to_owned(), (*name).to_owned()))
    };
    let notes = appended(&folder.join("reached.tsv"))?;
    each(names.filter(wanted).collect(), |name| {
        let file = folder.join(format!("reached.{}", name.replace("::", ".")));
        let _ = fs::remove_file(&file);
        let path = file.to_str().ok_or("the folder's path is no text")?;
        let start = Instant::now();
        let end = run(program, &[name], ("SEGL_REACHED", path), LONGEST)?;
        let ms = start.elapsed().as_millis();
        let end = if end == Some(true) { "ok" } else { "not" };
        let reached = fs::read_to_string(&file).unwrap_or_default();
        let reached: BTreeSet<&str> = reached.lines().collect();
        let reached: Vec<&str> = reached.into_iter().collect();
        let _ = fs::remove_file(&file);
        say(
            &notes,
            &format!("{program}\t{name}\t{ms}\t{end}\t{}", reached.join(",")),
        )
    })
}

fn lines(path: &Path) -> impl Iterator<Item = Vec<String>> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let parted = |line: &str| line.split('\t').map(str::to_owned).collect();
    text.lines().map(parted).collect::<Vec<_>>().into_iter()
}

/// Judges each woven mutant whose name holds one of the words (`#12` for a number), for at most so many seconds each,
/// the tests whose names begin with one of `first` first, of those the shortest: `number, verdict, by, name`. What was caught before is not judged again.
pub fn judge(
    folder: &Path,
    all: &[Mutant],
    seconds: u64,
    first: &str,
    only: &[&str],
) -> Fallible<()> {
    let first: Vec<&str> = first.split(',').collect();
    let mut tests: Vec<Test> = lines(&folder.join("reached.tsv"))
        .filter(|line| line[3] == "ok")
        .map(|line| Test {
            program: line[0].clone(),
            name: line[1].clone(),
            ms: line[2].parse().unwrap_or(u64::MAX),
            reached: line[4].split(',').filter_map(|n| n.parse().ok()).collect(),
        })
        .collect();
    tests.sort_by_key(|test| test.ms);
    let left_out: BTreeSet<usize> = [folder.join("dropped"), folder.join("left-out")]
        .iter()
        .flat_map(|file| crate::numbers(file))
        .collect();
    let verdicts: BTreeMap<usize, String> = lines(&folder.join("verdicts.tsv"))
        .filter_map(|line| Some((line[0].parse().ok()?, line[1].clone())))
        .collect();
    let wanted = |number: &usize| {
        let named = |word: &&str| match word.strip_prefix('#') {
            Some(one) => one.parse() == Ok(*number),
            None => all[*number].name.contains(word),
        };
        let is_caught = |verdict: &String| verdict == "caught" || verdict == "endless";
        (only.is_empty() || only.iter().any(named))
            && !left_out.contains(number)
            && !verdicts.get(number).is_some_and(is_caught)
    };
    let notes = appended(&folder.join("verdicts.tsv"))?;
    each((0..all.len()).filter(wanted).collect(), |number| {
        let (verdict, by) = verdict(number, &first, &tests, seconds)?;
        say(
            &notes,
            &format!("{number}\t{verdict}\t{by}\t{}", all[number].name),
        )
    })
}

fn verdict(
    number: usize,
    first: &[&str],
    tests: &[Test],
    seconds: u64,
) -> Fallible<(&'static str, String)> {
    let mut reaching: Vec<&Test> = tests
        .iter()
        .filter(|test| test.reached.contains(&number))
        .collect();
    // Stable: of those that are asked first, and of the others, the shortest first.
    reaching.sort_by_key(|test| !first.iter().any(|name| test.name.starts_with(name)));
    if reaching.is_empty() {
        return Ok(("unreached", String::new()));
    }
    let on = number.to_string();
    let (mut next, mut most) = (0, 200);
    let mut spent = 0;
    while next < reaching.len() {
        let first = reaching[next];
        let (mut names, mut ms) = (vec![first.name.as_str()], first.ms);
        while let Some(test) = reaching.get(next + names.len())
            && test.program == first.program
            && ms + test.ms < most
        {
            names.push(&test.name);
            ms += test.ms;
        }
        if spent > 0 && spent + ms > seconds * 1000 {
            return Ok(("unfinished", format!("{next} of {} tests", reaching.len())));
        }
        let limit = Duration::from_secs(20) + Duration::from_millis(ms * 5);
        let again = || run(&first.program, &names, ("SEGL_MUTANT", &on), limit);
        match again()? {
            None => return Ok(("endless", names.join(" "))),
            Some(false) if first.ms < SLOW_MS || again()? != Some(true) => {
                return Ok(("caught", names.join(" ")));
            }
            Some(_) => {}
        }
        next += names.len();
        spent += ms;
        most *= 2;
    }
    Ok(("survived", format!("{} tests", reaching.len())))
}
