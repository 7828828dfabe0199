//! The result as a small table: what was measured, what was promised, and whether it holds.

use std::time::Duration;

use super::rounds::Times;

/// Rows under one title.
pub struct Table {
    title: &'static str,
    rows: Vec<[String; 4]>,
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
    pub fn row(&mut self, what: &str, measured: String) {
        self.rows
            .push([what.to_owned(), measured, String::new(), String::new()]);
    }

    /// A ratio that was promised to stay below `budget`.
    pub fn ratio(&mut self, what: &str, measured: f64, budget: f64) {
        self.promise(
            what,
            format!("{measured:.2} x"),
            format!("<= {budget} x"),
            measured <= budget,
        );
    }

    /// Any other promise.
    pub fn promise(&mut self, what: &str, measured: String, budget: String, holds: bool) {
        let verdict = if holds { "holds" } else { "MISSED" };
        self.rows
            .push([what.to_owned(), measured, budget, verdict.to_owned()]);
    }

    /// Prints it.
    pub fn print(&self) {
        let heading = ["", "measured", "budget", "verdict"].map(str::to_owned);
        let rows: Vec<&[String; 4]> = [&heading].into_iter().chain(&self.rows).collect();
        let width = |column: usize| {
            let cells = rows.iter().map(|row| row[column].chars().count());
            cells.max().unwrap_or(0)
        };
        let widths = [width(0), width(1), width(2), width(3)];
        println!("\n{}", self.title);
        for row in rows {
            let cells: Vec<String> = row
                .iter()
                .zip(widths)
                .map(|(cell, width)| format!("{cell:width$}"))
                .collect();
            println!("  {}", cells.join("  ").trim_end());
        }
    }
}

/// A time as people read it.
pub fn show(time: Duration) -> String {
    if time < Duration::from_millis(1) {
        format!("{:.0} us", time.as_secs_f64() * 1e6)
    } else {
        format!("{:.2} ms", time.as_secs_f64() * 1e3)
    }
}
