"""An import contract of our own: a slice's `store` and `routes` are imported from inside the slice only.

Used by `.importlinter`. Composers (apps, workers, wiring) put slices together and may import both.
"""

from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class SlicePrivacy(Contract):
    """Options: `roots` are packages, `private` module names, `composers` module expressions."""

    type_name = "slice_privacy"

    roots = fields.ListField(subfield=fields.StringField())
    private = fields.ListField(subfield=fields.StringField())
    composers = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001, RUF100 given by the base
        composers = {
            module
            for expression in cast("list[str]", self.composers)
            for module in graph.find_matching_modules(expression)
        }
        intrusions = [
            f"{importer} -> {module}"
            for module in sorted(graph.modules)
            if (slice_name := self._slice_of(module)) is not None
            for importer in sorted(graph.find_modules_that_directly_import(module))
            if importer not in composers and not f"{importer}.".startswith(f"{slice_name}.")
        ]
        return ContractCheck(kept=not intrusions, metadata={"intrusions": intrusions})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for intrusion in check.metadata["intrusions"]:
            output.print_error(f"- {intrusion}", bold=False)

    def _slice_of(self, module: str) -> str | None:
        root, *parts = module.split(".")
        if root not in cast("list[str]", self.roots):
            return None
        private = cast("list[str]", self.private)
        depth = next((index for index, part in enumerate(parts) if part in private), None)
        return None if depth is None else ".".join([root, *parts[:depth]])
