/** One hired agent: its configuration, goals, runs, drafts and executions, and all that is on record of it. */

import { Anchor, Group, List, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'

import { Moment } from '../../ui/Moment'
import { Empty, Loaded, Page } from '../../ui/Page'
import { StateBadge } from '../../ui/StateBadge'
import { AgentWork } from '../AgentWork'
import { agentTypeVersionQuery } from '../authoring'
import { FactList } from '../Facts'
import { CustomerLink, WholeId } from '../links'
import { agentTimelineQuery, hiredAgentQuery, type HiredAgent as Instance } from '../queries'
import { RecordTimeline } from '../RecordTimeline'
import { titledBy } from '../schemaTitles'
import { Section } from '../Section'

export function HiredAgent() {
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const { customer } = useSearch({ strict: false }) as { customer?: string }
  return (
    <Page title="Hired agent" about="As its customer configured it, and all that it did.">
      <WholeId label="Hired agent" id={id} />
      {customer ? <OfCustomer id={id} customerId={customer} /> : <NoCustomer id={id} />}
      <Record id={id} />
    </Page>
  )
}

function NoCustomer({ id }: { id: string }) {
  return (
    <Empty title="Whose agent it is, is not in the address">
      <Anchor component={Link} to="/hired-agents" underline="always">
        Look for {id} among all hired agents
      </Anchor>
    </Empty>
  )
}

function OfCustomer({ id, customerId }: { id: string; customerId: string }) {
  const agent = useQuery(hiredAgentQuery(id, customerId))
  return (
    <Loaded of={agent}>
      {(found) => (
        <>
          <Summary agent={found} />
          <Configuration agent={found} />
          <AgentWork agent={found} />
        </>
      )}
    </Loaded>
  )
}

function Summary({ agent }: { agent: Instance }) {
  return (
    <Section title={agent.nickname ?? 'Not named yet'}>
      <Group gap="lg">
        <StateBadge state={agent.state} />
        <Anchor
          component={Link}
          to="/agent-types/$id"
          params={{ id: agent.agent_type_id } as never}
          underline="always"
        >
          {agent.agent_type_id}, version {agent.agent_type_version}
        </Anchor>
        <Text size="sm" component="div">
          Customer <CustomerLink id={agent.customer_id} />
        </Text>
        <Text size="sm" component="div">
          Changed <Moment at={agent.updated_at} />
        </Text>
        {agent.read_only && <Text size="sm">Read-only: its subscription has ended</Text>}
      </Group>
      {agent.missing.length > 0 && (
        <div>
          <Text size="sm" fw={600}>
            What keeps it from working
          </Text>
          <List size="sm">
            {agent.missing.map((one) => (
              <List.Item key={one.field + one.message}>
                {one.field}: {one.message}
              </List.Item>
            ))}
          </List>
        </div>
      )}
      <Anchor
        component={Link}
        to="/kill-switches"
        search={{ scope: `hired_agent:${agent.hired_instance_id}` } as never}
        underline="always"
        size="sm"
      >
        Stop this agent
      </Anchor>
    </Section>
  )
}

function Configuration({ agent }: { agent: Instance }) {
  const type = useQuery(agentTypeVersionQuery(agent.agent_type_id, agent.agent_type_version))
  return (
    <Section title="Configuration" about="Credentials are references; the secrets are in the vaults.">
      <FactList of={titledBy(type.data?.definition.config_schema, agent.config)} />
    </Section>
  )
}

function Record({ id }: { id: string }) {
  const timeline = useQuery(agentTimelineQuery(id))
  return (
    <Section title="On record" about="In the order of time.">
      <Loaded of={timeline}>{(found) => <RecordTimeline timeline={found} showRequest />}</Loaded>
    </Section>
  )
}
