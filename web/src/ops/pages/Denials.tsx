/** What was denied, to whom, why, and what helps. */

import { Code, Stack, Text } from '@mantine/core'

import { adviceFor } from '../../ui/advice'
import { Page } from '../../ui/Page'
import { useList } from '../../ui/Pager'
import { VisibleText } from '../../ui/VisibleText'
import { denialsPage, type PolicyDenial } from '../evidence'
import { DECISION_FIELDS, evidenceFilter } from '../evidenceFields'
import { FilterBar, useFilters } from '../filters'
import { AgentLink, CorrelationLink, CustomerLink } from '../links'
import { ListTable } from '../ListTable'
import { momentColumn, type Column } from '../../ui/Rows'

const COLUMNS: readonly Column<PolicyDenial>[] = [
  { label: 'Why', show: (one) => <Why denial={one} /> },
  { label: 'Where', show: (one) => <Text size="sm">{one.stage}</Text> },
  { label: 'Customer', show: (one) => <CustomerLink id={one.customer_id} /> },
  { label: 'Agent', show: (one) => <AgentLink id={one.agent_id} customerId={one.customer_id} /> },
  momentColumn('When', (one) => one.at),
  { label: 'Request', show: (one) => <CorrelationLink id={one.correlation_id} /> },
]

export function Denials() {
  const filters = useFilters(DECISION_FIELDS)
  const list = useList(['denials', filters], denialsPage(evidenceFilter(filters)))
  return (
    <Page title="Denials" about="What is denied is never sent; each denial is stored with its reason.">
      <FilterBar fields={DECISION_FIELDS} />
      <ListTable
        caption="Denials"
        list={list}
        keyOf={(one) => one.decision_id}
        columns={COLUMNS}
        minWidth={900}
        empty={{ title: 'No denial fits', next: <Text size="sm">Change the filters, or wait for one.</Text> }}
      />
    </Page>
  )
}

function Why({ denial }: { denial: PolicyDenial }) {
  const { detail } = denial.details
  return (
    <Stack gap={2}>
      <div>
        <Code>{denial.reason}</Code>{' '}
        {denial.action_kind && (
          <Text span size="sm">
            on {denial.action_kind}
          </Text>
        )}
      </div>
      {typeof detail === 'string' && (
        <Text size="sm" component="div">
          <VisibleText text={detail} />
        </Text>
      )}
      {denial.risk_codes.length > 0 && <Text size="sm">Risk checks: {denial.risk_codes.join(', ')}</Text>}
      {adviceFor(denial.reason) && (
        <Text size="sm" c="dimmed">
          {adviceFor(denial.reason)}
        </Text>
      )}
    </Stack>
  )
}
