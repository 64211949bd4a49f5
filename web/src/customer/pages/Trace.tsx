/** One decision of the gate: what it was given, what it decided, and why. */

import { Anchor, Card, Code, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'

import { CopyText } from '../../ui/CopyText'
import { Moment } from '../../ui/Moment'
import { Loaded, Page } from '../../ui/Page'
import { inWords } from '../../ui/StateBadge'
import { Fold } from '../evidence/Fold'
import { traceQuery } from '../queries/evidence'
import type { DecisionTrace } from '../wire'

export function Trace() {
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const trace = useQuery(traceQuery(id))
  return (
    <Page title="Decision" about="It can be decided again from these inputs, with the same result.">
      <Loaded of={trace}>{(one) => <TraceParts trace={one} />}</Loaded>
      <Anchor component={Link} to="/activity" underline="always">
        Activity
      </Anchor>
    </Page>
  )
}

function TraceParts({ trace }: { trace: DecisionTrace }) {
  return (
    <Stack>
      <Card withBorder>
        <Text fw={600}>
          {inWords(trace.verdict)}
          {trace.reason && `: ${inWords(trace.reason)}`}
        </Text>
        <Text className="exact-text">{trace.explanation}</Text>
        <Text size="sm">
          <Moment at={trace.at} />
        </Text>
        <Group gap="xs">
          <Text size="sm">Correlation id</Text>
          <CopyText text={trace.correlation_id} short />
        </Group>
      </Card>
      <Part title="Inputs" value={trace.inputs} />
      <Part title="Decision" value={trace.decision} />
      <Part title="Outcome" value={trace.outcome} />
    </Stack>
  )
}

function Part({ title, value }: { title: string; value: Record<string, unknown> }) {
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      <Fold show={`Show: ${title}`} hide={`Hide: ${title}`}>
        <Code block className="exact-text">
          {JSON.stringify(value, null, 2)}
        </Code>
      </Fold>
    </section>
  )
}
