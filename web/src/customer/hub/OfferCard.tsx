/** One type of agent on offer: what it does, its plans, and hiring it. */

import { Button, Card, List, Radio, Stack, Text, Title } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { ProblemNote } from '../../ui/ProblemNote'
import { inWords } from '../../ui/StateBadge'
import { useHire } from '../queries/agents'
import type { AgentType, HirePlan } from '../wire'

export function OfferCard({ type }: { type: AgentType }) {
  const { definition } = type
  const plans = Object.entries(definition.enforcement.plans).sort(([, one], [, other]) =>
    trialFirst(one, other),
  )
  const [plan, setPlan] = useState(plans[0]?.[0] ?? '')
  const hire = useHire()
  const navigate = useNavigate()

  function submit() {
    hire.mutate(
      { agent_type_id: type.agent_type_id, plan },
      {
        onSuccess: ({ subscription_id }) =>
          void navigate({
            to: `/subscriptions/${subscription_id}/configure`,
            search: { agent: subscription_id } as never,
          }),
      },
    )
  }

  return (
    <Card withBorder component="section">
      <Stack align="flex-start">
        <div>
          <Title order={2} size="h3">
            {definition.display_name}
          </Title>
          <Text>{definition.summary}</Text>
        </div>
        <List size="sm">
          {definition.goal_templates.map((template) => (
            <List.Item key={template.template_id}>
              {template.display_name}: {template.summary}
            </List.Item>
          ))}
        </List>
        <Radio.Group label="Plan" value={plan} onChange={setPlan}>
          <Stack gap="xs" mt="xs">
            {plans.map(([name, terms]) => (
              <Radio key={name} value={name} label={inWords(name)} description={termsText(terms)} />
            ))}
          </Stack>
        </Radio.Group>
        {hire.error && <ProblemNote error={hire.error} />}
        <Button loading={hire.isPending} disabled={plan === ''} onClick={submit}>
          Hire: {definition.display_name}
        </Button>
      </Stack>
    </Card>
  )
}

function trialFirst(one: HirePlan, other: HirePlan): number {
  return Number(other.trial_days != null) - Number(one.trial_days != null)
}

function termsText({ trial_days, task_limit, budget_limit }: HirePlan): string {
  return [
    trial_days == null ? 'until you cancel, month by month' : `for ${trial_days} days`,
    task_limit == null ? 'any number of tasks' : `${task_limit} tasks a month`,
    budget_limit == null ? 'no limit of budget' : `a budget of USD ${budget_limit} a month`,
  ].join(' · ')
}
