/** One request across the services, from when it came in to what came of it. */

import { Anchor, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'

import { Loaded, Page } from '../../ui/Page'
import { correlationQuery } from '../evidence'
import { WholeId } from '../links'
import { RecordTimeline } from '../RecordTimeline'
import { Section } from '../Section'

export function Correlation() {
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const timeline = useQuery(correlationQuery(id))
  return (
    <Page title="One request" about="What each service recorded of it.">
      <WholeId label="Correlation id" id={id} />
      <Text size="sm">
        See also its{' '}
        <EvidenceLink to="/denials" id={id}>
          denials
        </EvidenceLink>
        ,{' '}
        <EvidenceLink to="/traces" id={id}>
          decisions
        </EvidenceLink>{' '}
        and{' '}
        <EvidenceLink to="/usage" id={id}>
          usage
        </EvidenceLink>
        .
      </Text>
      <Section title="In the order of time">
        <Loaded of={timeline}>{(found) => <RecordTimeline timeline={found} />}</Loaded>
      </Section>
    </Page>
  )
}

function EvidenceLink({ to, id, children }: { to: string; id: string; children: string }) {
  return (
    <Anchor component={Link} to={to} search={{ correlation_id: id } as never} underline="always">
      {children}
    </Anchor>
  )
}
