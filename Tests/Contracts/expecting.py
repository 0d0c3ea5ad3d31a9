"""What tests expect of a transaction."""
import re

import pytest
from evm import Refused


def refused(reason):
    return pytest.raises(Refused, match=f"^{re.escape(reason)}$")
