/** All hired agents of all customers. */

import { Text } from '@mantine/core'

import { Page } from '../../ui/Page'
import { useList } from '../../ui/Pager'
import { VisibleText } from '../../ui/VisibleText'
import { FilterBar, useFilters, type FilterField } from '../filters'
import { CustomerLink, HiredAgentLink } from '../links'
import { ListTable } from '../ListTable'
import { momentColumn, stateColumn, type Column } from '../../ui/Rows'
import { hiredAgentsPage, type HiredAgent } from '../queries'

const FIELDS: readonly FilterField[] = [
  { name: 'customer_id', label: 'Customer id' },
  { name: 'agent_type_id', label: 'Agent type', placeholder: 'trading.delta_futures.v1' },
  { name: 'state', label: 'State', options: ['draft', 'active', 'paused'] },
]

const COLUMNS: readonly Column<HiredAgent>[] = [
  {
    label: 'Agent',
    show: (one) => <HiredAgentLink id={one.hired_instance_id} customerId={one.customer_id} />,
  },
  { label: 'Called', show: (one) => <VisibleText text={one.nickname ?? 'not named yet'} /> },
  {
    label: 'Type',
    show: (one) => <Text size="sm">{`${one.agent_type_id}, version ${one.agent_type_version}`}</Text>,
  },
  stateColumn('State', (one) => one.state),
  {
    label: 'To mend',
    show: (one) => <Text size="sm">{one.missing.length === 0 ? 'nothing' : one.missing.length}</Text>,
  },
  { label: 'Customer', show: (one) => <CustomerLink id={one.customer_id} /> },
  momentColumn('Changed', (one) => one.updated_at),
]

export function HiredAgents() {
  const filters = useFilters(FIELDS)
  const list = useList(['hired_agents', 'list', filters], hiredAgentsPage(filters))
  return (
    <Page
      title="Hired agents"
      about="Of all customers; their configurations hold references to credentials, never a secret."
    >
      <FilterBar fields={FIELDS} />
      <ListTable
        caption="Hired agents"
        list={list}
        keyOf={(one) => one.hired_instance_id}
        columns={COLUMNS}
        minWidth={980}
        empty={{
          title: 'No hired agent fits',
          next: <Text size="sm">Customers hire agents in their own portal.</Text>,
        }}
      />
    </Page>
  )
}
