"""An independent implementation of the signatures (python3-jwt) beside ours: signs, or verifies and prints the typ.

    jws_peer.py sign   PSK_HEX KEY_ID PAYLOAD
    jws_peer.py verify PSK_HEX HEADER_VALUE PAYLOAD
"""
import hashlib
import hmac
import sys

import jwt


def request_key(psk):
    """HKDF-SHA256 (RFC 5869) without salt, one block."""
    extracted = hmac.new(bytes(32), psk, hashlib.sha256).digest()
    return hmac.new(extracted, b"hocket/1 request\x01", hashlib.sha256).digest()


def main():
    command, psk, middle, payload = sys.argv[1:]
    key = request_key(bytes.fromhex(psk))
    jws = jwt.PyJWS()
    if command == "sign":
        headers = {"kid": middle, "typ": "hocket-request", "b64": False, "crit": ["b64"]}
        print(jws.encode(payload.encode(), key, "HS256", headers=headers, is_payload_detached=True))
        return
    decoded = jws.decode_complete(middle, key, ["HS256"], detached_payload=payload.encode())
    print(decoded["header"]["typ"])


main()
