/** The decisions of the gates, each with what it was made of. */

import { Text } from '@mantine/core'

import { Page } from '../../ui/Page'
import { useList } from '../../ui/Pager'
import { tracesPage, type DecisionTrace } from '../evidence'
import { DECISION_FIELDS, evidenceFilter } from '../evidenceFields'
import { FilterBar, useFilters } from '../filters'
import { AgentLink, CorrelationLink, CustomerLink, TraceLink } from '../links'
import { ListTable } from '../ListTable'
import { momentColumn, type Column } from '../../ui/Rows'
import { Verdict } from '../Verdict'

const COLUMNS: readonly Column<DecisionTrace>[] = [
  { label: 'Decision', show: (one) => <TraceLink id={one.trace_id} /> },
  { label: 'What was decided', show: (one) => <Verdict verdict={one.verdict} words={one.explanation} /> },
  { label: 'Action', show: (one) => <Text size="sm">{one.action_kind ?? 'none'}</Text> },
  { label: 'Customer', show: (one) => <CustomerLink id={one.customer_id} /> },
  { label: 'Agent', show: (one) => <AgentLink id={one.agent_id} customerId={one.customer_id} /> },
  momentColumn('When', (one) => one.at),
  { label: 'Request', show: (one) => <CorrelationLink id={one.correlation_id} /> },
]

export function Traces() {
  const filters = useFilters(DECISION_FIELDS)
  const list = useList(['traces', filters], tracesPage(evidenceFilter(filters)))
  return (
    <Page
      title="Decision traces"
      about="Every decision, with all that it was made of, so that it can be made again."
    >
      <FilterBar fields={DECISION_FIELDS} />
      <ListTable
        caption="Decision traces"
        list={list}
        keyOf={(one) => one.trace_id}
        columns={COLUMNS}
        minWidth={980}
        empty={{
          title: 'No decision fits',
          next: <Text size="sm">Change the filters, or wait for one.</Text>,
        }}
      />
    </Page>
  )
}
