/** The ready-made agents, and running one in the matter of a customer. */

import { SimpleGrid, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'

import { Empty, Loaded, Page } from '../../ui/Page'
import { FactList } from '../Facts'
import { useMay } from '../may'
import { deliverableQuery, referenceAgentsQuery, type ReferenceAgent } from '../queries'
import { RunForm } from '../RunForm'
import { BLANK_RUN, valuesOf, type RunValues } from '../runs'
import { Section } from '../Section'

interface RunSearch {
  customer?: string
  deliverable?: string
  approval?: string
}

export function ReferenceAgents() {
  const agents = useQuery(referenceAgentsQuery)
  return (
    <Page
      title="Reference agents"
      about="Ready-made agents: run one for a customer, by the same gates as everybody."
    >
      <Loaded
        of={agents}
        empty={{
          when: ({ items }) => items.length === 0,
          show: <Empty title="There is no reference agent" />,
        }}
      >
        {({ items }) => items.map((agent) => <Agent key={agent.agent_id} agent={agent} />)}
      </Loaded>
    </Page>
  )
}

function Agent({ agent }: { agent: ReferenceAgent }) {
  const mayRun = useMay('operator')
  return (
    <Section title={agent.display_name} about={`${agent.agent_id}, ${agent.agent_type}`}>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <FactList of={agent.dimensions} />
        {mayRun ? <PreparedRun agent={agent} /> : <Text size="sm">Operators can run it.</Text>}
      </SimpleGrid>
    </Section>
  )
}

/** With a draft in the address the form is filled to make that very action again. */
function PreparedRun({ agent }: { agent: ReferenceAgent }) {
  const { customer = '', deliverable = '', approval = '' } = useSearch({ strict: false }) as RunSearch
  const draft = useQuery({
    ...deliverableQuery(deliverable, customer),
    enabled: deliverable !== '' && customer !== '',
  })
  const prepared = draft.data && valuesOf(draft.data, approval)
  const start: RunValues = prepared ?? { ...BLANK_RUN, customerId: customer, approvalId: approval }
  return <RunForm key={JSON.stringify(start)} agent={agent} start={start} />
}
