"""Makes keys and certificates that ours never makes, with python3-cryptography: odd_keys.py FOLDER."""

import datetime
import pathlib
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.x509.oid import NameOID

FOLDER = pathlib.Path(sys.argv[1])
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "odd")])


def write(name, content):
    file = FOLDER / name
    file.write_bytes(content)
    file.chmod(0o600)


def private_pem(key, encryption=serialization.NoEncryption()):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)


def self_signed(key, digest):
    day = datetime.timedelta(days=1)
    now = datetime.datetime(2026, 9, 21)  # where tests' clocks stand
    builder = x509.CertificateBuilder(NAME, NAME, key.public_key(), 1, now - day, now + day)
    return builder.sign(key, digest).public_bytes(serialization.Encoding.PEM)


p384 = ec.generate_private_key(ec.SECP384R1())
rsa1024 = rsa.generate_private_key(65537, 1024)
write("p384.key", private_pem(p384))
write("p384.pem", self_signed(p384, hashes.SHA256()))
write("rsa1024.key", private_pem(rsa1024))
write("rsa1024.pem", self_signed(rsa1024, hashes.SHA256()))
write("ed448.key", private_pem(ed448.Ed448PrivateKey.generate()))
write("encrypted.key", private_pem(p384, serialization.BestAvailableEncryption(b"secret")))
