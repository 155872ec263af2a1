"""The house rules that no linter knows. Each check returns the offenders, so that a failure names them."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
HOMELESS = {"utils", "util", "helpers", "helper", "common", "base", "misc"}
UNSAFE = {"pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}
SKIPS = {"pytest.skip", "pytest.xfail", "pytest.importorskip"} | {
    f"pytest.mark.{name}" for name in ("skip", "skipif", "xfail")
}
PLACE = re.compile(r"(?<![\w.])/(work|root|Users)/")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def files(*rooms: str) -> list[Path]:
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


def trees(*rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in files(*rooms):
        yield path.relative_to(ROOT), ast.parse(path.read_text())


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0]
    is_text = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    return body[1:] if is_text else body


def lines_of_code(function: Function) -> int:
    body = without_docstring(function.body)
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_file_is_longer_than_300_lines():
    lengths = {
        path.relative_to(ROOT): len(path.read_text().splitlines()) for path in files("src", "tests", "benchmarks")
    }
    too_long = {str(path): length for path, length in lengths.items() if length > 300}
    assert not too_long, "split the idea, not the lines"


def test_the_median_function_has_at_most_ten_lines():
    lengths = [lines_of_code(function) for _, tree in trees("src") for function in functions(tree)]
    assert median(lengths) <= 10, "count the lines below the docstring; the longest ones want splitting first"


def test_every_package_file_in_src_is_one_docstring():
    packages = [(path, tree) for path, tree in trees("src") if path.name == "__init__.py"]
    assert [path for path, tree in packages if not tree.body or without_docstring(tree.body)] == []


def test_no_file_has_a_name_that_says_nothing():
    paths = [path.relative_to(ROOT) for path in files("src", "tests", "benchmarks")]
    assert [path for path in paths if HOMELESS & {*path.parts[:-1], path.stem}] == [], "a room is missing"


def imported(tree: ast.AST) -> set[str]:
    plain = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    return plain | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def allows_pickle(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.keyword) and node.arg == "allow_pickle" and getattr(node.value, "value", True) is not False
    )


def test_nothing_that_is_read_from_disk_can_run_code():
    offenders = [
        path
        for path, tree in trees("src", "benchmarks")
        if {name.split(".")[0] for name in imported(tree)} & UNSAFE or any(map(allows_pickle, ast.walk(tree)))
    ]
    assert offenders == [], "save arrays as npz or safetensors, and the rest as JSON"


def reason_of(call: ast.Call) -> ast.expr | None:
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    called_directly = ast.unparse(call.func) in {"pytest.skip", "pytest.xfail"}
    return named.get("reason") or (call.args[0] if called_directly and call.args else None)


def is_skip(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and ast.unparse(node) in SKIPS


def test_every_skipped_test_says_why():
    silent = []
    for path, tree in trees("tests"):
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and is_skip(node.func)]
        spoken = {id(call.func) for call in calls if reason_of(call) is not None}
        silent += [f"{path}:{node.lineno}" for node in ast.walk(tree) if is_skip(node) and id(node) not in spoken]
    assert silent == []


def is_protocol(node: ast.ClassDef) -> bool:
    return any("Protocol" in ast.unparse(base) for base in node.bases)


def public_methods(tree: ast.AST, *, protocols: bool) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and is_protocol(node) is protocols and not node.name.startswith("_"):
            yield from (each for each in node.body if isinstance(each, Function) and not each.name.startswith("_"))


def test_every_public_method_is_described_on_itself_or_on_its_protocol():
    src = list(trees("src"))
    promised = {"forward"} | {each.name for _, tree in src for each in public_methods(tree, protocols=True)}
    silent = [
        f"{path}:{each.lineno} {each.name}"
        for path, tree in src
        for each in public_methods(tree, protocols=False)
        if ast.get_docstring(each) is None and each.name not in promised
    ]
    assert silent == []


def tracked_texts() -> Iterator[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            yield name, (ROOT / name).read_text(errors="replace")


def test_no_tracked_file_names_a_place_on_one_machine():
    assert [(name, match.group()) for name, text in tracked_texts() for match in PLACE.finditer(text)] == []
