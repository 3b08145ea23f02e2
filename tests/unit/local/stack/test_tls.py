"""The local AWS's certificate."""

import ssl
import stat
from pathlib import Path

from cryptography import x509

from local.stack.tls import make_certificate


def test_the_certificate_is_for_this_machines_loopback_address_only(tmp_path: Path) -> None:
    """It is trusted by whatever runs here, and must be good for nothing else."""
    made = make_certificate(tmp_path / "tls")

    certificate = x509.load_pem_x509_certificate(made.path.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in names] == ["127.0.0.1"]
    assert (certificate.not_valid_after_utc - certificate.not_valid_before_utc).days <= 2


def test_the_key_is_its_owners_and_fits(tmp_path: Path) -> None:
    """Whoever reads the key can answer for the local AWS."""
    made = make_certificate(tmp_path)

    assert stat.S_IMODE(made.key.stat().st_mode) == 0o600
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(made.path, made.key)
