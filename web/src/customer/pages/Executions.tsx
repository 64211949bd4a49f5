/** Everything that was sent, newest first, with what came of it. */

import { Anchor, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'

import { Empty, Loaded, Page } from '../../ui/Page'
import { useList } from '../../ui/Pager'
import { momentColumn, Rows, stateColumn, type Column } from '../../ui/Rows'
import { inWords } from '../../ui/StateBadge'
import { providerName } from '../connections/platforms'
import { fetchExecutions } from '../queries/evidence'
import type { Execution } from '../wire'

const COLUMNS: readonly Column<Execution>[] = [
  { label: 'What', show: (one) => <What execution={one} /> },
  stateColumn('State', (one) => one.state),
  { label: 'Result', show: resultOf },
  momentColumn('When', (one) => one.created_at),
]

export function Executions() {
  const { items, query, more } = useList<Execution>(['executions', 'list'], fetchExecutions)
  return (
    <Page title="Executions" about="What was sent after your approval, each once, and what came of it.">
      <Loaded of={query} empty={{ when: (all) => all.length === 0, show: <NoneYet /> }}>
        {() => (
          <Rows caption="Executions" items={items} keyOf={(one) => one.execution_id} columns={COLUMNS} />
        )}
      </Loaded>
      {more}
    </Page>
  )
}

function What({ execution }: { execution: Execution }) {
  return (
    <>
      <Anchor component={Link} to={`/executions/${execution.execution_id}`} underline="always">
        {inWords(execution.kind)}
      </Anchor>
      <Text size="sm">{providerName(execution.provider)}</Text>
    </>
  )
}

function resultOf({ kind, filled_size, average_price, receipt }: Execution): string {
  if (kind === 'publish_post') return receipt ? `post ${receipt.post_id}` : ''
  return average_price === null ? '' : `${filled_size} contracts at ${average_price}`
}

function NoneYet() {
  return (
    <Empty title="Nothing has been sent yet">
      <Text>
        Approve a draft under{' '}
        <Anchor component={Link} to="/review" underline="always">
          Review
        </Anchor>
        , execute it, and its receipt is here.
      </Text>
    </Empty>
  )
}
