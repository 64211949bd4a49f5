/** Executions: what was sent, and how it stands. */

import { Anchor, Code, Text } from '@mantine/core'

import { Empty } from '../ui/Page'
import { safeLink } from '../ui/safeLink'
import { inWords } from '../ui/StateBadge'
import { VisibleText } from '../ui/VisibleText'
import { momentColumn, Rows, stateColumn, type Column } from '../ui/Rows'
import type { Execution } from './queries'

const COLUMNS: readonly Column<Execution>[] = [
  { label: 'Order or post id', show: (one) => <Code>{one.client_order_id}</Code> },
  { label: 'What', show: (one) => <Text size="sm">{`${inWords(one.kind)}, ${one.provider}`}</Text> },
  stateColumn('State', (one) => one.state),
  { label: 'Result', show: (one) => <Result execution={one} /> },
  { label: 'Last said', show: (one) => <LastSaid execution={one} /> },
  momentColumn('Begun', (one) => one.created_at),
]

export function ExecutionRows({ executions }: { executions: readonly Execution[] }) {
  if (executions.length === 0) return <Empty title="None" />
  return (
    <Rows
      caption="Executions"
      items={executions}
      keyOf={(one) => one.execution_id}
      columns={COLUMNS}
      minWidth={860}
    />
  )
}

function Result({ execution }: { execution: Execution }) {
  const { receipt, filled_size: filled, average_price: price, fees } = execution
  const link = safeLink(receipt?.url ?? null)
  if (receipt && link) {
    return (
      <Anchor href={link} target="_blank" rel="noreferrer" underline="always" size="sm">
        The post at {receipt.platform}
      </Anchor>
    )
  }
  if (receipt) return <Code>{receipt.post_id}</Code>
  return (
    <Text size="sm">
      {filled} contracts{price !== null && ` at ${price}`}
      {fees !== null && `, fees ${fees}`}
    </Text>
  )
}

function LastSaid({ execution }: { execution: Execution }) {
  const last = execution.timeline.at(-1)
  return (
    <Text size="sm" component="div">
      {last ? <VisibleText text={last.detail} /> : inWords(execution.state)}
    </Text>
  )
}
