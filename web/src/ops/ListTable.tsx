/** A list of the API in rows: what is there, what to do when nothing is, more on demand. */

import { Stack } from '@mantine/core'
import type { ReactNode } from 'react'

import { Empty, Waiting } from '../ui/Page'
import type { useList } from '../ui/Pager'
import { Rows, type RowsProps } from '../ui/Rows'
import { Refusal } from './Refusal'

type List<Item> = ReturnType<typeof useList<Item>>

interface ListTableProps<Item> extends Omit<RowsProps<Item>, 'items'> {
  list: List<Item>
  empty: { title: string; next?: ReactNode }
}

export function ListTable<Item>({ list, empty, ...rows }: ListTableProps<Item>) {
  const { items, query, more } = list
  if (query.isPending) return <Waiting />
  return (
    <Stack gap="sm">
      <Refusal error={query.error} />
      {items.length > 0 && <Rows items={items} {...rows} />}
      {items.length === 0 && !query.error && <Empty title={empty.title}>{empty.next}</Empty>}
      {more}
    </Stack>
  )
}
