//! The compression of blocks (RFC 9106 section 3.5) in vectors of 256 and 512 bits.
//!
//! A block is a matrix of eight rows of sixteen words. BLAKE2b's round, with a multiplication in it, is
//! applied to each row, then to each column of pairs of words. Vectors hold the same word of several
//! rows or columns, as many as they are wide; two of them take turns, so that one can begin while the
//! other waits.

use std::arch::x86_64::*;
use std::marker::PhantomData;

use crate::fill::{Compress, Shape, WORDS, fill};

/// A vector of words.
trait Vector: Copy {
    /// How many words.
    const WIDTH: usize;

    /// # Safety
    /// So many words lie there, aligned to their width.
    unsafe fn load(place: *const u64) -> Self;
    /// # Safety
    /// As for [`Vector::load`].
    unsafe fn store(self, place: *mut u64);
    /// # Safety
    /// Here and below: the processor has such vectors.
    unsafe fn first(self) -> u64;
    unsafe fn xor(self, other: Self) -> Self;
    /// x + y + 2 · lo(x) · lo(y), where lo is the lower half of a word.
    unsafe fn multiply_add(self, other: Self) -> Self;
    unsafe fn right_32(self) -> Self;
    unsafe fn right_24(self) -> Self;
    unsafe fn right_16(self) -> Self;
    unsafe fn right_63(self) -> Self;
    /// Words of each group of four one, two and three places on.
    unsafe fn turn_1(self) -> Self;
    unsafe fn turn_2(self) -> Self;
    unsafe fn turn_3(self) -> Self;
    /// The second word of each pair here, and the first of each there.
    unsafe fn across(self, there: Self) -> Self;
    /// Four vectors of whole rows become the four words' groups of those rows.
    unsafe fn by_words(rows: [Self; 4]) -> [Self; 4];
    /// The way back.
    unsafe fn by_rows(words: [Self; 4]) -> [Self; 4];
}

/// Two vectors that take turns.
type Two<V> = [V; 2];

/// # Safety
/// The processor has such vectors; so for all functions here.
#[inline(always)]
unsafe fn mix<V: Vector>(a: &mut Two<V>, b: &mut Two<V>, c: &mut Two<V>, d: &mut Two<V>) {
    // SAFETY: as of this function.
    unsafe {
        for n in 0..2 {
            a[n] = a[n].multiply_add(b[n]);
            d[n] = d[n].xor(a[n]).right_32();
        }
        for n in 0..2 {
            c[n] = c[n].multiply_add(d[n]);
            b[n] = b[n].xor(c[n]).right_24();
        }
        for n in 0..2 {
            a[n] = a[n].multiply_add(b[n]);
            d[n] = d[n].xor(a[n]).right_16();
        }
        for n in 0..2 {
            c[n] = c[n].multiply_add(d[n]);
            b[n] = b[n].xor(c[n]).right_63();
        }
    }
}

/// The round on the rows in two times four vectors.
#[inline(always)]
unsafe fn rows<V: Vector>(one: &mut [V; 4], two: &mut [V; 4]) {
    // SAFETY: as of this function.
    unsafe {
        let ([a0, b0, c0, d0], [a1, b1, c1, d1]) = (V::by_words(*one), V::by_words(*two));
        let (mut a, mut b, mut c, mut d) = ([a0, a1], [b0, b1], [c0, c1], [d0, d1]);
        mix(&mut a, &mut b, &mut c, &mut d);
        for n in 0..2 {
            (b[n], c[n], d[n]) = (b[n].turn_1(), c[n].turn_2(), d[n].turn_3());
        }
        mix(&mut a, &mut b, &mut c, &mut d);
        for n in 0..2 {
            (b[n], c[n], d[n]) = (b[n].turn_3(), c[n].turn_2(), d[n].turn_1());
        }
        *one = V::by_rows([a[0], b[0], c[0], d[0]]);
        *two = V::by_rows([a[1], b[1], c[1], d[1]]);
    }
}

/// The round on the columns in eight vectors, one of each row.
#[inline(always)]
unsafe fn columns<V: Vector>(z: &mut [V; 8]) {
    // SAFETY: as of this function.
    unsafe {
        let [a0, a1, b0, b1, c0, c1, d0, d1] = *z;
        let (mut a, mut b, mut c, mut d) = ([a0, a1], [b0, b1], [c0, c1], [d0, d1]);
        mix(&mut a, &mut b, &mut c, &mut d);
        // The diagonals: pairs move on by half.
        b = [b[0].across(b[1]), b[1].across(b[0])];
        c = [c[1], c[0]];
        d = [d[1].across(d[0]), d[0].across(d[1])];
        mix(&mut a, &mut b, &mut c, &mut d);
        b = [b[1].across(b[0]), b[0].across(b[1])];
        c = [c[1], c[0]];
        d = [d[0].across(d[1]), d[1].across(d[0])];
        *z = [a[0], a[1], b[0], b[1], c[0], c[1], d[0], d[1]];
    }
}

