/** Ids as links to the page that shows what they name: short to read, whole to copy. */

import { Anchor, Code, Group, Text, VisuallyHidden } from '@mantine/core'
import { Link } from '@tanstack/react-router'

import { CopyText } from '../ui/CopyText'

const ENDS = 8

/** The end of an id tells it apart: its beginning is the time. */
export function shortId(id: string): string {
  return id.length > ENDS + 2 ? `…${id.slice(-ENDS)}` : id
}

interface PlaceProps {
  id: string
  to: string
  what: string
  search?: Record<string, string>
}

function IdLink({ id, to, what, search }: PlaceProps) {
  return (
    <Anchor
      component={Link}
      to={to}
      params={{ id } as never}
      search={(search ?? {}) as never}
      underline="always"
      size="sm"
      ff="monospace"
      style={{ whiteSpace: 'nowrap' }}
      title={id}
    >
      <VisuallyHidden>{what} </VisuallyHidden>
      {shortId(id)}
    </Anchor>
  )
}

export function CorrelationLink({ id }: { id: string }) {
  return <IdLink id={id} to="/correlations/$id" what="Request" />
}

export function CustomerLink({ id }: { id: string }) {
  return <IdLink id={id} to="/customers/$id/assist" what="Customer" />
}

export function HiredAgentLink({ id, customerId }: { id: string; customerId: string }) {
  return <IdLink id={id} to="/hired-agents/$id" what="Hired agent" search={{ customer: customerId }} />
}

export function DeliverableLink({ id, customerId }: { id: string; customerId: string }) {
  return <IdLink id={id} to="/deliverables/$id" what="Draft" search={{ customer: customerId }} />
}

export function ProposalLink({ id }: { id: string }) {
  return <IdLink id={id} to="/approval-proposals/$id" what="Proposal" />
}

export function TraceLink({ id }: { id: string }) {
  return <IdLink id={id} to="/traces/$id" what="Decision" />
}

/** What drafts is named by a hired agent's id, by an agent type, or as a reference agent. */
export function AgentLink({ id, customerId }: { id: string | null; customerId: string }) {
  if (id === null) return <Text size="sm">none</Text>
  if (isUuid(id)) return <HiredAgentLink id={id} customerId={customerId} />
  if (!isAgentTypeId(id)) return <Code>{id}</Code>
  return (
    <Anchor component={Link} to="/agent-types/$id" params={{ id } as never} underline="always" size="sm">
      {id}
    </Anchor>
  )
}

export function WholeId({ label, id }: { label: string; id: string }) {
  return (
    <Group gap="xs">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <CopyText text={id} />
    </Group>
  )
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function isUuid(text: string): boolean {
  return UUID.test(text)
}

const AGENT_TYPE = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){1,3}\.v[0-9]{1,3}$/

export function isAgentTypeId(text: string): boolean {
  return AGENT_TYPE.test(text)
}
