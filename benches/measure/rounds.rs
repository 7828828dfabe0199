//! Things that are compared take turns, so that a busy moment of the machine meets all alike.

use std::time::{Duration, Instant};

/// One thing to measure: told the number of the round, it does the work and says how long the
/// part that counts took.
type Work<'a> = Box<dyn FnMut(usize) -> Duration + 'a>;

/// Everything that is compared.
#[derive(Default)]
pub struct Rounds<'a> {
    entries: Vec<(&'static str, Work<'a>)>,
}

impl<'a> Rounds<'a> {
    /// One more, under a name of its own.
    pub fn add(&mut self, name: &'static str, work: impl FnMut(usize) -> Duration + 'a) {
        self.entries.push((name, Box::new(work)));
    }

    /// Lets each have its turn `rounds` times. One more round before does not count.
    pub fn go(mut self, rounds: usize) -> Times {
        let mut times: Vec<_> = self
            .entries
            .iter()
            .map(|(name, _)| (*name, Vec::with_capacity(rounds)))
            .collect();
        for round in 0..=rounds {
            for ((_, work), (_, times)) in self.entries.iter_mut().zip(&mut times) {
                let took = work(round);
                if round > 0 {
                    times.push(took);
                }
            }
        }
        Times(times)
    }
}

/// How long everything took in every round.
pub struct Times(Vec<(&'static str, Vec<Duration>)>);

impl Times {
    /// The time that half of the rounds stayed below.
    pub fn median(&self, name: &str) -> Duration {
        let mut times = self.of(name).to_vec();
        times.sort_unstable();
        times[times.len() / 2]
    }

    /// The longest time.
    pub fn longest(&self, name: &str) -> Duration {
        self.of(name).iter().copied().max().unwrap_or_default()
    }

    /// How far from the median half of the rounds stayed: the median absolute deviation.
    pub fn noise(&self, name: &str) -> Duration {
        let seconds: Vec<f64> = self.of(name).iter().map(Duration::as_secs_f64).collect();
        Duration::from_secs_f64(deviation(&seconds))
    }

    /// By how many seconds `name` took longer than `other` in the same round: the median, and
    /// its noise.
    pub fn difference(&self, name: &str, other: &str) -> (f64, Duration) {
        let pairs = self.of(name).iter().zip(self.of(other));
        let apart: Vec<f64> = pairs
            .map(|(one, two)| one.as_secs_f64() - two.as_secs_f64())
            .collect();
        (middle(&apart), Duration::from_secs_f64(deviation(&apart)))
    }

    /// The shortest time.
    pub fn fastest(&self, name: &str) -> Duration {
        self.of(name).iter().copied().min().unwrap_or_default()
    }

    /// How many times longer `name` took than all of `others` together: the median of the
    /// rounds' own ratios, which a slow stretch of the machine does not move.
    pub fn ratio(&self, name: &str, others: &[&str]) -> f64 {
        let mut ratios: Vec<f64> = self
            .of(name)
            .iter()
            .enumerate()
            .map(|(round, time)| {
                let sum: Duration = others.iter().map(|other| self.of(other)[round]).sum();
                time.as_secs_f64() / sum.as_secs_f64()
            })
            .collect();
        ratios.sort_unstable_by(f64::total_cmp);
        ratios[ratios.len() / 2]
    }

    /// The names in the order they were added.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(name, _)| *name)
    }

    fn of(&self, name: &str) -> &[Duration] {
        let entry = self.0.iter().find(|(other, _)| *other == name);
        &entry.expect("only what was added is asked for").1
    }
}

fn middle(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

fn deviation(values: &[f64]) -> f64 {
    let middle = middle(values);
    let apart: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    self::middle(&apart)
}

/// How long it takes.
pub fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}
