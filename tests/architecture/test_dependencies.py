"""Dependencies of routes are coroutines: any other function FastAPI hands to a thread, for every request."""

import ast

from tests.architecture.tree import parse, source_files


def test_every_dependency_is_a_coroutine() -> None:
    modules = [parse(path) for path in source_files("services", "shared")]

    threaded = {name for module in modules for name in depended_on(module) & plain_functions(module)}

    assert threaded == set()


def test_dependency_that_would_need_a_thread_is_found() -> None:
    module = ast.parse("def who() -> int: return 1\nCaller = Annotated[int, Depends(who)]\n")

    assert depended_on(module) & plain_functions(module) == {"who"}


def depended_on(module: ast.Module) -> set[str]:
    calls = (node for node in ast.walk(module) if isinstance(node, ast.Call))
    used = (call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Depends")
    return {argument.id for argument in used if isinstance(argument, ast.Name)}


def plain_functions(module: ast.Module) -> set[str]:
    return {node.name for node in ast.walk(module) if isinstance(node, ast.FunctionDef)}
