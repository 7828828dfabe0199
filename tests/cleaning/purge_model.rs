//! Random histories of codes and random purges against a model: exactly the right codes go, and
//! what still works goes on working.

use proptest::prelude::*;

use super::purge::{DAY, desk, hints, purge};
use crate::harness::Desk;
use crate::harness::asking::hint;

#[derive(Clone, Debug)]
enum Step {
    Issue {
        user: usize,
        count: usize,
        days: Option<i64>,
    },
    /// Codes are picked by a number, modulo how many there were ever.
    Verify(usize),
    Change(&'static str, usize),
    DeleteBatch(usize),
    Pass(i64),
    Purge {
        days: i64,
        chunk: usize,
        most: Option<u64>,
        keep: bool,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let pick = 0..60_usize;
    let days = prop_oneof![2 => Just(None), 1 => Just(Some(1)), 1 => Just(Some(5))];
    let change = prop_oneof![3 => Just("invalidate"), 3 => Just("reactivate"), 1 => Just("delete")];
    let most = prop_oneof![2 => Just(None), 1 => (1..6_u64).prop_map(Some)];
    prop_oneof![
        4 => (0..3_usize, 1..5_usize, days)
            .prop_map(|(user, count, days)| Step::Issue { user, count, days }),
        6 => pick.clone().prop_map(Step::Verify),
        6 => (change, pick.clone()).prop_map(|(word, pick)| Step::Change(word, pick)),
        1 => pick.prop_map(Step::DeleteBatch),
        4 => prop_oneof![Just(61), Just(DAY), Just(3 * DAY)].prop_map(Step::Pass),
        3 => (0..4_i64, 1..6_usize, most, any::<bool>())
            .prop_map(|(days, chunk, most, keep)| Step::Purge { days, chunk, most, keep }),
    ]
}

struct Code {
    text: String,
    state: &'static str,
    ended: Option<i64>,
    is_gone: bool,
}

struct Batch {
    id: String,
    user: String,
    state: &'static str,
    expires: Option<i64>,
    codes: Vec<Code>,
}

impl Batch {
    fn end(&mut self, state: &'static str, codes: &'static str, now: i64) {
        self.state = state;
        let living = |code: &&mut Code| code.state == "active" && !code.is_gone;
        for code in self.codes.iter_mut().filter(living) {
            (code.state, code.ended) = (codes, Some(now));
        }
    }

    fn is_dead(&self, code: &Code, cutoff: i64) -> bool {
        let ends = [code.ended, self.expires];
        !code.is_gone && ends.into_iter().flatten().any(|at| at <= cutoff)
    }

    fn rows(&self) -> Vec<&str> {
        let left = self.codes.iter().filter(|code| !code.is_gone);
        left.map(|code| hint(&code.text)).collect()
    }

    fn works(&self, code: &Code, now: i64) -> bool {
        self.state == "active"
            && code.state == "active"
            && !code.is_gone
            && self.expires.is_none_or(|at| at > now)
    }
}

#[derive(Default)]
struct Model {
    now: i64,
    batches: Vec<Batch>,
}

impl Model {
    fn pick(&self, pick: usize) -> Option<(usize, usize)> {
        let places: Vec<(usize, usize)> = (0..self.batches.len())
            .flat_map(|batch| (0..self.batches[batch].codes.len()).map(move |code| (batch, code)))
            .collect();
        (!places.is_empty()).then(|| places[pick % places.len()])
    }
}

fn take(desk: &Desk, model: &mut Model, step: &Step) {
    let now = model.now;
    match step {
        Step::Issue { user, count, days } => {
            let user = format!("user{user}");
            let (number, span) = (count.to_string(), days.map(|days| format!("{days}d")));
            let mut args = vec![
                "generate",
                &user,
                "--create-user",
                "--yes",
                "--count",
                &number,
            ];
            args.extend(span.iter().flat_map(|span| ["--expires-in", span]));
            desk.run(&["limit", "reset", &user]);
            let issued = desk.json(&args);
            let of_user = model.batches.iter_mut().filter(|batch| batch.user == user);
            for batch in of_user.filter(|batch| batch.state == "active") {
                batch.end("superseded", "invalidated", now);
            }
            let texts = issued["codes"].as_array().unwrap().iter();
            model.batches.push(Batch {
                id: issued["batch"].as_str().unwrap().to_owned(),
                user,
                state: "active",
                expires: days.map(|days| now + days * DAY),
                codes: texts
                    .map(|text| Code {
                        text: text.as_str().unwrap().to_owned(),
                        state: "active",
                        ended: None,
                        is_gone: false,
                    })
                    .collect(),
            });
        }
        Step::Verify(pick) => {
            let Some((batch, code)) = model.pick(*pick) else {
                return;
            };
            let batch = &mut model.batches[batch];
            let works = batch.works(&batch.codes[code], now);
            desk.run(&["limit", "reset", &batch.user]);
            let said = desk.pipe(&["verify", &batch.user], &batch.codes[code].text);
            assert_eq!(said.exit, u8::from(!works), "{step:?}: {}", said.err);
            if works {
                (batch.codes[code].state, batch.codes[code].ended) = ("used", Some(now));
            }
        }
        Step::Change(word, pick) => {
            let Some((batch, code)) = model.pick(*pick) else {
                return;
            };
            let batch = &mut model.batches[batch];
            let (from, to, ended) = match *word {
                "invalidate" => (&["active"][..], "invalidated", Some(now)),
                "delete" => (&["active", "invalidated"][..], "deleted", Some(now)),
                _ => (&["invalidated"][..], "active", None),
            };
            let code = &mut batch.codes[code];
            let may = from.contains(&code.state)
                && !code.is_gone
                && (to != "active" || batch.state == "active");
            let said = desk.run(&["code", word, &batch.user, hint(&code.text), "--yes"]);
            assert_eq!(said.exit, if may { 0 } else { 3 }, "{step:?}: {}", said.err);
            if may {
                (code.state, code.ended) = (to, ended);
            }
        }
        Step::DeleteBatch(pick) => {
            let Some((batch, _)) = model.pick(*pick) else {
                return;
            };
            let batch = &mut model.batches[batch];
            let may = !["purged", "deleted"].contains(&batch.state);
            let said = desk.run(&["batch", "delete", &batch.id, "--yes"]);
            assert_eq!(said.exit, if may { 0 } else { 3 }, "{}", said.err);
            if may {
                batch.end("deleted", "deleted", now);
            }
        }
        Step::Pass(seconds) => {
            desk.pass(*seconds);
            model.now += seconds;
        }
        Step::Purge {
            days,
            chunk,
            most,
            keep,
        } => run(desk, model, *days, *chunk, *most, *keep),
    }
}

/// A trial run and a run; both say what the model says, and exactly the right codes are gone.
fn run(desk: &Desk, model: &mut Model, days: i64, chunk: usize, most: Option<u64>, keep: bool) {
    let (days_text, chunk) = (days.to_string(), chunk.to_string());
    let most_text = most.map(|most| most.to_string());
    let mut args = vec!["--retention-days", &days_text, "--chunk", &chunk];
    args.extend(most_text.iter().flat_map(|most| ["--max", most]));
    args.extend(keep.then_some("--keep-empty-batches"));
    let cutoff = model.now - days * DAY;
    let dead = |batch: &Batch| {
        batch
            .codes
            .iter()
            .filter(|code| batch.is_dead(code, cutoff))
            .count()
    };
    let there: u64 = model.batches.iter().map(|batch| dead(batch) as u64).sum();
    let goal = most.map_or(there, |most| most.min(there));
    let trial = purge(desk, &[&args[..], &["--dry-run"]].concat());
    let done = purge(desk, &args);
    for field in ["codes", "batches", "skipped"] {
        assert_eq!(trial[field], done[field], "{field} of {args:?}");
    }
    assert_eq!(
        [&done["codes"], &done["skipped"]],
        [goal, there - goal],
        "{args:?}"
    );
    let (mut gone, mut touched) = (0, 0);
    for batch in &mut model.batches {
        let left = hints(desk, &batch.id);
        let mut of_batch = 0;
        for place in 0..batch.codes.len() {
            let code = &batch.codes[place];
            if code.is_gone || left.iter().any(|left| left == hint(&code.text)) {
                continue;
            }
            assert!(
                batch.is_dead(code, cutoff),
                "{} was no code to take",
                code.text
            );
            batch.codes[place].is_gone = true;
            of_batch += 1;
        }
        if of_batch > 0 && batch.rows().is_empty() && !keep {
            batch.state = "purged";
        }
        gone += of_batch;
        touched += u64::from(of_batch > 0);
    }
    assert_eq!(
        [&done["codes"], &done["batches"]],
        [gone, touched],
        "{args:?}"
    );
}

fn compare(desk: &Desk, model: &Model) {
    let list = desk.json(&["batch", "list"]);
    let found = list["items"].as_array().unwrap();
    assert_eq!(found.len(), model.batches.len());
    for (found, batch) in found.iter().rev().zip(&model.batches) {
        assert_eq!(found["state"], batch.state);
        assert_eq!(found["issued"], batch.codes.len());
        assert_eq!(found["purged"], batch.codes.len() - batch.rows().len());
        for state in ["used", "invalidated", "deleted"] {
            let of_state = batch.codes.iter().filter(|code| code.state == state);
            assert_eq!(found[state], of_state.count(), "{state} of {found}");
        }
        assert_eq!(hints(desk, &batch.id), batch.rows());
    }
    desk.assert_sound();
    let all: u64 = model
        .batches
        .iter()
        .map(|batch| (batch.codes.len() - batch.rows().len()) as u64)
        .sum();
    let sums = "SELECT COALESCE(SUM(codes), 0) || ' ' || (SELECT COALESCE(SUM(codes), 0) FROM purged_batches) FROM purges";
    assert_eq!(desk.query(sums), format!("{all} {all}"));
    for batch in &model.batches {
        for code in batch
            .codes
            .iter()
            .filter(|code| batch.works(code, model.now))
        {
            desk.run(&["limit", "reset", &batch.user]);
            let said = desk.pipe(&["verify", &batch.user], &code.text);
            assert_eq!(said.exit, 0, "a live code was lost: {}", said.err);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 25,
        max_shrink_iters: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn after_any_history_exactly_the_right_codes_go(steps in prop::collection::vec(step(), 20..45)) {
        let desk = desk();
        desk.say(&["init"]);
        let mut model = Model { now: 1_000_000_000, ..Model::default() };
        for step in &steps {
            take(&desk, &mut model, step);
        }
        run(&desk, &mut model, 0, 1, None, false);
        compare(&desk, &model);
    }
}
