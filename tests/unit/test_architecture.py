"""The house rules: who may import whom, and what may happen where."""

import ast
import re
import sys
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path

from bench.house import imports, modules

ROOT = Path(__file__).parents[2]
FILES = modules(ROOT)
TREES = {module: ast.parse(path.read_text("utf-8")) for module, path in FILES.items()}

FLOORS = (  # a feature imports only features on floors below its own
    ("calls",),
    ("privacy",),
    ("answers",),
    ("models",),
    ("queue", "evaluation"),
    ("feedback",),
    ("datasets",),
    ("training",),
    ("serving",),
    ("retraining",),
)
FLOOR = {feature: number for number, features in enumerate(FLOORS) for feature in features}
SHARED = {"bot.errors", "bot.task", "bot.lock"}  # what every feature may import
DOERS = {  # the activities: they speak to the outside through ports, or open files, and hold no rules of their own
    "bot.calls.files",
    "bot.answers.summarizer",
    "bot.answers.batch",
    "bot.queue.worker",
    "bot.evaluation.evaluator",
    "bot.evaluation.judge",
    "bot.feedback.reviews",
    "bot.datasets.candidates",
    "bot.datasets.exporter",
    "bot.datasets.importer",
    "bot.training.order",
    "bot.training.trainer",
    "bot.serving.router",
    "bot.serving.promoter",
    "bot.serving.canary_runner",
    "bot.serving.cost_watch",
    "bot.retraining.retraining",
    "bot.retraining.under_way",
}
HOMES: dict[str, tuple[str, ...]] = {
    "slack_bolt": ("handlers",),
    "slack_sdk": ("handlers", "bot.adapters.slack_rights"),
    "boto3": ("bot.adapters.bedrock",),
    "botocore": ("bot.adapters.bedrock",),
    "redis": ("bot.adapters.redis",),
    "numpy": ("bot.adapters", "bot.evaluation.bootstrap"),  # 10,000 draws take plain Python minutes
    "onnxruntime": ("bot.adapters.onboard",),
    "PIL": ("bot.retraining.picture",),
    "prometheus_client": ("handlers",),
}
PACKAGES = {  # what a package is called where it is declared
    "PIL": "pillow",
    "botocore": "boto3",
    "phonenumbers": "phonenumberslite",
    "stdnum": "python-stdnum",
    "yaml": "pyyaml",
}


GRAPH = {module: imports(tree, FILES) - {module} for module, tree in TREES.items()}
ARROWS = [(module, name) for module, named in GRAPH.items() for name in named if name in FILES and name != "bot"]


def wing(module: str) -> str:
    """`handlers`, `adapters`, `wiring`, `commands`, a feature, or the name of a module at the root of bot/."""
    parts = module.split(".")
    if parts[0] == "handlers":
        return "handlers"
    return "commands" if module == "bot.__main__" else parts[1] if len(parts) > 1 else "bot"


def is_noun(module: str) -> bool:
    return wing(module) in FLOOR and module not in DOERS and not module.endswith(".ports")


def test_there_is_no_circle_of_files_and_no_relative_import() -> None:
    relative = {module for module, tree in TREES.items() for node in ast.walk(tree) if getattr(node, "level", 0)}

    order = TopologicalSorter({module: {to for of, to in ARROWS if of == module} for module in FILES})

    assert len(list(order.static_order())) == len(FILES)
    assert not relative


def test_imports_point_down() -> None:
    outside = {"handlers", "commands", "wiring", "adapters"}

    up = {
        (module, name)
        for module, name in ARROWS
        if (wing(name) == "handlers" and wing(module) != "handlers")
        or (wing(name) == "commands" and wing(module) != "commands")
        or (wing(name) == "wiring" and wing(module) not in {"handlers", "commands", "wiring"})
        or (wing(name) == "adapters" and wing(module) not in {"wiring", "adapters"})
        or (wing(module) in FLOOR and wing(name) not in FLOOR and name not in SHARED)
        or (wing(module) in FLOOR and FLOOR.get(wing(name), 0) > FLOOR[wing(module)])
        or (wing(module) == "adapters" and name in DOERS)
        or (wing(module) not in FLOOR and wing(module) not in outside and name in DOERS | {"bot.settings"})
    }

    assert not up


def test_a_doer_imports_ports_and_ports_import_nouns() -> None:
    up = {(module, name) for module, name in ARROWS if module.endswith(".ports") and name in DOERS} | {
        (module, name) for module, name in ARROWS if is_noun(module) and (name in DOERS or name.endswith(".ports"))
    }

    assert not up


def test_features_on_one_floor_do_not_know_each_other() -> None:
    across = {
        (module, name)
        for module, name in ARROWS
        if wing(module) != wing(name) and FLOOR.get(wing(module), -1) == FLOOR.get(wing(name), -2)
    }

    assert not across


def test_a_foreign_library_has_one_home_and_is_declared() -> None:
    declared = (ROOT / "pyproject.toml").read_text("utf-8").lower()
    foreign = [(module, name.partition(".")[0]) for module, named in GRAPH.items() for name in named]

    strangers = {(module, name) for module, name in foreign if name in HOMES and not module.startswith(HOMES[name])}
    unknown = {name for _, name in foreign} - set(sys.stdlib_module_names) - {"bot", "handlers"}
    undeclared = {name for name in unknown if f'"{PACKAGES.get(name, name).replace("_", "-")}' not in declared}

    assert not strangers
    assert not undeclared  # nor does anything import tests, bench or the sandbox


def test_the_environment_is_read_in_settings_alone() -> None:
    readers = {module for module, path in FILES.items() if re.search(r"os\.environ|getenv", path.read_text("utf-8"))}

    assert readers == {"bot.settings"}


def test_nouns_read_no_clock_draw_no_randomness_and_ask_nobody() -> None:
    outside = {"time", "random", "secrets", "socket", "subprocess", "threading"}

    impure = {(module, name) for module in FILES if is_noun(module) for name in GRAPH[module] & outside}

    assert not impure


def test_nothing_happens_at_import_and_no_two_types_share_a_name() -> None:
    bodies = [(module, node) for module, tree in TREES.items() for node in tree.body]

    calls = [module for module, node in bodies if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
    types = Counter(node.name for _, node in bodies if isinstance(node, ast.ClassDef))

    assert not calls
    assert not [name for name, times in types.items() if times > 1]
