/** What to run, for whom: without an approval it makes a draft, with one it carries out what was approved. */

import { Autocomplete, Button, Group, SegmentedControl, Stack, Switch, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'

import { ConfirmButton } from '../ui/ConfirmButton'
import { visibleWords } from '../ui/visibleParts'
import { isUuid } from './links'
import { newestDeliverables, type ReferenceAgent } from './queries'
import { Refusal } from './Refusal'
import { RunResult } from './RunResult'
import { useRun, type RunValues } from './runs'

export function RunForm({ agent, start }: { agent: ReferenceAgent; start: RunValues }) {
  const [values, setValues] = useState(start)
  const run = useRun(agent.agent_id)
  const change = (next: Partial<RunValues>) => setValues({ ...values, ...next })
  const isApproved = values.approvalId.trim() !== ''

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!isApproved) run.mutate(values)
  }

  return (
    <form onSubmit={submit} aria-label={`Run ${visibleWords(agent.display_name)}`}>
      <Stack gap="sm">
        <Whose values={values} onChange={change} />
        <What values={values} onChange={change} />
        <TextInput
          label="Approval id"
          description="Empty for a draft. With it, exactly the approved action is carried out, once."
          value={values.approvalId}
          onChange={(event) => change({ approvalId: event.currentTarget.value })}
        />
        <Group>
          {isApproved ? (
            <ConfirmButton
              label="Carry out"
              question="Carry out the approved action?"
              explain="If the approval holds and every gate lets it through, it goes to the exchange now. An approval is used once."
              danger
              loading={run.isPending}
              onConfirm={() => run.mutate(values)}
            />
          ) : (
            <Button type="submit" loading={run.isPending}>
              Make a draft
            </Button>
          )}
        </Group>
        <Refusal error={run.error} />
        {run.data && <RunResult outcome={run.data} customerId={values.customerId.trim()} />}
      </Stack>
    </form>
  )
}

interface FieldsProps {
  values: RunValues
  onChange: (next: Partial<RunValues>) => void
}

function Whose({ values, onChange }: FieldsProps) {
  const customerId = values.customerId.trim()
  return (
    <>
      <TextInput
        label="Customer id"
        required
        value={values.customerId}
        onChange={(event) => onChange({ customerId: event.currentTarget.value })}
      />
      <Autocomplete
        label="Exchange account (its reference)"
        description="The accounts of this customer’s newest drafts are offered"
        required
        data={useAccounts(customerId)}
        value={values.accountId}
        onChange={(accountId) => onChange({ accountId })}
      />
    </>
  )
}

function useAccounts(customerId: string): string[] {
  const drafts = useQuery({ ...newestDeliverables({ customer_id: customerId }), enabled: isUuid(customerId) })
  const orders =
    drafts.data?.items.flatMap(({ draft }) => (draft?.plan ? [draft.action.credential_ref] : [])) ?? []
  return [...new Set(orders)]
}

function What({ values, onChange }: FieldsProps) {
  return (
    <>
      <Group grow align="flex-end">
        <TextInput
          label="Coin"
          required
          value={values.coin}
          onChange={(event) => onChange({ coin: event.currentTarget.value })}
        />
        <TextInput
          label={`Units of ${values.coin || 'the coin'}`}
          inputMode="decimal"
          required
          value={values.units}
          onChange={(event) => onChange({ units: event.currentTarget.value })}
        />
      </Group>
      <Group>
        <SegmentedControl
          aria-label="Enter or exit"
          data={[
            { value: 'enter', label: 'Enter' },
            { value: 'exit', label: 'Exit' },
          ]}
          value={values.action}
          onChange={(action) => onChange({ action: action as RunValues['action'] })}
        />
        <SegmentedControl
          aria-label="Long or short"
          data={[
            { value: 'long', label: 'Long' },
            { value: 'short', label: 'Short' },
          ]}
          value={values.side}
          onChange={(side) => onChange({ side: side as RunValues['side'] })}
        />
        <Switch
          label="At market"
          checked={values.isMarket}
          onChange={(event) => onChange({ isMarket: event.currentTarget.checked })}
        />
      </Group>
      {!values.isMarket && (
        <TextInput
          label="Limit price (in the quote currency)"
          inputMode="decimal"
          required
          value={values.limitPrice}
          onChange={(event) => onChange({ limitPrice: event.currentTarget.value })}
        />
      )}
      <TextInput
        label="Purpose"
        maxLength={200}
        value={values.purpose}
        onChange={(event) => onChange({ purpose: event.currentTarget.value })}
      />
    </>
  )
}
