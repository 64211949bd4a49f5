/** Goal runs that were given up, and putting one back in the queue. */

import { SegmentedControl, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { answer, pp } from '../../api/client'
import { ConfirmButton } from '../../ui/ConfirmButton'
import { Page } from '../../ui/Page'
import { useList } from '../../ui/Pager'
import { Refusal } from '../Refusal'
import { VisibleText } from '../../ui/VisibleText'
import { CorrelationLink, CustomerLink, HiredAgentLink } from '../links'
import { ListTable } from '../ListTable'
import { momentColumn, type Column } from '../../ui/Rows'
import { useMay } from '../may'
import { goalRunsPage, type GoalRun } from '../queries'

type Bad = 'dead' | 'failed' | 'missed'

const KINDS: readonly { value: Bad; label: string }[] = [
  { value: 'dead', label: 'Given up' },
  { value: 'failed', label: 'Failed' },
  { value: 'missed', label: 'Missed' },
]
const ABOUT: Record<Bad, string> = {
  dead: 'Tried several times and given up. Mend the cause, then run it again.',
  failed:
    'The run ended with an answer that says why: the customer sees it, and the goal’s next run goes ahead.',
  missed: 'Came due while no worker ran, and is too late to be made up.',
}

export function DeadLetters() {
  const [state, setState] = useState<Bad>('dead')
  const mayAct = useMay('operator')
  const list = useList(['dead_letters', state], goalRunsPage({ state }))
  return (
    <Page title="Dead letters" about="Goal runs that did not end well.">
      <SegmentedControl
        aria-label="Which runs"
        data={[...KINDS]}
        value={state}
        onChange={(chosen) => setState(chosen as Bad)}
      />
      <Text size="sm">{ABOUT[state]}</Text>
      <ListTable
        caption="Goal runs that did not end well"
        list={list}
        keyOf={(run) => run.run_id}
        columns={mayAct && state === 'dead' ? [...COLUMNS, AGAIN] : COLUMNS}
        minWidth={900}
        empty={{ title: 'There is none' }}
      />
    </Page>
  )
}

const COLUMNS: readonly Column<GoalRun>[] = [
  momentColumn('Due', (run) => run.due_at),
  { label: 'What went wrong', show: (run) => <WhatWentWrong error={run.error} /> },
  { label: 'Tries', show: (run) => <Text size="sm">{run.attempts}</Text> },
  {
    label: 'Hired agent',
    show: (run) => <HiredAgentLink id={run.hired_instance_id} customerId={run.customer_id} />,
  },
  { label: 'Customer', show: (run) => <CustomerLink id={run.customer_id} /> },
  { label: 'Request', show: (run) => <CorrelationLink id={run.correlation_id} /> },
]
const AGAIN: Column<GoalRun> = { label: 'Act', show: (run) => <RunAgain run={run} /> }

function WhatWentWrong({ error }: { error: string | null }) {
  return (
    <Text size="sm" component="div">
      {error === null ? 'not said' : <VisibleText text={error} />}
    </Text>
  )
}

function RunAgain({ run }: { run: GoalRun }) {
  const queries = useQueryClient()
  const again = useMutation({
    mutationFn: () =>
      answer(pp.POST('/api/pp/goal-runs/{run_id}/run-again', { params: { path: { run_id: run.run_id } } })),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['dead_letters'] }),
        queries.invalidateQueries({ queryKey: ['goal_runs'] }),
      ]),
  })
  if (again.isSuccess) return <Text size="sm">queued again</Text>
  return (
    <>
      <ConfirmButton
        label="Run again"
        question="Run it again?"
        explain="The run goes back into the queue. It makes a draft or a report; nothing is sent without an approval."
        loading={again.isPending}
        onConfirm={() => again.mutate()}
      />
      <Refusal error={again.error} />
    </>
  )
}
