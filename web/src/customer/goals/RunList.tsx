/** The runs of an agent's goals, newest first. */

import { Anchor, Stack, Table, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'

import { Moment } from '../../ui/Moment'
import { Loaded } from '../../ui/Page'
import { useList } from '../../ui/Pager'
import { StateBadge } from '../../ui/StateBadge'
import { fetchRuns, goalsQuery } from '../queries/goals'
import type { GoalRun } from '../wire'
import { useQuery } from '@tanstack/react-query'
import { useTemplateNames } from './templates'

export function RunList({ instanceId }: { instanceId: string }) {
  const { items, query, more } = useList<GoalRun>(['goal_runs', 'of', instanceId], (cursor) =>
    fetchRuns(instanceId, cursor),
  )
  const goals = useQuery(goalsQuery(instanceId)).data?.items ?? []
  const nameOf = useTemplateNames(instanceId)

  function goalName(goalId: string): string {
    const goal = goals.find((one) => one.goal_id === goalId)
    return goal ? nameOf(goal.template_id) : 'A goal that was deleted'
  }

  return (
    <Stack component="section" gap="xs" aria-labelledby="runs">
      <Title order={2} size="h3" id="runs">
        Runs
      </Title>
      <Loaded of={query} empty={{ when: (all) => all.length === 0, show: <Text>No goal has run yet.</Text> }}>
        {() => (
          <Table.ScrollContainer minWidth={480}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">Goal</Table.Th>
                  <Table.Th scope="col">Due</Table.Th>
                  <Table.Th scope="col">State</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((run) => (
                  <Table.Tr key={run.run_id}>
                    <Table.Td>
                      <Anchor
                        component={Link}
                        to={`/agents/${instanceId}/runs/${run.run_id}`}
                        underline="always"
                      >
                        {goalName(run.goal_id)}
                      </Anchor>
                    </Table.Td>
                    <Table.Td>
                      <Moment at={run.due_at} />
                    </Table.Td>
                    <Table.Td>
                      <StateBadge state={run.state} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Loaded>
      {more}
    </Stack>
  )
}
