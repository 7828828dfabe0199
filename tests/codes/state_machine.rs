//! Random lives of codes against a small model of DESIGN section 3 and of the waits of 4.5: the
//! program and the model end alike, count alike, and the audit chain holds.

use proptest::prelude::*;
use serde_json::Value;

use crate::harness::Desk;
use crate::harness::asking::{hint, with_json};

#[derive(Clone, Debug)]
enum Step {
    Generate {
        count: usize,
        pending: bool,
        hours: Option<i64>,
    },
    /// One code beside the sheet, for so many hours.
    Temporary(i64),
    /// Codes and batches are picked by a number, modulo how many there were ever.
    Verify(usize),
    VerifyWrong,
    Confirm(usize),
    Invalidate(usize),
    Reactivate(usize),
    Delete(usize),
    DeleteBatch {
        pick: usize,
        now: bool,
    },
    Disable,
    Enable,
    Pass(i64),
    Reset,
}

fn step() -> impl Strategy<Value = Step> {
    let pick = 0..24_usize;
    let hours = prop_oneof![3 => Just(None), 1 => Just(Some(1)), 1 => Just(Some(48))];
    prop_oneof![
        5 => (1..4_usize, any::<bool>(), hours)
            .prop_map(|(count, pending, hours)| Step::Generate { count, pending, hours }),
        3 => prop_oneof![Just(1), Just(24)].prop_map(Step::Temporary),
        6 => pick.clone().prop_map(Step::Verify),
        2 => Just(Step::VerifyWrong),
        4 => pick.clone().prop_map(Step::Confirm),
        3 => pick.clone().prop_map(Step::Invalidate),
        3 => pick.clone().prop_map(Step::Reactivate),
        2 => pick.clone().prop_map(Step::Delete),
        2 => (pick, any::<bool>()).prop_map(|(pick, now)| Step::DeleteBatch { pick, now }),
        1 => Just(Step::Disable),
        3 => Just(Step::Enable),
        5 => prop_oneof![Just(30), Just(61), Just(3600), Just(90_000)].prop_map(Step::Pass),
        1 => Just(Step::Reset),
    ]
}

const MOST: u64 = 3;

/// When the desk's clock begins.
const BEGIN: i64 = 1_790_000_000;

/// Failures, how often the wait was multiplied, its end, and the last attempt.
#[derive(Default)]
struct Limiter {
    failures: u64,
    penalty: u32,
    until: i64,
    last: i64,
}

impl Limiter {
    fn wait(&mut self, now: i64) {
        let seconds = 2_i64.pow(self.penalty.min(10)) * 60;
        self.until = now + seconds.min(3600);
    }

    /// Whether it is too early; then the wait begins anew and is longer.
    fn is_too_early(&mut self, now: i64) -> bool {
        if now >= self.until.max(self.last + 86_400) {
            *self = Self::default();
        }
        let too_early = now < self.until;
        self.last = now;
        if too_early {
            self.penalty += 1;
            self.wait(now);
        }
        too_early
    }

    fn guess(&mut self, now: i64) -> bool {
        if self.is_too_early(now) {
            return false;
        }
        self.failures += 1;
        if self.failures >= MOST {
            self.penalty += u32::from(self.failures > MOST);
            self.wait(now);
        }
        true
    }

    fn generate(&mut self, now: i64) -> bool {
        if self.is_too_early(now) {
            return false;
        }
        self.penalty = 0;
        self.wait(now);
        true
    }
}

struct Batch {
    id: String,
    state: &'static str,
    is_temporary: bool,
    confirmed: bool,
    expires: Option<i64>,
    changed: i64,
    /// Codes with their states.
    codes: Vec<(String, &'static str)>,
}

impl Batch {
    fn count(&self, state: &str) -> u64 {
        self.codes.iter().filter(|code| code.1 == state).count() as u64
    }

