//! What a forger does to a record: change a bit, delete rows, link and sign anew.
//!
//! Works from the description of the format alone, so that it is a second implementation of it.

use openssl::pkey::{PKey, Private};
use openssl::sha::sha256;
use openssl::sign::Signer;
use proptest::prelude::*;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, ErrorCode, params};

/// The link of a row.
fn link_of(connection: &Connection, seq: u64) -> [u8; 32] {
    let mut octets = Vec::new();
    let mut field = |value: &[u8]| {
        octets.extend_from_slice(&u32::try_from(value.len()).unwrap().to_be_bytes());
        octets.extend_from_slice(value);
    };
    field(b"segl record 1");
    let sql = "SELECT format, seq, previous, at, installation, kind, commitment, clear \
               FROM record WHERE seq = ?1";
    let mut statement = connection.prepare(sql).unwrap();
    let mut rows = statement.query([number(seq)]).unwrap();
    let row = rows.next().unwrap().unwrap();
    for column in 0..8 {
        match (column, row.get_ref(column).unwrap()) {
            (0, ValueRef::Integer(format)) => field(&u32::try_from(format).unwrap().to_be_bytes()),
            (_, ValueRef::Integer(number)) => field(&number.to_be_bytes()),
            (_, ValueRef::Blob(value) | ValueRef::Text(value)) => field(value),
            (_, other) => panic!("{other:?}"),
        }
    }
    sha256(&octets)
}

/// Links and signs rows anew, from one on.
pub(super) fn relink(connection: &Connection, from: u64, key: &PKey<Private>, last: u64) {
    for seq in from..=last {
        if seq > 0 {
            let sql = "UPDATE record SET previous = (SELECT link FROM record WHERE seq = ?1 - 1) \
                       WHERE seq = ?1";
            connection.execute(sql, [number(seq)]).unwrap();
        }
        let link = link_of(connection, seq);
        let mut signer = Signer::new_without_digest(key).unwrap();
        let signature = signer.sign_oneshot_to_vec(&link).unwrap();
        let sql = "UPDATE record SET link = ?2, signature = ?3 WHERE seq = ?1";
        connection
            .execute(sql, params![number(seq), link, signature])
            .unwrap();
    }
}

pub(super) fn flip(
    connection: &Connection,
    table: &str,
    column: &str,
    seq: u64,
    bit: prop::sample::Index,
) -> bool {
    let sql = format!("SELECT {column} FROM {table} WHERE seq = ?1");
    let value: Value = connection
        .query_row(&sql, [number(seq)], |row| row.get(0))
        .unwrap();
    let flipped = |mut octets: Vec<u8>| {
        if octets.is_empty() {
            return vec![1];
        }
        let bit = bit.index(octets.len() * 8);
        octets[bit / 8] ^= 1 << (bit % 8);
        octets
    };
    let (cast, value) = match value {
        Value::Integer(number) => ("?2", Value::Integer(number ^ (1 << bit.index(64)))),
        Value::Blob(octets) => ("?2", Value::Blob(flipped(octets))),
        Value::Text(text) => ("CAST(?2 AS TEXT)", Value::Blob(flipped(text.into_bytes()))),
        other => panic!("{other:?}"),
    };
    let sql = format!("UPDATE {table} SET {column} = {cast} WHERE seq = ?1");
    match connection.execute(&sql, params![number(seq), value]) {
        Ok(changed) => changed == 1,
        Err(error) => {
            assert_eq!(
                (error.sqlite_error_code(), column),
                (Some(ErrorCode::ConstraintViolation), "seq")
            );
            false
        }
    }
}

pub(super) fn delete(connection: &Connection, tables: &[&str], seq: u64) {
    for table in tables {
        let sql = format!("DELETE FROM {table} WHERE seq = ?1");
        assert_eq!(connection.execute(&sql, [number(seq)]).unwrap(), 1);
    }
}

pub(super) fn number(seq: u64) -> i64 {
    i64::try_from(seq).unwrap()
}
