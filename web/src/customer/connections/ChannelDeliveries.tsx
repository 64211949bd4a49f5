/** What was sent to one channel, and whether it arrived. */

import { Stack, Table, Text } from '@mantine/core'

import { Moment } from '../../ui/Moment'
import { Loaded } from '../../ui/Page'
import { useList } from '../../ui/Pager'
import { StateBadge } from '../../ui/StateBadge'
import { fetchDeliveries } from '../queries/connections'
import type { ChannelDelivery } from '../wire'

export function ChannelDeliveries({ channelId }: { channelId: string }) {
  const { items, query, more } = useList<ChannelDelivery>(
    ['notifications', 'deliveries', channelId],
    (cursor) => fetchDeliveries(channelId, cursor),
  )
  return (
    <Stack gap="xs">
      <Loaded
        of={query}
        empty={{ when: (all) => all.length === 0, show: <Text>Nothing was sent yet.</Text> }}
      >
        {() => (
          <Table.ScrollContainer minWidth={480}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">When</Table.Th>
                  <Table.Th scope="col">State</Table.Th>
                  <Table.Th scope="col">Tries</Table.Th>
                  <Table.Th scope="col">Last trouble</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((one) => (
                  <Table.Tr key={one.delivery_id}>
                    <Table.Td>
                      <Moment at={one.created_at} />
                    </Table.Td>
                    <Table.Td>
                      <StateBadge state={one.state} />
                    </Table.Td>
                    <Table.Td>{one.attempts}</Table.Td>
                    <Table.Td className="anywhere">{one.last_error ?? ''}</Table.Td>
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
