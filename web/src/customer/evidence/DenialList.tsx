/** What was denied, why, and what to do about it. */

import { Card, Group, Stack, Text } from '@mantine/core'

import { adviceFor } from '../../ui/advice'
import { CopyText } from '../../ui/CopyText'
import { Moment } from '../../ui/Moment'
import { Empty, Loaded } from '../../ui/Page'
import { useList } from '../../ui/Pager'
import { inWords } from '../../ui/StateBadge'
import { fetchDenials } from '../queries/evidence'
import type { PolicyDenial } from '../wire'

export function DenialList() {
  const { items, query, more } = useList<PolicyDenial>(['denials', 'list'], fetchDenials)
  return (
    <Stack>
      <Loaded
        of={query}
        empty={{ when: (all) => all.length === 0, show: <Empty title="Nothing of yours was denied" /> }}
      >
        {() => (
          <Stack gap="xs">
            {items.map((denial) => (
              <DenialCard key={denial.decision_id} denial={denial} />
            ))}
          </Stack>
        )}
      </Loaded>
      {more}
    </Stack>
  )
}

function DenialCard({ denial }: { denial: PolicyDenial }) {
  const detail = denial.details['detail']
  const advice = adviceFor(denial.reason)
  return (
    <Card withBorder>
      <Group justify="space-between">
        <Text fw={600}>
          {inWords(denial.reason)}
          {denial.action_kind && `: ${inWords(denial.action_kind)}`}
        </Text>
        <Moment at={denial.at} />
      </Group>
      {typeof detail === 'string' && <Text>{detail}</Text>}
      {denial.risk_codes.length > 0 && (
        <Text size="sm">Risk checks that failed: {denial.risk_codes.join(', ')}</Text>
      )}
      {advice && <Text size="sm">{advice}</Text>}
      <Group gap="xs">
        <Text size="sm">Decision</Text>
        <CopyText text={denial.decision_id} short />
        <Text size="sm">Correlation id</Text>
        <CopyText text={denial.correlation_id} short />
      </Group>
    </Card>
  )
}
