/** The runs of an agent's goals, newest first. */

import { Anchor, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { Loaded } from '../../ui/Page'
import { useList } from '../../ui/Pager'
import { momentColumn, Rows, stateColumn, type Column } from '../../ui/Rows'
import { fetchRuns, goalsQuery } from '../queries/goals'
import type { GoalRun } from '../wire'
import { useTemplateNames } from './templates'

const COLUMNS: readonly Column<GoalRun>[] = [
  { label: 'Goal', show: (run) => <RunLink run={run} /> },
  momentColumn('Due', (run) => run.due_at),
  stateColumn('State', (run) => run.state),
]

export function RunList({ instanceId }: { instanceId: string }) {
  const { items, query, more } = useList<GoalRun>(['goal_runs', 'of', instanceId], (cursor) =>
    fetchRuns(instanceId, cursor),
  )
  return (
    <Stack component="section" gap="xs" aria-labelledby="runs">
      <Title order={2} size="h3" id="runs">
        Runs
      </Title>
      <Loaded of={query} empty={{ when: (all) => all.length === 0, show: <Text>No goal has run yet.</Text> }}>
        {() => (
          <Rows caption="Runs" items={items} keyOf={(run) => run.run_id} columns={COLUMNS} minWidth={520} />
        )}
      </Loaded>
      {more}
    </Stack>
  )
}

function RunLink({ run }: { run: GoalRun }) {
  const goals = useQuery(goalsQuery(run.hired_instance_id)).data?.items ?? []
  const nameOf = useTemplateNames(run.hired_instance_id)
  const goal = goals.find((one) => one.goal_id === run.goal_id)
  return (
    <Anchor component={Link} to={`/agents/${run.hired_instance_id}/runs/${run.run_id}`} underline="always">
      {goal ? nameOf(goal.template_id) : 'A goal that was deleted'}
    </Anchor>
  )
}
