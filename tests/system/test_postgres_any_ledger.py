"""What every ledger keeps, refuses, proves and notices: the same tests, on a server."""

from __future__ import annotations

import pytest

from tests.unit.ledger.test_any_ledger import *  # noqa: F403
from tests.unit.ledger.test_ledger_proofs import *  # noqa: F403
from tests.unit.ledger.test_ledger_verification import *  # noqa: F403

pytestmark = pytest.mark.system
