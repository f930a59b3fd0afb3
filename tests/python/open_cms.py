"""Opens CMS structures for keys that few programs read yet: X25519 (RFC 8418) and ML-KEM (RFC 9629, RFC 9936).

It is a reader of this project's own, written from the RFCs, and shares no code with the program: kyber-py (pure Python)
decapsulates, hmac and hashlib derive, cryptography agrees on X25519 keys, unwraps and decrypts.

Each line of the file named first is a name, the structure, the certificate (DER) and its key (PKCS#8), with tabs
between. What is opened is written to the folder named second, under the name; why the rest is not, to standard error.
"""

import hashlib
import hmac
import pathlib
import sys

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap
from kyber_py.ml_kem import ML_KEM_768, ML_KEM_1024


def oid(dotted):
    """The content octets of an OBJECT IDENTIFIER."""
    first, second, *rest = map(int, dotted.split("."))
    encoded = b""
    for arc in [40 * first + second, *rest]:
        octets = [arc & 0x7F]
        while arc := arc >> 7:
            octets.insert(0, arc & 0x7F | 0x80)
        encoded += bytes(octets)
    return encoded


AUTH_ENVELOPED_DATA = oid("1.2.840.113549.1.9.16.1.23")
ENVELOPED_DATA = oid("1.2.840.113549.1.7.3")
AES256_CBC = oid("2.16.840.1.101.3.4.1.42")
AES256_GCM = oid("2.16.840.1.101.3.4.1.46")
AES256_WRAP = oid("2.16.840.1.101.3.4.1.45")
X25519 = oid("1.3.101.110")
HKDF_SHA256_SCHEME = oid("1.2.840.113549.1.9.16.3.19")
ORI_KEM = oid("1.2.840.113549.1.9.16.13.3")
HKDF_SHA256 = oid("1.2.840.113549.1.9.16.3.28")
KEMS = {oid("2.16.840.1.101.3.4.4.2"): ML_KEM_768, oid("2.16.840.1.101.3.4.4.3"): ML_KEM_1024}


def read(octets, at=0):
    """One BER value: (tag, content, where it ends); a value of indefinite length ends with its marker."""
    tag, length, at = octets[at], octets[at + 1], at + 2
    if length == 0x80:
        begin = at
        while octets[at : at + 2] != b"\0\0":
            at = read(octets, at)[2]
        return tag, octets[begin:at], at + 2
    if length > 0x80:
        count = length & 0x7F
        length, at = int.from_bytes(octets[at : at + count], "big"), at + count
    assert at + length <= len(octets), "a value that is cut"
    return tag, octets[at : at + length], at + length


def values(content):
    """What a constructed value holds, as (tag, content)."""
    found, at = [], 0
    while at < len(content):
        tag, inner, at = read(content, at)
        found.append((tag, inner))
    return found


def contents(content):
    return [inner for _, inner in values(content)]


def der(tag, content):
    assert len(content) < 0x80
    return bytes([tag, len(content)]) + content


def bare(algorithm):
    """The content of an AlgorithmIdentifier without parameters."""
    return der(0x06, algorithm)


def hkdf(secret, info):
    pseudorandom = hmac.new(bytes(32), secret, hashlib.sha256).digest()
    return hmac.new(pseudorandom, info + b"\x01", hashlib.sha256).digest()


def reader_of(certificate):
    """(issuer, serial number) as contents."""
    fields = values(contents(read(certificate)[1])[0])
    if fields[0][0] == 0xA0:
        del fields[0]
    return fields[2][1], fields[0][1]


def private_of(key):
    """What the OCTET STRING of a PKCS#8 key holds, as (tag, content)."""
    _, _, octets = contents(read(key)[1])[:3]
    tag, content, _ = read(octets)
    return tag, content


def by_agreement(info, reader, key):
    version, originator, encryption, keys = contents(info)
    (one,) = contents(keys)
    rid, wrapped = contents(one)
    if tuple(contents(rid)) != reader:
        return None
    assert version == b"\x03"
    ((tag, public),) = values(originator)
    algorithm, point = contents(public)
    assert tag == 0xA1 and algorithm == bare(X25519) and point[0] == 0
    assert encryption == bare(HKDF_SHA256_SCHEME) + der(0x30, bare(AES256_WRAP))
    private = X25519PrivateKey.from_private_bytes(private_of(key)[1])
    secret = private.exchange(X25519PublicKey.from_public_bytes(point[1:]))
    bits = (256).to_bytes(4, "big")
    shared = der(0x30, der(0x30, bare(AES256_WRAP)) + der(0xA2, der(0x04, bits)))
    return aes_key_unwrap(hkdf(secret, shared), wrapped)


def by_encapsulation(info, reader, key):
    kind, content = contents(info)
    assert kind == ORI_KEM
    version, rid, kem, ciphertext, kdf, length, wrap, wrapped = contents(content)
    if tuple(contents(rid)) != reader:
        return None
    assert version == b"\0" and length == b"\x20"
    assert kdf == bare(HKDF_SHA256) and wrap == bare(AES256_WRAP)
    (algorithm,) = contents(kem)
    tag, seed = private_of(key)
    if tag == 0x30:
        # RFC 9935 §6: the seed, and the expanded key behind it.
        seed = contents(seed)[0]
    kyber = KEMS[algorithm]
    _, decapsulation_key = kyber.key_derive(seed)
    secret = kyber.decaps(decapsulation_key, ciphertext)
    other = der(0x30, der(0x30, bare(AES256_WRAP)) + der(0x02, b"\x20"))
    return aes_key_unwrap(hkdf(secret, other), wrapped)


def opened(structure, certificate, key):
    _, content, end = read(structure)
    assert end == len(structure)
    kind, explicit = contents(content)
    (data,) = contents(explicit)
    version, infos, encrypted, *mac = contents(data)
    ways = {0xA1: by_agreement, 0xA4: by_encapsulation}
    reader = reader_of(certificate)
    keys = [ways[tag](info, reader, key) for tag, info in values(infos) if tag in ways]
    (content_key,) = [k for k in keys if k is not None]
    (_, _), (_, cipher), (tag, parts) = values(encrypted)
    octets = b"".join(contents(parts)) if tag == 0xA0 else parts
    name, parameters = contents(cipher)
    if kind == AUTH_ENVELOPED_DATA:
        nonce, length = contents(parameters)
        assert name == AES256_GCM and version == b"\0" and len(nonce) == 12 and length == b"\x10"
        return AESGCM(content_key).decrypt(nonce, octets + mac[0], None)
    assert kind == ENVELOPED_DATA and name == AES256_CBC and not mac
    decryptor = Cipher(algorithms.AES(content_key), modes.CBC(parameters)).decryptor()
    plain = decryptor.update(octets) + decryptor.finalize()
    padding = plain[-1]
    assert 1 <= padding <= 16 and plain.endswith(bytes([padding]) * padding)
    return plain[:-padding]


def main(cells, folder):
    for line in pathlib.Path(cells).read_text().splitlines():
        name, *files = line.split("\t")
        try:
            plain = opened(*(pathlib.Path(file).read_bytes() for file in files))
        except Exception as cause:  # which ones must open is for the test to say
            print(f"{name}: {cause!r}", file=sys.stderr)
        else:
            pathlib.Path(folder, name).write_bytes(plain)


if __name__ == "__main__":
    main(*sys.argv[1:])
