//! RSAES-OAEP taken off (RFC 8017 §7.1.2, step 3), for tokens that do only the bare RSA operation or know OAEP with SHA-1
//! alone: most cards. One answer for everything that is wrong (Manger 2001), and the same work until then.

use openssl::hash::{MessageDigest, hash};
use zeroize::Zeroizing;

use crate::identity::OaepHash;

/// The message inside `encoded`, which is as long as the modulus; none where anything is wrong.
pub(super) fn decode(
    encoded: &[u8],
    digest: OaepHash,
    mask: OaepHash,
    label: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let label = hash(of(digest), label).ok()?;
    let length = label.len();
    if encoded.len() < 2 * length + 2 {
        return None;
    }
    let (first, rest) = encoded.split_first()?;
    let (masked_seed, masked_block) = rest.split_at(length);
    let seed = xor(masked_seed, &mgf1(masked_block, masked_seed.len(), mask)?);
    let block = xor(masked_block, &mgf1(&seed, masked_block.len(), mask)?);
    let (found, padded) = block.split_at(length);
    let mut is_good = *first == 0;
    is_good &= openssl::memcmp::eq(found, &label);
    // 0x00 … 0x01, then the message: all of it is gone through.
    let (mut message_at, mut is_padding) = (padded.len(), true);
    for (at, octet) in padded.iter().enumerate() {
        is_good &= !is_padding || *octet <= 1;
        if is_padding && *octet == 1 {
            message_at = at + 1;
            is_padding = false;
        }
    }
    is_good &= !is_padding;
    let message = padded.get(message_at..).unwrap_or_default().to_vec();
    let message = Zeroizing::new(message);
    is_good.then_some(message)
}

fn xor(left: &[u8], right: &[u8]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(left.iter().zip(right).map(|(l, r)| l ^ r).collect())
}

/// RFC 8017 §B.2.1.
fn mgf1(seed: &[u8], length: usize, digest: OaepHash) -> Option<Zeroizing<Vec<u8>>> {
    let mut mask = Zeroizing::new(Vec::with_capacity(length + 64));
    let mut counter = 0_u32;
    while mask.len() < length {
        let input = Zeroizing::new([seed, &counter.to_be_bytes()].concat());
        mask.extend_from_slice(&hash(of(digest), &input).ok()?);
        counter += 1;
    }
    mask.truncate(length);
    Some(mask)
}

fn of(digest: OaepHash) -> MessageDigest {
    match digest {
        OaepHash::Sha1 => MessageDigest::sha1(),
        OaepHash::Sha256 => MessageDigest::sha256(),
        OaepHash::Sha384 => MessageDigest::sha384(),
        OaepHash::Sha512 => MessageDigest::sha512(),
    }
}

#[cfg(test)]
mod tests {
    use openssl::{
        md::Md,
        pkey::PKey,
        pkey_ctx::PkeyCtx,
        rsa::{Padding, Rsa},
    };

    use super::*;

    #[test]
    fn what_openssl_encrypts_is_decoded_and_nothing_that_was_altered() {
        let rsa = Rsa::generate(2048).unwrap();
        let key = PKey::from_rsa(rsa.clone()).unwrap();
        for (digest, mask, md, mask_md) in [
            (
                OaepHash::Sha256,
                OaepHash::Sha256,
                Md::sha256(),
                Md::sha256(),
            ),
            (OaepHash::Sha1, OaepHash::Sha1, Md::sha1(), Md::sha1()),
            (OaepHash::Sha512, OaepHash::Sha1, Md::sha512(), Md::sha1()),
        ] {
            for label in [&b""[..], b"label"] {
                let mut context = PkeyCtx::new(&key).unwrap();
                context.encrypt_init().unwrap();
                context.set_rsa_padding(Padding::PKCS1_OAEP).unwrap();
                context.set_rsa_oaep_md(md).unwrap();
                context.set_rsa_mgf1_md(mask_md).unwrap();
                if !label.is_empty() {
                    context.set_rsa_oaep_label(label).unwrap();
                }
                let mut encrypted = Vec::new();
                context.encrypt_to_vec(&[7; 32], &mut encrypted).unwrap();
                let mut bare = vec![0; 256];
                rsa.private_decrypt(&encrypted, &mut bare, Padding::NONE)
                    .unwrap();
                assert_eq!(
                    decode(&bare, digest, mask, label).unwrap().as_slice(),
                    [7; 32]
                );
                assert!(decode(&bare, digest, mask, b"other").is_none());
                for at in [0, 1, 40, 128, 255] {
                    let mut altered = bare.clone();
                    altered[at] ^= 1;
                    // An altered octet of the message itself decodes to another message: OAEP is no authentication
                    // of what was inside but of its form.
                    if let Some(found) = decode(&altered, digest, mask, label) {
                        assert_ne!(found.as_slice(), [7; 32], "{at}");
                    }
                }
                assert!(decode(&bare[..60], digest, mask, label).is_none());
            }
        }
    }
}
