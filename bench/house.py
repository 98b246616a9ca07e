"""The house in figures: files, arrows (imports), floors and circles of bot/ and handlers/, with the files at the top."""

from __future__ import annotations

import ast
import sys
from collections.abc import Container
from graphlib import CycleError, TopologicalSorter
from pathlib import Path


def modules(root: Path) -> dict[str, Path]:
    """The files of bot/ and handlers/, by their modules' names."""
    return {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
        for folder in ("bot", "handlers")
        for path in sorted((root / folder).rglob("*.py"))
    }


def imports(tree: ast.Module, ours: Container[str]) -> set[str]:
    """Every module that a file names; lazy imports and imports for types count too."""
    named: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            named |= {name if name in ours else str(node.module) for name in whole}
    return named


def graph(root: Path) -> dict[str, set[str]]:
    """Which of our modules each of our modules imports."""
    files = modules(root)
    trees = {module: ast.parse(path.read_text("utf-8")) for module, path in files.items()}
    return {module: (imports(tree, files) & files.keys()) - {module} for module, tree in trees.items()}


def floors(arrows: dict[str, set[str]]) -> dict[str, int]:
    """The floor of each module: 1 on the ground, else one above the highest that it imports. Raises CycleError."""
    found: dict[str, int] = {}
    for module in TopologicalSorter(arrows).static_order():
        found[module] = 1 + max((found[name] for name in arrows[module]), default=0)
    return found


def main() -> None:
    root = Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parents[1]
    arrows = graph(root)
    print(f"files   {len(arrows)}\narrows  {sum(map(len, arrows.values()))}")
    try:
        print(f"floors  {max(floors(arrows).values())}\ncircles 0")
    except CycleError as error:
        print(f"circle  {' -> '.join(error.args[1])}")
    asked = sorted(arrows, key=lambda name: -sum(name in named for named in arrows.values()))[:5]
    for name in asked:
        print(f"{sum(name in named for named in arrows.values()):7} import {name}")
    for folder in ("bot", "handlers"):
        flat = [name for name in arrows if name.startswith(f"{folder}.") and name.count(".") == 1]
        inside = [name for name in flat if not any(other.startswith(f"{name}.") for other in arrows)]
        print(f"{len(inside):7} modules at the top of {folder}/")


if __name__ == "__main__":
    main()
