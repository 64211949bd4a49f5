/** Hiring: the types on offer, each with its plans and their terms. */

import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'

import { Empty, Loaded, Page } from '../../ui/Page'
import { OfferCard } from '../hub/OfferCard'
import { agentTypesQuery } from '../queries/agents'

export function Hire() {
  const types = useQuery(agentTypesQuery)
  return (
    <Page
      title="Hire an agent"
      about="Choose what it shall do and a plan. You configure it next; until then it does nothing."
    >
      <Loaded
        of={types}
        empty={{
          when: ({ items }) => items.length === 0,
          show: (
            <Empty title="No agent is on offer">
              <Text>The operators have published none yet.</Text>
            </Empty>
          ),
        }}
      >
        {({ items }) => items.map((type) => <OfferCard key={type.agent_type_id} type={type} />)}
      </Loaded>
    </Page>
  )
}
