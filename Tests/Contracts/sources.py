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
def weakened(name, *replacements):
    """`name` with each (text, other text) replaced; a text stands exactly once in all sources, in whichever it is."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        texts = {source.name: source.read_text() for source in SOURCES.glob("*.vy")}
        for before, after in replacements:
            files = [file for file, text in texts.items() if before in text and file in (f"{name}.vy", "tree.vy", "blobs.vy")]
            assert len(files) == 1 and texts[files[0]].count(before) == 1, f"{before!r} does not stand exactly once"
            texts[files[0]] = texts[files[0]].replace(before, after)
        for file, text in texts.items():
            (folder / file).write_text(text)
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
