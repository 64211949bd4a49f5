/** Drafts and reports, newest first, each with the way to its page. */

import { Text } from '@mantine/core'
import type { ReactNode } from 'react'

import type { useList } from '../ui/Pager'
import { inWords } from '../ui/StateBadge'
import { VisibleText } from '../ui/VisibleText'
import { CorrelationLink, DeliverableLink } from './links'
import { ListTable } from './ListTable'
import { momentColumn, stateColumn, type Column } from '../ui/Rows'
import type { Deliverable } from './queries'

const COLUMNS: readonly Column<Deliverable>[] = [
  { label: 'Draft', show: (one) => <DeliverableLink id={one.deliverable_id} customerId={one.customer_id} /> },
  { label: 'What', show: (one) => <WhatItIs draft={one} /> },
  stateColumn('State', (one) => one.state),
  momentColumn('Made', (one) => one.created_at),
  { label: 'Request', show: (one) => <CorrelationLink id={one.correlation_id} /> },
]

interface DraftTableProps {
  list: ReturnType<typeof useList<Deliverable>>
  empty?: { title: string; next?: ReactNode }
}

export function DraftTable({ list, empty = { title: 'There is none yet' } }: DraftTableProps) {
  return (
    <ListTable
      caption="Drafts and reports"
      list={list}
      keyOf={(one) => one.deliverable_id}
      columns={COLUMNS}
      minWidth={760}
      empty={empty}
    />
  )
}

export function WhatItIs({ draft }: { draft: Deliverable }) {
  const words = draft.title ?? draft.draft?.plan?.summary ?? ''
  return (
    <Text size="sm" component="span">
      {inWords(draft.kind)}
      {words && ': '}
      <VisibleText text={words} />
    </Text>
  )
}
