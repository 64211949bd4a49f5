/** The rows of one audit chain, newest first. */

import { Text } from '@mantine/core'

import { CopyText } from '../ui/CopyText'
import { useList } from '../ui/Pager'
import { Actor } from './Actor'
import { auditRowsPage, type AuditRow } from './evidence'
import { FactList } from './Facts'
import { shortId } from './links'
import { ListTable } from './ListTable'
import { momentColumn, type Column } from '../ui/Rows'
import { Section } from './Section'

const COLUMNS: readonly Column<AuditRow>[] = [
  { label: 'Row', show: (row) => <Text size="sm">{row.seq}</Text> },
  { label: 'What', show: (row) => <Text size="sm">{row.kind}</Text> },
  momentColumn('When', (row) => row.at),
  { label: 'By', show: (row) => <Actor actor={String(row.body['actor'] ?? 'not said')} /> },
  { label: 'Said', show: (row) => <Said row={row} /> },
  { label: 'Hash', show: (row) => <CopyText text={row.hash} short /> },
]

export function AuditRows({ customerId }: { customerId: string }) {
  const list = useList(['audit', 'rows', customerId], auditRowsPage(customerId))
  return (
    <Section title={`Chain of customer ${shortId(customerId)}`}>
      <ListTable
        caption="Rows of the chain"
        list={list}
        keyOf={(row) => String(row.seq)}
        columns={COLUMNS}
        minWidth={900}
        empty={{ title: 'This chain has no rows' }}
      />
    </Section>
  )
}

function Said({ row }: { row: AuditRow }) {
  return (
    <details>
      <Text component="summary" size="sm" miw={80}>
        Details
      </Text>
      <FactList of={row.body} customerId={row.customer_id} />
    </details>
  )
}
