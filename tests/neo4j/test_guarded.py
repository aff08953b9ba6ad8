"""A server that is encrypted and read-only: reads work over TLS, a write is refused in plain words."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from graph.errors import StoreError
from graph.model import Graph
from graph.store import Credentials, open_store


def write_certificate(folder):
    """Write a self-signed certificate for localhost and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "public.crt").write_bytes(certificate.public_bytes(pem))
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "private.key").write_bytes(private)
    (folder / "private.key").chmod(0o600)


@pytest.fixture
def guarded(open_neo4j_server, tmp_path):
    """A server that was made in the open and restarted guarded."""
    write_certificate(tmp_path)
    policy = "dbms.ssl.policy.bolt"
    open_neo4j_server.restart(
        {
            f"{policy}.enabled": "true",
            f"{policy}.base_directory": str(tmp_path),
            f"{policy}.client_auth": "NONE",
            "server.bolt.tls_level": "OPTIONAL",
            "server.databases.default_to_read_only": "true",
        }
    )
    return open_neo4j_server


def test_reads_over_tls_and_a_refused_write(guarded):
    encrypted = guarded.uri.replace("bolt://", "bolt+ssc://")
    store = open_store(encrypted)
    assert store.query("counts")[0]["claims"] == 0
    with pytest.raises(StoreError, match="read-only"):
        store.apply(Graph())
    store.close()
    with pytest.raises(StoreError, match="certificate"):
        open_store(guarded.uri.replace("bolt://", "bolt+s://"), credentials=Credentials())
