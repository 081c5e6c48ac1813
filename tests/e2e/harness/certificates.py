"""Certificates of a test's own, made when it runs: none is kept."""
import subprocess


def openssl(*arguments):
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def make(folder, name="localhost", days=2, addresses=("127.0.0.1",)):
    """A certificate for that name, signed by its own key; gives (certificate, key)."""
    folder.mkdir(parents=True, exist_ok=True)
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    names = ",".join([f"DNS:{name}", *(f"IP:{address}" for address in addresses)])
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", days, "-subj", f"/CN={name}", "-addext", f"subjectAltName={names}",
            "-keyout", key, "-out", certificate)
    return certificate, key
