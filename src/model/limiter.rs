//! How long somebody has to wait: the arithmetic of the limiter (DESIGN section 4.5), free of
//! any store.

use super::state::words;
use super::time::{self, Timestamp};

words! {
    /// What is limited.
    pub enum LimitedAction {
        Verify = "verify",
        Generate = "generate",
    }
}

/// The settings of the limiter; all times in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Failures before the first wait.
    pub max_attempts: u64,
    /// The first wait.
    pub base_cooldown: u64,
    /// What each further attempt multiplies the wait by.
    pub multiplier: u64,
    /// The longest wait.
    pub max_cooldown: u64,
    /// Consecutive failures after which only `limit reset` helps.
    pub hard_limit: u64,
    /// How long a quiet limiter is remembered.
    pub ttl: u64,
}

impl Policy {
    /// The wait after this many attempts beyond the first that had to wait.
    pub fn cooldown(&self, penalty: u64) -> u64 {
        let factor = u32::try_from(penalty)
            .ok()
            .and_then(|steps| self.multiplier.checked_pow(steps));
        factor
            .and_then(|factor| factor.checked_mul(self.base_cooldown))
            .unwrap_or(u64::MAX)
            .min(self.max_cooldown)
    }
}

/// What is remembered of one user's attempts at one action.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limiter {
    /// Consecutive attempts that were checked and not accepted, or are being checked.
    pub failures: u64,
    /// How many times the wait has been multiplied.
    pub penalty: u64,
    /// Nothing is checked before this moment.
    pub blocked_until: Option<Timestamp>,
    /// The last attempt, checked or not.
    pub last_attempt: Option<Timestamp>,
    /// Since when only `limit reset` helps.
    pub locked_at: Option<Timestamp>,
}

/// The limiter's answer to an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reservation {
    /// The attempt is counted and may be checked.
    Granted,
    /// Not before this many seconds.
    Wait(u64),
    /// Not before `limit reset`.
    Locked,
}

impl Limiter {
    /// Counts an attempt to guess before it is checked, so that attempts in parallel cannot
    /// outrun the count. A success afterwards forgets it all.
    pub fn reserve_guess(&mut self, now: Timestamp, policy: &Policy) -> Reservation {
        if self.locked_at.is_some() {
            self.last_attempt = Some(now);
            return Reservation::Locked;
        }
        if let Some(seconds) = self.insist(now, policy) {
            return Reservation::Wait(seconds);
        }
        self.last_attempt = Some(now);
        self.failures += 1;
        if self.failures >= policy.max_attempts {
            if self.failures > policy.max_attempts {
                self.penalty += 1;
            }
            self.block(now, policy);
        }
        if self.failures >= policy.hard_limit {
            self.locked_at = Some(now);
        }
        Reservation::Granted
    }

    /// Counts an attempt among those from everywhere, which do not wait for each other; at this many in
    /// a row only `limit reset` helps.
    pub fn count_everywhere(&mut self, now: Timestamp, most: u64, policy: &Policy) {
        self.forget_if_quiet(now, policy);
        self.last_attempt = Some(now);
        self.failures += 1;
        if self.failures >= most {
            self.locked_at = Some(now);
        }
    }

    /// Whether a new batch may be generated now; trying during the wait prolongs it.
    pub fn reserve_generation(&mut self, now: Timestamp, policy: &Policy) -> Reservation {
        if let Some(seconds) = self.insist(now, policy) {
            return Reservation::Wait(seconds);
        }
        self.last_attempt = Some(now);
        self.penalty = 0;
        self.block(now, policy);
        Reservation::Granted
    }

    /// Trying during a wait: prolongs it and says how many seconds it lasts from now; none if
    /// there is no wait.
    pub fn insist(&mut self, now: Timestamp, policy: &Policy) -> Option<u64> {
        self.forget_if_quiet(now, policy);
        if self.remaining(now, policy) == 0 {
            return None;
        }
        self.last_attempt = Some(now);
        self.penalty = self.penalty.saturating_add(1);
        self.block(now, policy);
        Some(policy.cooldown(self.penalty))
    }

    /// Seconds until something is checked again; 0 if it would be now.
    pub fn remaining(&self, now: Timestamp, policy: &Policy) -> u64 {
        // After the clock was set back a wait never lasts longer than the longest one.
        self.blocked_until
            .map_or(0, |until| time::seconds_until(now, until))
            .min(policy.max_cooldown)
    }

    /// When nothing of it matters any more; never for a locked one.
    pub fn forgotten_at(&self, policy: &Policy) -> Option<Timestamp> {
        if self.locked_at.is_some() {
            return None;
        }
        let quiet = self
            .last_attempt
            .map(|last| time::after_seconds(last, policy.ttl))?;
        Some(self.blocked_until.map_or(quiet, |until| until.max(quiet)))
    }

    /// Whether an attempt was in vain: it failed, or came during a wait. The wait that follows on
    /// every new batch says nothing of its user.
    pub fn was_in_vain(&self) -> bool {
        self.failures > 0 || self.penalty > 0 || self.locked_at.is_some()
    }

