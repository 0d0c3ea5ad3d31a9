"""The contracts as compiled, and weakened doubles of them: one place of the source replaced by another text."""
import functools
import hashlib
import json
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ROOT / "contracts"
OUT = SOURCES / "out"
HERE = pathlib.Path(__file__).resolve().parent


def _compiler():
    """scripts/compile-contracts, which is no module by its name."""
    import importlib.machinery
    import importlib.util

    loader = importlib.machinery.SourceFileLoader("compile_contracts", str(ROOT / "scripts" / "compile-contracts"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("compile_contracts", loader))
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module.compile_contract


@functools.cache
def compiled(name):
    return json.loads((OUT / f"{name}.json").read_text())


@functools.cache
def helper(name):
    """A contract of the tests, for example an attacker."""
    return _cached(HERE, name)


@functools.cache
def weakened(name, before, after, file=None):
    """`name` with the one occurrence of `before` in `file` (its own source if there is none) replaced by `after`."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for source in SOURCES.glob("*.vy"):
            (folder / source.name).write_text(source.read_text())
        target = folder / (file or f"{name}.vy")
        text = target.read_text()
        assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times in {target.name}"
        target.write_text(text.replace(before, after))
        return _cached(folder, name)


def _cached(folder, name):
    digest = hashlib.sha256()
    for source in sorted(folder.glob("*.vy")):
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    place = OUT / "doubles" / f"{name}-{digest.hexdigest()[:32]}.json"
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(_compiler()(folder, name)))
    return json.loads(place.read_text())
