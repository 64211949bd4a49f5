/** Everything that was sent, newest first, with what came of it. */

import { Anchor, Text, VisuallyHidden } from '@mantine/core'
import { Link } from '@tanstack/react-router'

import { Empty, Loaded, Page } from '../../ui/Page'
import { useList } from '../../ui/Pager'
import { momentColumn, Rows, stateColumn, type Column } from '../../ui/Rows'
import { safeLink } from '../../ui/safeLink'
import { inWords } from '../../ui/StateBadge'
import { VisibleText } from '../../ui/VisibleText'
import { providerName } from '../connections/platforms'
import { useAgentNames } from '../names'
import { fetchExecutions } from '../queries/evidence'
import type { Execution, PostReceipt } from '../wire'

const COLUMNS: readonly Column<Execution>[] = [
  { label: 'What', show: (one) => <What execution={one} /> },
  { label: 'Agent', show: (one) => <AgentOf execution={one} /> },
  stateColumn('State', (one) => one.state),
  { label: 'Result', show: (one) => <Result execution={one} /> },
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

function AgentOf({ execution }: { execution: Execution }) {
  return <VisibleText text={useAgentNames().ofInstance(execution.hired_instance_id) ?? ''} />
}

function Result({ execution }: { execution: Execution }) {
  const { filled_size: filled, average_price: price, receipt } = execution
  if (receipt) return <PostLink receipt={receipt} />
  return price === null ? null : `${filled} contracts at ${price}`
}

function PostLink({ receipt }: { receipt: PostReceipt }) {
  const link = safeLink(receipt.url)
  if (link === undefined) return <>Post {receipt.post_id}</>
  return (
    <Anchor href={link} target="_blank" rel="noopener noreferrer" underline="always">
      See the post
      <VisuallyHidden> {receipt.post_id}</VisuallyHidden>
    </Anchor>
  )
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
