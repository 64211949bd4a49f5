/** How much of its plan an agent has used this month. */

import { Card, Progress, Stack, Text, Title } from '@mantine/core'

import { Moment } from '../../ui/Moment'
import { inWords } from '../../ui/StateBadge'
import type { MyAgent } from '../wire'

const WHOLE = 100

export function PlanCard({ item: { subscription, agent } }: { item: MyAgent }) {
  return (
    <Card withBorder>
      <Title order={3} size="h4" mb="xs">
        Plan: {inWords(subscription.plan)}
      </Title>
      <Stack gap="sm">
        {subscription.trial_ends_at && (
          <Text>
            {subscription.status === 'trial_expired' ? 'The trial ended ' : 'The trial ends '}
            <Moment at={subscription.trial_ends_at} />.
          </Text>
        )}
        <Used
          label="Tasks this month"
          used={agent?.tasks_used ?? 0}
          limit={subscription.task_limit}
          show={(tasks) => `${tasks}`}
        />
        <Used
          label="Budget this month"
          used={Number(agent?.budget_used ?? 0)}
          limit={subscription.budget_limit === null ? null : Number(subscription.budget_limit)}
          show={(money) => `USD ${money}`}
        />
      </Stack>
    </Card>
  )
}

interface UsedProps {
  label: string
  used: number
  limit: number | null
  show: (amount: number) => string
}

export function Used({ label, used, limit, show }: UsedProps) {
  const words = limit === null ? `${show(used)}, no limit` : `${show(used)} of ${show(limit)}`
  const share = limit === null || limit <= 0 ? 0 : Math.min(WHOLE, (used / limit) * WHOLE)
  return (
    <div>
      <Text size="sm">
        {label}: {words}
      </Text>
      {limit !== null && <Progress value={share} aria-label={`${label}: ${words}`} mt={4} />}
    </div>
  )
}
