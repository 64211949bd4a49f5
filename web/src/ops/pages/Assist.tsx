/** One customer, for operators who help: their accounts, drafts, approvals, agents and plan. */

import { Anchor, Group, Text } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'

import { Page } from '../../ui/Page'
import { useList } from '../../ui/Pager'
import { ApprovalTable } from '../ApprovalTable'
import { DraftTable } from '../DraftTable'
import { ExchangeAccounts } from '../ExchangeAccounts'
import { WholeId } from '../links'
import { useMay } from '../may'
import { PlanOfCustomer } from '../PlanOfCustomer'
import { approvalsPage, deliverablesPage } from '../queries'
import { Section } from '../Section'
import { WaitingProposals } from '../WaitingProposals'

const EVIDENCE = [
  { to: '/hired-agents', label: 'Hired agents' },
  { to: '/denials', label: 'Denials' },
  { to: '/traces', label: 'Decisions' },
  { to: '/usage', label: 'Usage' },
]

export function Assist() {
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const isAdmin = useMay('admin')
  const mayRun = useMay('operator')
  return (
    <Page title="One customer" about="Help with what they ask for; all that you do here is recorded.">
      <WholeId label="Customer" id={id} />
      <Group gap="lg">
        {EVIDENCE.map(({ to, label }) => (
          <CustomerPlace key={to} to={to} search={{ customer_id: id }} label={label} />
        ))}
        <CustomerPlace to="/audit" search={{ customer: id }} label="Audit chain" />
        <CustomerPlace to="/kill-switches" search={{ scope: `customer:${id}` }} label="Stop this customer" />
        {mayRun && (
          <CustomerPlace to="/reference-agents" search={{ customer: id }} label="Run a reference agent" />
        )}
      </Group>
      <WaitingDrafts customerId={id} />
      <WaitingProposals of={{ customer_id: id }} />
      <GivenApprovals customerId={id} />
      {isAdmin ? (
        <>
          <ExchangeAccounts customerId={id} />
          <PlanOfCustomer customerId={id} />
        </>
      ) : (
        <Section title="Exchange accounts and plan">
          <Text size="sm">Only admins see and change them.</Text>
        </Section>
      )}
    </Page>
  )
}

function CustomerPlace({ to, search, label }: { to: string; search: Record<string, string>; label: string }) {
  return (
    <Anchor component={Link} to={to} search={search as never} underline="always">
      {label}
    </Anchor>
  )
}

function WaitingDrafts({ customerId }: { customerId: string }) {
  const list = useList(
    ['deliverables', 'waiting', customerId],
    deliverablesPage({ customer_id: customerId, state: 'pending_review' }),
  )
  return (
    <Section title="Drafts that wait for the customer">
      <DraftTable list={list} empty={{ title: 'None waits' }} />
    </Section>
  )
}

function GivenApprovals({ customerId }: { customerId: string }) {
  const list = useList(['approvals', { customerId }], approvalsPage({ customer_id: customerId }))
  return (
    <Section title="Approvals by operators">
      <ApprovalTable list={list} />
    </Section>
  )
}
