/** A customer's plan: what is used of it this month, and putting them on another. */

import { Button, Group, Progress, Stack, Text, TextInput } from '@mantine/core'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'

import { answer, pp } from '../api/client'
import type { components } from '../api/pp'
import { Moment } from '../ui/Moment'
import { Loaded } from '../ui/Page'
import { Refusal } from './Refusal'
import { Section } from './Section'

type Entitlement = components['schemas']['Entitlement']

const ofCustomer = (customerId: string) => ({ params: { path: { customer_id: customerId } } })

const entitlementQuery = (customerId: string) =>
  queryOptions({
    queryKey: ['usage', 'entitlement', customerId],
    queryFn: () => answer(pp.GET('/api/pp/entitlements/{customer_id}', ofCustomer(customerId))),
  })

export function PlanOfCustomer({ customerId }: { customerId: string }) {
  const entitlement = useQuery(entitlementQuery(customerId))
  return (
    <Section title="Plan and budget" about="Of this month.">
      <Loaded of={entitlement}>
        {(found) => (
          <>
            <Used entitlement={found} />
            <PlanForm key={found.plan} entitlement={found} />
          </>
        )}
      </Loaded>
    </Section>
  )
}

function Used({ entitlement }: { entitlement: Entitlement }) {
  const { plan, trial_ends_at: trialEnd } = entitlement
  return (
    <Stack gap="xs">
      <Text size="sm" component="div">
        Plan <b>{plan}</b>
        {trialEnd && (
          <>
            , trial until <Moment at={trialEnd} />
          </>
        )}
      </Text>
      <Share
        label="Tasks"
        used={String(entitlement.tasks_used)}
        limit={textOf(entitlement.task_limit)}
        unit=""
      />
      <Share label="Cost" used={entitlement.budget_used} limit={entitlement.budget_limit} unit=" USD" />
    </Stack>
  )
}

function textOf(limit: number | null): string | null {
  return limit === null ? null : String(limit)
}

interface ShareProps {
  label: string
  used: string
  limit: string | null
  unit: string
}

function Share({ label, used, limit, unit }: ShareProps) {
  const share = limit === null || Number(limit) === 0 ? undefined : (Number(used) / Number(limit)) * 100
  return (
    <div>
      <Text size="sm">
        {label}: {used}
        {unit} of {limit === null ? 'no limit' : `${limit}${unit}`}
      </Text>
      {share !== undefined && <Progress value={Math.min(100, share)} size="sm" aria-hidden="true" />}
    </div>
  )
}

function PlanForm({ entitlement }: { entitlement: Entitlement }) {
  const queries = useQueryClient()
  const [plan, setPlan] = useState(entitlement.plan)
  const [tasks, setTasks] = useState('')
  const [budget, setBudget] = useState('')
  const setting = useMutation({
    mutationFn: () =>
      answer(
        pp.PUT('/api/pp/entitlements/{customer_id}', {
          ...ofCustomer(entitlement.customer_id),
          body: {
            plan: plan.trim(),
            ...(tasks.trim() && { task_limit: Number(tasks) }),
            ...(budget.trim() && { budget_limit: budget.trim() }),
          },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ['usage'] }),
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    setting.mutate()
  }

  return (
    <form onSubmit={submit} aria-label="Put the customer on a plan">
      <Group align="flex-end">
        <TextInput
          label="Plan"
          required
          value={plan}
          onChange={(event) => setPlan(event.currentTarget.value)}
        />
        <TextInput
          label="Tasks a month (empty: the plan’s)"
          inputMode="numeric"
          pattern="\d*"
          value={tasks}
          onChange={(event) => setTasks(event.currentTarget.value)}
        />
        <TextInput
          label="USD a month (empty: the plan’s)"
          inputMode="decimal"
          value={budget}
          onChange={(event) => setBudget(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={setting.isPending}>
          Put on this plan
        </Button>
      </Group>
      <Refusal error={setting.error} />
    </form>
  )
}