    fn end(&mut self, state: &'static str, codes: &'static str, now: i64) {
        self.state = state;
        self.changed = now;
        for code in self.codes.iter_mut().filter(|code| code.1 == "active") {
            code.1 = codes;
        }
    }
}

#[derive(Default)]
struct Model {
    now: i64,
    is_disabled: bool,
    batches: Vec<Batch>,
    verify: Limiter,
    generate: Limiter,
    deeds: u64,
}

impl Model {
    /// Batch and place of a picked code.
    fn code(&self, pick: usize) -> Option<(usize, usize)> {
        let places: Vec<(usize, usize)> = self
            .batches
            .iter()
            .enumerate()
            .flat_map(|(batch, it)| (0..it.codes.len()).map(move |place| (batch, place)))
            .collect();
        (!places.is_empty()).then(|| places[pick % places.len()])
    }

    fn works(&self, batch: usize, place: usize, states: &[&str]) -> bool {
        let batch = &self.batches[batch];
        !self.is_disabled
            && batch.codes[place].1 == "active"
            && states.contains(&batch.state)
            && batch.expires.is_none_or(|at| at > self.now)
    }

    /// Codes of the sheet that work, but for who is disabled.
    fn left_on_sheet(&self) -> u64 {
        let is_sheet = |batch: &&Batch| batch.state == "active" && !batch.is_temporary;
        let sheet = self.batches.iter().find(is_sheet);
        let works = sheet.filter(|batch| batch.expires.is_none_or(|at| at > self.now));
        works.map_or(0, |batch| batch.count("active"))
    }

    fn deed(&mut self) -> u8 {
        self.deeds += 1;
        0
    }

    fn end(&mut self, state: &str, is_temporary: bool) {
        let now = self.now;
        let ending = self
            .batches
            .iter_mut()
            .filter(|batch| batch.state == state && batch.is_temporary == is_temporary);
        ending.for_each(|batch| batch.end("superseded", "invalidated", now));
    }

    fn verify(&mut self, (batch, place): (usize, usize)) -> u8 {
        if !self.verify.guess(self.now) {
            return 5;
        }
        if !self.works(batch, place, &["active"]) {
            return 1;
        }
        self.verify = Limiter::default();
        self.batches[batch].codes[place].1 = "used";
        self.batches[batch].changed = self.now;
        self.deed()
    }

    fn confirm(&mut self, (batch, place): (usize, usize)) -> u8 {
        if !self.verify.guess(self.now) {
            return 5;
        }
        if !self.works(batch, place, &["active", "pending"]) {
            return 1;
        }
        self.verify = Limiter::default();
        if self.batches[batch].confirmed {
            return 3;
        }
        if self.batches[batch].state == "pending" {
            self.end("active", false);
            self.batches[batch].state = "active";
        }
        self.batches[batch].confirmed = true;
        self.batches[batch].changed = self.now;
        self.deed()
    }

    fn change(&mut self, (batch, place): (usize, usize), from: &[&str], to: &'static str) -> u8 {
        let batch = &mut self.batches[batch];
        let is_lost = batch.state == "purged" || (to == "active" && batch.state != "active");
        if is_lost || !from.contains(&batch.codes[place].1) {
            return 3;
        }
        batch.codes[place].1 = to;
        batch.changed = self.now;
        self.deed()
    }

