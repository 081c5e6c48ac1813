"""An issuer of tokens, with a key drawn for the test: what an OpenID Connect provider would be."""
import base64
import json
import subprocess
import time

ISSUER = "https://id.test"


def _openssl(*words, **options):
    return subprocess.run(["openssl", *map(str, words)], capture_output=True, check=True, timeout=30, **options).stdout


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Key:
    """An Ed25519 key in a file."""

    def __init__(self, file, key_id):
        self.file, self.id = file, key_id
        _openssl("genpkey", "-algorithm", "ed25519", "-out", file)

    def jwk(self):
        public = _openssl("pkey", "-in", self.file, "-pubout", "-outform", "DER")[-32:]
        return {"kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": self.id, "x": base64url(public)}

    def sign(self, claims, **header):
        header = {"alg": "EdDSA", "kid": self.id, "typ": "JWT", **header}
        text = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
        message = self.file.with_suffix(".message")
        message.write_text(text)
        signature = _openssl("pkeyutl", "-sign", "-inkey", self.file, "-rawin", "-in", message)
        return f"{text}.{base64url(signature)}"


class Issuer:
    """Keeps its key set in a file, as `auth.jwks` reads it."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.jwks = folder / "jwks.json"
        self.keys = []
        self.rotate()
        self.service_key = Key(folder / "service.pem", "service")

    def rotate(self, keep=True):
        """Signs with a new key from now on; the older ones stay in the set, or go."""
        self.keys = [*(self.keys if keep else []), Key(self.folder / f"key-{time.monotonic_ns()}.pem", f"k{time.monotonic_ns()}")]
        fresh = self.folder / "fresh.json"
        fresh.write_text(json.dumps({"keys": [key.jwk() for key in self.keys]}))
        fresh.rename(self.jwks)

    def token(self, subject, *roles, lasts=3600, **claims):
        now = int(time.time())
        return self.keys[-1].sign({"iss": ISSUER, "aud": "baedal", "sub": subject, "roles": list(roles),
                                   "iat": now, "exp": now + lasts, **claims})

    def service_token(self, subject="order"):
        now = int(time.time())
        return self.service_key.sign({"iss": "baedal-services", "aud": "baedal-services", "sub": subject,
                                      "iat": now, "exp": now + 60})

    @property
    def flags(self):
        """The settings of a process that takes its tokens, and those of services."""
        return ("--profile", "standard", "--auth.issuer", ISSUER, "--auth.jwks", self.jwks,
                "--auth.service-key-file", self.service_key.file)


def bearer(token):
    return {"Authorization": f"Bearer {token}"}
