"""A passkey made of software: what a device answers to the site, without browser or device."""

import hashlib
import json
import os
import struct
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class SoftKey:
    """``register(options)`` and ``sign(options)`` return what the browser would put in « credential »."""

    def __init__(self, origin: str = "https://testserver") -> None:
        self.origin = origin
        self.rp_hash = hashlib.sha256(origin.partition("://")[2].partition(":")[0].encode()).digest()
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.identifier = os.urandom(32)
        self.user_handle = ""

    def register(self, options: dict[str, Any], *, origin: str = "") -> str:
        asked = options["publicKey"]
        self.user_handle = asked["user"]["id"]
        public = cbor.encode(dict(ES256.from_cryptography_key(self.private.public_key())))
        attested = bytes(16) + struct.pack(">H", len(self.identifier)) + self.identifier + public
        data = self.rp_hash + bytes([PRESENT | VERIFIED | ATTESTED]) + bytes(4) + attested
        response = {
            "clientDataJSON": websafe_encode(self._client("webauthn.create", asked["challenge"], origin)),
            "attestationObject": websafe_encode(cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})),
        }
        return self._answer(response, {"credProps": {"rk": True}})

    def sign(self, options: dict[str, Any], *, origin: str = "") -> str:
        client = self._client("webauthn.get", options["publicKey"]["challenge"], origin)
        data = self.rp_hash + bytes([PRESENT | VERIFIED]) + bytes(4)
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
            "userHandle": self.user_handle,
        }
        return self._answer(response, {})

    def _client(self, act: str, challenge: str, origin: str) -> bytes:
        said = {"type": act, "challenge": challenge, "origin": origin or self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, response: dict[str, Any], extensions: dict[str, Any]) -> str:
        identifier = websafe_encode(self.identifier)
        described = {"id": identifier, "rawId": identifier, "type": "public-key", "response": response}
        return json.dumps(described | {"clientExtensionResults": extensions})
