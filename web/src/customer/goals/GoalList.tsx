/** The goals that are set, each with when it is next due and what can be done with it. */

import { Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'

import { Loaded } from '../../ui/Page'
import { goalsQuery } from '../queries/goals'
import type { GoalTemplate, HiredAgent } from '../wire'
import { GoalCard } from './GoalCard'

interface GoalListProps {
  agent: HiredAgent
  templates: readonly GoalTemplate[]
}

export function GoalList({ agent, templates }: GoalListProps) {
  const goals = useQuery(goalsQuery(agent.hired_instance_id))
  return (
    <Stack component="section" gap="xs" aria-labelledby="goals">
      <Title order={2} size="h3" id="goals">
        Goals
      </Title>
      <Loaded
        of={goals}
        empty={{
          when: ({ items }) => items.length === 0,
          show: <Text>None yet. Choose one below; you can run it at once.</Text>,
        }}
      >
        {({ items }) => (
          <Stack gap="xs">
            {items.map((goal) => (
              <GoalCard
                key={goal.goal_id}
                goal={goal}
                agent={agent}
                template={templates.find((one) => one.template_id === goal.template_id)}
              />
            ))}
          </Stack>
        )}
      </Loaded>
    </Stack>
  )
}
