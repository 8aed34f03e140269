#!/usr/bin/python3
"""The vectors through JWS as python3-jwcrypto knows it, and not Hocket: flattened JSON form, RFC 7797.

    spec/vectors/check.py verify         each signature in requests.json and replies.json holds, or does not, as its verdict says
    spec/vectors/check.py sign FOLDER    makes keys and certificates and signs a request with each of the five algorithms:
                                         FOLDER/ca.pem and FOLDER/signed.json, a list of {alg, payload, signature}

`verify` also holds what is accepted, and what a schema can see, against spec/schemas.

It looks at nothing else but the signature: certificates, subjects, times and JSON are Hocket's rules. So a vector that is
refused for such a reason may well have a good signature; one whose verdict is `bad_signature` must not.

Needs python3-jwcrypto, python3-cryptography and python3-jsonschema.
"""

import base64
import datetime
import json
import pathlib
import sys

import jsonschema
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.x509.oid import NameOID
from jwcrypto import jwk, jws

HERE = pathlib.Path(__file__).resolve().parent
ALGORITHMS = ["HS256", "EdDSA", "ES256", "PS256", "RS256"]
# Verdicts of what is looked at after the signature.
SIGNED_WELL = {"accepted", "malformed_message", "subject_mismatch", "caller_mismatch", "expired", "clock_skew",
               "far_expired", "unexpected_reply"}

# Refused requests and replies whose fault a schema sees too.
SCHEMA_SEES = {"zero_ttl", "long_ttl", "extra_member", "missing_member", "null_member", "unknown_delivery",
               "empty_filter", "upper_case_agent", "other_protocol", "huge_integer", "fraction"}


def base64url_decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def derived_key(psk, purpose):
    """spec/protocol.md §3.1"""
    return HKDF(hashes.SHA256(), 32, None, f"hocket/1 {purpose}".encode()).derive(psk)


def symmetric(key):
    return jwk.JWK(kty="oct", k=base64url(key))


def load(name):
    return json.loads((HERE / name).read_text(encoding="utf-8"))


def payload_of(vector):
    return vector["payload"].encode() if "payload" in vector else base64.b64decode(vector["payload_base64"])


def key_of(header, psk, is_reply):
    """The key that a protected header names."""
    if "x5c" in header:
        certificate = x509.load_der_x509_certificate(base64.b64decode(header["x5c"][0], validate=True))
        return jwk.JWK.from_pyca(certificate.public_key())
    purpose = "reply " + header["kid"].split("/")[1] if is_reply else "request"
    return symmetric(derived_key(psk, purpose))


def verify(value, payload, psk, is_reply):
    """Raises when the signature header's value does not hold for the payload."""
    protected, signature = value.split("..")
    key = key_of(json.loads(base64url_decode(protected)), psk, is_reply)
    token = jws.JWS()
    token.allowed_algs = ALGORITHMS
    token.deserialize(json.dumps({"protected": protected, "signature": signature, "payload": ""}))
    token.objects["payload"] = payload  # not all of them are text that JSON could hold
    token.verify(key)


class Schemas:
    """spec/schemas: whether a document fits."""

    def __init__(self):
        self._validators = {}

    def fits(self, name, document):
        if name not in self._validators:
            schema = json.loads((HERE.parent / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
            self._validators[name] = jsonschema.Draft202012Validator(schema)
        return self._validators[name].is_valid(document)


def check_schemas():
    """The vectors that break spec/schemas though they are good, or do not though they are bad."""
    schemas, wrong = Schemas(), []
    for name, kind in (("requests.json", "request"), ("replies.json", "reply")):
        for vector in load(name):
            good, seen = vector["verdict"] == "accepted", vector["name"] in SCHEMA_SEES
            if (good or seen) and schemas.fits(kind, json.loads(payload_of(vector))) != good:
                wrong.append(f"{name}: {vector['name']}: {kind}.json says otherwise")
            if good and not schemas.fits("protected-header",
                                         json.loads(base64url_decode(vector["signatures"][0].split("..")[0]))):
                wrong.append(f"{name}: {vector['name']}: protected-header.json says otherwise")
    return wrong


def verify_all():
    psk = base64url_decode(load("keys.json")["psk"]["key"])
    checked, wrong = {algorithm: 0 for algorithm in ALGORITHMS}, 0
    for name, is_reply in (("requests.json", False), ("replies.json", True)):
        for vector in load(name):
            wanted = vector["verdict"] in SIGNED_WELL
            if not wanted and vector["verdict"] != "bad_signature":
                continue
            (value,) = vector["signatures"]
            try:
                verify(value, payload_of(vector), psk, is_reply)
                holds = True
            except jws.InvalidJWSSignature:
                holds = False
            checked[json.loads(base64url_decode(value.split("..")[0]))["alg"]] += 1
            if holds != wanted:
                wrong += 1
                print(f"{name}: {vector['name']}: the signature {'holds' if holds else 'does not hold'}")
    for complaint in check_schemas():
        wrong += 1
        print(complaint)
    print(", ".join(f"{count} {algorithm}" for algorithm, count in checked.items()), f"checked, {wrong} wrong")
    return 0 if wrong == 0 and all(checked.values()) else 1


def certificate(name, key, issuer_name, issuer_key, is_ca):
    now = datetime.datetime.utcnow()
    day = datetime.timedelta(days=1)
    builder = x509.CertificateBuilder(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer_name)]),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
        key.public_key(), x509.random_serial_number(), now - day, now + day)
    builder = builder.add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
    if not is_ca:
        names = [x509.UniformResourceIdentifier(f"hocket:caller:{name}")]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def sign(header, key, payload):
    token = jws.JWS(payload)
    token.allowed_algs = ALGORITHMS
    token.add_signature(key, protected=json.dumps({**header, "b64": False, "crit": ["b64"], "typ": "hocket-request"}))
    flattened = json.loads(token.serialize())
    return f"{flattened['protected']}..{flattened['signature']}"


def sign_all(folder):
    payload = json.dumps({"from": "the peer", "text": "größer"}, ensure_ascii=False)
    psk = base64url_decode(load("keys.json")["psk"]["key"])
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca = certificate("Peer CA", ca_key, "Peer CA", ca_key, is_ca=True)
    (folder / "ca.pem").write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    signed = [("HS256", sign({"alg": "HS256", "kid": "ops.1"}, symmetric(derived_key(psk, "request")), payload))]
    rsa_key = rsa.generate_private_key(65537, 2048)
    for algorithm, key in (("EdDSA", ed25519.Ed25519PrivateKey.generate()),
                           ("ES256", ec.generate_private_key(ec.SECP256R1())), ("PS256", rsa_key), ("RS256", rsa_key)):
        der = certificate("ana", key, "Peer CA", ca_key, is_ca=False).public_bytes(serialization.Encoding.DER)
        header = {"alg": algorithm, "x5c": [base64.b64encode(der).decode()]}
        signed.append((algorithm, sign(header, jwk.JWK.from_pyca(key), payload)))
    document = [{"alg": algorithm, "payload": payload, "signature": value} for algorithm, value in signed]
    (folder / "signed.json").write_text(json.dumps(document), encoding="utf-8")
    return 0


def main(words):
    if words == ["verify"]:
        return verify_all()
    if len(words) == 2 and words[0] == "sign":
        return sign_all(pathlib.Path(words[1]))
    print(__doc__, file=sys.stderr)
    return 64


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
