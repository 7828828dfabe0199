//! The result as a small table: the least that it must cost, what it cost, their ratio, what was
//! promised, and what came out the last time. On which machine is said before.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

use super::rounds::Times;

/// Limit, ours, ratio, budget, last time, verdict; before them what it is about.
const COLUMNS: [&str; 7] = [
    "",
    "limit",
    "ours",
    "ratio",
    "budget",
    "last time",
    "verdict",
];

/// Rows under one title.
pub struct Table {
    title: &'static str,
    rows: Vec<[String; 7]>,
}

impl Table {
    /// An empty table.
    pub fn new(title: &'static str) -> Self {
        Self {
            title,
            rows: Vec::new(),
        }
    }

    /// Median and shortest time of everything that had its turn.
    pub fn times(&mut self, times: &Times) {
        for name in times.names() {
            let (median, fastest) = (times.median(name), times.fastest(name));
            self.row(name, format!("{} (from {})", show(median), show(fastest)));
        }
    }

    /// A figure without a promise.
    pub fn row(&mut self, what: &str, ours: String) {
        self.full(what, ["", &ours, "", "", ""].map(str::to_owned));
    }

    /// How long `name` took beside the least that the work must cost, which is all of `limits`
    /// together; their ratio was promised to stay below `budget`.
    pub fn against(&mut self, what: &str, times: &Times, name: &str, limits: &[&str], budget: f64) {
        let limit = limits.iter().map(|limit| times.median(limit)).sum();
        let ours = times.median(name);
        self.beside(what, (limit, ours), times.ratio(name, limits), Some(budget));
    }

    /// The same of what was measured once.
    pub fn beside(
        &mut self,
        what: &str,
        (limit, ours): (Duration, Duration),
        ratio: f64,
        budget: Option<f64>,
    ) {
        let (budget, verdict) = match budget {
            Some(budget) => (format!("<= {budget} x"), verdict(ratio <= budget)),
            None => (String::new(), ""),
        };
        let cells = [
            show(limit),
            show(ours),
            format!("{ratio:.2} x"),
            budget,
            verdict.to_owned(),
        ];
        self.full(what, cells);
    }

    /// A ratio that was promised to stay below `budget`.
    pub fn ratio(&mut self, what: &str, ratio: f64, budget: f64) {
        let cells = [
            String::new(),
            String::new(),
            format!("{ratio:.2} x"),
            format!("<= {budget} x"),
            verdict(ratio <= budget).to_owned(),
        ];
        self.full(what, cells);
    }

    /// Any other promise.
    pub fn promise(&mut self, what: &str, ours: String, budget: String, holds: bool) {
        let cells = [
            String::new(),
            ours,
            String::new(),
            budget,
            verdict(holds).to_owned(),
        ];
        self.full(what, cells);
    }

    fn full(&mut self, what: &str, [limit, ours, ratio, budget, verdict]: [String; 5]) {
        let what = what.to_owned();
        self.rows
            .push([what, limit, ours, ratio, budget, String::new(), verdict]);
    }

    /// Prints it, and keeps it for the next time.
    pub fn print(mut self) {
        static MACHINE: Once = Once::new();
        MACHINE.call_once(|| println!("{}", machine()));
        self.compare_with_last();
        let heading = COLUMNS.map(str::to_owned);
        let rows: Vec<&[String; 7]> = [&heading].into_iter().chain(&self.rows).collect();
        let widths: Vec<usize> = (0..COLUMNS.len())
            .map(|column| {
                let cells = rows.iter().map(|row| row[column].chars().count());
                cells.max().unwrap_or(0)
            })
            .collect();
        println!("\n{}", self.title);
        for row in rows {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .filter(|(_, width)| **width > 0)
                .map(|(cell, width)| format!("{cell:width$}"))
                .collect();
            println!("  {}", cells.join("  ").trim_end());
        }
    }

    /// Says of each row what the last run said, and writes down what this one says.
    fn compare_with_last(&mut self) {
        let path = last();
        let text = fs::read_to_string(&path).unwrap_or_default();
        let mut kept: BTreeMap<String, String> = text
            .lines()
            .filter_map(|line| line.rsplit_once('\t'))
            .map(|(what, result)| (what.to_owned(), result.to_owned()))
            .collect();
        for row in &mut self.rows {
            let result = match row[3].is_empty() {
                true => row[2].clone(),
                false => row[3].clone(),
            };
            let what = format!("{}\t{}", self.title, row[0]);
            row[5] = kept.insert(what, result).unwrap_or_default();
        }
        let lines: Vec<String> = kept
            .iter()
            .map(|(what, result)| format!("{what}\t{result}\n"))
            .collect();
        let directory = path.parent().expect("it lies in a directory");
        let written = fs::create_dir_all(directory).and_then(|()| fs::write(&path, lines.concat()));
        written.expect("the build directory can be written");
    }
}

/// Where the last result of this measurement is kept.
fn last() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("measured")
        .join(concat!(env!("CARGO_CRATE_NAME"), ".tsv"))
}

fn verdict(holds: bool) -> &'static str {
    if holds { "holds" } else { "MISSED" }
}

/// The machine, in one line.
pub fn machine() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let cpus = read("/proc/cpuinfo");
    let cpu = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let cpu = cpu
        .unwrap_or("an unknown processor")
        .trim_matches([' ', '\t', ':']);
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let load = read("/proc/loadavg");
    let maps = read("/proc/self/smaps");
    let mut lines = maps.lines();
    let page = lines.find_map(|line| line.strip_prefix("KernelPageSize:"));
    let page = page.unwrap_or("an unknown size");
    let huge = read("/sys/kernel/mm/transparent_hugepage/enabled");
    let huge = huge.split(['[', ']']).nth(1).unwrap_or("none").to_owned();
    format!(
        "{cpu}, {processors} processors, Linux {}, pages of {}, huge pages: {huge}, load {}",
        read("/proc/sys/kernel/osrelease").trim(),
        page.trim(),
        load.split(' ').next().unwrap_or_default(),
    )
}

/// A time as people read it.
pub fn show(time: Duration) -> String {
    if time < Duration::from_millis(1) {
        format!("{:.0} us", time.as_secs_f64() * 1e6)
    } else if time < Duration::from_secs(1) {
        format!("{:.2} ms", time.as_secs_f64() * 1e3)
    } else {
        format!("{:.2} s", time.as_secs_f64())
    }
}
