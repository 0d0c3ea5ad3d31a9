"""docs/chain.md is what others write readers from."""
import re

import pytest
from sources import ROOT, compiled

TEXT = (ROOT / "docs" / "chain.md").read_text()


@pytest.mark.parametrize("heading,name", [
    ("### Staking: reading", "Staking"), ("### Staking: transactions", "Staking"), ("### Keys", "Keys")])
def test_every_selector_in_the_document_is_the_compiler_s(heading, name):
    section = TEXT.split(heading + "\n")[1].split("\n##")[0]
    rows = re.findall(r"^\| `(0x[0-9a-f]{8})` \| `([^`]+)`", section, re.MULTILINE)
    assert rows
    for selector, signature in rows:
        assert compiled(name)["selectors"][signature] == selector


@pytest.mark.parametrize("name,headings", [
    ("Staking", ["### Staking: reading", "### Staking: transactions"]), ("Keys", ["### Keys"])])
def test_every_function_is_in_the_document(name, headings):
    text = "".join(TEXT.split(heading + "\n")[1].split("\n##")[0] for heading in headings)
    assert [signature for signature in compiled(name)["selectors"] if f"`{signature}`" not in text] == []


def test_struct_fields_stand_in_the_document_in_their_order():
    for name, function in [("Staking", "overview"), ("Staking", "account"), ("Keys", "overview"), ("Keys", "key")]:
        entry = next(each for each in compiled(name)["abi"] if each.get("name") == function)
        fields = ", ".join(f"{field['type']} {field['name']}" for field in entry["outputs"][0]["components"])
        assert f"`({fields})`" in TEXT
    for name, function in [("Staking", "members"), ("Staking", "measurements"), ("Keys", "entries")]:
        entry = next(each for each in compiled(name)["abi"] if each.get("name") == function)
        fields = ", ".join(f"{field['type']} {field['name']}" for field in entry["outputs"][0]["components"])
        assert f"`({fields})[]`" in TEXT
