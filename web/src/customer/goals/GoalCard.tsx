/** One goal: its schedule and settings; run it now, pause, change or delete it. */

import { Button, Card, Collapse, Group, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'

import { ConfirmButton } from '../../ui/ConfirmButton'
import { ProblemNote } from '../../ui/ProblemNote'
import { NextDue } from '../hub/GoalsCard'
import { useDeleteGoal, useKeepGoal, useRunGoal, wishOf } from '../queries/goals'
import type { Goal, GoalTemplate, HiredAgent } from '../wire'
import { GoalForm } from './GoalForm'
import { scheduleText } from './schedule'
import { SettingsText } from './SettingsText'

interface GoalCardProps {
  goal: Goal
  agent: HiredAgent
  template: GoalTemplate | undefined
}

export function GoalCard({ goal, agent, template }: GoalCardProps) {
  const [isEditing, editing] = useDisclosure()
  return (
    <Card withBorder>
      <Stack gap="xs">
        <Title order={3} size="h4">
          {template?.display_name ?? goal.template_id}
        </Title>
        <Text>
          {scheduleText(goal)}
          {(goal.paused || goal.next_due_at !== null) && (
            <>
              {' · '}
              <NextDue goal={goal} />
            </>
          )}
        </Text>
        <SettingsText settings={goal.settings} schema={template?.settings_schema} />
        <GoalActions goal={goal} agent={agent} isEditing={isEditing} onEdit={editing.toggle} />
        {template && (
          <Collapse expanded={isEditing}>
            {isEditing && <GoalForm template={template} agent={agent} goal={goal} onDone={editing.close} />}
          </Collapse>
        )}
      </Stack>
    </Card>
  )
}

interface GoalActionsProps {
  goal: Goal
  agent: HiredAgent
  isEditing: boolean
  onEdit: () => void
}

function GoalActions({ goal, agent, isEditing, onEdit }: GoalActionsProps) {
  const { hired_instance_id: instanceId } = agent
  const run = useRunGoal(instanceId)
  const change = useKeepGoal(instanceId)
  const remove = useDeleteGoal(instanceId)
  const navigate = useNavigate()
  const error = run.error ?? change.error ?? remove.error

  function runNow() {
    run.mutate(
      { goalId: goal.goal_id, key: crypto.randomUUID() },
      { onSuccess: ({ run_id }) => void navigate({ to: `/agents/${instanceId}/runs/${run_id}` }) },
    )
  }

  return (
    <>
      {error && <ProblemNote error={error} />}
      <Group gap="xs">
        <Button
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          loading={run.isPending}
          disabled={agent.state !== 'active' || agent.read_only}
          onClick={runNow}
        >
          Run now
        </Button>
        <Button variant="default" aria-expanded={isEditing} disabled={agent.read_only} onClick={onEdit}>
          {isEditing ? 'Close' : 'Change'}
        </Button>
        <Button
          variant="default"
          loading={change.isPending}
          disabled={agent.read_only}
          onClick={() => change.mutate({ wish: { ...wishOf(goal), paused: !goal.paused }, of: goal })}
        >
          {goal.paused ? 'Resume' : 'Pause'}
        </Button>
        <ConfirmButton
          label="Delete"
          question="Delete this goal?"
          explain="It does not run any more. What it drafted stays."
          danger
          loading={remove.isPending}
          onConfirm={() => remove.mutate(goal.goal_id)}
        />
      </Group>
    </>
  )
}
