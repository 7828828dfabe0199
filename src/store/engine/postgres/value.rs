//! Values on their way to a server and back: whole numbers, texts and bytes.

use std::error::Error;

use tokio_postgres::Row;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use super::super::value::Value;

/// The type under which a value is sent; what is null is not.
pub(super) fn type_of(value: &Value<'_>) -> Type {
    match value {
        Value::Null => Type::UNKNOWN,
        Value::Integer(_) => Type::INT8,
        Value::Text(_) => Type::TEXT,
        Value::Bytes(_) => Type::BYTEA,
    }
}

/// A value that is sent.
#[derive(Debug)]
pub(super) struct Given<'v>(pub &'v Value<'v>);

impl ToSql for Given<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Integer(number) => number.to_sql(ty, out),
            // A text there holds no NUL; what is looked for with one is nobody's.
            Value::Text(text) if text.contains('\0') => {
                text.replace('\0', "\u{fffd}").to_sql(ty, out)
            }
            Value::Text(text) => (&**text).to_sql(ty, out),
            Value::Bytes(bytes) => (&**bytes).to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// Values as they are sent, and their types.
pub(super) fn typed<'v>(values: &[&'v Value<'v>]) -> (Vec<Given<'v>>, Vec<Type>) {
    let given = values.iter().map(|value| Given(value)).collect();
    let types = values.iter().map(|value| type_of(value)).collect();
    (given, types)
}

/// Each beside its type.
pub(super) fn both<'g>(
    given: &'g [Given<'_>],
    types: &[Type],
) -> Vec<(&'g (dyn ToSql + Sync), Type)> {
    given
        .iter()
        .zip(types)
        .map(|(given, of)| (given as &(dyn ToSql + Sync), of.clone()))
        .collect()
}

/// Any value of a column that one of our statements can have.
struct Taken<'v>(Value<'v>);

impl<'v> FromSql<'v> for Taken<'v> {
    fn from_sql(ty: &Type, raw: &'v [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(match *ty {
            Type::BOOL => Value::Integer(bool::from_sql(ty, raw)?.into()),
            Type::INT2 => Value::Integer(i16::from_sql(ty, raw)?.into()),
            Type::INT4 => Value::Integer(i32::from_sql(ty, raw)?.into()),
            Type::INT8 => Value::Integer(i64::from_sql(ty, raw)?),
            Type::NUMERIC => Value::Integer(whole(raw).ok_or("a number that is not whole")?),
            Type::BYTEA => Value::Bytes(raw.into()),
            _ => Value::Text(std::str::from_utf8(raw)?.into()),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(Value::Null))
    }

    fn accepts(ty: &Type) -> bool {
        matches!(
            *ty,
            Type::BOOL
                | Type::INT2
                | Type::INT4
                | Type::INT8
                | Type::NUMERIC
                | Type::BYTEA
                | Type::TEXT
                | Type::VARCHAR
                | Type::NAME
                | Type::CHAR
                | Type::BPCHAR
                | Type::UNKNOWN
        )
    }
}

/// The sum of whole numbers, which PostgreSQL sends in digits to the base of 10 000: how many there
/// are, the weight of the first, the sign, how many places behind the point are shown, the digits.
fn whole(raw: &[u8]) -> Option<i64> {
    let mut words = raw
        .chunks_exact(2)
        .map(|pair| i16::from_be_bytes([pair[0], pair[1]]));
    let (count, weight, sign, places) =
        (words.next()?, words.next()?, words.next()?, words.next()?);
    if places != 0 || !matches!(sign, 0 | 0x4000) || count > weight.checked_add(1)? {
        return None;
    }
    let mut number = 0_i64;
    for _ in 0..=weight {
        let digit = words.next().unwrap_or(0);
        number = number.checked_mul(10_000)?.checked_add(digit.into())?;
    }
    Some(if sign == 0 { number } else { -number })
}

/// What stands in a column; a clause for what none of ours holds.
pub(in crate::store::engine) fn column(row: &Row, column: usize) -> Result<Value<'_>, String> {
    row.try_get::<_, Taken<'_>>(column)
        .map(|taken| taken.0)
        .map_err(|_| "a value of another kind".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(words: &[i16]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    #[test]
    fn sums_are_whole_numbers() {
        for (words, number) in [
            (&[0, 0, 0, 0][..], Some(0)),
            (&[1, 0, 0, 0, 7], Some(7)),
            (&[1, 1, 0, 0, 12], Some(120_000)),
            (&[2, 1, 0x4000, 0, 1, 2], Some(-10_002)),
            // One and a half; what is no number; more than fits.
            (&[2, 0, 0, 1, 1, 5000], None),
            (&[0, 0, -0x4000, 0], None),
            (&[5, 5, 0, 0, 9999, 9999, 9999, 9999, 9999], None),
            (&[1], None),
        ] {
            assert_eq!(whole(&sent(words)), number, "{words:?}");
        }
    }
}