/// Compresses by vectors of this kind, `N` of which are a block.
#[inline(always)]
unsafe fn compress<V: Vector, const N: usize>(
    one: *const u64,
    two: *const u64,
    out: *mut u64,
    mixes: bool,
    early: impl FnOnce(u64),
) {
    const { assert!(N * V::WIDTH == WORDS) };
    // SAFETY: as of this function; no place is beyond a block.
    unsafe {
        let input = |n: usize| {
            let n = n * V::WIDTH;
            V::load(one.add(n)).xor(V::load(two.add(n)))
        };
        let mut z: [V; N] = std::array::from_fn(input);
        let mut n = 0;
        while n < N {
            let mut first = [z[n], z[n + 1], z[n + 2], z[n + 3]];
            let mut second = [z[n + 4], z[n + 5], z[n + 6], z[n + 7]];
            rows(&mut first, &mut second);
            z[n..n + 4].copy_from_slice(&first);
            z[n + 4..n + 8].copy_from_slice(&second);
            n += 8;
        }
        let of_row = N / 8;
        let mut early = Some(early);
        for group in 0..of_row {
            let mut column: [V; 8] = std::array::from_fn(|row| z[row * of_row + group]);
            columns(&mut column);
            for (row, z) in column.into_iter().enumerate() {
                let n = row * of_row + group;
                let place = out.add(n * V::WIDTH);
                let z = z.xor(input(n));
                let z = if mixes { z.xor(V::load(place)) } else { z };
                z.store(place);
                if row == 0
                    && let Some(early) = early.take()
                {
                    early(z.first());
                }
            }
        }
    }
}

/// By vectors of this kind, `N` of which are a block.
struct By<V, const N: usize>(PhantomData<V>);

impl<V: Vector, const N: usize> Compress for By<V, N> {
    #[inline(always)]
    unsafe fn compress(
        one: *const u64,
        two: *const u64,
        out: *mut u64,
        mixes: bool,
        early: impl FnOnce(u64),
    ) {
        // SAFETY: as of this function.
        unsafe { compress::<V, N>(one, two, out, mixes, early) }
    }

    #[inline(always)]
    unsafe fn fetch(place: *const u64) {
        for line in 0..WORDS / 8 {
            // SAFETY: a hint, wherever it points.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(place.wrapping_add(line * 8).cast()) };
        }
    }
}

/// Fills by vectors of 256 bits.
///
/// # Safety
/// The processor has AVX2; the memory is what [`crate::fill::Filler::fill`] asks for.
#[target_feature(enable = "avx2")]
pub unsafe fn fill_256(shape: &Shape, memory: *mut u64) {
    // SAFETY: as of this function.
    unsafe { fill::<By<__m256i, 32>>(shape, memory) }
}

/// Fills by vectors of 512 bits.
///
/// # Safety
/// The processor has AVX-512F and AVX-512BW; the memory is what [`crate::fill::Filler::fill`] asks for.
#[target_feature(enable = "avx512f,avx512bw")]
pub unsafe fn fill_512(shape: &Shape, memory: *mut u64) {
    // SAFETY: as of this function.
    unsafe { fill::<By<__m512i, 16>>(shape, memory) }
}

#[rustfmt::skip]
#[allow(clippy::undocumented_unsafe_blocks, reason = "what is said first holds for each")]
impl Vector for __m256i {
    const WIDTH: usize = 4;
    // SAFETY, all of these: AVX2 is there, as the trait asks; `load` and `store` stay within a block.
    #[inline(always)] unsafe fn load(place: *const u64) -> Self { unsafe { _mm256_load_si256(place.cast()) } }
    #[inline(always)] unsafe fn store(self, place: *mut u64) { unsafe { _mm256_store_si256(place.cast(), self) } }
    #[inline(always)] unsafe fn first(self) -> u64 { unsafe { _mm256_extract_epi64::<0>(self) as u64 } }
    #[inline(always)] unsafe fn xor(self, other: Self) -> Self { unsafe { _mm256_xor_si256(self, other) } }
    #[inline(always)] unsafe fn multiply_add(self, other: Self) -> Self {
        unsafe {
            let product = _mm256_mul_epu32(self, other);
            _mm256_add_epi64(_mm256_add_epi64(self, other), _mm256_add_epi64(product, product))
        }
    }
    #[inline(always)] unsafe fn right_32(self) -> Self { unsafe { _mm256_shuffle_epi32::<0b10_11_00_01>(self) } }
    #[inline(always)] unsafe fn right_24(self) -> Self {
        unsafe {
            let turn = _mm256_setr_epi8(
                3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10,
                3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10,
            );
            _mm256_shuffle_epi8(self, turn)
        }
    }
    #[inline(always)] unsafe fn right_16(self) -> Self {
        unsafe {
            let turn = _mm256_setr_epi8(
                2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9,
                2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9,
            );
            _mm256_shuffle_epi8(self, turn)
        }
    }
    #[inline(always)] unsafe fn right_63(self) -> Self {
        unsafe { _mm256_or_si256(_mm256_srli_epi64::<63>(self), _mm256_add_epi64(self, self)) }
    }
    #[inline(always)] unsafe fn turn_1(self) -> Self { unsafe { _mm256_permute4x64_epi64::<0b00_11_10_01>(self) } }
    #[inline(always)] unsafe fn turn_2(self) -> Self { unsafe { _mm256_permute4x64_epi64::<0b01_00_11_10>(self) } }
    #[inline(always)] unsafe fn turn_3(self) -> Self { unsafe { _mm256_permute4x64_epi64::<0b10_01_00_11>(self) } }
    #[inline(always)] unsafe fn across(self, there: Self) -> Self { unsafe { _mm256_alignr_epi8::<8>(there, self) } }
    // A row is four vectors of four words already.
    #[inline(always)] unsafe fn by_words(rows: [Self; 4]) -> [Self; 4] { rows }
    #[inline(always)] unsafe fn by_rows(words: [Self; 4]) -> [Self; 4] { words }
}

