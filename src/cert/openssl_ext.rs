//! The one place in Segl where `unsafe` is allowed: a verify callback and a policy set for OpenSSL's path validation, and
//! encapsulation with ML-KEM keys and its reverse (at the end), which the safe crate lacks as well.
//!
//! The safe crate reports the first error only; Segl shows every problem at once. The callback notes each error and its
//! depth and lets the check go on. It decides nothing: whoever calls [`verify`] judges by the notes, and no notes means
//! that OpenSSL found nothing. Reviewed: the callback neither panics nor keeps a pointer beyond the call, and a policy is owned once.
#![expect(
    unsafe_code,
    reason = "OpenSSL's verify callback is not in the safe API; see the module doc"
)]

use std::{
    ffi::{c_int, c_void},
    mem::ManuallyDrop,
    ptr,
};

use foreign_types_shared::ForeignTypeRef as _;
use openssl::{
    asn1::Asn1Object,
    error::ErrorStack,
    pkey::{PKeyRef, Private, Public},
    pkey_ctx::PkeyCtx,
    stack::StackRef,
    x509::{
        X509, X509Ref, X509StoreContext, X509StoreContextRef, store::X509StoreRef,
        verify::X509VerifyParam,
    },
};
use openssl_sys::{
    ASN1_OBJECT, EVP_PKEY_decapsulate, EVP_PKEY_decapsulate_init, EVP_PKEY_encapsulate,
    EVP_PKEY_encapsulate_init, X509_STORE_CTX, X509_STORE_CTX_get_error,
    X509_STORE_CTX_get_error_depth, X509_STORE_CTX_get_ex_data, X509_VERIFY_PARAM,
};
use zeroize::Zeroizing;

/// `X509_STORE_CTX_get_app_data` is slot 0 by definition (openssl/x509_vfy.h).
const APP_DATA: c_int = 0;
/// Errors of one check that are kept at most: a path of ten certificates cannot honestly have more.
const MAX_NOTES: usize = 64;

type VerifyCallback = extern "C" fn(ok: c_int, context: *mut X509_STORE_CTX) -> c_int;

unsafe extern "C" {
    fn X509_STORE_CTX_set_verify_cb(context: *mut X509_STORE_CTX, callback: Option<VerifyCallback>);
    fn X509_STORE_CTX_set_ex_data(
        context: *mut X509_STORE_CTX,
        index: c_int,
        data: *mut c_void,
    ) -> c_int;
    fn X509_VERIFY_PARAM_add0_policy(
        param: *mut X509_VERIFY_PARAM,
        policy: *mut ASN1_OBJECT,
    ) -> c_int;
}

/// One error of OpenSSL's path validation: `X509_V_ERR_…` and the depth (0 is the leaf).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Note {
    pub(super) error: c_int,
    pub(super) depth: usize,
}

/// Builds and checks a path from `leaf` through `untrusted` to `store`, and answers everything that is wrong with it.
/// Time, flags, policies and depth are the store's.
pub(super) fn verify(
    leaf: &X509Ref,
    untrusted: &StackRef<X509>,
    store: &X509StoreRef,
) -> Result<Vec<Note>, ErrorStack> {
    let mut notes: Vec<Note> = Vec::new();
    let mut context = X509StoreContext::new()?;
    let accepted = context.init(
        store,
        leaf,
        untrusted,
        |context: &mut X509StoreContextRef| {
            let raw = context.as_ptr();
            // SAFETY: `raw` is the live context of this closure. `notes` outlives the call of `verify_cert`, is reached
            // through this pointer only while it runs, and the slot is cleared right after it.
            let stored = unsafe {
                X509_STORE_CTX_set_verify_cb(raw, Some(note_error));
                X509_STORE_CTX_set_ex_data(raw, APP_DATA, (&raw mut notes).cast())
            };
            if stored != 1 {
                return Err(ErrorStack::get());
            }
            let accepted = context.verify_cert();
            // SAFETY: the same live context; after this nothing points at `notes`.
            unsafe {
                X509_STORE_CTX_set_ex_data(raw, APP_DATA, ptr::null_mut());
            }
            accepted
        },
    )?;
    if !accepted && notes.is_empty() {
        // OpenSSL stopped without telling why: that is a failure, not a finding.
        return Err(ErrorStack::get());
    }
    Ok(notes)
}

