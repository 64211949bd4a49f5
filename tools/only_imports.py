"""An import contract of our own: what some packages reach, over any number of imports, is on a list.

Used by `.importlinter` for what must stay pure. Forbidding would need a list of all that is impure, now and later;
here a new module or library is out of reach until it is named.
"""

from collections.abc import Iterator
from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class OnlyImports(Contract):
    """Options: `source_modules` are packages; `allowed_modules` packages, libraries and standard modules by root."""

    type_name = "only_imports"

    source_modules = fields.ListField(subfield=fields.StringField())
    allowed_modules = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001, RUF100 given by the base
        intrusions = sorted(self._intrusions(graph))
        return ContractCheck(kept=not intrusions, metadata={"intrusions": intrusions})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for intrusion in check.metadata["intrusions"]:
            output.print_error(f"- {intrusion}", bold=False)

    def _intrusions(self, graph: ImportGraph) -> Iterator[str]:
        sources = cast("list[str]", self.source_modules)
        allowed = [*sources, *cast("list[str]", self.allowed_modules)]
        waiting = {module for module in graph.modules if _is_within(module, sources)}
        seen: set[str] = set()
        while waiting:
            module = waiting.pop()
            seen.add(module)
            imported = graph.find_modules_directly_imported_by(module)
            yield from (f"{module} -> {one}" for one in imported if not _is_within(one, allowed))
            waiting |= {one for one in imported if _is_within(one, allowed)} - seen


def _is_within(module: str, packages: list[str]) -> bool:
    return any(f"{module}.".startswith(f"{package}.") for package in packages)
