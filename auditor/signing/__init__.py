"""Who stands behind a policy: Ed25519 signatures over its resolved, canonical form."""

from auditor.signing.adding import add_signature
from auditor.signing.canonical import canonical_policy, policy_digest
from auditor.signing.key_files import KeyFile, make_key
from auditor.signing.keyring import Keyring, read_keyring
from auditor.signing.signature import Signature, sign
from auditor.signing.signature_file import read_signatures, signatures_path
from auditor.signing.verifying import Checked, Missing, Verification, refusal, verify

__all__ = [
    "Checked",
    "KeyFile",
    "Keyring",
    "Missing",
    "Signature",
    "Verification",
    "add_signature",
    "canonical_policy",
    "make_key",
    "policy_digest",
    "read_keyring",
    "read_signatures",
    "refusal",
    "sign",
    "signatures_path",
    "verify",
]
