//! Certificates with odd names among others: what is odd binds nobody, and does not hide the rest.

use const_oid::ObjectIdentifier;
use segl::demo::ExtraExtension;

use super::*;

/// A certificate with these GeneralNames, in DER.
fn named(names: &[&[u8]]) -> Leaf {
    let names = names.concat();
    let length = u8::try_from(names.len()).unwrap();
    assert!(length < 0x80);
    Leaf {
        addresses: Vec::new(),
        extensions: vec![ExtraExtension {
            oid: ObjectIdentifier::new_unwrap("2.5.29.17"),
            critical: false,
            der: [&[0x30, length][..], &names].concat(),
        }],
        ..anne()
    }
}

fn general(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).unwrap();
    [&[tag, length][..], content].concat()
}

#[test]
fn an_odd_name_beside_the_address_binds_nobody_and_hides_nothing() {
    let good = general(0x81, ANNE.as_bytes());
    let outside_ascii = general(0x81, "ånne@x.example".as_bytes());
    let x400 = general(0xa3, &[]);
    for odd in [&outside_ascii, &x400] {
        for names in [[&good[..], odd], [odd, &good[..]]] {
            assert_eq!(Case::of(&named(&names)).codes(), Vec::<&str>::new());
        }
    }
    // By itself it is no address, and somebody is named all the same: nothing else binds the certificate.
    let case = Case {
        address: "ånne@x.example",
        trusted: Some("OCES"),
        ..Case::of(&named(&[&outside_ascii]))
    };
    assert_eq!(case.codes(), ["address-mismatch"]);
    // What might be a mailbox in another form is not passed over.
    let issued = pki()
        .issuing
        .issue(&named(&[&good, &general(0xa0, &[5, 0])]))
        .unwrap();
    let problem = Certificate::from_der(&issued.der).unwrap_err();
    assert_eq!(problem.code(), "malformed");
}
