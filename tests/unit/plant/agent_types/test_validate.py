"""What the journeys cannot show of validation: types that must not ask a model, and reports that stay short."""

from dataclasses import replace
from typing import Any

from plant.agent_types.validate import problems_of, report_on
from tests.unit.plant.agent_types.create import create_body, create_definition, skills


def test_small_type_can_be_published() -> None:
    assert problems_of(create_definition(), skills=skills()) == []


def test_deterministic_type_binds_no_pattern_that_asks_a_model() -> None:
    asking = replace(skills(), asking_models=frozenset({"general.note"}))
    enforcement = create_body()["enforcement"]
    free = create_definition(enforcement=enforcement | {"deterministic": False})

    (problem,) = problems_of(create_definition(), skills=asking)

    assert problem.field == "goal_templates[0].skill_binding"
    assert "'general.note'" in problem.message
    assert problems_of(free, skills=asking) == []


def test_template_is_used_once() -> None:
    (template,) = create_body()["goal_templates"]

    (problem,) = problems_of(create_definition(goal_templates=[template, template]), skills=skills())

    assert (problem.field, problem.message) == ("goal_templates", "template_id 'remind' is used 2 times")


def test_report_is_bounded() -> None:
    many: dict[str, Any] = {f"extra_{number}": 1 for number in range(1_000)}

    report = report_on(create_body(**many), skills=skills())

    assert (report.valid, len(report.problems)) == (False, 200)


def test_defaults_may_be_incomplete_and_not_wrong() -> None:
    (template,) = create_body()["goal_templates"]

    empty = create_definition(goal_templates=[template | {"defaults": {}}])
    wrong = create_definition(goal_templates=[template | {"defaults": {"subject": 5}}])

    assert problems_of(empty, skills=skills()) == []
    assert [one.field for one in problems_of(wrong, skills=skills())] == [
        "goal_templates[0].defaults.subject"
    ]
