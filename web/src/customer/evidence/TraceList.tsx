/** The decisions of the gate on the customer's actions. */

import { Anchor, Stack, Table } from '@mantine/core'
import { Link } from '@tanstack/react-router'

import { Moment } from '../../ui/Moment'
import { Empty, Loaded } from '../../ui/Page'
import { useList } from '../../ui/Pager'
import { inWords } from '../../ui/StateBadge'
import { fetchTraces } from '../queries/evidence'
import type { DecisionTrace } from '../wire'

export function TraceList() {
  const { items, query, more } = useList<DecisionTrace>(['traces', 'list'], fetchTraces)
  return (
    <Stack>
      <Loaded
        of={query}
        empty={{ when: (all) => all.length === 0, show: <Empty title="No decision was made yet" /> }}
      >
        {() => (
          <Table.ScrollContainer minWidth={560}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">When</Table.Th>
                  <Table.Th scope="col">About</Table.Th>
                  <Table.Th scope="col">Verdict</Table.Th>
                  <Table.Th scope="col">Why</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((trace) => (
                  <Table.Tr key={trace.trace_id}>
                    <Table.Td>
                      <Anchor component={Link} to={`/traces/${trace.trace_id}`} underline="always">
                        <Moment at={trace.at} />
                      </Anchor>
                    </Table.Td>
                    <Table.Td>{inWords(trace.action_kind ?? 'none')}</Table.Td>
                    <Table.Td>{inWords(trace.verdict)}</Table.Td>
                    <Table.Td>{trace.reason ? inWords(trace.reason) : ''}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Loaded>
      {more}
    </Stack>
  )
}
