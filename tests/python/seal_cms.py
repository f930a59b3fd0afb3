"""Seals a MIME entity to an ML-KEM certificate (RFC 9629, RFC 9936), for a reader that is to be judged.

Written from the RFCs, and shares no code with the program: kyber-py (pure Python) encapsulates, hmac and hashlib derive,
cryptography wraps and encrypts. Arguments: certificate (DER), entity, output, and how: `plain`, `keyid` (the reader is
named by its key identifier), `ukm` (with keying material of the user), `sha512` (HKDF with SHA-512), `altered` (one bit
of the ciphertext is another).
"""

import hashlib
import hmac
import pathlib
import secrets
import sys

from cryptography import x509
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_wrap
from open_cms import AES256_GCM, AES256_WRAP, AUTH_ENVELOPED_DATA, HKDF_SHA256, KEMS, ORI_KEM, contents, oid, read, reader_of, values

HKDF_SHA512 = oid("1.2.840.113549.1.9.16.3.30")
DATA = oid("1.2.840.113549.1.7.1")


def der(tag, *parts):
    content = b"".join(parts)
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def sequence(*parts):
    return der(0x30, *parts)


def algorithm(name):
    return sequence(der(0x06, name))


def hkdf(hash_name, secret, info, length):
    size = hashlib.new(hash_name).digest_size
    pseudorandom = hmac.new(bytes(size), secret, hash_name).digest()
    return hmac.new(pseudorandom, info + b"\x01", hash_name).digest()[:length]


def public_key(certificate):
    """(algorithm, key) of the certificate."""
    fields = values(contents(read(certificate)[1])[0])
    if fields[0][0] == 0xA0:
        del fields[0]
    kind, bits = contents(fields[5][1])
    return contents(kind)[0], bits[1:]


def reader(certificate, how):
    if how == "keyid":
        extension = x509.load_der_x509_certificate(certificate).extensions
        return der(0x80, extension.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest)
    issuer, serial = reader_of(certificate)
    return sequence(der(0x30, issuer), der(0x02, serial))


def sealed(certificate, entity, how):
    kind, key = public_key(certificate)
    secret, ciphertext = KEMS[kind].encaps(key)
    if how == "altered":
        ciphertext = bytes([ciphertext[0] ^ 1]) + ciphertext[1:]
    kdf, hash_name = (HKDF_SHA512, "sha512") if how == "sha512" else (HKDF_SHA256, "sha256")
    material = der(0xA0, der(0x04, b"brugerens eget")) if how == "ukm" else b""
    wrap, length = algorithm(AES256_WRAP), der(0x02, b"\x20")
    info = sequence(wrap, length, material)
    content_key, nonce = secrets.token_bytes(32), secrets.token_bytes(12)
    wrapped = aes_key_wrap(hkdf(hash_name, secret, info, 32), content_key)
    recipient = sequence(
        der(0x02, b"\0"),
        reader(certificate, how),
        algorithm(kind),
        der(0x04, ciphertext),
        algorithm(kdf),
        length,
        material,
        wrap,
        der(0x04, wrapped),
    )
    other = der(0xA4, der(0x06, ORI_KEM), recipient)
    octets = AESGCM(content_key).encrypt(nonce, entity, None)
    parameters = sequence(der(0x04, nonce), der(0x02, b"\x10"))
    content = sequence(
        der(0x06, DATA),
        sequence(der(0x06, AES256_GCM), parameters),
        der(0x80, octets[:-16]),
    )
    data = sequence(der(0x02, b"\0"), der(0x31, other), content, der(0x04, octets[-16:]))
    return sequence(der(0x06, AUTH_ENVELOPED_DATA), der(0xA0, data))


certificate, entity, out, how = sys.argv[1:]
made = sealed(pathlib.Path(certificate).read_bytes(), pathlib.Path(entity).read_bytes(), how)
pathlib.Path(out).write_bytes(made)
