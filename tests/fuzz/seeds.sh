#!/bin/sh
# Fills a folder with one folder for each kind: messages, lists and key files made by OpenSSL's command for the fuzzer's
# readers, and what SEGL_CORPORA holds of other people's.   usage: sh tests/fuzz/seeds.sh [FOLDER]
set -eu
cd "$(dirname "$0")"
keys=$PWD/keys
mkdir -p "${1:-corpus}"
cd "${1:-corpus}"
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for kind in certificate cms crl mime ocsp pkcs12; do mkdir -p "$kind"; done
cd "$work"
for key in rsa ec; do
    openssl pkcs12 -in "$keys/$key.p12" -passin pass: -nokeys -out $key.pem 2> /dev/null
    openssl pkcs12 -in "$keys/$key.p12" -passin pass: -nocerts -nodes -out $key.key 2> /dev/null
    openssl x509 -in $key.pem -outform DER -out "$root/certificate/$key"
    cp "$keys/$key.p12" "$root/pkcs12/$key"
done
printf '%s\r\n' 'Content-Type: multipart/mixed; boundary=b' 'From: nobody@fuzz.example' 'Subject: inside' '' '--b' '' 'text' '--b' \
    'Content-Type: application/pdf; name="a.pdf"' 'Content-Transfer-Encoding: base64' '' 'YWJj' '--b--' > text
# cms NAME ARGUMENTS: the structure and, as a message, the same.
cms() {
    name=$1
    shift
    openssl cms -in text -outform DER -out "$root/cms/$name" "$@" 2> /dev/null
    openssl cms -in text -out "$root/mime/$name" -from nobody@fuzz.example -subject outside "$@" 2> /dev/null
}
cms cbc -encrypt -aes256 rsa.pem
cms streamed -encrypt -stream -aes256 rsa.pem
cms gcm -encrypt -aes-256-gcm rsa.pem
cms oaep -encrypt -aes256 -recip rsa.pem -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256
cms ecdh -encrypt -aes256 -recip ec.pem
cms both -encrypt -aes256 rsa.pem ec.pem
cms opaque -sign -nodetach -signer rsa.pem -inkey rsa.key
cms clear -sign -signer ec.pem -inkey ec.key
cms pss -sign -nodetach -signer rsa.pem -inkey rsa.key -keyopt rsa_padding_mode:pss
cms two -sign -nodetach -signer rsa.pem -inkey rsa.key -signer ec.pem -inkey ec.key
openssl cms -in text -compress -outform DER -out "$root/cms/compressed" 2> /dev/null || echo "this OpenSSL compresses nothing" >&2
openssl cms -sign -in text -signer rsa.pem -inkey rsa.key | openssl cms -encrypt -aes256 -outform DER -out "$root/cms/signed-inside" rsa.pem
cp text "$root/mime/plain"
# Lists of an authority that is none of the readers.
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 3650 -subj "/CN=Nobody's authority" 2> /dev/null
openssl x509 -in ca.pem -outform DER -out "$root/certificate/authority"
cat ca.pem rsa.pem > "$root/certificate/two.pem"
openssl crl2pkcs7 -nocrl -certfile ca.pem -certfile rsa.pem -outform DER -out "$root/certificate/bundle"
printf 'R\t351122120000Z\t261120120000Z,keyCompromise\t0A\tunknown\t/CN=x\nR\t351122120000Z\t261120120000Z\t0B\tunknown\t/CN=y\n' > index
printf '[c]\ndatabase=index\ncrlnumber=number\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n' > conf
printf '01\n' > number
openssl ca -gencrl -config conf -name c -keyfile ca.key -cert ca.pem -md sha256 -crldays 3650 -out crl.pem 2> /dev/null
openssl crl -in crl.pem -outform DER -out "$root/crl/two"
# Answers of that authority, and of somebody whom it made a responder.
openssl req -newkey rsa:2048 -nodes -keyout responder.key -out responder.csr -subj "/CN=Nobody's responder" 2> /dev/null
printf 'extendedKeyUsage=OCSPSigning\nkeyUsage=digitalSignature\nnoCheck=ignored\n' > extensions
openssl x509 -req -in responder.csr -CA ca.pem -CAkey ca.key -days 3650 -extfile extensions -out responder.pem 2> /dev/null
# answer NAME SERIAL SIGNER ARGUMENTS
answer() {
    name=$1 serial=$2 signer=$3
    shift 3
    openssl ocsp -index index -CA ca.pem -issuer ca.pem -serial "$serial" -rsigner "$signer.pem" -rkey "$signer.key" \
        -respout "$root/ocsp/$name" "$@" > /dev/null 2>&1
}
answer revoked 0x0A ca -ndays 3650
answer unknown 0x0C ca -ndays 3650 -no_nonce
answer delegated 0x0B responder -nmin 60 -resp_key_id
printf '\060\003\012\001\006' > "$root/ocsp/unauthorized"
openssl pkcs12 -export -legacy -in rsa.pem -inkey rsa.key -passout pass:nobody -out "$root/pkcs12/legacy" -iter 1 2> /dev/null
openssl pkcs12 -export -in rsa.pem -inkey rsa.key -certfile ca.pem -passout pass:nobody -out "$root/pkcs12/chain" -iter 1
openssl pkcs12 -export -in rsa.pem -inkey rsa.key -keypbe NONE -certpbe NONE -nomac -passout pass: -out "$root/pkcs12/bare"
openssl pkcs12 -export -in rsa.pem -inkey rsa.key -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 -passout pass: -out "$root/pkcs12/des" -iter 1
cat rsa.key rsa.pem > "$root/pkcs12/pem"
if [ -n "${SEGL_CORPORA:-}" ]; then
    take() { # KIND PATTERN...: files of at most 64 kB, by digest
        kind=$1
        shift
        for pattern in "$@"; do
            find "$SEGL_CORPORA" -type f -size -64k -name "$pattern" -exec sh -c '
                cp "$1" "$2/$(sha256sum < "$1" | cut -c1-16)"' _ {} "$root/$kind" \;
        done
    }
    take certificate '*.crt' '*.der' '*.cer' '*.pem'
    take crl '*.crl'
    take cms '*.cms' '*.p7*'
    take mime '*.eml' '*.env' '*.mbox'
    take ocsp '*.ors' '*.ocsp'
    take pkcs12 '*.p12' '*.pfx'
else
    echo "SEGL_CORPORA is not set: seeds of OpenSSL's command alone" >&2
fi
for kind in certificate cms mime crl ocsp pkcs12; do echo "$kind $(find "$root/$kind" -type f | wc -l)"; done