/// Adds a policy to the user-initial-policy-set (RFC 5280 §6.1.1 c) and switches policy checks on.
pub(super) fn add_policy(param: &mut X509VerifyParam, oid: &str) -> Result<(), ErrorStack> {
    let object = ManuallyDrop::new(Asn1Object::from_str(oid)?);
    // SAFETY: both are live; on success the parameters own the object, which is then freed with them and not here.
    let added = unsafe { X509_VERIFY_PARAM_add0_policy(param.as_ptr(), object.as_ptr()) };
    if added == 1 {
        return Ok(());
    }
    drop(ManuallyDrop::into_inner(object));
    Err(ErrorStack::get())
}

extern "C" fn note_error(ok: c_int, context: *mut X509_STORE_CTX) -> c_int {
    if ok == 1 {
        return 1;
    }
    // SAFETY: OpenSSL calls this with the context of `verify`, on the same thread, while `notes` is alive; the slot
    // holds either null or that pointer.
    unsafe {
        let notes = X509_STORE_CTX_get_ex_data(context, APP_DATA).cast::<Vec<Note>>();
        let Some(notes) = notes.as_mut() else {
            return 0;
        };
        if notes.len() >= MAX_NOTES {
            return 0;
        }
        let depth = usize::try_from(X509_STORE_CTX_get_error_depth(context)).unwrap_or(usize::MAX);
        notes.push(Note {
            error: X509_STORE_CTX_get_error(context),
            depth,
        });
    }
    1
}

/// OpenSSL's words for an error number, for IT.
pub(super) fn error_text(error: c_int) -> &'static str {
    // SAFETY: any number is a valid argument; the wrapper itself only holds it.
    unsafe { openssl::x509::X509VerifyResult::from_raw(error) }.error_string()
}

/// What encapsulating for a key gives (FIPS 203 §6.2): the secret, and what its owner gets it back from.
pub(crate) struct Encapsulated {
    pub(crate) secret: Zeroizing<Vec<u8>>,
    pub(crate) ciphertext: Vec<u8>,
}

/// Encapsulates a fresh secret for a public key of a key encapsulation mechanism.
pub(crate) fn encapsulate(key: &PKeyRef<Public>) -> Result<Encapsulated, ErrorStack> {
    let context = PkeyCtx::new(key)?;
    let raw = context.as_ptr();
    let (mut octets, mut secret_octets) = (0, 0);
    // SAFETY: `raw` is live until the end of this function. Without buffers only the two lengths are written.
    let asked = unsafe {
        EVP_PKEY_encapsulate_init(raw, ptr::null()) == 1
            && EVP_PKEY_encapsulate(
                raw,
                ptr::null_mut(),
                &raw mut octets,
                ptr::null_mut(),
                &raw mut secret_octets,
            ) == 1
    };
    if !asked {
        return Err(ErrorStack::get());
    }
    let mut ciphertext = vec![0; octets];
    let mut secret = Zeroizing::new(vec![0; secret_octets]);
    // SAFETY: both buffers are as long as their lengths say, and OpenSSL writes no more than that.
    let made = unsafe {
        EVP_PKEY_encapsulate(
            raw,
            ciphertext.as_mut_ptr(),
            &raw mut octets,
            secret.as_mut_ptr(),
            &raw mut secret_octets,
        )
    };
    if made != 1 {
        return Err(ErrorStack::get());
    }
    ciphertext.truncate(octets);
    secret.truncate(secret_octets);
    Ok(Encapsulated { secret, ciphertext })
}

/// Gets the secret back that somebody encapsulated for this key. ML-KEM rejects implicitly (FIPS 203 §6.3): from an altered
/// ciphertext another secret comes, and no error.
pub(crate) fn decapsulate(
    key: &PKeyRef<Private>,
    ciphertext: &[u8],
) -> Result<Zeroizing<Vec<u8>>, ErrorStack> {
    let context = PkeyCtx::new(key)?;
    let raw = context.as_ptr();
    let mut octets = 0;
    // SAFETY: `raw` is live until the end of this function, and `ciphertext` as long as is said. Without a buffer only the
    // length is written.
    let asked = unsafe {
        EVP_PKEY_decapsulate_init(raw, ptr::null()) == 1
            && EVP_PKEY_decapsulate(
                raw,
                ptr::null_mut(),
                &raw mut octets,
                ciphertext.as_ptr(),
                ciphertext.len(),
            ) == 1
    };
    if !asked {
        return Err(ErrorStack::get());
    }
    let mut secret = Zeroizing::new(vec![0; octets]);
    // SAFETY: the buffer is as long as its length says, and OpenSSL writes no more than that.
    let made = unsafe {
        EVP_PKEY_decapsulate(
            raw,
            secret.as_mut_ptr(),
            &raw mut octets,
            ciphertext.as_ptr(),
            ciphertext.len(),
        )
    };
    if made != 1 {
        return Err(ErrorStack::get());
    }
    secret.truncate(octets);
    Ok(secret)
}
