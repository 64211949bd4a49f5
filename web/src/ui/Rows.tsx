/** Rows of a list: a table, or cards on a phone. */

import { Box, Flex, Paper, Stack, Table, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import type { ReactNode } from 'react'

import { Moment } from './Moment'
import { StateBadge } from './StateBadge'

export interface Column<Item> {
  label: string
  show: (item: Item) => ReactNode
  /** Units: pixels. */
  minWidth?: number
}

export interface RowsProps<Item> {
  caption: string
  items: readonly Item[]
  keyOf: (item: Item) => string
  columns: readonly Column<Item>[]
  minWidth?: number
}

const PHONE = '(max-width: 48em)'
const MOMENT_WIDTH = 185
const STATE_WIDTH = 170

export function momentColumn<Item>(
  label: string,
  at: (item: Item) => string | null,
  otherwise = '',
): Column<Item> {
  const show = (item: Item) => {
    const moment = at(item)
    return moment === null ? otherwise : <Moment at={moment} />
  }
  return { label, show, minWidth: MOMENT_WIDTH }
}

export function stateColumn<Item>(label: string, state: (item: Item) => string): Column<Item> {
  return { label, show: (item) => <StateBadge state={state(item)} />, minWidth: STATE_WIDTH }
}

/** The first column names the row. */
export function Rows<Item>(props: RowsProps<Item>) {
  return useMediaQuery(PHONE) ? <Cards {...props} /> : <TableRows {...props} />
}

function Cards<Item>({ caption, items, keyOf, columns }: RowsProps<Item>) {
  return (
    <Stack component="ul" gap="sm" p={0} m={0} aria-label={caption} className="plain-list">
      {items.map((item) => (
        <Paper key={keyOf(item)} component="li" withBorder p="sm">
          <Box component="dl" m={0}>
            {columns.map(({ label, show }) => (
              <Flex key={label} columnGap="sm" mb={4}>
                <Text component="dt" size="sm" c="dimmed" flex="0 0 6.5rem">
                  {label}
                </Text>
                <Text component="dd" size="sm" m={0} miw={0} flex={1} style={{ overflowWrap: 'anywhere' }}>
                  {show(item)}
                </Text>
              </Flex>
            ))}
          </Box>
        </Paper>
      ))}
    </Stack>
  )
}

function TableRows<Item>({ caption, items, keyOf, columns, minWidth = 640 }: RowsProps<Item>) {
  return (
    <Table.ScrollContainer minWidth={minWidth} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table verticalSpacing="xs" aria-label={caption}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.label} scope="col" miw={column.minWidth}>
                {column.label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Row key={keyOf(item)} item={item} columns={columns} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Row<Item>({ item, columns }: { item: Item; columns: readonly Column<Item>[] }) {
  const [first, ...others] = columns
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        {first?.show(item)}
      </Table.Th>
      {others.map(({ label, show }) => (
        <Table.Td key={label}>{show(item)}</Table.Td>
      ))}
    </Table.Tr>
  )
}
