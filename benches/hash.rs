//! One bare hash: by the crate and by our own kernel, in warm memory of huge pages; and what of it is
//! arithmetic alone, in memory that fits into the first cache.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement stops where it stumbles, reads the clock and prints"
)]

mod measure;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use argon2_kernel::Input;
use measure::bare::{Hash, MEMORY_KIB};
use measure::rounds::{Rounds, time};
use measure::table::Table;

const ROUNDS: usize = 200;

/// Blocks that fit into the first cache, and passes over them that fill as many blocks as a hash does.
const SMALL: u32 = 16;
const PASSES: u32 = MEMORY_KIB * 2 / SMALL;

fn main() {
    let mut by_crate = Hash::new(true);
    let mut by_kernel = Hash::new(true);
    let input = Input {
        password: b"thirty characters of a secret!",
        salt: &[7; 16],
        secret: b"a pepper of exactly 32 characters",
    };
    let arithmetic = Params::new(SMALL, PASSES, 1, Some(32)).unwrap();
    let (mut small, mut small_too) = (
        [Block::new(); SMALL as usize],
        [Block::new(); SMALL as usize],
    );
    let crates = Argon2::new_with_secret(
        input.secret,
        Algorithm::Argon2id,
        Version::V0x13,
        arithmetic.clone(),
    )
    .unwrap();

    let mut rounds = Rounds::default();
    rounds.add("the crate", |_| time(|| by_crate.compute_by_crate()));
    rounds.add("the kernel", |_| time(|| by_kernel.compute()));
    rounds.add("arithmetic of the crate", |_| {
        time(|| {
            let mut out = [0; 32];
            crates
                .hash_password_into_with_memory(input.password, input.salt, &mut out, &mut small)
                .unwrap();
        })
    });
    rounds.add("arithmetic of the kernel", |_| {
        time(|| {
            let mut out = [0; 32];
            assert!(argon2_kernel::hash(
                &input,
                &arithmetic,
                &mut out,
                &mut small_too
            ));
        })
    });
    let times = rounds.go(ROUNDS);

    let mut table = Table::new("One hash: m=19456 t=2 p=1, warm memory");
    table.times(&times);
    table.row(
        "vectors",
        argon2_kernel::vectors().unwrap_or("none").to_owned(),
    );
    table.row(
        "the kernel / the crate",
        format!("{:.2} x", times.ratio("the kernel", &["the crate"])),
    );
    let what = "the kernel / its arithmetic";
    let limits = ["arithmetic of the kernel"];
    table.against(what, &times, "the kernel", &limits, 1.3);
    table.print();
}