    fn delete_batch(&mut self, batch: usize, now: bool) -> u8 {
        let batch = &mut self.batches[batch];
        match (batch.state, now) {
            ("purged", _) | ("deleted", false) => 3,
            _ => {
                let state = if now { "purged" } else { "deleted" };
                batch.end(state, "deleted", self.now);
                self.deed()
            }
        }
    }
}

/// Both do one step.
fn take(desk: &Desk, model: &mut Model, step: &Step) {
    let code = |model: &Model, pick: &usize| model.code(*pick);
    match step {
        Step::Generate {
            count,
            pending,
            hours,
        } => generate(desk, model, *count, *pending, *hours),
        Step::Temporary(hours) => temporary(desk, model, *hours),
        Step::Verify(pick) | Step::Confirm(pick) => {
            let Some(at) = code(model, pick) else { return };
            let is_verify = matches!(step, Step::Verify(_));
            let word = if is_verify { "verify" } else { "confirm" };
            let text = model.batches[at.0].codes[at.1].0.clone();
            let ended = desk.pipe(&["--json", word, "alice"], text);
            let exit = if is_verify {
                model.verify(at)
            } else {
                model.confirm(at)
            };
            assert_eq!(ended.exit, exit, "{step:?}: {} {}", ended.out, ended.err);
            if exit == 0 {
                let left = match is_verify && model.batches[at.0].is_temporary {
                    true => model.left_on_sheet(),
                    false => model.batches[at.0].count("active"),
                };
                assert_eq!(ended.json()["remaining"], left, "{step:?}");
            }
        }
        Step::VerifyWrong => {
            let exit = if model.verify.guess(model.now) { 1 } else { 5 };
            let ended = desk.pipe(&["verify", "alice"], "Z".repeat(36));
            assert_eq!(ended.exit, exit, "{}", ended.err);
        }
        Step::Invalidate(pick) | Step::Reactivate(pick) | Step::Delete(pick) => {
            let Some(at) = code(model, pick) else { return };
            let hint = hint(&model.batches[at.0].codes[at.1].0).to_owned();
            let (word, from, to) = match step {
                Step::Invalidate(_) => ("invalidate", &["active"][..], "invalidated"),
                Step::Reactivate(_) => ("reactivate", &["invalidated"][..], "active"),
                _ => ("delete", &["active", "invalidated"][..], "deleted"),
            };
            let exit = model.change(at, from, to);
            expect(desk, &["code", word, "alice", &hint, "--yes"], exit);
        }
        Step::DeleteBatch { pick, now } => {
            if model.batches.is_empty() {
                return;
            }
            let batch = pick % model.batches.len();
            let id = model.batches[batch].id.clone();
            let exit = model.delete_batch(batch, *now);
            let mut args = vec!["batch", "delete", &*id, "--yes"];
            args.extend(now.then_some("--now"));
            expect(desk, &args, exit);
        }
        Step::Disable | Step::Enable => {
            let disables = matches!(step, Step::Disable);
            model.deeds += u64::from(model.is_disabled != disables);
            model.is_disabled = disables;
            let word = if disables { "disable" } else { "enable" };
            expect(desk, &["user", word, "alice"], 0);
        }
        Step::Pass(seconds) => {
            desk.pass(*seconds);
            model.now += seconds;
        }
        Step::Reset => {
            model.verify = Limiter::default();
            model.generate = Limiter::default();
            let done = expect(desk, &["limit", "reset", "alice"], 0);
            model.deeds += u64::from(done["changed"] == true);
        }
    }
}

fn generate(desk: &Desk, model: &mut Model, count: usize, pending: bool, hours: Option<i64>) {
    let exit = match (model.is_disabled, ()) {
        (true, ()) => 3,
        (false, ()) if model.generate.generate(model.now) => model.deed(),
        _ => 5,
    };
    let (number, span) = (count.to_string(), hours.map(|hours| format!("{hours}h")));
    let mut args = vec!["generate", "alice", "--yes", "--count", &number];
    args.extend(pending.then_some("--pending"));
    args.extend(span.iter().flat_map(|span| ["--expires-in", span]));
    let issued = expect(desk, &args, exit);
    if exit != 0 {
        return;
    }
    model.end("pending", false);
    if !pending {
        model.end("active", false);
    }
    let codes = issued["codes"].as_array().unwrap().iter();
    model.batches.push(Batch {
        id: issued["batch"].as_str().unwrap().to_owned(),
        state: if pending { "pending" } else { "active" },
        is_temporary: false,
        confirmed: false,
        changed: model.now,
        expires: hours.map(|hours| model.now + hours * 3600),
        codes: codes
            .map(|code| (code.as_str().unwrap().to_owned(), "active"))
            .collect(),
    });
}

fn temporary(desk: &Desk, model: &mut Model, hours: i64) {
    let exit = if model.is_disabled { 3 } else { model.deed() };
    let span = format!("{hours}h");
    let args = [
        "generate",
        "alice",
        "--temporary",
        "--reason",
        "x",
        "--expires-in",
        &span,
    ];
    let issued = expect(desk, &args, exit);
    if exit != 0 {
        return;
    }
    model.end("active", true);
    model.batches.push(Batch {
        id: issued["batch"].as_str().unwrap().to_owned(),
        state: "active",
        is_temporary: true,
        confirmed: false,
        changed: model.now,
        expires: Some(model.now + hours * 3600),
        codes: vec![(issued["codes"][0].as_str().unwrap().to_owned(), "active")],
    });
}

fn expect(desk: &Desk, args: &[&str], exit: u8) -> Value {
    let ended = desk.run(&with_json(args));
    assert_eq!(ended.exit, exit, "{args:?}: {} {}", ended.out, ended.err);
    if exit == 0 { ended.json() } else { Value::Null }
}

/// The counts of every batch, and whether they agree with the rows.
fn compare(desk: &Desk, model: &Model) {
    let list = desk.json(&["batch", "list"]);
    let found = list["items"].as_array().unwrap();
    assert_eq!(found.len(), model.batches.len());
    for (found, batch) in found.iter().rev().zip(&model.batches) {
        assert_eq!(found["batch"], batch.id);
        assert_eq!(found["state"], batch.state);
        assert_eq!(found["confirmed"], batch.confirmed);
        let changed: jiff::Timestamp = found["changed_at"].as_str().unwrap().parse().unwrap();
        let since = changed.as_second() - BEGIN;
        assert_eq!(since, batch.changed - 1_000_000, "{found}");
        let purged = match batch.state {
            "purged" => batch.codes.len() as u64,
            _ => 0,
        };
        assert_eq!(found["purged"], purged);
        assert_eq!(found["issued"], batch.codes.len());
        assert_eq!(found["remaining"], batch.count("active"));
        for state in ["used", "invalidated", "deleted"] {
            assert_eq!(found[state], batch.count(state), "{state} of {found}");
        }
        let rows = desk.json(&["batch", "show", &batch.id]);
        let rows = rows["codes"].as_array().unwrap();
        if purged > 0 {
            assert!(rows.is_empty());
            continue;
        }
        for (row, (code, state)) in rows.iter().zip(&batch.codes) {
            assert_eq!([&row["hint"], &row["state"]], [hint(code), state]);
        }
    }
    let shown = desk.json(&["user", "show", "alice"]);
    assert_eq!(shown["remaining"], model.left_on_sheet());
    let works = |batch: &&Batch| batch.is_temporary && batch.state == "active";
    let works = model.batches.iter().filter(works);
    let works = works.filter(|batch| batch.expires.is_none_or(|at| at > model.now));
    let temporary: u64 = works.map(|batch| batch.count("active")).sum();
    assert_eq!(desk.json(&["status"])["codes"]["temporary"], temporary);
    assert_eq!(desk.deeds(), model.deeds);
    desk.assert_sound();
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 50,
        max_shrink_iters: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_program_and_the_model_live_alike(steps in prop::collection::vec(step(), 20..40)) {
        let desk = Desk::new()
            .with("RECOVERY_CODES_LIMITER_MAX_ATTEMPTS", &MOST.to_string())
            .with("RECOVERY_CODES_HISTORY_MAX_VISIBLE", "1000")
            .with("RECOVERY_CODES_HISTORY_PER_PAGE", "1000");
        desk.say(&["user", "add", "alice"]);
        let mut model = Model { deeds: 2, now: 1_000_000, ..Model::default() };
        for step in &steps {
            take(&desk, &mut model, step);
        }
        compare(&desk, &model);
    }
}