#[rustfmt::skip]
#[allow(clippy::undocumented_unsafe_blocks, reason = "what is said first holds for each")]
impl Vector for __m512i {
    const WIDTH: usize = 8;
    // SAFETY, all of these: AVX-512F and BW are there, as the trait asks; `load` and `store` stay within a block.
    #[inline(always)] unsafe fn load(place: *const u64) -> Self { unsafe { _mm512_load_si512(place.cast()) } }
    #[inline(always)] unsafe fn store(self, place: *mut u64) { unsafe { _mm512_store_si512(place.cast(), self) } }
    #[inline(always)] unsafe fn first(self) -> u64 { unsafe { _mm_cvtsi128_si64(_mm512_castsi512_si128(self)) as u64 } }
    #[inline(always)] unsafe fn xor(self, other: Self) -> Self { unsafe { _mm512_xor_si512(self, other) } }
    #[inline(always)] unsafe fn multiply_add(self, other: Self) -> Self {
        unsafe {
            let product = _mm512_mul_epu32(self, other);
            _mm512_add_epi64(_mm512_add_epi64(self, other), _mm512_add_epi64(product, product))
        }
    }
    #[inline(always)] unsafe fn right_32(self) -> Self { unsafe { _mm512_ror_epi64::<32>(self) } }
    #[inline(always)] unsafe fn right_24(self) -> Self { unsafe { _mm512_ror_epi64::<24>(self) } }
    #[inline(always)] unsafe fn right_16(self) -> Self { unsafe { _mm512_ror_epi64::<16>(self) } }
    #[inline(always)] unsafe fn right_63(self) -> Self { unsafe { _mm512_ror_epi64::<63>(self) } }
    #[inline(always)] unsafe fn turn_1(self) -> Self { unsafe { _mm512_permutex_epi64::<0b00_11_10_01>(self) } }
    #[inline(always)] unsafe fn turn_2(self) -> Self { unsafe { _mm512_permutex_epi64::<0b01_00_11_10>(self) } }
    #[inline(always)] unsafe fn turn_3(self) -> Self { unsafe { _mm512_permutex_epi64::<0b10_01_00_11>(self) } }
    #[inline(always)] unsafe fn across(self, there: Self) -> Self { unsafe { _mm512_alignr_epi8::<8>(there, self) } }
    // Two rows are a pair of vectors each: the first halves of both give one word's group, and so on.
    #[inline(always)] unsafe fn by_words([ab, cd, other_ab, other_cd]: [Self; 4]) -> [Self; 4] {
        unsafe {
            [
                _mm512_shuffle_i64x2::<0b01_00_01_00>(ab, other_ab),
                _mm512_shuffle_i64x2::<0b11_10_11_10>(ab, other_ab),
                _mm512_shuffle_i64x2::<0b01_00_01_00>(cd, other_cd),
                _mm512_shuffle_i64x2::<0b11_10_11_10>(cd, other_cd),
            ]
        }
    }
    #[inline(always)] unsafe fn by_rows([a, b, c, d]: [Self; 4]) -> [Self; 4] {
        unsafe {
            [
                _mm512_shuffle_i64x2::<0b01_00_01_00>(a, b),
                _mm512_shuffle_i64x2::<0b01_00_01_00>(c, d),
                _mm512_shuffle_i64x2::<0b11_10_11_10>(a, b),
                _mm512_shuffle_i64x2::<0b11_10_11_10>(c, d),
            ]
        }
    }
}
