/** The decisions of the gate on the customer's actions. */

import { Anchor, Stack } from '@mantine/core'
import { Link } from '@tanstack/react-router'

import { Moment } from '../../ui/Moment'
import { Empty, Loaded } from '../../ui/Page'
import { useList } from '../../ui/Pager'
import { Rows, type Column } from '../../ui/Rows'
import { inWords } from '../../ui/StateBadge'
import { fetchTraces } from '../queries/evidence'
import type { DecisionTrace } from '../wire'

const COLUMNS: readonly Column<DecisionTrace>[] = [
  { label: 'When', show: (trace) => <ToTrace trace={trace} /> },
  { label: 'About', show: (trace) => inWords(trace.action_kind ?? 'none') },
  { label: 'Verdict', show: (trace) => inWords(trace.verdict) },
  { label: 'Why', show: (trace) => (trace.reason ? inWords(trace.reason) : '') },
]

export function TraceList() {
  const { items, query, more } = useList<DecisionTrace>(['traces', 'list'], fetchTraces)
  return (
    <Stack>
      <Loaded
        of={query}
        empty={{ when: (all) => all.length === 0, show: <Empty title="No decision was made yet" /> }}
      >
        {() => <Rows caption="Decisions" items={items} keyOf={(one) => one.trace_id} columns={COLUMNS} />}
      </Loaded>
      {more}
    </Stack>
  )
}

function ToTrace({ trace }: { trace: DecisionTrace }) {
  return (
    <Anchor component={Link} to={`/traces/${trace.trace_id}`} underline="always">
      <Moment at={trace.at} />
    </Anchor>
  )
}
