/** The audit log: one chain for each customer; whether it holds, what it says, and a copy to keep. */

import { Text } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'

import { Empty, Page } from '../../ui/Page'
import { useList } from '../../ui/Pager'
import { AuditRows } from '../AuditRows'
import { ChainActions } from '../ChainActions'
import { auditHeadsPage, type AuditHead } from '../evidence'
import { CustomerLink } from '../links'
import { ListTable } from '../ListTable'
import { type Column } from '../../ui/Rows'
import { Section } from '../Section'

const COLUMNS: readonly Column<AuditHead>[] = [
  { label: 'Chain of customer', show: (head) => <CustomerLink id={head.customer_id} /> },
  { label: 'Rows', show: (head) => <Text size="sm">{head.seq}</Text> },
  { label: 'Check and keep', show: (head) => <ChainActions customerId={head.customer_id} /> },
]

export function Audit() {
  const { customer } = useSearch({ strict: false }) as { customer?: string }
  const list = useList(['audit', 'heads'], auditHeadsPage)
  return (
    <Page
      title="Audit"
      about="Each row is bound to the one before it by its hash, and heads are signed. Keep exports elsewhere: only they show that an end was cut off."
    >
      <Section
        title="Chains"
        about="An export is checked without this portal: tools/audit_verifier.py, with a trust file that you kept."
      >
        <ListTable
          caption="Audit chains"
          list={list}
          keyOf={(head) => head.customer_id}
          columns={COLUMNS}
          minWidth={700}
          empty={{ title: 'No chain yet: nobody has done anything that is on record' }}
        />
      </Section>
      {customer ? <AuditRows customerId={customer} /> : <Empty title="Choose “Rows” of a chain to read it" />}
    </Page>
  )
}
