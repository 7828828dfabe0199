#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops where it stumbles"
)]

use proptest::prelude::*;

use super::*;

fn params(memory: u32, passes: u32, lanes: u32, data: &[u8]) -> Params {
    ParamsBuilder::new()
        .m_cost(memory)
        .t_cost(passes)
        .p_cost(lanes)
        .data(AssociatedData::new(data).unwrap())
        .build()
        .unwrap()
}

fn by_the_crate(input: &Input<'_>, params: &Params, length: usize) -> Vec<u8> {
    let argon2 = Argon2::new_with_secret(
        input.secret,
        Algorithm::Argon2id,
        Version::V0x13,
        params.clone(),
    );
    let mut out = vec![0; length];
    argon2
        .unwrap()
        .hash_password_into(input.password, input.salt, &mut out)
        .unwrap();
    out
}

fn by(filler: Filler, input: &Input<'_>, params: &Params, length: usize) -> Vec<u8> {
    let mut memory = vec![Block::new(); params.block_count()];
    let mut out = vec![0; length];
    assert!(compute(filler, input, params, &mut out, &mut memory));
    out
}

/// RFC 9106 section 5.3.
#[test]
fn the_vector_of_the_standard_comes_out() {
    let input = Input {
        password: &[1; 32],
        salt: &[2; 16],
        secret: &[3; 8],
    };
    let params = params(32, 3, 4, &[4; 12]);
    let tag = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659";
    for filler in fill::fillers() {
        let out = by(filler, &input, &params, 32);
        let shown: String = out.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(shown, tag, "{}", filler.name);
    }
}

#[test]
fn the_machine_that_tests_this_has_vectors() {
    assert!(!cfg!(target_arch = "x86_64") || vectors().is_some());
    assert!(fill::fillers().into_iter().all(agrees));
}

#[test]
fn too_little_memory_is_no_hash() {
    let params = params(8, 1, 1, &[]);
    let input = Input {
        password: b"a",
        salt: b"12345678",
        secret: b"",
    };
    let (mut out, mut memory) = ([7; 32], vec![Block::new(); 7]);
    assert!(!hash(&input, &params, &mut out, &mut memory));
    assert_eq!(out, [7; 32]);
}

#[test]
fn what_was_in_the_memory_before_does_not_matter() {
    let params = params(40, 2, 1, &[]);
    let input = Input {
        password: b"a",
        salt: b"12345678",
        secret: b"",
    };
    let mut memory = vec![Block::new(); 50];
    let mut outs = [[0; 32]; 2];
    for (number, out) in (0..).zip(&mut outs) {
        for block in &mut memory {
            block.as_mut().fill(number * 0x0123_4567_89ab_cdef);
        }
        if !hash(&input, &params, out, &mut memory) {
            return;
        }
    }
    assert_eq!(outs[0], outs[1]);
}

fn equal(cases: u32) {
    let bytes = |range| proptest::collection::vec(any::<u8>(), range);
    let all = (
        (1_u32..=5, 0_u32..=40, 1_u32..=4),
        bytes(0..80),
        bytes(8..48),
        bytes(0..33),
        bytes(0..33),
        4_usize..=200,
    );
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    type Case = ((u32, u32, u32), Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>, usize);
    let each = |(shape, password, salt, secret, data, length): Case| {
        let (lanes, more, passes) = shape;
        let params = params(8 * lanes + more, passes, lanes, &data);
        let input = Input {
            password: &password,
            salt: &salt,
            secret: &secret,
        };
        let theirs = by_the_crate(&input, &params, length);
        for filler in fill::fillers() {
            let ours = by(filler, &input, &params, length);
            prop_assert_eq!(&ours, &theirs, "{}", filler.name);
        }
        Ok(())
    };
    runner.run(&all, each).unwrap();
}

#[test]
fn every_hash_is_that_of_the_crate() {
    equal(2000);
}

#[test]
#[ignore = "takes a minute; .ci/run starts it"]
fn and_so_are_very_many() {
    equal(100_000);
}

#[test]
fn so_is_one_of_usual_size() {
    let input = Input {
        password: b"thirty characters of a secret!",
        salt: &[9; 16],
        secret: &[3; 32],
    };
    for (memory, passes, lanes) in [(19_456, 2, 1), (1031, 1, 1), (4096, 3, 3)] {
        let params = params(memory, passes, lanes, b"place");
        let theirs = by_the_crate(&input, &params, 32);
        for filler in fill::fillers() {
            assert_eq!(by(filler, &input, &params, 32), theirs, "{}", filler.name);
        }
    }
}
