/** The form of a goal: when, and the settings that its template asks for. */

import { Button, Group, Stack } from '@mantine/core'
import { useState } from 'react'

import { ProblemError, type FieldProblem } from '../../api/problem'
import { ProblemNote } from '../../ui/ProblemNote'
import { SchemaForm, type FormObject } from '../../ui/SchemaForm'
import { useKeepGoal } from '../queries/goals'
import type { Goal, GoalTemplate, HiredAgent } from '../wire'
import { fitted, type Schedule } from './schedule'
import { ScheduleFields } from './ScheduleFields'

interface GoalFormProps {
  template: GoalTemplate
  agent: HiredAgent
  goal?: Goal
  onDone: () => void
}

const IN_SETTINGS = /^settings[./]?/

export function GoalForm({ template, agent, goal, onDone }: GoalFormProps) {
  const keep = useKeepGoal(agent.hired_instance_id)
  const [schedule, setSchedule] = useState<Schedule>(() => goal ?? firstSchedule(template))
  const [settings, setSettings] = useState<FormObject>(() => goal?.settings ?? template.defaults ?? {})
  const errors = keep.error instanceof ProblemError ? keep.error.errors : []

  function submit(next: FormObject) {
    const wish = {
      template_id: template.template_id,
      ...fitted(schedule),
      settings: next,
      paused: goal?.paused ?? false,
    }
    keep.mutate({ wish, of: goal }, { onSuccess: onDone })
  }

  return (
    <Stack>
      <ScheduleFields
        frequencies={template.frequencies}
        timezone={goal?.timezone}
        value={schedule}
        onChange={setSchedule}
        problems={errors.filter(({ field }) => !IN_SETTINGS.test(field))}
      />
      <SchemaForm
        schema={template.settings_schema}
        value={settings}
        onChange={setSettings}
        onSubmit={submit}
        problems={errors.filter(({ field }) => IN_SETTINGS.test(field)).map(ofSettings)}
        config={agent.config}
        disabled={agent.read_only}
      >
        {keep.error && <ProblemNote error={keep.error} />}
        <Group>
          <Button type="submit" loading={keep.isPending} disabled={agent.read_only}>
            {goal ? 'Save the goal' : 'Set the goal'}
          </Button>
          <Button variant="default" onClick={onDone}>
            Back
          </Button>
        </Group>
      </SchemaForm>
    </Stack>
  )
}

function firstSchedule({ frequencies }: GoalTemplate): Schedule {
  return fitted({
    frequency: frequencies[0] ?? 'on_demand',
    time_of_day: null,
    weekday: null,
    day_of_month: null,
  })
}

function ofSettings({ field, message }: FieldProblem): FieldProblem {
  return { field: field.replace(IN_SETTINGS, '/'), message }
}
