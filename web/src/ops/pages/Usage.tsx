/** What was used and counted, event by event. */

import { Text } from '@mantine/core'

import { Page } from '../../ui/Page'
import { useList } from '../../ui/Pager'
import { usagePage, type UsageEvent } from '../evidence'
import { EVIDENCE_FIELDS, evidenceFilter } from '../evidenceFields'
import { FactList, wordsOf } from '../Facts'
import { FilterBar, useFilters } from '../filters'
import { AgentLink, CorrelationLink, CustomerLink } from '../links'
import { ListTable } from '../ListTable'
import { momentColumn, type Column } from '../../ui/Rows'

const COLUMNS: readonly Column<UsageEvent>[] = [
  { label: 'What', show: (one) => <Text size="sm">{wordsOf(one.kind)}</Text> },
  { label: 'Count', show: (one) => <Text size="sm">{one.quantity}</Text> },
  { label: 'Action', show: (one) => <Text size="sm">{one.action_kind ?? 'none'}</Text> },
  { label: 'About', show: (one) => <FactList of={one.details} customerId={one.customer_id} /> },
  { label: 'Customer', show: (one) => <CustomerLink id={one.customer_id} /> },
  { label: 'Agent', show: (one) => <AgentLink id={one.agent_id} customerId={one.customer_id} /> },
  momentColumn('When', (one) => one.at),
  { label: 'Request', show: (one) => <CorrelationLink id={one.correlation_id} /> },
]

export function Usage() {
  const filters = useFilters(EVIDENCE_FIELDS)
  const list = useList(['usage', filters], usagePage(evidenceFilter(filters)))
  return (
    <Page
      title="Usage"
      about="Drafts, goal runs and executions, as they were counted against customers' plans."
    >
      <FilterBar fields={EVIDENCE_FIELDS} />
      <ListTable
        caption="Usage events"
        list={list}
        keyOf={(one) => one.event_id}
        columns={COLUMNS}
        minWidth={1000}
        empty={{ title: 'No usage fits', next: <Text size="sm">Change the filters, or wait for some.</Text> }}
      />
    </Page>
  )
}
