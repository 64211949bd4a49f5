/** The ready-made agents, and running one in the matter of a customer. */

import { SimpleGrid, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'

import { Empty, Loaded, Page } from '../../ui/Page'
import { FactList } from '../Facts'
import { useMay } from '../may'
import { referenceAgentsQuery, type ReferenceAgent } from '../queries'
import { RunForm } from '../RunForm'
import { BLANK_RUN } from '../runs'
import { Section } from '../Section'

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
        {mayRun ? <NewRun agent={agent} /> : <Text size="sm">Operators can run it.</Text>}
      </SimpleGrid>
    </Section>
  )
}

/** For the customer that the address names, if it names one. */
function NewRun({ agent }: { agent: ReferenceAgent }) {
  const { customer = '' } = useSearch({ strict: false }) as { customer?: string }
  return <RunForm key={customer} agent={agent} start={{ ...BLANK_RUN, customerId: customer }} />
}