    fn forget_if_quiet(&mut self, now: Timestamp, policy: &Policy) {
        if self.forgotten_at(policy).is_some_and(|then| then <= now) {
            *self = Self::default();
        }
    }

    fn block(&mut self, now: Timestamp, policy: &Policy) {
        self.blocked_until = Some(time::after_seconds(now, policy.cooldown(self.penalty)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: Policy = Policy {
        max_attempts: 5,
        base_cooldown: 60,
        multiplier: 2,
        max_cooldown: 3600,
        hard_limit: 100,
        ttl: 86_400,
    };

    fn at(seconds: i64) -> Timestamp {
        time::from_millis(1_790_000_000_000 + seconds * 1000)
    }

    #[test]
    fn the_first_five_are_checked_and_the_sixth_waits() {
        let mut limiter = Limiter::default();
        for _ in 0..5 {
            assert_eq!(limiter.reserve_guess(at(0), &POLICY), Reservation::Granted);
        }
        assert_eq!(limiter.remaining(at(0), &POLICY), 60);
        assert_eq!(
            limiter.reserve_guess(at(1), &POLICY),
            Reservation::Wait(120)
        );
        assert_eq!(
            limiter.reserve_guess(at(2), &POLICY),
            Reservation::Wait(240)
        );
    }

    #[test]
    fn the_announced_wait_is_the_real_one() {
        let mut limiter = Limiter::default();
        for _ in 0..5 {
            limiter.reserve_guess(at(0), &POLICY);
        }
        let Reservation::Wait(seconds) = limiter.reserve_guess(at(10), &POLICY) else {
            panic!("it should wait");
        };
        let seconds = i64::try_from(seconds).unwrap();
        assert_eq!(limiter.remaining(at(10 + seconds - 1), &POLICY), 1);
        assert_eq!(
            limiter.reserve_guess(at(10 + seconds), &POLICY),
            Reservation::Granted
        );
        assert_eq!(limiter.remaining(at(10 + seconds), &POLICY), 240);
    }

    #[test]
    fn no_wait_is_longer_than_the_longest() {
        let mut limiter = Limiter::default();
        for _ in 0..80 {
            limiter.reserve_guess(at(0), &POLICY);
        }
        assert_eq!(limiter.remaining(at(0), &POLICY), 3600);
        // The clock was set back by a year.
        assert_eq!(limiter.remaining(at(-31_536_000), &POLICY), 3600);
    }

    #[test]
    fn refused_attempts_do_not_count_towards_the_lock_but_failures_do() {
        let mut limiter = Limiter::default();
        for _ in 0..500 {
            limiter.reserve_guess(at(0), &POLICY);
        }
        assert_eq!(limiter.failures, 5);
        assert_eq!(limiter.locked_at, None);
        let mut now = 0;
        while limiter.locked_at.is_none() {
            now += 3600;
            assert_eq!(
                limiter.reserve_guess(at(now), &POLICY),
                Reservation::Granted
            );
        }
        assert_eq!(limiter.failures, 100);
        assert_eq!(
            limiter.reserve_guess(at(now + 999_999_999), &POLICY),
            Reservation::Locked
        );
        assert_eq!(limiter.forgotten_at(&POLICY), None);
    }

    #[test]
    fn a_quiet_limiter_is_forgotten() {
        let mut limiter = Limiter::default();
        for _ in 0..4 {
            limiter.reserve_guess(at(0), &POLICY);
        }
        assert_eq!(
            limiter.reserve_guess(at(86_400), &POLICY),
            Reservation::Granted
        );
        assert_eq!(limiter.failures, 1);
    }

    #[test]
    fn attempts_from_everywhere_are_forgotten_when_all_is_quiet() {
        let mut limiter = Limiter::default();
        for second in 0..9 {
            limiter.count_everywhere(at(second), 10, &POLICY);
        }
        let mut later = limiter;
        later.count_everywhere(at(8 + 86_400), 10, &POLICY);
        assert_eq!((later.failures, later.locked_at), (1, None));
        limiter.count_everywhere(at(8 + 86_399), 10, &POLICY);
        assert_eq!(limiter.locked_at, Some(at(8 + 86_399)));
        assert_eq!(limiter.forgotten_at(&POLICY), None);
    }

    #[test]
    fn a_new_batch_soon_after_the_last_waits_and_insisting_prolongs_it() {
        let mut limiter = Limiter::default();
        assert_eq!(
            limiter.reserve_generation(at(0), &POLICY),
            Reservation::Granted
        );
        assert_eq!(
            limiter.reserve_generation(at(30), &POLICY),
            Reservation::Wait(120)
        );
        assert_eq!(
            limiter.reserve_generation(at(149), &POLICY),
            Reservation::Wait(240)
        );
        assert_eq!(
            limiter.reserve_generation(at(149 + 240), &POLICY),
            Reservation::Granted
        );
        assert_eq!(limiter.remaining(at(149 + 240), &POLICY), 60);
    }
}
