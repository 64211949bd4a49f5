/** Everything that was sent, newest first, with what came of it. */

import { Anchor, Table, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'

import { Moment } from '../../ui/Moment'
import { Empty, Loaded, Page } from '../../ui/Page'
import { useList } from '../../ui/Pager'
import { inWords, StateBadge } from '../../ui/StateBadge'
import { providerName } from '../connections/platforms'
import { fetchExecutions } from '../queries/evidence'
import type { Execution } from '../wire'

export function Executions() {
  const { items, query, more } = useList<Execution>(['executions', 'list'], fetchExecutions)
  return (
    <Page title="Executions" about="What was sent after your approval, each once, and what came of it.">
      <Loaded of={query} empty={{ when: (all) => all.length === 0, show: <NoneYet /> }}>
        {() => (
          <Table.ScrollContainer minWidth={560}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">What</Table.Th>
                  <Table.Th scope="col">State</Table.Th>
                  <Table.Th scope="col">Result</Table.Th>
                  <Table.Th scope="col">When</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((one) => (
                  <Row key={one.execution_id} execution={one} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Loaded>
      {more}
    </Page>
  )
}

function Row({ execution }: { execution: Execution }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/executions/${execution.execution_id}`} underline="always">
          {inWords(execution.kind)}
        </Anchor>
        <Text size="sm">{providerName(execution.provider)}</Text>
      </Table.Td>
      <Table.Td>
        <StateBadge state={execution.state} />
      </Table.Td>
      <Table.Td>{resultOf(execution)}</Table.Td>
      <Table.Td>
        <Moment at={execution.created_at} />
      </Table.Td>
    </Table.Tr>
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
