/** What was sent to one channel, and whether it arrived. */

import { Stack, Text } from '@mantine/core'

import { Loaded } from '../../ui/Page'
import { useList } from '../../ui/Pager'
import { momentColumn, Rows, stateColumn, type Column } from '../../ui/Rows'
import { VisibleText } from '../../ui/VisibleText'
import { fetchDeliveries } from '../queries/connections'
import type { ChannelDelivery } from '../wire'

const COLUMNS: readonly Column<ChannelDelivery>[] = [
  momentColumn('When', (one) => one.created_at),
  stateColumn('State', (one) => one.state),
  { label: 'Tries', show: (one) => one.attempts },
  { label: 'Last trouble', show: (one) => <VisibleText text={one.last_error ?? ''} /> },
]

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
        {() => <Rows caption="Sent to it" items={items} keyOf={(one) => one.delivery_id} columns={COLUMNS} />}
      </Loaded>
      {more}
    </Stack>
  )
}
