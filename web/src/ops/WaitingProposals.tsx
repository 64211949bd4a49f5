/** What waits for a second operator, each with the way to the page where it is confirmed or declined. */

import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'

import { inWords } from '../ui/StateBadge'
import { Countdown } from '../ui/Countdown'
import { sentenceOf } from '../ui/actionWords'
import { Empty, Loaded } from '../ui/Page'
import { momentColumn, Rows, type Column } from '../ui/Rows'
import { VisibleText } from '../ui/VisibleText'
import { CustomerLink, ProposalLink } from './links'
import { Operator } from './Operator'
import { waitingProposals, type Proposal } from './proposals'
import type { OfCustomer } from './queries'
import { Section } from './Section'

const COLUMNS: readonly Column<Proposal>[] = [
  { label: 'Proposal', show: (one) => <ProposalLink id={one.proposal_id} /> },
  { label: 'What', show: (one) => <What proposal={one} /> },
  { label: 'Proposed by', show: (one) => <Operator id={one.proposed_by} /> },
  momentColumn('Proposed', (one) => one.proposed_at),
  { label: 'Time left', show: (one) => <Countdown until={one.expires_at} />, minWidth: 140 },
]
const WHOSE: Column<Proposal> = { label: 'Customer', show: (one) => <CustomerLink id={one.customer_id} /> }

/** Nothing at all where one operator is enough and nothing waits. */
export function WaitingProposals({ of }: { of: OfCustomer }) {
  const waiting = useQuery(waitingProposals(of))
  if (waiting.data && !waiting.data.four_eyes && waiting.data.items.length === 0) return null
  return (
    <Section
      title="Waiting for a second operator"
      about="What one operator wants to approve for a customer; another looks at it and confirms or declines."
    >
      <Loaded
        of={waiting}
        empty={{ when: ({ items }) => items.length === 0, show: <Empty title="None waits" /> }}
      >
        {({ items, next_cursor: more }) => (
          <>
            <Rows
              caption="Waiting for a second operator"
              items={items}
              keyOf={(one) => one.proposal_id}
              columns={of.customer_id === undefined ? [...COLUMNS, WHOSE] : COLUMNS}
              minWidth={860}
            />
            {more && <Text size="sm">These are the newest; there are more.</Text>}
          </>
        )}
      </Loaded>
    </Section>
  )
}

function What({ proposal }: { proposal: Proposal }) {
  return (
    <Text size="sm" component="span">
      {inWords(proposal.action.kind)}: <VisibleText text={sentenceOf(proposal.action)} />
    </Text>
  )
}
