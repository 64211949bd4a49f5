/** An agent's goals in short: which come next. */

import { Anchor, Card, Group, List, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { Moment } from '../../ui/Moment'
import { Loaded } from '../../ui/Page'
import { scheduleText } from '../goals/schedule'
import { useTemplateNames } from '../goals/templates'
import { goalsQuery } from '../queries/goals'
import type { Goal } from '../wire'

const SHOWN = 5

export function GoalsCard({ instanceId }: { instanceId: string }) {
  const goals = useQuery(goalsQuery(instanceId))
  const nameOf = useTemplateNames(instanceId)
  return (
    <Card withBorder>
      <Group justify="space-between" mb="xs">
        <Title order={3} size="h4">
          Goals
        </Title>
        <Anchor component={Link} to={`/agents/${instanceId}/goals`} underline="always">
          All goals
        </Anchor>
      </Group>
      <Loaded
        of={goals}
        empty={{
          when: ({ items }) => items.length === 0,
          show: <Text>No goal yet. Set one, and the agent drafts for you.</Text>,
        }}
      >
        {({ items }) => (
          <List>
            {[...items]
              .sort(byNextDue)
              .slice(0, SHOWN)
              .map((goal) => (
                <List.Item key={goal.goal_id}>
                  {nameOf(goal.template_id)}: <NextDue goal={goal} />
                </List.Item>
              ))}
          </List>
        )}
      </Loaded>
    </Card>
  )
}

export function NextDue({ goal }: { goal: Goal }) {
  if (goal.paused) return 'paused'
  if (goal.next_due_at === null)
    return goal.frequency === 'on_demand' ? 'when you run it' : scheduleText(goal)
  return (
    <>
      next <Moment at={goal.next_due_at} zone={goal.timezone} />
    </>
  )
}

function byNextDue(one: Goal, other: Goal): number {
  return (one.next_due_at ?? '9').localeCompare(other.next_due_at ?? '9')
}
